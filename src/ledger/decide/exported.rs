//! Packets that a person takes along, to pay them from another list.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::reissue::Objection;
use crate::domain::state::{Event, State};
use crate::ledger::bill::advance::{MoveCause, advance};
use crate::ledger::bill::candidate::candidate_of;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::owner::Owner;
use crate::ledger::open::reader::Reader;
use crate::words::note;

impl Reader {
    /// How many of these bills, by row, were exported before.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn exported_before(&self, bills: &[i64]) -> Result<usize, LedgerError> {
        let found = self.exported(bills, &[])?;
        Ok(found.into_iter().flatten().count())
    }

    /// The objections to giving these bills up, in their order: a person took them along, and names
    /// no campaign.
    pub(super) fn exported(
        &self,
        bills: &[i64],
        pay_again: &[String],
    ) -> Result<Vec<Option<Objection>>, LedgerError> {
        self.read(|conn| {
            let each = bills.iter().map(|bill| exported(conn, *bill, pay_again));
            each.collect()
        })
    }
}

/// The objection of an exported bill. Who names any campaign knows of lists that pay it.
pub(super) fn exported(
    conn: &Connection,
    bill: i64,
    pay_again: &[String],
) -> rusqlite::Result<Option<Objection>> {
    let sql = "SELECT id FROM journal JOIN bill USING (bill)
           JOIN campaign ON campaign.campaign = bill.campaign
         WHERE bill = ?1 AND event = ?2 AND note = ?3";
    if !pay_again.is_empty() {
        return Ok(None);
    }
    let found = (bill, Event::PassedOver.name(), note::exported().en);
    let id = conn.prepare_cached(sql)?.query_row(found, |row| row.get(0));
    Ok(id.optional()?.map(Objection::Exported))
}

impl Owner {
    /// Keeps that these bills, by row, which are proven unpaid, may be paid from another list: also
    /// where a later run finds that their refusals accuse the set-up, it does not send them.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn keep_exported(&mut self, bills: &[i64], at: i64) -> Result<(), LedgerError> {
        let failed = |source| LedgerError::sqlite(&self.path, "keeping what is exported")(source);
        let because = note::exported().en;
        let tx = WriteTx::open(&self.conn).map_err(failed)?;
        for bill in bills {
            let found = candidate_of(&tx, *bill).map_err(failed)?;
            let before = found.bill;
            if before.state != State::Refused {
                continue;
            }
            let (mut after, again) = (before.clone(), before.again);
            let cause = MoveCause::noted(after.pass_over(at)?, at, &because);
            // One that had its second chance, or has none, keeps the word for that.
            after.again = again.or(after.again);
            advance(&tx, found.key, &before, &after, &cause).map_err(failed)?;
        }
        tx.commit().map_err(failed)
    }
}
