//! Where the bills of each file begin that were never taken up. A run takes them in their order and
//! knows where it stopped; what takes one out of that order says so here.

use rusqlite::{Connection, OptionalExtension};

use super::candidate::Candidate;
use crate::ledger::journal::write_tx::WriteTx;

/// The bill is not untried any more: where it was the first one of its file, another one is.
pub(in crate::ledger) fn taken_up(tx: &WriteTx<'_>, was: &Candidate) -> rusqlite::Result<()> {
    if !was.is_fresh() {
        return Ok(());
    }
    // One whose last bill was taken up "begins" where the next file does.
    let sql = "SELECT file FROM file
         WHERE untried_from = ?1 AND untried_from <= last_bill AND campaign = ?2";
    let file = tx
        .prepare_cached(sql)?
        .query_row((was.key.bill, was.key.campaign), |row| row.get(0))
        .optional()?;
    file.map_or(Ok(()), |file| untried_after(tx, file, was.key.bill))
}

/// The first bill of the file that was never taken up stands behind this one. Between them may be
/// some that were taken back.
pub(in crate::ledger) fn untried_after(
    tx: &Connection,
    file: i64,
    bill: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "UPDATE file SET untried_from = coalesce(
           (SELECT min(bill) FROM bill
            WHERE bill > ?2 AND bill <= last_bill AND state = 'ready' AND due = 0),
           last_bill + 1)
         WHERE file = ?1",
    )?
    .execute((file, bill))?;
    Ok(())
}
