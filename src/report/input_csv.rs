//! Packets as a recipients file again: the columns that a load reads, the cells as they were
//! loaded.

use std::io::Write;

use super::columns::{Extra, kept};
use crate::domain::packet::RowTexts;
use crate::domain::text::{Field, guarded};
use crate::ledger::ReportRow;

/// The column that a load passes over.
const REASON: &str = "reject_reason";

/// Writes a recipients file row by row.
pub struct InputCsv<W: Write> {
    csv: csv::Writer<W>,
    extra: Extra,
    has_row_key: bool,
    fields: Vec<Field>,
    has_reasons: bool,
}

impl<W: Write> InputCsv<W> {
    /// Writes the header: row keys where the campaign has them, and the texts that any of these
    /// rows has of its own.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn begin(
        to: W,
        has_row_key: bool,
        texts: &[RowTexts],
        extra: Extra,
    ) -> std::io::Result<Self> {
        let is_used = |field: &Field| texts.iter().any(|row| row.own(*field).is_some());
        let fields = Field::ALL.into_iter().filter(is_used).collect();
        InputCsv::with(to, (has_row_key, false), fields, extra)
    }

    /// As [`InputCsv::begin`], of these texts, and with a column for what is wrong with each row,
    /// which a load passes over.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn with_reasons(
        to: W,
        has_row_key: bool,
        fields: Vec<Field>,
        extra: Extra,
    ) -> std::io::Result<Self> {
        InputCsv::with(to, (has_row_key, true), fields, extra)
    }

    fn with(
        mut to: W,
        (has_row_key, has_reasons): (bool, bool),
        fields: Vec<Field>,
        extra: Extra,
    ) -> std::io::Result<Self> {
        // Spreadsheets read UTF-8 by the mark.
        to.write_all("\u{FEFF}".as_bytes())?;
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(to);
        let keys = if has_row_key { &["row_key"][..] } else { &[] };
        for name in keys.iter().chain(&["openid", "amount_yuan"]) {
            csv.write_field(name)?;
        }
        for field in &fields {
            csv.write_field(field.name())?;
        }
        for name in extra.names() {
            csv.write_field(guarded(name).as_ref())?;
        }
        if has_reasons {
            csv.write_field(REASON)?;
        }
        csv.write_record(None::<&[u8]>)?;
        Ok(InputCsv {
            csv,
            extra,
            has_row_key,
            fields,
            has_reasons,
        })
    }

    /// Writes one packet.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn row(&mut self, packet: &ReportRow, texts: &RowTexts) -> std::io::Result<()> {
        self.row_because(packet, texts, "")
    }

    /// Writes one packet, and what is wrong with it where there is a column for that.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn row_because(
        &mut self,
        packet: &ReportRow,
        texts: &RowTexts,
        reason: &str,
    ) -> std::io::Result<()> {
        // A load undoes the guards, and drops a tab.
        if self.has_row_key {
            self.csv.write_field(kept(&packet.row_key).as_ref())?;
        }
        self.csv.write_field(guarded(&packet.openid).as_ref())?;
        self.csv.write_field(packet.amount.to_string())?;
        for field in &self.fields {
            let text = texts.own(*field).unwrap_or_default();
            self.csv.write_field(guarded(text).as_ref())?;
        }
        for cell in self.extra.cells(packet) {
            self.csv.write_field(kept(cell).as_ref())?;
        }
        if self.has_reasons {
            self.csv.write_field(guarded(reason).as_ref())?;
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
