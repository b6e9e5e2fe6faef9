//! The one thread that writes while a campaign runs. It takes what workers ask for in groups,
//! one transaction a group, and answers after COMMIT. After any error it answers nobody again.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::fault::LedgerError;
use super::notes::{self, Pause};
use super::owner::{Lock, Owner};
use super::recover::{self, Ended};
use super::take::{self, Allowed, Attempt, Purpose, Taker};
use super::terms::Terms;
use crate::domain::bill::Bill;
use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::domain::policy::{Moment, Rules};
use crate::domain::state::IllegalMove;

/// Most requests of one group. A group of 32 in flight fits several times over; more would
/// only make the first in it wait longer.
const GROUP: usize = 256;
/// Requests that may wait. Twice the largest `in_flight`, so that no worker waits to hand over.
const QUEUE: usize = 1024;

/// A handle to the writing thread.
#[derive(Debug)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    failure: Arc<OnceLock<LedgerError>>,
    lock: Lock,
}

/// What a recorded answer did to its bill; `None` where the attempt moved none.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The bill before and after.
    pub bill: Option<(Bill, Bill)>,
}

type Reply<T> = oneshot::Sender<T>;

#[derive(Debug)]
enum Job {
    Take(Allowed, i64, usize, Reply<Vec<Attempt>>),
    TakeUnsettled(i64, i64, usize, Reply<Vec<Attempt>>),
    TakeBills(Vec<i64>, i64, Reply<Vec<Attempt>>),
    TakeProbe(MchBillno, i64, Reply<Vec<Attempt>>),
    RecordSend(Attempt, Box<Answer<Outcome>>, Learned, Reply<Recorded>),
    RecordQuery(Attempt, Box<Answer<Sighting>>, Learned, Reply<Recorded>),
    Recover(i64, Reply<u64>),
    MarkRemembered(i64, String, Reply<u64>),
    NumbersChecked(i64, Reply<()>),
    Pause(Pause, Reply<()>),
    Defer(i64, Reply<()>),
}

/// When an answer came, and the chance that goes with it.
#[derive(Debug, Clone, Copy)]
struct Learned {
    now: i64,
    dice: u64,
}

/// What a job answers once its group is durable.
type Answerer = Box<dyn FnOnce() + Send>;

impl Owner {
    /// Starts the writing thread for one campaign.
    ///
    /// # Errors
    /// Where the campaign was never loaded.
    pub fn into_writer(self, terms: &Terms, rules: Rules) -> Result<Writer, LedgerError> {
        let row = self.reader_row(terms)?;
        let row = row.ok_or_else(|| LedgerError::NoCampaign(terms.id.to_string()))?;
        let (conn, path, epoch, lock) = self.into_parts();
        let taker = Taker {
            campaign: row.campaign,
            texts: row.texts,
            rules,
            epoch,
        };
        let (queue, jobs) = mpsc::channel(QUEUE);
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
            .spawn(move || desk.serve(jobs))
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
        self.ask(|reply| Job::Take(allowed, now, limit, reply))
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
        self.ask(|reply| Job::TakeUnsettled(after, now, limit, reply))
            .await
    }

    /// Makes queries of these bills, by row, as far as they are unsettled.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn take_bills(&self, bills: Vec<i64>, now: i64) -> Result<Vec<Attempt>, LedgerError> {
        self.ask(|reply| Job::TakeBills(bills, now, reply)).await
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
        let taken = self.ask(|reply| Job::TakeProbe(number, now, reply)).await?;
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
        self.ask(|reply| Job::RecordSend(attempt, Box::new(answer), learned, reply))
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
        self.ask(|reply| Job::RecordQuery(attempt, Box::new(answer), learned, reply))
            .await
    }

    /// Calls in doubt what a dead process left open; how many attempts that were.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn recover(&self, now: i64) -> Result<u64, LedgerError> {
        self.ask(|reply| Job::Recover(now, reply)).await
    }

    /// Calls every unsent bill in doubt: WeChat Pay knows numbers this ledger never sent.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn mark_remembered(&self, now: i64, why: String) -> Result<u64, LedgerError> {
        self.ask(|reply| Job::MarkRemembered(now, why, reply)).await
    }

    /// Keeps that WeChat Pay was asked about the campaign's numbers.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn numbers_checked(&self, now: i64) -> Result<(), LedgerError> {
        self.ask(|reply| Job::NumbersChecked(now, reply)).await
    }

    /// Pauses the campaign, on record.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn pause(&self, pause: Pause) -> Result<(), LedgerError> {
        self.ask(|reply| Job::Pause(pause, reply)).await
    }

    /// Keeps that a daily limit of the merchant ends at `until`.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn defer(&self, until: i64) -> Result<(), LedgerError> {
        self.ask(|reply| Job::Defer(until, reply)).await
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

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, LedgerError> {
        let (reply, answer) = oneshot::channel();
        let is_queued = self.queue.send(job(reply)).await.is_ok();
        match answer.await {
            Ok(answer) if is_queued => Ok(answer),
            Ok(_) | Err(_) => Err(self.gone().await),
        }
    }
}

/// The thread's side.
struct Desk {
    conn: Connection,
    path: PathBuf,
    taker: Taker,
    has_accepted: bool,
    failure: Arc<OnceLock<LedgerError>>,
}

impl Desk {
    fn serve(&mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = jobs.blocking_recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(job) = jobs.try_recv()
            {
                group.push(job);
            }
            match self.commit(group) {
                Ok(answers) => answers.into_iter().for_each(|answer| answer()),
                Err(failure) => {
                    // Nobody knows whether the group is durable: no answer, no retry.
                    tracing::error!(%failure, "the ledger failed");
                    let _ = self.failure.set(failure);
                    return;
                }
            }
        }
        let _ = self.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    fn commit(&mut self, group: Vec<Job>) -> Result<Vec<Answerer>, LedgerError> {
        let path = self.path.clone();
        let failed = |source| give_back(&path, "committing", source);
        let Desk {
            conn,
            taker,
            has_accepted,
            ..
        } = self;
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let epoch: i64 = tx
            .prepare_cached("SELECT epoch FROM ledger")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .map_err(failed)?;
        if epoch != taker.epoch {
            return Err(LedgerError::Stale { path });
        }
        let mut answers = Vec::with_capacity(group.len());
        let mut highest = 0;
        for job in group {
            highest = highest.max(job.time());
            answers.push(job.run(&tx, taker, has_accepted).map_err(failed)?);
        }
        tx.prepare_cached("UPDATE ledger SET highest_time = ?1 WHERE highest_time < ?1")
            .and_then(|mut statement| statement.execute([highest]))
            .map_err(failed)?;
        tx.commit().map_err(failed)?;
        Ok(answers)
    }
}

/// An illegal move travels through SQLite's error type; here it becomes itself again.
fn give_back(path: &std::path::Path, doing: &'static str, source: rusqlite::Error) -> LedgerError {
    if let rusqlite::Error::ToSqlConversionFailure(inner) = &source
        && let Some(illegal) = inner.downcast_ref::<IllegalMove>()
    {
        return LedgerError::Illegal(*illegal);
    }
    LedgerError::sqlite(path, doing)(source)
}

impl Job {
    /// The time it carries; 0 for one without.
    fn time(&self) -> i64 {
        match self {
            Job::Take(_, now, ..)
            | Job::TakeUnsettled(_, now, ..)
            | Job::TakeBills(_, now, _)
            | Job::TakeProbe(_, now, _)
            | Job::Recover(now, _)
            | Job::MarkRemembered(now, ..)
            | Job::NumbersChecked(now, _) => *now,
            Job::RecordSend(_, _, learned, _) | Job::RecordQuery(_, _, learned, _) => learned.now,
            Job::Pause(pause, _) => pause.at,
            Job::Defer(..) => 0,
        }
    }

    fn run(
        self,
        tx: &Connection,
        taker: &Taker,
        has_accepted: &mut bool,
    ) -> rusqlite::Result<Answerer> {
        Ok(match self {
            Job::Take(allowed, now, limit, reply) => {
                later(reply, take::take(tx, taker, allowed, now, limit)?)
            }
            Job::TakeUnsettled(after, now, limit, reply) => {
                later(reply, take::take_unsettled(tx, taker, after, now, limit)?)
            }
            Job::TakeBills(bills, now, reply) => {
                later(reply, take::take_bills(tx, taker, &bills, now)?)
            }
            Job::TakeProbe(number, now, reply) => {
                later(reply, vec![take::take_probe(tx, number, now)?])
            }
            Job::RecordSend(attempt, answer, learned, reply) => {
                *has_accepted |= matches!(answer.verdict, Outcome::Accepted(_));
                let done = record_send(tx, taker, &attempt, &answer, learned, *has_accepted)?;
                later(reply, done)
            }
            Job::RecordQuery(attempt, answer, learned, reply) => {
                let done = record_query(tx, taker, &attempt, &answer, learned, *has_accepted)?;
                later(reply, done)
            }
            Job::Recover(now, reply) => later(reply, recover::recover(tx, taker, now)?),
            Job::MarkRemembered(now, why, reply) => {
                later(reply, recover::mark_remembered(tx, taker, now, &why)?)
            }
            Job::NumbersChecked(now, reply) => {
                let sql = "UPDATE campaign SET numbers_checked_at = ?2 WHERE campaign = ?1";
                later(reply, tx.execute(sql, (taker.campaign, now)).map(drop)?)
            }
            Job::Pause(pause, reply) => later(reply, notes::pause(tx, taker.campaign, &pause)?),
            Job::Defer(until, reply) => {
                let sql = "UPDATE campaign SET deferred_until = ?2 WHERE campaign = ?1";
                later(reply, tx.execute(sql, (taker.campaign, until)).map(drop)?)
            }
        })
    }
}

/// An asker that is gone wants no answer.
fn later<T: Send + 'static>(reply: Reply<T>, answer: T) -> Answerer {
    Box::new(move || drop(reply.send(answer)))
}

fn record_send(
    tx: &Connection,
    taker: &Taker,
    attempt: &Attempt,
    answer: &Answer<Outcome>,
    learned: Learned,
    has_accepted: bool,
) -> rusqlite::Result<Recorded> {
    let Purpose::Bill(key) = attempt.purpose else {
        return Err(rusqlite::Error::InvalidQuery);
    };
    let moment = moment(attempt, learned, has_accepted);
    let ended = Ended {
        attempt: attempt.id,
        key,
        moment,
    };
    let bill = Some(recover::record_send(tx, taker, &ended, answer)?);
    Ok(Recorded { bill })
}

fn record_query(
    tx: &Connection,
    taker: &Taker,
    attempt: &Attempt,
    answer: &Answer<Sighting>,
    learned: Learned,
    has_accepted: bool,
) -> rusqlite::Result<Recorded> {
    let Purpose::Bill(key) = attempt.purpose else {
        recover::close_check(tx, attempt.id, learned.now, answer)?;
        return Ok(Recorded { bill: None });
    };
    let moment = moment(attempt, learned, has_accepted);
    let ended = Ended {
        attempt: attempt.id,
        key,
        moment,
    };
    let bill = Some(recover::record_query(tx, taker, &ended, answer)?);
    Ok(Recorded { bill })
}

fn moment(attempt: &Attempt, learned: Learned, has_accepted: bool) -> Moment {
    let Learned { now, dice } = learned;
    Moment {
        now,
        committed: attempt.committed,
        dice,
        has_accepted,
    }
}
