//! Taking packets back that were never on the wire: all of what is wanted in one transaction, each
//! on record. A packet that was on the wire, or is not `ready` any more, stays as it is. One that
//! another ledger may have sent, too long ago for any question, is for a person to decide.

use rusqlite::params;

use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::ledger::bill::advance::{Fresh, MoveCause, advance};
use crate::ledger::bill::candidate::{Candidate, candidates};
use crate::ledger::bill::untried::taken_up;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::take::make::give_up_too_late;
use crate::ledger::take::run_state::RunState;

/// Packets that a person takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBack {
    /// The bills, by row.
    pub bills: Vec<i64>,
    /// The person and the reason, in their own words.
    pub because: String,
}

/// The result of a withdrawal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// How many packets were taken back.
    pub count: u64,
    /// Their money.
    pub fen: Fen,
    /// The numbers of those that were not, with where each stands.
    pub kept: Vec<(String, State)>,
}

/// Takes back what is still free to be.
pub(in crate::ledger) fn withdraw(
    tx: &WriteTx<'_>,
    run: &RunState,
    wanted: &TakeBack,
    now: i64,
) -> rusqlite::Result<TakenBack> {
    let mut done = TakenBack::default();
    for bill in &wanted.bills {
        let filter = "campaign = ?1 AND bill = ?2";
        for candidate in candidates(tx, filter, params![run.campaign, bill], 1)? {
            let number = candidate.mch_billno.to_string();
            if !candidate.bill.was_never_sent() {
                done.kept.push((number, candidate.bill.state));
            } else if give_up_too_late(tx, run, &candidate, now)? {
                done.kept.push((number, State::Review));
            } else {
                take_back(tx, &candidate, &wanted.because, now)?;
                done.count += 1;
                done.fen = [done.fen, candidate.key.amount].into_iter().sum();
            }
        }
    }
    Ok(done)
}

fn take_back(
    tx: &WriteTx<'_>,
    candidate: &Candidate,
    because: &str,
    now: i64,
) -> rusqlite::Result<()> {
    let mut after = candidate.bill.clone();
    let event = after.withdraw()?;
    let cause = MoveCause {
        fresh: candidate.is_fresh().then(Fresh::default),
        ..MoveCause::noted(event, now, because)
    };
    advance(tx, candidate.key, &candidate.bill, &after, &cause)?;
    taken_up(tx, candidate)
}
