//! Row keys of one person that are the same to the eye and two to the ledger: one letter may be
//! written as itself (NFC) or as a base and its accent (NFD), as some systems and spreadsheets turn
//! the one into the other.
//!
//! A number is derived from the bytes of its key, so that two forms are two packets, and the person
//! would be paid twice for one line of a list. They are refused, and not brought into one form:
//! numbers of ledgers that were filled before would change, and with them what WeChat Pay knows.
//! Keys of different people stay apart whatever they look like.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::params;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::loading::Loading;
use crate::ledger::fault::LedgerError;

/// A row whose key is another form of an earlier one of the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Its line.
    pub line: u64,
    /// Its key.
    pub row_key: String,
    /// The line of the earlier row.
    pub first: u64,
    /// Whether that row is of a file that was loaded before.
    pub is_of_earlier_file: bool,
}

/// The first row of a form of somebody's keys.
struct SeenForm {
    row_key: String,
    line: u64,
    file: i64,
}

impl Loading<'_> {
    /// Gives every such row of this file to `each`; then the load cannot be finished. Where every
    /// key is ASCII there is nothing to look at.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn alike(&self, each: impl FnMut(Alike)) -> Result<(), LedgerError> {
        if !self.has_row_key || !self.has_wide_key {
            return Ok(());
        }
        let found = self.find_alike(each);
        found.map_err(LedgerError::sqlite(&self.path, "loading"))
    }

    /// Of two forms one at least is not NFC: only people with such a key are looked at, one after
    /// the other.
    fn find_alike(&self, mut each: impl FnMut(Alike)) -> rusqlite::Result<()> {
        if !self.collect_odd()? {
            return Ok(());
        }
        let mut statement = self.tx.prepare(
            "SELECT openid, row_key, line, file FROM bill
             WHERE campaign = ?1 AND openid IN (SELECT openid FROM temp.odd_key)
             ORDER BY openid, bill",
        )?;
        let mut rows = statement.query([self.campaign])?;
        let (mut person, mut seen) = (String::new(), HashMap::<String, SeenForm>::new());
        while let Some(row) = rows.next()? {
            let openid = row.get_ref(0)?.as_str()?;
            if openid != person {
                openid.clone_into(&mut person);
                seen.clear();
            }
            let row_key: String = row.get(1)?;
            let form = row_key.nfc().collect();
            let (line, file) = (row.get(2)?, row.get(3)?);
            let first = match seen.entry(form) {
                Entry::Occupied(first) => first.into_mut(),
                Entry::Vacant(place) => {
                    place.insert(SeenForm {
                        row_key,
                        line,
                        file,
                    });
                    continue;
                }
            };
            if file == self.file && first.row_key != row_key {
                each(Alike {
                    line,
                    row_key,
                    first: first.line,
                    is_of_earlier_file: first.file != self.file,
                });
            }
        }
        Ok(())
    }

    /// Whether anybody has a key that is not NFC; who, stands in a table of this connection.
    fn collect_odd(&self) -> rusqlite::Result<bool> {
        self.tx.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS odd_key (openid TEXT PRIMARY KEY) WITHOUT ROWID;
             DELETE FROM odd_key;",
        )?;
        let sql = "SELECT openid, row_key FROM bill WHERE campaign = ?1 AND row_key GLOB ?2";
        let mut statement = self.tx.prepare(sql)?;
        let mut rows = statement.query(params![self.campaign, "*[^\u{1}-\u{7F}]*"])?;
        let mut keep = self
            .tx
            .prepare("INSERT OR IGNORE INTO odd_key VALUES (?1)")?;
        let mut is_any = false;
        while let Some(row) = rows.next()? {
            if !is_nfc(row.get_ref(1)?.as_str()?) {
                is_any = true;
                keep.execute([row.get_ref(0)?.as_str()?])?;
            }
        }
        Ok(is_any)
    }
}
