//! The way to the one thread that writes while a campaign runs.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use super::answered;
use super::heard::Heard;
use super::job::{Job, Learned, OnRecorded, Recorded};
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::lock::Lock;
use crate::ledger::take::approved::Approved;
use crate::ledger::take::attempt::Attempt;
use crate::ledger::take::run_state::RunState;
use crate::words::ledger as words;

/// A handle to the writing thread, which holds the connection and the run of an `Owner`. Many may
/// ask at once; each waits for the commit that holds its part.
#[derive(Debug)]
pub struct Writer {
    /// `None` once it is being dropped.
    pub(super) queue: Option<mpsc::UnboundedSender<Job>>,
    pub(super) thread: Option<JoinHandle<()>>,
    pub(super) failure: Arc<OnceLock<LedgerError>>,
    pub(super) heard: Heard,
    pub(super) is_limit_reached: Arc<AtomicBool>,
    pub(super) approved: Arc<OnceLock<Approved>>,
    pub(super) lock: Lock,
}

impl Writer {
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
        self.ask(now, sent(attempt, answer, learned)).await
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
        let record = sent(attempt, answer, learned);
        let _ = self.send(Job::record(learned.now, record, OnRecorded::new(then)));
    }

    /// As [`Writer::record_query`] and [`Writer::record_send_then`].
    pub(crate) fn record_query_then(
        &self,
        attempt: Attempt,
        answer: Answer<Sighting>,
        learned: Learned,
        then: impl FnOnce(Option<Recorded>) + Send + 'static,
    ) {
        let record = asked(attempt, answer, learned);
        let _ = self.send(Job::record(learned.now, record, OnRecorded::new(then)));
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
        self.ask(now, asked(attempt, answer, learned)).await
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

    fn send(&self, job: Job) -> bool {
        let queue = self.queue.as_ref();
        queue.is_some_and(|queue| queue.send(job).is_ok())
    }

    /// Has `work` done at `at` inside the next transaction; what it came to, once that is durable.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        at: i64,
        work: impl FnOnce(&WriteTx<'_>, &RunState) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (job, answer) = Job::awaited(at, work);
        let is_queued = self.send(job);
        self.wake();
        match answer.await {
            Ok(answer) if is_queued => Ok(answer),
            Ok(_) | Err(_) => Err(self.gone().await),
        }
    }

    /// Ends the moment that answers wait for more.
    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

/// Records what a send told.
fn sent(
    attempt: Attempt,
    answer: Answer<Outcome>,
    learned: Learned,
) -> impl FnOnce(&WriteTx<'_>, &RunState) -> rusqlite::Result<Recorded> + Send + 'static {
    move |tx, run| {
        if matches!(answer.verdict, Outcome::Accepted(_)) {
            run.has_accepted.set(true);
        }
        let moment = learned.moment(&attempt, run.has_accepted.get());
        answered::record_send(tx, run, attempt, &answer, moment)
    }
}

/// Records what a query told.
fn asked(
    attempt: Attempt,
    answer: Answer<Sighting>,
    learned: Learned,
) -> impl FnOnce(&WriteTx<'_>, &RunState) -> rusqlite::Result<Recorded> + Send + 'static {
    move |tx, run| {
        let moment = learned.moment(&attempt, run.has_accepted.get());
        answered::record_query(tx, run, attempt, &answer, moment)
    }
}

/// Waits until the thread has written what it was asked, and the WAL into the ledger.
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        self.wake();
        if let Some(thread) = self.thread.take() {
            // One that panicked has nothing left to write.
            let _ = thread.join();
        }
    }
}

impl Writer {
    /// In which start of the machine its clock was how far ahead of its uptime when somebody sent
    /// last, in milliseconds, as far as the lock file tells.
    ///
    /// # Errors
    /// Where the lock file cannot be read.
    pub fn noted_clock(&self) -> Result<Option<(String, i64)>, LedgerError> {
        self.lock.clock()
    }

    /// Notes that in the lock file for the next process.
    ///
    /// # Errors
    /// Where the lock file cannot be written.
    pub fn note_clock(&self, boot: &str, lead: i64) -> Result<(), LedgerError> {
        self.lock.note_clock(boot, lead)
    }
}
