//! A number that was given up turns out to be paid.

use super::advance::{MoveCause, advance};
use super::candidate::candidates;
use super::lineage::Lineage;
use super::picks::AT_REST;
use crate::domain::policy::{Moment, RetryRules};
use crate::domain::state::Event;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

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
    let note = note::former_was_paid().en;
    for later in Lineage::of(tx, bill)?.later(tx)? {
        let filter = format!(
            "campaign = ?1 AND bill = ?2 AND {AT_REST} AND NOT EXISTS (SELECT 1 FROM attempt
               WHERE attempt.bill = bill.bill AND ended_at IS NULL)"
        );
        for candidate in candidates(tx, &filter, (campaign, later), 1)? {
            let (event, moment) = (Event::GivenUp, Moment::at(now));
            let mut after = candidate.bill.clone();
            after.apply(event, &moment, rules)?;
            let cause = MoveCause::noted(event, moment.now, &note);
            advance(tx, candidate.key, &candidate.bill, &after, &cause)?;
        }
    }
    Ok(())
}
