//! An array of objects under the same ids as the CSV columns.

use std::io::Write;

use serde_json::{Map, Value};

use super::columns::{COLUMNS, Extra, cells};
use crate::ledger::ReportRow;

/// Writes a report row by row.
pub struct JsonReport<W: Write> {
    to: W,
    extra: Extra,
    is_first: bool,
}

impl<W: Write> JsonReport<W> {
    /// Begins the array.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn begin(mut to: W, extra: Extra) -> std::io::Result<Self> {
        to.write_all(b"[")?;
        Ok(JsonReport {
            to,
            extra,
            is_first: true,
        })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn row(&mut self, row: &ReportRow) -> std::io::Result<()> {
        self.to
            .write_all(if self.is_first { b"\n" } else { b",\n" })?;
        self.is_first = false;
        let mut object: Map<String, Value> = Map::new();
        for ((id, _), cell) in COLUMNS.iter().zip(cells(row)) {
            object.insert((*id).to_owned(), cell.value());
        }
        let names = self.extra.headers();
        let own = names
            .into_iter()
            .zip(self.extra.cells(row).into_iter().map(Value::from));
        object.insert("extra".to_owned(), own.collect::<Map<_, _>>().into());
        serde_json::to_writer(&mut self.to, &object)?;
        Ok(())
    }

    /// Ends the array and gives the destination back.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn end(mut self) -> std::io::Result<W> {
        self.to.write_all(b"\n]\n")?;
        self.to.flush()?;
        Ok(self.to)
    }
}
