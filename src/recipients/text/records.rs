//! Text cut into rows that know their lines.
//!
//! The csv crate counts only `\n` as a line, and reads an unclosed quote to the end of the file
//! as one cell. So rows are cut here, by the same rules of quoting, and each call of `read` gives
//! bytes of one row only, with its line break as `\n`: when csv returns a row, nothing of the next
//! one has been asked for, and [`Records::line`] is the row's own. No row is longer than
//! [`ROW_MAX`].

use std::io::{self, BufRead, Read};

use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::faults::Fault;

/// Longest row in bytes. Texts have at most 255; the rest is for the columns that reports keep.
pub(super) const ROW_MAX: usize = 64 * 1024;

/// Where in a cell the cutter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// Behind a quote inside a quoted cell: its end, or the first half of `""`.
    Quote,
}

/// A source of rows for the csv crate.
pub(in crate::recipients) struct Records<R> {
    text: R,
    cutter: Cutter,
    given: usize,
    fatal: Option<Fault>,
}

/// The row being cut, and where in it the cutter is.
struct Cutter {
    row: Vec<u8>,
    at: At,
    last: u8,
    /// The line where the row begins, and the line of the next byte.
    line: u64,
    next_line: u64,
    has_bare_quote: bool,
    has_several_lines: bool,
    delimiter: u8,
    has_cr: bool,
}

impl<R: BufRead> Records<R> {
    /// Rows of UTF-8 text from this line on, their cells separated by `delimiter`.
    pub(super) fn new(text: R, delimiter: u8, line: u64) -> Self {
        Records {
            text,
            cutter: Cutter {
                row: Vec::new(),
                at: At::CellStart,
                last: 0,
                line,
                next_line: line,
                has_bare_quote: false,
                has_several_lines: false,
                delimiter,
                has_cr: false,
            },
            given: 0,
            fatal: None,
        }
    }

    /// The line where the row given last begins, from 1.
    pub(super) fn line(&self) -> u64 {
        self.cutter.line
    }

    /// Whether the row given last has a quote inside a cell that is not quoted, or something behind
    /// one that closes.
    pub(in crate::recipients) fn has_bare_quote(&self) -> bool {
        self.cutter.has_bare_quote
    }

    /// Whether a line break is inside the row given last.
    pub(in crate::recipients) fn has_several_lines(&self) -> bool {
        self.cutter.has_several_lines
    }

    /// The row given last as it stands in the text, without its line break.
    pub(in crate::recipients) fn raw(&self) -> &[u8] {
        let row = self.cutter.row.as_slice();
        row.strip_suffix(b"\n").unwrap_or(row)
    }

    /// Whether any row so far ended in a carriage return, as on Windows.
    pub(in crate::recipients) fn has_cr(&self) -> bool {
        self.cutter.has_cr
    }

    /// The delimiter.
    pub(in crate::recipients) fn delimiter(&self) -> u8 {
        self.cutter.delimiter
    }

    /// The fault that ended the reading before the end of the file.
    pub(super) fn fatal(&self) -> Option<&Fault> {
        self.fatal.as_ref()
    }

    /// The text that the rows are cut from.
    pub(in crate::recipients) fn text(&self) -> &R {
        &self.text
    }

    /// Cuts the next row that is not blank; leaves it empty at the end of the text.
    fn cut(&mut self) -> io::Result<()> {
        self.given = 0;
        loop {
            self.cutter.begin();
            let is_end = self.cut_line()?;
            let row = &mut self.cutter.row;
            let is_blank = row.iter().all(u8::is_ascii_whitespace);
            if is_blank {
                row.clear();
            }
            if !is_blank || is_end {
                return Ok(());
            }
        }
    }

    /// Reads up to a line break outside quotes, or to the end of the text: then true.
    fn cut_line(&mut self) -> io::Result<bool> {
        loop {
            let bytes = match self.text.fill_buf() {
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                answer => answer?,
            };
            if bytes.is_empty() {
                self.close();
                return Ok(true);
            }
            let (used, is_cut) = self.cutter.take(bytes);
            self.text.consume(used);
            if self.cutter.row.len() > ROW_MAX {
                self.give_up();
                return Ok(true);
            }
            if is_cut {
                return Ok(false);
            }
        }
    }

    /// Ends the last row, which may have no line break.
    fn close(&mut self) {
        if self.cutter.at == At::Quoted {
            self.give_up();
        } else if !self.cutter.row.is_empty() {
            self.cutter.row.push(b'\n');
        }
    }

    /// A row that cannot be cut ends the reading: where the next one begins is not known.
    fn give_up(&mut self) {
        let cause = match self.cutter.at {
            At::Quoted => Cause::OpenQuote,
            At::CellStart | At::Plain | At::Quote => Cause::LongRow { max: ROW_MAX },
        };
        self.cutter.row.clear();
        self.fatal = Some(Fault::of_line(self.cutter.line, cause));
    }
}

impl Cutter {
    fn begin(&mut self) {
        self.row.clear();
        self.at = At::CellStart;
        self.line = self.next_line;
        self.has_bare_quote = false;
        self.has_several_lines = false;
    }

    /// Takes bytes up to the end of the row: how many, and whether the end was among them. Text
    /// between the four bytes that mean something is copied in one piece; byte by byte it took
    /// a third of the whole reading.
    fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        let delimiter = self.delimiter;
        let mut used = 0;
        loop {
            let rest = &bytes[used..];
            let has_meaning =
                |byte: &u8| matches!(byte, b'"' | b'\r' | b'\n') || *byte == delimiter;
            let plain = rest.iter().position(has_meaning).unwrap_or(rest.len());
            if let Some(last) = rest[..plain].last() {
                self.row.extend_from_slice(&rest[..plain]);
                self.last = *last;
                self.go(*last);
            }
            let Some(byte) = rest.get(plain) else {
                return (bytes.len(), false);
            };
            used += plain + 1;
            if self.takes_last(*byte) {
                return (used, true);
            }
        }
    }

    /// Takes a byte of the row; true where it was the last one.
    fn takes_last(&mut self, byte: u8) -> bool {
        let is_second_half = byte == b'\n' && self.last == b'\r';
        let is_break = byte == b'\n' || byte == b'\r';
        self.last = byte;
        self.next_line += u64::from(is_break && !is_second_half);
        if is_break && self.at != At::Quoted {
            if is_second_half && self.row.is_empty() {
                return false;
            }
            self.row.push(b'\n');
            self.has_cr |= byte == b'\r';
            return true;
        }
        self.has_several_lines |= is_break;
        self.row.push(byte);
        self.go(byte);
        false
    }

    fn go(&mut self, byte: u8) {
        let next = step(self.at, byte, self.delimiter);
        let is_bare = self.at == At::Plain && byte == b'"';
        self.has_bare_quote |= is_bare || self.at == At::Quote && next == At::Plain;
        self.at = next;
    }
}

fn step(at: At, byte: u8, delimiter: u8) -> At {
    match (at, byte) {
        (At::Quoted, b'"') => At::Quote,
        (At::Quoted, _) | (At::CellStart | At::Quote, b'"') => At::Quoted,
        (At::CellStart | At::Plain | At::Quote, _) if byte == delimiter => At::CellStart,
        (At::CellStart | At::Plain | At::Quote, _) => At::Plain,
    }
}

impl<R: BufRead> Read for Records<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.cutter.row.len() && self.fatal.is_none() {
            self.cut()?;
        }
        let rest = &self.cutter.row[self.given..];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    fn rows<R: Read>(text: R) -> (csv::Reader<R>, Vec<csv::ByteRecord>) {
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).from_reader(text);
        let rows = reader.byte_records().map(Result::unwrap).collect();
        (reader, rows)
    }

    proptest! {
        /// Cells of white space alone are left out: a line of them is a blank line here.
        #[test]
        fn rows_are_cut_where_the_csv_crate_ends_them(
            text in "[ab\",\r\n]{0,60}",
            capacity in 1usize..20,
        ) {
            let source = BufReader::with_capacity(capacity, text.as_bytes());
            let (reader, cut) = rows(Records::new(source, b',', 1));
            if reader.get_ref().fatal().is_none() {
                prop_assert_eq!(cut, rows(text.as_bytes()).1);
            }
        }
    }

    #[test]
    fn a_row_knows_its_line_breaks_at_the_end_of_the_text_too() {
        for (text, expected) in [
            ("\"a\nb\",c", true),
            ("\"a\nb\",c\n", true),
            ("\"a\nb\"", true),
            ("\"a\r\nb\",c\r\n", true),
            ("\n\na,c\r\n", false),
            ("a,c", false),
        ] {
            let (reader, rows) = rows(Records::new(text.as_bytes(), b',', 1));
            assert_eq!(rows.len(), 1, "{text:?}");
            let mut cut = Records::new(text.as_bytes(), b',', 1);
            cut.cut().unwrap();
            assert_eq!(cut.has_several_lines(), expected, "{text:?}");
            assert!(reader.get_ref().fatal().is_none());
        }
    }

    #[test]
    fn each_row_knows_the_line_where_it_begins() {
        let text = "a\r\n\r\n\"b\rb\"\r\rc\n\n \nd";
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(Records::new(text.as_bytes(), b',', 1));
        let mut record = csv::StringRecord::new();
        let mut lines = Vec::new();
        while reader.read_record(&mut record).unwrap() {
            lines.push((record[0].to_owned(), reader.get_ref().line()));
        }
        let expected = [("a", 1), ("b\rb", 3), ("c", 6), ("d", 9)];
        assert_eq!(lines, expected.map(|(cell, line)| (cell.to_owned(), line)));
    }
}
