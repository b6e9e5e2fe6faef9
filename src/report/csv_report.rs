//! Comma-separated values by RFC 4180, in UTF-8; with a BOM for Chinese Excel.

use std::io::Write;

use super::columns::{COLUMNS, Cell, Extra, cells, kept};
use crate::domain::text::guarded;
use crate::ledger::ReportRow;
use crate::words::Lang;

/// Writes a report row by row.
pub struct CsvReport<W: Write> {
    csv: csv::Writer<W>,
    extra: Extra,
    spare: String,
    /// Whether it is for people: a tab before each id, and the names of states in Chinese.
    has_tabs: bool,
}

impl<W: Write> CsvReport<W> {
    /// Writes the header. With Chinese headers a tab stands before each id, unless they are to be
    /// raw: a spreadsheet then takes it for text, and keeps its zeros and all its digits. States
    /// have their Chinese names then.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn begin(mut to: W, extra: Extra, (lang, is_raw): (Lang, bool)) -> std::io::Result<Self> {
        if lang == Lang::Zh {
            to.write_all("\u{FEFF}".as_bytes())?;
        }
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(to);
        for (id, zh) in COLUMNS {
            csv.write_field(if lang == Lang::Zh { zh } else { id })?;
        }
        for name in extra.headers() {
            csv.write_field(guarded(&name).as_ref())?;
        }
        csv.write_record(None::<&[u8]>)?;
        Ok(CsvReport {
            csv,
            extra,
            spare: String::new(),
            has_tabs: lang == Lang::Zh && !is_raw,
        })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn row(&mut self, row: &ReportRow) -> std::io::Result<()> {
        for cell in cells(row) {
            if let (true, Cell::Id(id)) = (self.has_tabs, &cell) {
                self.spare.clear();
                self.spare.push('\t');
                self.spare += &guarded(id);
                self.csv.write_field(&self.spare)?;
                continue;
            }
            if let (true, Cell::State(state)) = (self.has_tabs, &cell) {
                self.csv.write_field(state.label().zh)?;
                continue;
            }
            let cell = cell.in_csv(&mut self.spare);
            self.csv.write_field(cell.as_ref())?;
        }
        for cell in self.extra.cells(row) {
            let cell = if self.has_tabs {
                kept(cell)
            } else {
                guarded(cell)
            };
            self.csv.write_field(cell.as_ref())?;
        }
        self.csv.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is left and gives the destination back.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn end(self) -> std::io::Result<W> {
        self.csv
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_a_spreadsheet_would_change_are_kept() {
        for (text, wanted) in [
            ("007", "\t007"),
            ("0", "0"),
            ("13800138000", "13800138000"),
            ("440301199001011234", "\t440301199001011234"),
            ("a007", "a007"),
            ("0.5", "0.5"),
            ("=1", "'=1"),
            ("", ""),
        ] {
            assert_eq!(kept(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_cell_that_looks_like_a_formula_gets_a_guard() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("＝1"), "'＝1");
        assert_eq!(guarded("\tx"), "'\tx");
        assert_eq!(guarded("a=1"), "a=1");
    }
}
