//! Packets that wait for a send and are left to a person: what was said of one of their numbers
//! stands against sending any.

use std::collections::HashSet;

use rusqlite::Connection;

use super::advance::{MoveCause, advance};
use super::candidate::{Candidate, candidates};
use super::lineage::Lineage;
use super::picks::AT_REST;
use crate::domain::policy::{Moment, RetryRules};
use crate::domain::state::Event;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::{Words, note};

/// A number that was proven unpaid and given up turns out to be paid: what came in its place is not
/// sent any more, as far as nobody has sent it yet.
pub(in crate::ledger) fn withdraw_later(
    tx: &WriteTx<'_>,
    (campaign, bill): (i64, i64),
    rules: &RetryRules,
    now: i64,
) -> rusqlite::Result<()> {
    if planted!(NewNumberKept) {
        return Ok(());
    }
    let because = note::former_was_paid();
    for later in Lineage::of(tx, bill)?.later(tx)? {
        give_up_at_rest(tx, (campaign, later), AT_REST, (rules, now), &because)?;
    }
    Ok(())
}

/// Why a packet is not sent, whatever became of its number since: a fund-flow bill calls it paid,
/// or an earlier number of it turned out to be paid.
pub(in crate::ledger) fn is_told_paid(
    conn: &Connection,
    billed: &HashSet<i64>,
    candidate: &Candidate,
) -> rusqlite::Result<Option<Words>> {
    let bill = candidate.key.bill;
    if billed.contains(&bill) {
        return Ok(Some(note::billed()));
    }
    if candidate.generation == 1 || planted!(NewNumberKept) {
        return Ok(None);
    }
    let paid = Lineage::of(conn, bill)?.paid_before(conn)?;
    Ok(paid.map(|_| note::former_was_paid()))
}

/// Leaves a bill to a person, and says why, where it is in one of these states (SQL) and no request
/// about it is open.
pub(in crate::ledger) fn give_up_at_rest(
    tx: &WriteTx<'_>,
    (campaign, bill): (i64, i64),
    states: &str,
    (rules, now): (&RetryRules, i64),
    because: &Words,
) -> rusqlite::Result<()> {
    let filter = format!(
        "campaign = ?1 AND bill = ?2 AND {states} AND NOT EXISTS (SELECT 1 FROM attempt
           WHERE attempt.bill = bill.bill AND ended_at IS NULL)"
    );
    for found in candidates(tx, &filter, (campaign, bill), 1)? {
        let (event, mut after) = (Event::GivenUp, found.bill.clone());
        after.apply(event, &Moment::at(now), rules)?;
        let cause = MoveCause::noted(event, now, &because.en);
        advance(tx, found.key, &found.bill, &after, &cause)?;
    }
    Ok(())
}
