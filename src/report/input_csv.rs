//! Packets as a recipients file again: the columns that a load reads, the cells as they were
//! loaded.

use std::io::Write;

use super::columns::Extra;
use crate::domain::packet::RowTexts;
use crate::domain::text::Field;
use crate::ledger::ReportRow;

/// Writes a recipients file row by row.
pub struct InputCsv<W: Write> {
    csv: csv::Writer<W>,
    extra: Extra,
    has_row_key: bool,
    fields: Vec<Field>,
}

impl<W: Write> InputCsv<W> {
    /// Writes the header: row keys where the campaign has them, and the texts that any of these
    /// rows has of its own.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn begin(
        mut to: W,
        has_row_key: bool,
        texts: &[RowTexts],
        extra: Extra,
    ) -> std::io::Result<Self> {
        // Spreadsheets read UTF-8 by the mark.
        to.write_all("\u{FEFF}".as_bytes())?;
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(to);
        let is_used = |field: &Field| texts.iter().any(|row| row.own(*field).is_some());
        let fields: Vec<Field> = Field::ALL.into_iter().filter(is_used).collect();
        let keys = if has_row_key { &["row_key"][..] } else { &[] };
        for name in keys.iter().chain(&["openid", "amount_yuan"]) {
            csv.write_field(name)?;
        }
        for field in &fields {
            csv.write_field(field.name())?;
        }
        for name in extra.names() {
            csv.write_field(name)?;
        }
        csv.write_record(None::<&[u8]>)?;
        Ok(InputCsv {
            csv,
            extra,
            has_row_key,
            fields,
        })
    }

    /// Writes one packet.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn row(&mut self, packet: &ReportRow, texts: &RowTexts) -> std::io::Result<()> {
        if self.has_row_key {
            self.csv.write_field(&packet.row_key)?;
        }
        self.csv.write_field(&packet.openid)?;
        self.csv.write_field(packet.amount.to_string())?;
        for field in &self.fields {
            self.csv
                .write_field(texts.own(*field).unwrap_or_default())?;
        }
        for cell in self.extra.cells(packet) {
            self.csv.write_field(cell)?;
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
