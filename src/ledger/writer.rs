//! The way to the one thread that writes while a campaign runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;

use tokio::sync::{mpsc, oneshot};

use super::attempt::Attempt;
use super::desk::{Desk, Learned, Reply, Request};
use super::fault::LedgerError;
use super::notes::Pause;
use super::owner::{Lock, Owner};
use super::take::{Allowed, Taker};
use super::terms::Terms;
use crate::domain::bill::Bill;
use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::domain::policy::Rules;

/// Requests that may wait. Twice the largest `in_flight`, so that no worker waits to hand over.
const QUEUE: usize = 1024;

/// A handle to the writing thread.
#[derive(Debug)]
pub struct Writer {
    queue: mpsc::Sender<Request>,
    failure: Arc<OnceLock<LedgerError>>,
    lock: Lock,
}

/// What a recorded answer did to its bill; `None` where the attempt moved none.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The bill before and after.
    pub bill: Option<(Bill, Bill)>,
}

impl Owner {
    /// Starts the writing thread for one campaign.
    ///
    /// # Errors
    /// Where the campaign was never loaded.
    pub fn into_writer(self, terms: &Terms, rules: Rules) -> Result<Writer, LedgerError> {
        let row = self.reader_row(terms)?;
        let row = row.ok_or_else(|| LedgerError::NoCampaign(terms.id.to_string()))?;
        let (conn, path, epoch, lock) = self.into_parts()?;
        let taker = Taker {
            campaign: row.campaign,
            texts: row.texts,
            rules,
            epoch,
        };
        let (queue, requests) = mpsc::channel(QUEUE);
        let failure = Arc::new(OnceLock::new());
        let mut desk = Desk {
            conn,
            path,
            taker,
            has_accepted: false,
            failure: Arc::clone(&failure),
        };
        std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || desk.serve(requests))
            .map_err(|source| LedgerError::File {
                path: PathBuf::from("ledger thread"),
                source,
            })?;
        Ok(Writer {
            queue,
            failure,
            lock,
        })
    }
}

impl Writer {
    /// Makes up to `limit` attempts of what is due, durable when this returns.
    ///
    /// # Errors
    /// Where the ledger failed: nothing may be sent any more.
    pub async fn take(
        &self,
        allowed: Allowed,
        now: i64,
        limit: usize,
    ) -> Result<Vec<Attempt>, LedgerError> {
        self.ask(|reply| Request::Take(allowed, now, limit, reply))
            .await
    }

    /// Makes queries of the unsettled bills after the row `after`, in row order.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn take_unsettled(
        &self,
        after: i64,
        now: i64,
        limit: usize,
    ) -> Result<Vec<Attempt>, LedgerError> {
        self.ask(|reply| Request::TakeUnsettled(after, now, limit, reply))
            .await
    }

    /// Makes queries of these bills, by row, as far as they are unsettled.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn take_bills(&self, bills: Vec<i64>, now: i64) -> Result<Vec<Attempt>, LedgerError> {
        self.ask(|reply| Request::TakeBills(bills, now, reply))
            .await
    }

    /// Makes a query of a number before the campaign's first send; it moves no bill.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn take_probe(
        &self,
        number: MchBillno,
        now: i64,
    ) -> Result<Option<Attempt>, LedgerError> {
        let taken = self
            .ask(|reply| Request::TakeProbe(number, now, reply))
            .await?;
        Ok(taken.into_iter().next())
    }

    /// Records what a send told us; the packet counts as done when this returns.
    ///
    /// # Errors
    /// Where the ledger failed: nothing may be sent any more.
    pub async fn record_send(
        &self,
        attempt: Attempt,
        answer: Answer<Outcome>,
        now: i64,
        dice: u64,
    ) -> Result<Recorded, LedgerError> {
        let learned = Learned { now, dice };
        self.ask(|reply| Request::RecordSend(attempt, Box::new(answer), learned, reply))
            .await
    }

    /// Records what a query told us.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn record_query(
        &self,
        attempt: Attempt,
        answer: Answer<Sighting>,
        now: i64,
        dice: u64,
    ) -> Result<Recorded, LedgerError> {
        let learned = Learned { now, dice };
        self.ask(|reply| Request::RecordQuery(attempt, Box::new(answer), learned, reply))
            .await
    }

    /// Calls in doubt what a dead process left open; how many attempts that were.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn recover(&self, now: i64) -> Result<u64, LedgerError> {
        self.ask(|reply| Request::Recover(now, reply)).await
    }

    /// Calls every unsent bill in doubt: WeChat Pay knows numbers this ledger never sent.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn mark_remembered(&self, now: i64, why: String) -> Result<u64, LedgerError> {
        self.ask(|reply| Request::MarkRemembered(now, why, reply))
            .await
    }

    /// Keeps that WeChat Pay was asked about the campaign's numbers.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn numbers_checked(&self, now: i64) -> Result<(), LedgerError> {
        self.ask(|reply| Request::NumbersChecked(now, reply)).await
    }

    /// Pauses the campaign, on record.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn pause(&self, pause: Pause) -> Result<(), LedgerError> {
        self.ask(|reply| Request::Pause(pause, reply)).await
    }

    /// Forgets a person's word that the clock is right: it is good for one run.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn forget_clock_word(&self) -> Result<(), LedgerError> {
        self.ask(Request::ForgetClockWord).await
    }

    /// Keeps that a daily limit of the merchant ends at `until`.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn defer(&self, until: i64) -> Result<(), LedgerError> {
        self.ask(|reply| Request::Defer(until, reply)).await
    }

    /// Whether the lock is still ours by name.
    ///
    /// # Errors
    /// Where the lock file was removed or replaced.
    pub fn check_lock(&self) -> Result<(), LedgerError> {
        self.lock.check()
    }

    /// Whether the writer failed: then nothing may be sent any more.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failure.get().is_some()
    }

    /// Why the thread answers nobody any more. It notes that before it lets go of the queue.
    async fn gone(&self) -> LedgerError {
        self.queue.closed().await;
        let why = self.failure.get().map(ToString::to_string);
        LedgerError::WriterGone(why.unwrap_or_else(|| "the ledger's writer has stopped".to_owned()))
    }

    async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, LedgerError> {
        let (reply, answer) = oneshot::channel();
        let is_queued = self.queue.send(request(reply)).await.is_ok();
        match answer.await {
            Ok(answer) if is_queued => Ok(answer),
            Ok(_) | Err(_) => Err(self.gone().await),
        }
    }
}
