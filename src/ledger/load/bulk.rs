//! Loading many rows fast: without the index of numbers, which is sorted and written in one go
//! when all rows are there. A number that stands twice is found then.

use rusqlite::{Connection, ErrorCode};

use super::loading::Loading;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::connect::CACHE;

/// Writing a row and finding its place among the numbers costs about as much as sorting this
/// many rows that are already there.
const WORTH: u64 = 4;

/// Sorting is fastest in runs that stay in the processor's own cache, on two threads.
const SORTING: &str = "PRAGMA cache_size = -2048; PRAGMA threads = 2;";

/// A row whose key stands at an earlier line of the same file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice {
    /// Its line.
    pub line: u64,
    /// Its key.
    pub row_key: String,
    /// The earlier line.
    pub first: u64,
}

impl Loading<'_> {
    /// Tells about how many rows will come. None of a new campaign can be there already, so
    /// where they are many the index of numbers waits until [`Loading::seal`].
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn expect(&mut self, rows: u64) -> Result<(), LedgerError> {
        let already = u64::try_from(self.first_bill - 1).unwrap_or(0);
        if self.is_first && already <= rows.saturating_mul(WORTH) {
            let words = "SELECT sql FROM sqlite_schema WHERE name = 'bill_number'";
            let drop = || -> rusqlite::Result<String> {
                let index = self.tx.query_row(words, [], |row| row.get(0))?;
                self.tx.execute_batch("DROP INDEX bill_number")?;
                Ok(index)
            };
            let dropped = drop().map_err(LedgerError::sqlite(&self.path, "loading"))?;
            self.dropped_index = Some(dropped);
        }
        Ok(())
    }

    /// Makes sure that no number stands twice; every row that has one again goes to `each`, in
    /// the order of lines, and then the load cannot be finished.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn seal(&mut self, each: impl FnMut(Twice)) -> Result<(), LedgerError> {
        let Some(index) = &self.dropped_index else {
            return Ok(());
        };
        let failed = |source| LedgerError::sqlite(&self.path, "loading")(source);
        self.tx.execute_batch(SORTING).map_err(failed)?;
        let built = self.tx.execute_batch(index);
        self.tx.execute_batch(CACHE).map_err(failed)?;
        match built {
            Ok(()) => Ok(()),
            Err(fault) if fault.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                match twice(&self.tx, self.first_bill, each) {
                    // Two row keys with one number: SHA-256 is broken, or the ledger is.
                    Ok(0) => Err(failed(fault)),
                    Ok(_) => Ok(()),
                    Err(fault) => Err(failed(fault)),
                }
            }
            Err(fault) => Err(failed(fault)),
        }
    }
}

fn twice(conn: &Connection, from: i64, mut each: impl FnMut(Twice)) -> rusqlite::Result<u64> {
    let sql = "SELECT line, row_key, first FROM (
           SELECT line, row_key, min(line) OVER (PARTITION BY mch_billno) AS first
           FROM bill WHERE bill >= ?1)
         WHERE line > first ORDER BY line";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([from])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        each(Twice {
            line: row.get(0)?,
            row_key: row.get(1)?,
            first: row.get(2)?,
        });
    }
    Ok(count)
}
