//! What the writing thread is asked to do, and how an answer comes back.

use tokio::sync::oneshot;

use crate::domain::bill::Bill;
use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::domain::policy::Moment;
use crate::ledger::decide::reissue::{Reissued, Wanted};
use crate::ledger::read::campaign::Pause;
use crate::ledger::take::attempt::Attempt;
use crate::ledger::take::run_limit::RunLimit;
use crate::ledger::take::take_due::Allowed;

/// Where an answer goes.
pub(super) type ReplyTo<T> = oneshot::Sender<T>;

/// What the thread is asked to do.
#[derive(Debug)]
pub(super) enum Request {
    Take(Allowed, i64, usize, ReplyTo<Vec<Attempt>>),
    RunLimit(Option<RunLimit>, i64, ReplyTo<Vec<i64>>),
    TakeUnsettled(i64, i64, usize, ReplyTo<Vec<Attempt>>),
    TakeBills(Vec<i64>, i64, ReplyTo<Vec<Attempt>>),
    TakeProbe(MchBillno, i64, ReplyTo<Vec<Attempt>>),
    RecordSend(Attempt, Box<Answer<Outcome>>, Learned, OnRecorded),
    RecordQuery(Attempt, Box<Answer<Sighting>>, Learned, OnRecorded),
    Recover(i64, ReplyTo<u64>),
    TakeNext(Vec<i64>, i64, ReplyTo<Vec<Attempt>>),
    Notice(MchBillno, i64, ReplyTo<()>),
    CatchUp(i64, ReplyTo<bool>),
    Unwalked(i64, ReplyTo<Vec<i64>>),
    UnaskedForCaps(i64, ReplyTo<Vec<i64>>),
    Refused(i64, ReplyTo<Vec<i64>>),
    NumbersChecked(i64, ReplyTo<()>),
    Pause(Pause, Vec<i64>, ReplyTo<()>),
    Excuse(Vec<i64>, i64, ReplyTo<()>),
    Defer(i64, i64, ReplyTo<()>),
    ForgetClockWord(i64, ReplyTo<()>),
    Former(i64, ReplyTo<Vec<i64>>),
    Reissue(Box<Wanted>, i64, ReplyTo<Vec<Reissued>>),
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

/// What a request answers once its group is durable.
pub(super) type Answerer = Box<dyn FnOnce() + Send>;

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

/// What a recorded answer did to its bill; `None` where the attempt moved none.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The bill before and after.
    pub bill: Option<(Bill, Bill)>,
}

impl Request {
    /// Whether no worker is blocked on it: a worker goes on while its answer is recorded.
    pub(super) fn can_wait(&self) -> bool {
        matches!(self, Request::RecordSend(..) | Request::RecordQuery(..))
    }

    /// The time it carries.
    pub(super) fn time(&self) -> i64 {
        match self {
            Request::Take(_, now, ..)
            | Request::RunLimit(_, now, _)
            | Request::TakeUnsettled(_, now, ..)
            | Request::TakeBills(_, now, _)
            | Request::TakeProbe(_, now, _)
            | Request::Recover(now, _)
            | Request::TakeNext(_, now, _)
            | Request::Notice(_, now, _)
            | Request::CatchUp(now, _)
            | Request::Unwalked(now, _)
            | Request::UnaskedForCaps(now, _)
            | Request::Refused(now, _)
            | Request::NumbersChecked(now, _)
            | Request::Defer(_, now, _)
            | Request::Former(now, _)
            | Request::Excuse(_, now, _)
            | Request::Reissue(_, now, _)
            | Request::ForgetClockWord(now, _) => *now,
            Request::RecordSend(_, _, learned, _) | Request::RecordQuery(_, _, learned, _) => {
                learned.now
            }
            Request::Pause(pause, ..) => pause.at,
        }
    }
}
