//! The way to the one thread that writes while a campaign runs.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::approved_rows::Approved;
use super::attempt::Attempt;
use super::bound::Bound;
pub use super::desk::Learned;
use super::desk::{Reply, Request};
use super::fault::LedgerError;
use super::heard::Heard;
use super::lock::Lock;
use super::notes::Pause;
use super::take::Allowed;
use super::then::Then;
use crate::domain::bill::Bill;
use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::words::ledger as words;

/// A handle to the writing thread.
#[derive(Debug)]
pub struct Writer {
    /// `None` once it is being dropped.
    pub(super) queue: Option<mpsc::UnboundedSender<Request>>,
    pub(super) thread: Option<JoinHandle<()>>,
    pub(super) failure: Arc<OnceLock<LedgerError>>,
    pub(super) heard: Heard,
    pub(super) is_bound_reached: Arc<AtomicBool>,
    pub(super) approved: Arc<OnceLock<Approved>>,
    pub(super) lock: Lock,
}

/// What a recorded answer did to its bill; `None` where the attempt moved none.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The bill before and after.
    pub bill: Option<(Bill, Bill)>,
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

    /// Bounds what is begun from now on, or lifts the bound before; which bills were begun under
    /// that, by row, if it kept them. To be asked while no request is open.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn bound(&self, bound: Option<Bound>, now: i64) -> Result<Vec<i64>, LedgerError> {
        self.ask(|reply| Request::Bound(bound, now, reply)).await
    }

    /// Whether the bound lets no first send begin any more. While requests are open, one of them
    /// may still come back unsent and make room.
    #[must_use]
    pub fn is_bound_reached(&self) -> bool {
        self.is_bound_reached.load(Ordering::Relaxed)
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
        let (told, recorded) = oneshot::channel();
        let then = |recorded| drop(told.send(recorded));
        self.record_send_then(attempt, answer, Learned { now, dice }, then);
        self.wait(recorded).await
    }

    /// As [`Writer::record_send`]; does not wait, `then` learns of it. With `None` the ledger
    /// failed, and [`Writer::gone`] tells why.
    pub(crate) fn record_send_then(
        &self,
        attempt: Attempt,
        answer: Answer<Outcome>,
        learned: Learned,
        then: impl FnOnce(Option<Recorded>) + Send + 'static,
    ) {
        let then = Then::new(then);
        // A request that nobody takes any more is dropped, and its `then` with it.
        let request = Request::RecordSend(attempt, Box::new(answer), learned, then);
        let _ = self.send(request);
    }

    /// As [`Writer::record_query`] and [`Writer::record_send_then`].
    pub(crate) fn record_query_then(
        &self,
        attempt: Attempt,
        answer: Answer<Sighting>,
        learned: Learned,
        then: impl FnOnce(Option<Recorded>) + Send + 'static,
    ) {
        let then = Then::new(then);
        let request = Request::RecordQuery(attempt, Box::new(answer), learned, then);
        let _ = self.send(request);
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
        let (told, recorded) = oneshot::channel();
        let then = |recorded| drop(told.send(recorded));
        self.record_query_then(attempt, answer, Learned { now, dice }, then);
        self.wait(recorded).await
    }

    /// Calls in doubt what a dead process left open; how many attempts that were.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn recover(&self, now: i64) -> Result<u64, LedgerError> {
        self.ask(|reply| Request::Recover(now, reply)).await
    }

    /// Keeps that WeChat Pay was asked about the campaign's numbers.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn numbers_checked(&self, now: i64) -> Result<(), LedgerError> {
        self.ask(|reply| Request::NumbersChecked(now, reply)).await
    }

    /// Pauses the campaign, on record, and keeps of these bills, by row, that their refusals accuse
    /// the set-up: they are sent once more.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn pause(&self, pause: Pause, excused: Vec<i64>) -> Result<(), LedgerError> {
        self.ask(|reply| Request::Pause(pause, excused, reply))
            .await
    }

    /// Forgets a person's word that the clock is right: it is good for one run.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn forget_clock_word(&self, now: i64) -> Result<(), LedgerError> {
        self.ask(|reply| Request::ForgetClockWord(now, reply)).await
    }

    /// Keeps that a daily limit of the merchant ends at `until`.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn defer(&self, until: i64, now: i64) -> Result<(), LedgerError> {
        self.ask(|reply| Request::Defer(until, now, reply)).await
    }

    /// Keeps the time of an answer, in seconds of the Unix epoch, with the next commit.
    pub(crate) fn hear(&self, date: Option<i64>) {
        self.heard.tell(date);
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
    pub(crate) async fn gone(&self) -> LedgerError {
        if let Some(queue) = &self.queue {
            queue.closed().await;
        }
        match self.failure.get() {
            Some(LedgerError::Damaged { path, what }) => LedgerError::Damaged {
                path: path.clone(),
                what: what.clone(),
            },
            Some(why) => LedgerError::WriterGone(why.words()),
            None => LedgerError::WriterGone(words::writer_gone()),
        }
    }

    fn send(&self, request: Request) -> bool {
        let queue = self.queue.as_ref();
        queue.is_some_and(|queue| queue.send(request).is_ok())
    }

    async fn wait(
        &self,
        recorded: oneshot::Receiver<Option<Recorded>>,
    ) -> Result<Recorded, LedgerError> {
        match recorded.await.ok().flatten() {
            Some(recorded) => Ok(recorded),
            None => Err(self.gone().await),
        }
    }

    pub(super) async fn ask<T>(
        &self,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, LedgerError> {
        let (reply, answer) = oneshot::channel();
        let is_queued = self.send(request(reply));
        match answer.await {
            Ok(answer) if is_queued => Ok(answer),
            Ok(_) | Err(_) => Err(self.gone().await),
        }
    }
}

/// Waits until the thread has written what it was asked, and the WAL into the ledger.
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked has nothing left to write.
            let _ = thread.join();
        }
    }
}
