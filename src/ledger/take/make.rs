//! Making an attempt durable: the one place where a row of it becomes an [`Attempt`] about a bill.

use super::attempt::{Attempt, assemble, insert_attempt};
use super::question::is_too_late;
use super::run_state::RunState;
use crate::domain::bill::Action;
use crate::domain::policy::Moment;
use crate::domain::state::{Event, State};
use crate::ledger::bill::advance::{Fresh, MoveCause, advance};
use crate::ledger::bill::candidate::Candidate;
use crate::ledger::bill::paid_otherwise::find;
use crate::ledger::bill::untried::taken_up;
use crate::ledger::journal::seal::RequestSeal;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::{Words, note};

/// Makes the attempt durable.
pub(super) fn attempt(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: Candidate,
    action: Action,
    now: i64,
) -> rusqlite::Result<Attempt> {
    let key = candidate.key;
    if action == Action::Send {
        run.check_approved(tx, &candidate)?;
    }
    let said = RequestSeal {
        packet: candidate.frozen,
        terms: run.terms,
    };
    let told = insert_attempt(tx, Some((key.bill, &said)), action, now)?;
    let mut after = candidate.bill.clone();
    let event = match action {
        // A first send counts on its own day.
        Action::Send => after.dispatch(tx.day_time(now))?,
        Action::Query => {
            after.next = None;
            Event::SeenNothing
        }
    };
    // Of a restored bill that was paid, the first send known here is for its package.
    if candidate.bill.state == State::Sent && candidate.bill.first_sent != after.first_sent {
        let mut spent = run.spent.borrow_mut();
        spent.count(candidate.openid.as_str(), key.amount, tx.day_time(now));
    }
    let cause = MoveCause {
        event,
        told: Some(told),
        at: now,
        note: None,
        code: None,
        fresh: candidate.is_fresh().then(Fresh::default),
    };
    advance(tx, key, &candidate.bill, &after, &cause)?;
    let is_ruled = action == Action::Query && candidate.bill.state.is_paid();
    let attempt = assemble(run, candidate, after, told.attempt, (action, now));
    // What somebody called paid settles as what it is, and not as the debt.
    let paid = if is_ruled { find(tx, key.bill)? } else { None };
    Ok(match paid {
        Some(paid) => attempt.about(paid),
        None => attempt,
    })
}

/// Leaves a packet to a person that no question can tell of any more; whether it is one. Queries do
/// not reach back far enough, so that "unknown" proves nothing, also where it is the late answer to
/// a question that began in time.
pub(in crate::ledger) fn give_up_too_late(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: &Candidate,
    now: i64,
) -> rusqlite::Result<bool> {
    let is_late = is_too_late(tx, candidate, now)?;
    if is_late {
        give_up(tx, run, candidate, (now, &note::too_old()))?;
    }
    Ok(is_late)
}

/// Leaves a packet to a person, and says why.
pub(super) fn give_up(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: &Candidate,
    (now, because): (i64, &Words),
) -> rusqlite::Result<()> {
    let mut after = candidate.bill.clone();
    let moment = Moment::at(now);
    after.apply(Event::GivenUp, &moment, &run.rules)?;
    let cause = MoveCause::noted(Event::GivenUp, now, &because.en);
    advance(tx, candidate.key, &candidate.bill, &after, &cause)?;
    taken_up(tx, candidate)
}
