//! The rows of a text.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use super::decoded::DecodedText;
use super::delimiter;
use super::encoding::Encoding;
use super::quotes::beside_quotes;
use super::records::Records;
use crate::recipients::fault::faults::Fault;
use crate::recipients::row::cell::{BesideQuotes, Row, unwrapped};

const BUFFER: usize = 64 * 1024;

/// Reads a text row by row.
pub(in crate::recipients) struct TextRows<R: Read> {
    csv: csv::Reader<Records<BufReader<DecodedText<R>>>>,
    encoding: Encoding,
}

impl<R: Read> TextRows<R> {
    /// `source` stands at its first byte.
    pub(in crate::recipients) fn new(source: R, encoding: Encoding) -> io::Result<Self> {
        let mut text = BufReader::with_capacity(BUFFER, DecodedText::new(source, encoding)?);
        let first = delimiter::sep_line(text.fill_buf()?);
        text.consume(first.length);
        let delimiter = delimiter::of_header(text.fill_buf()?, first.delimiter);
        let line = if first.length > 0 { 2 } else { 1 };
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Records::new(text, delimiter, line));
        Ok(TextRows { csv, encoding })
    }

    /// The next row; false at the end.
    pub(in crate::recipients) fn next(&mut self, row: &mut Row) -> io::Result<bool> {
        // Text was found valid before: that it is not is the file's doing.
        let read = self.csv.read_record(&mut row.cells);
        let is_row = read.map_err(|fault| match fault.into_kind() {
            csv::ErrorKind::Io(fault) => fault,
            _ => io::Error::new(
                io::ErrorKind::InvalidData,
                "the file changed while it was read",
            ),
        })?;
        if row.cells.iter().any(|cell| unwrapped(cell).is_some()) {
            let cells = row.cells.iter();
            let bare = cells.map(|cell| unwrapped(cell).map_or(Cow::from(cell), Cow::from));
            row.cells = bare.collect::<Vec<_>>().into();
        }
        let records = self.csv.get_ref();
        row.line = records.line();
        row.is_fitted = false;
        row.beside_quotes = if records.has_bare_quote() {
            let raw = String::from_utf8_lossy(records.raw());
            beside_quotes(&raw, char::from(records.delimiter()))
        } else {
            BesideQuotes::default()
        };
        Ok(is_row)
    }

    /// The fault that ended the reading before the end of the file.
    pub(in crate::recipients) fn fatal(&self) -> Option<&Fault> {
        self.csv.get_ref().fatal()
    }

    /// Of all bytes, once all were read.
    pub(in crate::recipients) fn sha256(&self) -> [u8; 32] {
        self.csv.get_ref().text().get_ref().sha256()
    }

    /// The text with its rows as they stand in it.
    pub(in crate::recipients) fn records(&self) -> &Records<BufReader<DecodedText<R>>> {
        self.csv.get_ref()
    }

    pub(in crate::recipients) fn encoding(&self) -> Encoding {
        self.encoding
    }
}
