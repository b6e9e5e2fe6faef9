//! The one thread that writes while a campaign runs. It takes what workers ask for in groups,
//! one transaction a group, and answers after COMMIT. After any error it answers nobody again.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::again;
use super::answered;
use super::attempt::{self, Attempt};
use super::behind;
use super::bound::Bound;
use super::defer;
use super::fault::LedgerError;
use super::former;
use super::heard::Heard;
use super::notes::{self, Pause};
use super::page::Page;

use super::recover;
use super::reissue::{self, Reissued, Wanted};
use super::survey;
use super::take::{self, Allowed, Taker};
use super::then::Then;
use super::walk;

use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::domain::policy::Moment;

/// Most requests of one group. All that 32 in flight have open fit; more would only make the first
/// in it wait longer.
const GROUP: usize = 512;

/// A smaller group waits a moment for more: every commit writes a dozen pages and waits for the
/// disk, whatever it holds.
const ENOUGH: usize = 96;
const LINGER: Duration = Duration::from_millis(4);

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<T>;

/// What the thread is asked to do.
#[derive(Debug)]
pub(super) enum Request {
    Take(Allowed, i64, usize, Reply<Vec<Attempt>>),
    Bound(Option<Bound>, i64, Reply<Vec<i64>>),
    TakeUnsettled(i64, i64, usize, Reply<Vec<Attempt>>),
    TakeBills(Vec<i64>, i64, Reply<Vec<Attempt>>),
    TakeProbe(MchBillno, i64, Reply<Vec<Attempt>>),
    RecordSend(Attempt, Box<Answer<Outcome>>, Learned, Then),
    RecordQuery(Attempt, Box<Answer<Sighting>>, Learned, Then),
    Recover(i64, Reply<u64>),
    TakeNext(Vec<i64>, i64, Reply<Vec<Attempt>>),
    Notice(MchBillno, i64, Reply<()>),
    CatchUp(i64, Reply<bool>),
    Unwalked(i64, Reply<Vec<i64>>),
    Refused(i64, Reply<Vec<i64>>),
    NumbersChecked(i64, Reply<()>),
    Pause(Pause, Vec<i64>, Reply<()>),
    Excuse(Vec<i64>, i64, Reply<()>),
    Defer(i64, i64, Reply<()>),
    ForgetClockWord(i64, Reply<()>),
    Former(i64, Reply<Vec<i64>>),
    Reissue(Box<Wanted>, i64, Reply<Vec<Reissued>>),
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
    fn moment(self, attempt: &Attempt, has_accepted: bool) -> Moment {
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

/// The thread's side.
pub(super) struct Desk {
    pub(super) conn: Connection,
    pub(super) path: PathBuf,
    pub(super) taker: Taker,
    pub(super) heard: Heard,
    pub(super) failure: Arc<OnceLock<LedgerError>>,
}

impl Desk {
    /// Works until nobody can ask any more, or until something failed.
    pub(super) fn serve(&mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        while let Some(first) = requests.blocking_recv() {
            let mut group = vec![first];
            gather(&mut group, &mut requests);
            if group.len() < ENOUGH && group.iter().all(Request::can_wait) {
                std::thread::sleep(LINGER);
                gather(&mut group, &mut requests);
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

    pub(super) fn commit(&mut self, group: Vec<Request>) -> Result<Vec<Answerer>, LedgerError> {
        let path = self.path.clone();
        let failed = |source| LedgerError::sqlite(&path, "committing")(source);
        let Desk {
            conn, taker, heard, ..
        } = self;
        let tx = Page::open(conn).map_err(failed)?;
        if tx.epoch() != taker.epoch && !planted!(EpochUnchecked) {
            return Err(LedgerError::Stale { path });
        }
        tx.heard(heard.latest());
        let mut answers = Vec::with_capacity(group.len());
        for request in group {
            tx.saw(request.time());
            answers.push(request.run(&tx, taker).map_err(failed)?);
        }
        let done = tx.commit().map_err(failed);
        if !planted!(GoesOnAfterCommitError) {
            done?;
        }
        Ok(answers)
    }
}

/// Takes what else is waiting.
pub(super) fn gather(group: &mut Vec<Request>, requests: &mut mpsc::UnboundedReceiver<Request>) {
    while group.len() < GROUP
        && let Ok(request) = requests.try_recv()
    {
        group.push(request);
    }
}

impl Request {
    /// Whether nobody stands still for it: a worker goes on while its answer is recorded.
    fn can_wait(&self) -> bool {
        matches!(self, Request::RecordSend(..) | Request::RecordQuery(..))
    }

    /// The time it carries.
    fn time(&self) -> i64 {
        match self {
            Request::Take(_, now, ..)
            | Request::Bound(_, now, _)
            | Request::TakeUnsettled(_, now, ..)
            | Request::TakeBills(_, now, _)
            | Request::TakeProbe(_, now, _)
            | Request::Recover(now, _)
            | Request::TakeNext(_, now, _)
            | Request::Notice(_, now, _)
            | Request::CatchUp(now, _)
            | Request::Unwalked(now, _)
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

    fn run(self, tx: &Page<'_>, taker: &Taker) -> rusqlite::Result<Answerer> {
        Ok(match self {
            Request::Take(allowed, now, limit, reply) => {
                later(reply, take::take(tx, taker, allowed, now, limit)?)
            }
            Request::Bound(bound, _, reply) => later(reply, taker.bounds.set(bound)),
            Request::TakeUnsettled(after, now, limit, reply) => {
                later(reply, survey::take_unsettled(tx, taker, after, now, limit)?)
            }
            Request::TakeBills(bills, now, reply) => {
                later(reply, survey::take_bills(tx, taker, &bills, now)?)
            }
            Request::TakeProbe(number, now, reply) => {
                later(reply, vec![attempt::take_probe(tx, taker, number, now)?])
            }
            Request::RecordSend(attempt, answer, learned, then) => {
                if matches!(answer.verdict, Outcome::Accepted(_)) {
                    taker.has_accepted.set(true);
                }
                let moment = learned.moment(&attempt, taker.has_accepted.get());
                let done = answered::record_send(tx, taker, attempt, &answer, moment)?;
                Box::new(move || then.tell(done))
            }
            Request::RecordQuery(attempt, answer, learned, then) => {
                let moment = learned.moment(&attempt, taker.has_accepted.get());
                let done = answered::record_query(tx, taker, attempt, &answer, moment)?;
                Box::new(move || then.tell(done))
            }
            Request::Recover(now, reply) => later(
                reply,
                recover::recover(tx, taker.campaign, &taker.rules, now)?,
            ),
            Request::TakeNext(bills, now, reply) => {
                later(reply, walk::take_next(tx, taker, &bills, now)?)
            }
            Request::Notice(number, now, reply) => {
                let number = number.as_str();
                later(reply, behind::notice(tx, taker.campaign, now, number)?)
            }
            Request::CatchUp(now, reply) => {
                later(reply, behind::catch_up(tx, taker.campaign, now)?)
            }
            Request::Unwalked(now, reply) => {
                later(reply, behind::unwalked(tx, taker.campaign, now)?)
            }
            Request::Refused(now, reply) => later(reply, behind::to_ask(tx, taker.campaign, now)?),
            Request::NumbersChecked(now, reply) => {
                later(reply, notes::numbers_checked(tx, taker.campaign, now)?)
            }
            Request::Excuse(bills, now, reply) => {
                later(reply, again::excuse(tx, taker.campaign, &bills, now)?)
            }
            Request::Pause(pause, excused, reply) => {
                again::excuse(tx, taker.campaign, &excused, pause.at)?;
                later(reply, notes::pause(tx, taker.campaign, &pause)?)
            }
            Request::ForgetClockWord(now, reply) => {
                later(reply, notes::clock_word_used(tx, taker.campaign, now)?)
            }
            Request::Former(now, reply) => later(reply, former::to_ask(tx, taker.campaign, now)?),
            Request::Reissue(wanted, now, reply) => {
                later(reply, reissue::reissue(tx, taker, &wanted, now)?)
            }
            Request::Defer(until, now, reply) => {
                let campaign = taker.campaign;
                later(reply, defer::defer_all(tx, campaign, (until, now), None)?)
            }
        })
    }
}

/// An asker that is gone wants no answer.
fn later<T: Send + 'static>(reply: Reply<T>, answer: T) -> Answerer {
    Box::new(move || drop(reply.send(answer)))
}
