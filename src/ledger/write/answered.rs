//! What an answer does beside the bill it is about: to what the process itself keeps of sends,
//! bounds and questions.

use super::request::Recorded;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::domain::policy::Moment;
use crate::domain::state::State;
use crate::ledger::journal::write_tx::Page;
use crate::ledger::record::ended::Ended;
use crate::ledger::record::{answer, closed, walk};
use crate::ledger::take::attempt::{Attempt, Purpose};
use crate::ledger::take::run_state::Taker;

/// Records what a send told.
pub(super) fn record_send(
    tx: &Page<'_>,
    taker: &Taker,
    attempt: Attempt,
    answer: &Answer<Outcome>,
    moment: Moment,
) -> rusqlite::Result<Recorded> {
    let never_left = matches!(answer.verdict, Outcome::NotSent(_));
    let openid = attempt.openid().filter(|_| never_left).cloned();
    let Purpose::Bill(step) = attempt.purpose else {
        return Err(rusqlite::Error::InvalidQuery);
    };
    let (row, amount) = (step.key.bill, step.key.amount);
    let ended = Ended::new(attempt.id, step, moment);
    let (before, after) = answer::record_send(tx, &taker.rules, ended, answer)?;
    if let (Some(openid), Some(at), None) = (openid, before.first_sent, after.first_sent) {
        let mut sums = taker.sums.borrow_mut();
        sums.give_back(openid.as_str(), amount, at);
        if before.state == State::InDoubt {
            taker.bounds.give_back(row, amount);
        }
    }
    if before.state != State::Ready && after.state == State::Ready {
        taker.bounds.give_back(row, amount);
    }
    let bill = Some((before, after));
    Ok(Recorded { bill })
}

/// Records what a query told: about a bill, the number after one, or a number of nothing.
pub(super) fn record_query(
    tx: &Page<'_>,
    taker: &Taker,
    attempt: Attempt,
    answer: &Answer<Sighting>,
    moment: Moment,
) -> rusqlite::Result<Recorded> {
    let began = attempt.since();
    let bill = match attempt.purpose {
        Purpose::Check => {
            closed::close_check(tx, taker.campaign, attempt.id, moment.now, answer)?;
            None
        }
        Purpose::Next(next) => {
            let next = (attempt.id, &next);
            walk::record_next(tx, &taker.rules, next, answer, &moment)?
        }
        Purpose::Bill(step) => {
            let mut asked = taker.asked.borrow_mut();
            if answer.verdict == Sighting::NotFound {
                asked.not_found(step.key.bill, began);
            } else {
                asked.forget(step.key.bill);
            }
            let ended = Ended::new(attempt.id, step, moment);
            taker.sums.borrow_mut().heed(answer);
            Some(answer::record_query(tx, &taker.rules, ended, answer)?)
        }
    };
    Ok(Recorded { bill })
}
