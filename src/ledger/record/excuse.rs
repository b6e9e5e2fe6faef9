//! Refusals that accuse the set-up: what is kept of each.

use crate::ledger::bill::advance::{MoveCause, advance};
use crate::ledger::bill::candidate::candidates;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// Keeps that the refusals of these bills, by row, accuse the set-up.
pub(in crate::ledger) fn excuse(
    tx: &WriteTx<'_>,
    campaign: i64,
    bills: &[i64],
    now: i64,
) -> rusqlite::Result<()> {
    let failed = "SELECT 1 FROM attempt WHERE bill = ?1 AND answer = 'failed'";
    let note = note::excused().en;
    for bill in bills.iter().filter(|_| !planted!(StreakRefusesPeople)) {
        for candidate in candidates(tx, "campaign = ?1 AND bill = ?2", (campaign, bill), 1)? {
            if !candidate.bill.is_excusable() {
                continue;
            }
            let mut after = candidate.bill.clone();
            let was_called_failed = tx.prepare_cached(failed)?.exists([bill])?;
            let event = after.excuse(was_called_failed)?;
            let cause = MoveCause::noted(event, now, &note);
            advance(tx, candidate.key, &candidate.bill, &after, &cause)?;
        }
    }
    Ok(())
}
