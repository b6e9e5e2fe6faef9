//! Where rows come from: a text or a sheet, told apart by the first bytes.

use std::io::{self, Read, Seek};

use super::fault::cause::Cause;
use super::fault::error::RecipientsError;
use super::fault::faults::Fault;
use super::fault::findings::Findings;
use super::fault::place::{Form, Layout};
use super::row::cell::Row;
use super::text::encoding;
use super::text::rows::TextRows;
use super::xlsx::Grid;

/// A file as rows.
#[expect(clippy::large_enum_variant, reason = "a file is read by one of them")]
pub(super) enum Source<R: Read> {
    Text(TextRows<R>),
    Sheet(Grid),
}

impl<R: Read + Seek + Send + 'static> Source<R> {
    pub(super) fn open(mut source: R) -> Result<Self, RecipientsError> {
        let mut head = Vec::new();
        source.rewind()?;
        source.by_ref().take(4).read_to_end(&mut head)?;
        if head.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(Fault::of_file(Cause::OldWorkbook).into());
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Ok(Source::Sheet(Grid::new(source)));
        }
        let encoding = encoding::detect(&mut source)?;
        source.rewind()?;
        Ok(Source::Text(TextRows::new(source, encoding)?))
    }
}

impl<R: Read> Source<R> {
    /// The next row; false at the end.
    pub(super) fn next(&mut self, row: &mut Row) -> io::Result<bool> {
        match self {
            Source::Text(rows) => rows.next(row),
            Source::Sheet(grid) => Ok(grid.next(row)),
        }
    }

    pub(super) fn form(&self) -> Form {
        match self {
            Source::Text(_) => Form::Text,
            Source::Sheet(_) => Form::Sheet,
        }
    }

    /// Whether the row given last is hidden in its sheet.
    pub(super) fn is_hidden(&self) -> bool {
        match self {
            Source::Text(_) => false,
            Source::Sheet(grid) => grid.is_hidden(),
        }
    }

    /// The fault that ended the reading before the end of the file.
    pub(super) fn fatal(&self) -> Option<&Fault> {
        match self {
            Source::Text(rows) => rows.fatal(),
            Source::Sheet(grid) => grid.fatal(),
        }
    }

    /// Of all bytes, once all were read.
    pub(super) fn sha256(&self) -> [u8; 32] {
        match self {
            Source::Text(rows) => rows.sha256(),
            Source::Sheet(grid) => grid.end().map(|end| end.sha256).unwrap_or_default(),
        }
    }

    /// Tells what a sheet says behind its rows. Merged cells are refused where they touch a row,
    /// but for the total's: only the first of them has the value, and what the others were to
    /// hold is a guess.
    pub(super) fn check_end(&self, layout: &Layout, totals: &[u64], findings: &mut Findings) {
        let Source::Sheet(grid) = self else { return };
        let Some(end) = grid.end() else { return };
        let last_row = grid.last_row();
        for merged in &end.merged {
            let (first, last) = merged.rows;
            let is_of_total = first == last && totals.contains(&first);
            if !is_of_total && merged.rows.0 <= last_row && merged.column < layout.names().len() {
                let place = layout.cell(merged.rows.0, merged.column);
                let cause = Cause::Merged(merged.range.clone());
                findings.faults.push(Fault::of(place, cause));
            }
        }
        for (first, last) in &end.hidden_columns {
            for index in *first..=(*last).min(layout.names().len().saturating_sub(1)) {
                findings.notices.hidden_column(&layout.cell(1, index));
            }
        }
    }
}
