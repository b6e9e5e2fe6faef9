//! One piece of work for the writing thread, and how its answer comes back.

use tokio::sync::oneshot;

use crate::domain::bill::Bill;
use crate::domain::policy::Moment;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::take::attempt::Attempt;
use crate::ledger::take::run_state::RunState;

/// Work to be done inside the transaction of a group, and told once that is durable. The thread
/// knows nothing of what it carries out: each method of [`Writer`](super::writer::Writer) has its
/// work beside it.
pub(super) struct Job {
    /// The time it carries, in milliseconds of the Unix epoch.
    pub(super) at: i64,
    /// Whether no worker is blocked on it: a worker goes on while its answer is recorded.
    pub(super) can_wait: bool,
    work: Box<Work>,
}

type Work = dyn FnOnce(&WriteTx<'_>, &RunState) -> rusqlite::Result<Answerer> + Send;

/// Tells the caller once the group is durable.
pub(super) type Answerer = Box<dyn FnOnce() + Send>;

impl Job {
    /// A job that somebody waits for.
    pub(super) fn awaited<T: Send + 'static>(
        at: i64,
        work: impl FnOnce(&WriteTx<'_>, &RunState) -> rusqlite::Result<T> + Send + 'static,
    ) -> (Self, oneshot::Receiver<T>) {
        let (reply, answer) = oneshot::channel();
        let work = move |tx: &WriteTx<'_>, run: &RunState| {
            let done = work(tx, run)?;
            // The caller may have been dropped; then nobody needs the answer.
            Ok(Box::new(move || drop(reply.send(done))) as Answerer)
        };
        let job = Job {
            at,
            can_wait: false,
            work: Box::new(work),
        };
        (job, answer)
    }

    /// An answer to be recorded, `then` is told when it is. A job that is never carried out is
    /// dropped, and its `then` with it.
    pub(super) fn record(
        at: i64,
        work: impl FnOnce(&WriteTx<'_>, &RunState) -> rusqlite::Result<Recorded> + Send + 'static,
        then: OnRecorded,
    ) -> Self {
        let work = move |tx: &WriteTx<'_>, run: &RunState| {
            let done = work(tx, run)?;
            Ok(Box::new(move || then.tell(done)) as Answerer)
        };
        Job {
            at,
            can_wait: true,
            work: Box::new(work),
        }
    }

    pub(super) fn carry_out(self, tx: &WriteTx<'_>, run: &RunState) -> rusqlite::Result<Answerer> {
        (self.work)(tx, run)
    }
}

/// When an answer came, and the chance that goes with it.
#[derive(Debug, Clone, Copy)]
pub struct Learned {
    /// In milliseconds of the Unix epoch.
    pub now: i64,
    /// Spreads the next retry.
    pub dice: u64,
}

impl Learned {
    pub(super) fn moment(self, attempt: &Attempt, has_accepted: bool) -> Moment {
        Moment {
            now: self.now,
            committed: attempt.committed,
            dice: self.dice,
            has_accepted,
            ..Moment::at(self.now)
        }
    }
}

/// A callback for the commit of one record, or its failure: called once, with `None` if the ledger
/// failed before.
pub(super) struct OnRecorded(Option<Box<dyn FnOnce(Option<Recorded>) + Send>>);

impl OnRecorded {
    /// Calls `then` in the end.
    pub(super) fn new(then: impl FnOnce(Option<Recorded>) + Send + 'static) -> Self {
        OnRecorded(Some(Box::new(then)))
    }

    /// The record is durable.
    pub(super) fn tell(mut self, recorded: Recorded) {
        if let Some(then) = self.0.take() {
            then(Some(recorded));
        }
    }
}

impl Drop for OnRecorded {
    fn drop(&mut self) {
        if let Some(then) = self.0.take() {
            then(None);
        }
    }
}

impl std::fmt::Debug for OnRecorded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnRecorded")
    }
}

/// The effect of a recorded answer on its bill; `None` where the attempt moved none.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The bill before and after.
    pub bill: Option<(Bill, Bill)>,
}
