//! Questions about bills whatever is due: for a reconciliation, and before a number is given up.

use rusqlite::params;

use super::attempt::Attempt;
use super::make::attempt;
use super::next_number;
use super::run_state::RunState;
use crate::domain::bill::Action;
use crate::domain::state::State;
use crate::ledger::bill::candidate::{Candidate, candidates};
use crate::ledger::bill::picks::{ASKABLE, QUERIED};
use crate::ledger::bill::untried::taken_up;
use crate::ledger::journal::write_tx::WriteTx;

/// Makes a query of each of these bills that a query may still change, by a process that sends
/// nothing.
pub(in crate::ledger) fn take_unsettled(
    tx: &WriteTx<'_>,
    run: &RunState,
    bills: &[i64],
    now: i64,
) -> rusqlite::Result<Vec<Attempt>> {
    // In a ledger that is behind, what was never sent may have been.
    let filter = format!("campaign = ?1 AND bill = ?2 AND ({QUERIED} OR ?3 AND state = 'ready')");
    let is_behind = tx.behind().is_some();
    let mut attempts = Vec::new();
    for bill in bills {
        for candidate in candidates(tx, &filter, params![run.campaign, bill, is_behind], 1)? {
            let is_paid = matches!(candidate.bill.state, State::Sent | State::Refunding);
            let query = ask(tx, run, candidate, now)?;
            attempts.push(if is_paid { query.among_others() } else { query });
        }
    }
    Ok(attempts)
}

/// Makes a query of each of these bills that a query may still change, refused ones included: they
/// are given up for a new number, or shall be.
pub(in crate::ledger) fn take_bills(
    tx: &WriteTx<'_>,
    run: &RunState,
    bills: &[i64],
    now: i64,
) -> rusqlite::Result<Vec<Attempt>> {
    let filter = format!("campaign = ?1 AND bill = ?2 AND {ASKABLE}");
    let mut attempts = Vec::new();
    for bill in bills {
        for candidate in candidates(tx, &filter, params![run.campaign, bill], 1)? {
            attempts.push(ask(tx, run, candidate, now)?);
        }
    }
    Ok(attempts)
}

/// A query about the bill's number, or about the next one where WeChat Pay called it `FAILED`.
pub(super) fn ask(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: Candidate,
    now: i64,
) -> rusqlite::Result<Attempt> {
    taken_up(tx, &candidate)?;
    if next_number::is_next_asked(&candidate.bill) {
        return next_number::question(tx, run, candidate, now);
    }
    attempt(tx, run, candidate, Action::Query, now)
}
