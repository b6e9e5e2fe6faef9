//! Where the bills of each file begin that were never taken up. A run takes them in their order and
//! knows where it stopped; what takes one out of that order says so here.

use super::candidate::Candidate;
use crate::ledger::journal::write_tx::WriteTx;

/// The bill is not untried any more: where it was the first one of its file, another one is.
pub(in crate::ledger) fn taken_up(tx: &WriteTx<'_>, was: &Candidate) -> rusqlite::Result<()> {
    if !was.is_fresh() {
        return Ok(());
    }
    tx.prepare_cached(
        "UPDATE file SET untried_from = coalesce(
           (SELECT min(bill) FROM bill
            WHERE bill > ?1 AND bill <= last_bill AND state = 'ready' AND due = 0),
           last_bill + 1)
         WHERE untried_from = ?1 AND campaign = ?2",
    )?
    .execute((was.key.bill, was.key.campaign))?;
    Ok(())
}
