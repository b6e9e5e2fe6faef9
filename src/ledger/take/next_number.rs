//! Questions about the number after a bill's: what WeChat Pay called `FAILED` is refused for good
//! only once it does not know the next one.

use super::attempt::{Attempt, ask_next};
use super::run_state::RunState;
use crate::domain::bill::{Action, Bill, Confirming, Next};
use crate::domain::state::{Event, State};
use crate::ledger::bill::advance::{MoveCause, advance};
use crate::ledger::bill::candidate::{Candidate, candidates};
use crate::ledger::bill::lineage::{Lineage, find};
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// Whether the number after the bill's is what is to be asked about.
pub(super) fn is_next_asked(bill: &Bill) -> bool {
    bill.confirming == Some(Confirming::Failed)
}

/// Makes questions about the numbers after these bills', as far as they are at their end.
pub(in crate::ledger) fn take_next(
    tx: &WriteTx<'_>,
    run: &RunState,
    bills: &[i64],
    now: i64,
) -> rusqlite::Result<Vec<Attempt>> {
    // Where nobody knows a number that was never sent here, nobody knows a later one.
    let filter = "campaign = ?1 AND bill = ?2 AND (state = 'refused' OR confirming = 'failed'
         OR state = 'withdrawn' AND (SELECT answer FROM attempt
           WHERE attempt.bill = bill.bill ORDER BY attempt DESC LIMIT 1) = 'failed')";
    let mut attempts = Vec::new();
    for bill in bills {
        for candidate in candidates(tx, filter, (run.campaign, bill), 1)? {
            let (next, _) = Lineage::of(tx, candidate.key.bill)?.next();
            // One that was given up has its successor here.
            if find(tx, &next)?.is_none() {
                attempts.push(question(tx, run, candidate, now)?);
            }
        }
    }
    Ok(attempts)
}

/// A question about the number after a bill's. The bill is due again should the process die.
pub(super) fn question(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: Candidate,
    now: i64,
) -> rusqlite::Result<Attempt> {
    let (number, generation) = Lineage::of(tx, candidate.key.bill)?.next();
    if candidate.bill.state == State::InDoubt {
        let after = Bill {
            next: Some(Next {
                action: Action::Query,
                due: now.saturating_add(AGAIN_MS),
            }),
            ..candidate.bill.clone()
        };
        let note = note::next_asked(number.as_str()).en;
        let cause = MoveCause::noted(Event::SeenNothing, now, &note);
        advance(tx, candidate.key, &candidate.bill, &after, &cause)?;
    }
    ask_next(tx, run, candidate, (number, generation), now)
}

/// When a question about the next number is made again, should nobody hear of the answer.
const AGAIN_MS: i64 = 60_000;
