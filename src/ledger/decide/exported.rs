//! Packets that a person takes along, to pay them from another list.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::domain::met::EVERY;
use crate::domain::reissue::Objection;
use crate::domain::state::{Event, State};
use crate::ledger::bill::advance::{MoveCause, advance};
use crate::ledger::bill::candidate::candidate_of;
use crate::ledger::bill::elsewhere::elsewhere;
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
        self.read(|conn| Ok(exported(conn, bills)?.len()))
    }
}

/// The exported ones of these bills, by row, with their campaign.
fn exported(conn: &Connection, bills: &[i64]) -> rusqlite::Result<HashMap<i64, String>> {
    let sql = "SELECT id FROM journal JOIN bill USING (bill)
           JOIN campaign ON campaign.campaign = bill.campaign
         WHERE bill = ?1 AND event = ?2 AND note = ?3";
    let (event, note) = (Event::PassedOver.name(), note::exported().en);
    let mut statement = conn.prepare(sql)?;
    let mut found = HashMap::new();
    for &bill in bills {
        let id = statement.query_row((bill, event, &note), |row| row.get(0));
        found.extend(id.optional()?.map(|id| (bill, id)));
    }
    Ok(found)
}

/// The objections to giving these bills up: a person took them along, and names neither their
/// campaign nor one that has a packet for the same person since.
pub(super) fn taken_along(
    conn: &Connection,
    bills: &[i64],
    pay_again: &[String],
    now: i64,
) -> rusqlite::Result<HashMap<i64, Objection>> {
    let mut found = exported(conn, bills)?;
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let bills: Vec<i64> = found.keys().copied().collect();
    let answered = elsewhere(conn, &bills, &[], now)?;
    let is_named = |id: &String| pay_again.iter().any(|named| named == EVERY || named == id);
    let is_answered = |bill: &i64| {
        answered
            .get(bill)
            .is_some_and(|other| is_named(&other.campaign))
    };
    found.retain(|bill, id| !is_named(id) && !is_answered(bill));
    let objections = found.into_iter();
    Ok(objections
        .map(|(bill, id)| (bill, Objection::Exported(id)))
        .collect())
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
