//! Rows whose packet is there already: in this file, or from an earlier one.

use rusqlite::{OptionalExtension, Row, params};

use super::added::Added;
use super::draft::{Draft, line};
use super::loading::Loading;
use super::stamp::FileFacts;
use crate::domain::ids::MchBillno;
use crate::domain::money::Fen;
use crate::domain::packet::Packet;
use crate::domain::state::State;
use crate::domain::text::Field;
use crate::ledger::columns::{fen, state};
use crate::ledger::fault::LedgerError;
use crate::ledger::refusal::LoadRefusal;

impl Loading<'_> {
    /// Whether the file has a column of row keys.
    #[must_use]
    pub fn has_row_key(&self) -> bool {
        self.has_row_key
    }

    /// Whether the file has the packet with this first number.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_number(&self, number: &MchBillno) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM bill WHERE mch_billno = ?1";
        let found = self
            .tx
            .prepare_cached(sql)
            .and_then(|mut statement| statement.exists([number.as_str()]));
        found.map_err(LedgerError::sqlite(&self.path, "loading"))
    }

    /// The file is this one, which was loaded before: what was taken back of it may come again, and
    /// nothing is added.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn reload(&mut self, file: i64) -> Result<(), LedgerError> {
        let begun = std::mem::replace(&mut self.file, file);
        self.loaded_before = Some(file);
        let deleted = self.tx.execute("DELETE FROM file WHERE file = ?1", [begun]);
        deleted.map_err(LedgerError::sqlite(&self.path, "loading"))?;
        Ok(())
    }

    /// Refuses a file that was loaded before and reads otherwise now.
    pub(super) fn check_reload(&self, facts: &FileFacts) -> Result<(), LedgerError> {
        let Some(file) = self.loaded_before else {
            return Ok(());
        };
        let sql = "SELECT sha256 = ?2 FROM file WHERE file = ?1";
        let is_same = self
            .tx
            .query_row(sql, params![file, facts.sha256], |row| row.get(0));
        let is_same: bool = is_same.map_err(LedgerError::sqlite(&self.path, "loading"))?;
        if !is_same || self.added().0 > 0 {
            return Err(LoadRefusal::ReadsOtherwise.into());
        }
        Ok(())
    }

    /// The row of this number was there before: in this file, or from an earlier one.
    pub(super) fn compare(&self, draft: &Draft) -> rusqlite::Result<Added> {
        let packet = &draft.packet;
        let sql = "SELECT bill, line, state FROM bill
             WHERE mch_billno = ?1 AND campaign = ?2 AND row_key = ?3";
        let mut statement = self.tx.prepare_cached(sql)?;
        let key = (
            draft.mch_billno.as_str(),
            self.campaign,
            packet.row_key.as_str(),
        );
        let mut rows = statement.query(key)?;
        // Two row keys with one number: SHA-256 is broken, or the ledger is.
        let Some(row) = rows.next()? else {
            return Err(rusqlite::Error::QueryReturnedNoRows);
        };
        let (id, line): (i64, i64) = (row.get(0)?, row.get(1)?);
        // Twice in one file: who writes the list meant one of them, or another row key.
        if id >= self.first_bill {
            return Ok(Added::Duplicate {
                line: u64::try_from(line).unwrap_or(0),
            });
        }
        // Twice in this file, and loaded from an earlier one already: the first of the two was
        // compared with that, and this one is a duplicate of the first.
        if let Some(line) = self.seen_again(id, packet)? {
            return Ok(Added::Duplicate { line });
        }
        // A number that was given up is refused: the packet is what its newest one says.
        let id = match state(row, 2)? {
            State::Refused => self.newest(id)?,
            _ => id,
        };
        let (state, differing) = self.differing(id, draft)?;
        if state == State::Withdrawn
            && let Some(again) = self.come_again(id, draft, differing.is_some())?
        {
            return Ok(again);
        }
        Ok(differing.unwrap_or(Added::Known))
    }

    /// Where the bill stands, and what of it differs from the row, if anything does. The same row
    /// key is the same packet only if it pays the same to the same person, with the same texts. The
    /// rest of the row may differ.
    fn differing(&self, bill: i64, draft: &Draft) -> rusqlite::Result<(State, Option<Added>)> {
        let sql = "SELECT state, openid, amount_fen, act_name, send_name, wishing, remark, scene_id
             FROM bill WHERE bill = ?1";
        let mut statement = self.tx.prepare_cached(sql)?;
        statement.query_row([bill], |row| {
            let state = state(row, 0)?;
            Ok((state, differing(row, &draft.packet)?))
        })
    }

    /// The line of this file where a packet of an earlier file was already met.
    fn seen_again(&self, id: i64, packet: &Packet) -> rusqlite::Result<Option<u64>> {
        let earlier: Option<i64> = self
            .tx
            .prepare_cached("SELECT line FROM temp.seen_again WHERE bill = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        if earlier.is_none() {
            self.tx
                .prepare_cached("INSERT INTO temp.seen_again VALUES (?1, ?2)")?
                .execute((id, line(packet)))?;
        }
        Ok(earlier.map(|line| u64::try_from(line).unwrap_or(0)))
    }
}

/// The first field in which a bill, read from its openid on in the second column, is not what the
/// row says.
fn differing(row: &Row<'_>, packet: &Packet) -> rusqlite::Result<Option<Added>> {
    let is_unsent = state(row, 0)? == State::Ready;
    let differs = |field, loaded| {
        Ok(Some(Added::Differs {
            field,
            loaded,
            is_unsent,
        }))
    };
    let (openid, amount): (String, Fen) = (row.get(1)?, fen(row, 2)?);
    if openid != packet.openid.as_str() {
        return differs("openid", openid);
    }
    if amount != packet.amount {
        return differs("amount", amount.to_string());
    }
    for (index, field) in Field::ALL.into_iter().enumerate() {
        let loaded: Option<String> = row.get(3 + index)?;
        if loaded.as_deref() != packet.texts.own(field) {
            return differs(field.name(), loaded.unwrap_or_default());
        }
    }
    Ok(None)
}
