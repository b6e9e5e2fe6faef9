//! The effects of an answer beside its bill: on the process's own memory of sends, limits and
//! questions.

use super::job::Recorded;
use crate::domain::bill::Bill;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::domain::policy::{self, Moment};
use crate::domain::state::State;
use crate::ledger::bill::advance::{DayMove, Key};
use crate::ledger::bill::unasked;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::record::ended::Ended;
use crate::ledger::record::{answer, closed, walk};
use crate::ledger::take::attempt::{Attempt, Purpose};
use crate::ledger::take::run_state::RunState;

/// Records what a send told.
pub(super) fn record_send(
    tx: &WriteTx<'_>,
    run: &RunState,
    attempt: Attempt,
    answer: &Answer<Outcome>,
    moment: Moment,
) -> rusqlite::Result<Recorded> {
    let Purpose::Bill(step) = attempt.purpose else {
        return Err(rusqlite::Error::InvalidQuery);
    };
    let key = step.key;
    let (row, amount) = (key.bill, key.amount);
    let ended = Ended::new(attempt.id, step, moment);
    let (before, after) = answer::record_send(tx, &run.rules, ended, answer)?;
    count_moved(tx, run, key, (&before, &after))?;
    run.waits_for_answers.set(false);
    let never_left = matches!(answer.verdict, Outcome::NotSent(_));
    if never_left && before.state == State::InDoubt && after.first_sent.is_none() {
        run.limit_left.give_back(row, amount);
    }
    if before.state != State::Ready && after.state == State::Ready {
        run.limit_left.give_back(row, amount);
    }
    let bill = Some((before, after));
    Ok(Recorded { bill })
}

/// Records what a query told: about a bill, the number after one, or a number without a bill.
pub(super) fn record_query(
    tx: &WriteTx<'_>,
    run: &RunState,
    attempt: Attempt,
    answer: &Answer<Sighting>,
    moment: Moment,
) -> rusqlite::Result<Recorded> {
    let began = attempt.since();
    let bill = match attempt.purpose {
        Purpose::Check => {
            closed::close_check(tx, run.campaign, attempt.id, moment.now, answer)?;
            None
        }
        Purpose::Next(next) => {
            if policy::is_known(&answer.verdict) {
                run.spent.borrow_mut().forget_all();
            }
            let asked = (attempt.id, &next);
            let moved = walk::record_next(tx, &run.rules, asked, answer, &moment)?;
            if let Some((before, after)) = &moved {
                count_moved(tx, run, next.key, (before, after))?;
            }
            moved
        }
        Purpose::Bill(step) => {
            let mut asked = run.asked.borrow_mut();
            if answer.verdict == Sighting::NotFound {
                asked.not_found(step.key.bill, began);
            } else {
                asked.forget(step.key.bill);
            }
            let key = step.key;
            let ended = Ended::new(attempt.id, step, moment);
            run.spent.borrow_mut().heed(answer);
            let moved = answer::record_query(tx, &run.rules, ended, answer)?;
            count_told(tx, run, key, answer)?;
            count_moved(tx, run, key, (&moved.0, &moved.1))?;
            Some(moved)
        }
    };
    Ok(Recorded { bill })
}

/// Counts a packet that nobody had asked about by WeChat Pay's answer.
fn count_told(
    tx: &WriteTx<'_>,
    run: &RunState,
    key: Key,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<()> {
    let mut spent = run.spent.borrow_mut();
    if spent.doubts(key.bill) && answer.verdict.is_told() {
        let openid = unasked::openid(tx, key.bill)?;
        spent.told(key.bill, &openid, key.amount);
    }
    Ok(())
}

/// Keeps what counts as sent in step with the bill.
fn count_moved(
    tx: &WriteTx<'_>,
    run: &RunState,
    key: Key,
    (before, after): (&Bill, &Bill),
) -> rusqlite::Result<()> {
    if let Some(moved) = DayMove::of(tx, key, before, after)? {
        let openid = unasked::openid(tx, key.bill)?;
        run.spent.borrow_mut().follow(&openid, key.amount, &moved);
    }
    Ok(())
}
