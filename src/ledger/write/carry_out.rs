//! What each request does, inside the transaction of its group.

use super::answered;
use super::request::{Answerer, ReplyTo, Request};
use crate::domain::outcome::Outcome;
use crate::ledger::bill::{lineage, unasked};
use crate::ledger::decide::{pause, reissue};
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::record::{behind, excuse, recover};
use crate::ledger::take::run_state::RunState;
use crate::ledger::take::{attempt, defer, next_number, survey, take_due};

impl Request {
    pub(super) fn carry_out(self, tx: &WriteTx<'_>, run: &RunState) -> rusqlite::Result<Answerer> {
        let campaign = run.campaign;
        Ok(match self {
            Request::Take(allowed, now, limit, reply) => {
                later(reply, take_due::take(tx, run, allowed, now, limit)?)
            }
            Request::RunLimit(limit, _, reply) => later(reply, run.limit_left.set(limit)),
            Request::TakeUnsettled(after, now, limit, reply) => {
                later(reply, survey::take_unsettled(tx, run, after, now, limit)?)
            }
            Request::TakeBills(bills, now, reply) => {
                later(reply, survey::take_bills(tx, run, &bills, now)?)
            }
            Request::TakeProbe(number, now, reply) => {
                later(reply, vec![attempt::take_probe(tx, run, number, now)?])
            }
            Request::RecordSend(attempt, answer, learned, then) => {
                if matches!(answer.verdict, Outcome::Accepted(_)) {
                    run.has_accepted.set(true);
                }
                let moment = learned.moment(&attempt, run.has_accepted.get());
                let done = answered::record_send(tx, run, attempt, &answer, moment)?;
                Box::new(move || then.tell(done))
            }
            Request::RecordQuery(attempt, answer, learned, then) => {
                let moment = learned.moment(&attempt, run.has_accepted.get());
                let done = answered::record_query(tx, run, attempt, &answer, moment)?;
                Box::new(move || then.tell(done))
            }
            Request::Recover(now, reply) => {
                later(reply, recover::recover(tx, campaign, &run.rules, now)?)
            }
            Request::TakeNext(bills, now, reply) => {
                later(reply, next_number::take_next(tx, run, &bills, now)?)
            }
            Request::Notice(number, now, reply) => {
                later(reply, behind::notice(tx, campaign, now, number.as_str())?)
            }
            Request::UnaskedForCaps(now, reply) => later(reply, defer::to_ask(tx, run, now)?),
            Request::CatchUp(now, reply) => later(reply, behind::catch_up(tx, campaign, now)?),
            Request::Unwalked(now, reply) => {
                later(reply, unasked::unwalked(tx, tx.behind(), campaign, now)?)
            }
            Request::Refused(now, reply) => later(reply, behind::to_ask(tx, campaign, now)?),
            Request::NumbersChecked(now, reply) => {
                later(reply, pause::numbers_checked(tx, campaign, now)?)
            }
            Request::Excuse(bills, now, reply) => {
                later(reply, excuse::excuse(tx, campaign, &bills, now)?)
            }
            Request::Pause(pause, excused, reply) => {
                excuse::excuse(tx, campaign, &excused, pause.at)?;
                later(reply, pause::pause(tx, campaign, &pause)?)
            }
            Request::ForgetClockWord(now, reply) => {
                later(reply, pause::clock_word_used(tx, campaign, now)?)
            }
            Request::Former(now, reply) => later(reply, lineage::to_ask(tx, campaign, now)?),
            Request::Reissue(wanted, now, reply) => later(
                reply,
                reissue::reissue(tx, (campaign, &run.rules), &wanted, now)?,
            ),
            Request::Defer(until, now, reply) => {
                later(reply, defer::defer_all(tx, campaign, (until, now), None)?)
            }
        })
    }
}

/// The caller may have been dropped; then nobody needs the answer.
fn later<T: Send + 'static>(reply: ReplyTo<T>, answer: T) -> Answerer {
    Box::new(move || drop(reply.send(answer)))
}
