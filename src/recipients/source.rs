//! Where rows come from: a text or a sheet, told apart by the first bytes.

use std::io::{self, Read, Seek};

use super::escaped::before_latin;
use super::fault::cause::Cause;
use super::fault::error::RecipientsError;
use super::fault::faults::{Fault, Faults};
use super::fault::findings::Findings;
use super::fault::form_fault::FormFault;
use super::fault::place::{Form, Layout, shown};
use super::kind;
use super::row::cell::Row;
use super::row::header::Header;
use super::row::shape::{beside_quotes, header_in_cell, parted, quoted_header};
use super::text::encoding::{self, Charset};
use super::text::guess::{before, likelier};
use super::text::rows::TextRows;
use super::text::swallowed::{person_inside, row_inside};
use super::xlsx::{Grid, Merged};

/// A file as rows.
#[expect(clippy::large_enum_variant, reason = "a file is read by one of them")]
pub(super) enum Source<R: Read> {
    Text(TextRows<R>),
    Sheet(Grid),
}

impl<R: Read + Seek + Send + 'static> Source<R> {
    /// Of a workbook, the sheet of this name, or the only one with cells.
    pub(super) fn open(mut source: R, sheet: Option<&str>) -> Result<Self, RecipientsError> {
        let mut head = Vec::new();
        source.rewind()?;
        source.by_ref().take(kind::HEAD).read_to_end(&mut head)?;
        if head.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(Fault::of_file(kind::of_ole(&mut source)?).into());
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Ok(Source::Sheet(Grid::new(source, sheet)?));
        }
        if let Some(cause) = kind::no_table(&head) {
            return Err(Fault::of_file(cause).into());
        }
        if sheet.is_some() {
            return Err(Fault::of_file(FormFault::NoSheets).into());
        }
        let encoding = encoding::detect(&mut source)?;
        source.rewind()?;
        Ok(Source::Text(TextRows::new(source, encoding)?))
    }
}

/// Why the names of a header make no sense, where the reason is their quotes or their encoding.
pub(super) fn why_no_header<R: Read>(source: &Source<R>, row: &Row) -> Option<Faults> {
    let signs = match source {
        Source::Text(rows) => &[char::from(rows.records().delimiter())][..],
        Source::Sheet(_) => &[',', '，', ';', '\t', '|'],
    };
    let found = quoted_header(row, source.form());
    let found = found.or_else(|| header_in_cell(row, source.form(), signs).map(Faults::from));
    found.or_else(|| misread_header(source, row).map(Faults::from))
}

fn misread_header<R: Read>(source: &Source<R>, row: &Row) -> Option<Fault> {
    let names: Vec<&str> = row.cells.iter().collect();
    if let Some((name, _)) = source.likelier(&names.concat()) {
        return Some(Fault::of_file(FormFault::Encoding(name)));
    }
    let wide = names
        .iter()
        .enumerate()
        .filter(|(_, name)| !name.is_ascii());
    let was =
        |(index, name): (usize, &&str)| Some((index, before(name).or_else(|| before_latin(name))?));
    let all: Vec<(usize, String)> = wide.filter_map(was).collect();
    let (index, was) = all.first()?;
    let layout = Layout::new(source.form(), Vec::new(), 0);
    let cause = FormFault::Misread {
        was: shown(was).into(),
        count: all.len() as u64,
    };
    Some(Fault::of_cell(
        layout.cell(row.line, *index),
        names[*index],
        cause.into(),
    ))
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

    /// The encoding of a text that is not UTF-8.
    pub(super) fn foreign(&self) -> Option<Charset> {
        match self {
            Source::Text(rows) => {
                let charset = rows.encoding().charset;
                (charset != Charset::Utf8).then_some(charset)
            }
            Source::Sheet(_) => None,
        }
    }

    /// What such a text may be instead, and how it would read then.
    pub(super) fn likelier(&self, text: &str) -> Option<(&'static str, String)> {
        let is_gb18030 = self.foreign() == Some(Charset::Gb18030);
        is_gb18030.then(|| likelier(text)).flatten()
    }

    /// Whether commas separate the cells of a text.
    pub(super) fn has_commas(&self) -> bool {
        match self {
            Source::Text(rows) => rows.records().delimiter() == b',',
            Source::Sheet(_) => false,
        }
    }

    /// Whether the row given last is hidden in its sheet.
    pub(super) fn is_hidden(&self) -> bool {
        match self {
            Source::Text(_) => false,
            Source::Sheet(grid) => grid.is_hidden(),
        }
    }

    /// The header: the first row that is not blank.
    pub(super) fn first(&mut self) -> Result<Row, RecipientsError> {
        let mut row = Row::default();
        while self.next(&mut row)? && row.is_blank() {}
        if row.is_blank() {
            let fatal = self.fatal().cloned();
            return Err(fatal.unwrap_or_else(|| Fault::of_file(Cause::Empty)).into());
        }
        match self.torn_header(&row) {
            Some(fault) => Err(fault.into()),
            None => Ok(row),
        }
    }

    /// Says so where a row of the list stands inside a cell of the header, which was given last.
    fn torn_header(&self, row: &Row) -> Option<Fault> {
        let line = match self {
            Source::Text(rows) => {
                let records = rows.records();
                let text = records.has_several_lines().then(|| records.raw())?;
                let delimiter = [char::from(records.delimiter())];
                let inside = person_inside(&String::from_utf8_lossy(text), &delimiter)?;
                Some(row.line + inside)
            }
            Source::Sheet(_) => {
                let mut cells = row.cells.iter();
                cells.find_map(|cell| person_inside(cell, &[',', '\t', ';']))?;
                None
            }
        };
        let place = Layout::new(self.form(), Vec::new(), 0).row(row.line);
        Some(Fault::of(place, Cause::Swallowed { line }))
    }

    /// Why the cells of the row given last are not where they should be.
    pub(super) fn torn(&self, header: &Header, row: &Row) -> Option<Faults> {
        beside_quotes(header, row).or_else(|| {
            let is_in_cell = match self {
                Source::Text(rows) => {
                    let sign = char::from(rows.records().delimiter());
                    parted(row, &[sign], header.len()).is_some()
                }
                Source::Sheet(_) => false,
            };
            let in_cell = is_in_cell.then(|| FormFault::RowInCell.into());
            let cause = in_cell.or_else(|| self.row_inside(header, row))?;
            Some(Fault::of(header.layout.row(row.line), cause).into())
        })
    }

    /// Says so where a row of the list stands inside a cell of the row given last.
    fn row_inside(&self, header: &Header, row: &Row) -> Option<Cause> {
        match self {
            Source::Text(rows) => {
                let records = rows.records();
                let delimiter = char::from(records.delimiter());
                let text = records.has_several_lines().then(|| records.raw())?;
                let inside = row_inside(&String::from_utf8_lossy(text), delimiter, header)?;
                let line = Some(row.line + inside);
                Some(Cause::Swallowed { line })
            }
            // The sheet was made from a text whose rows were swallowed before.
            Source::Sheet(_) => {
                let mut cells = row.cells.iter().filter(|cell| cell.contains(['\n', '\r']));
                let has_row = |cell: &str| {
                    let found = |delimiter| row_inside(cell, delimiter, header).is_some();
                    [',', '\t', ';'].into_iter().any(found)
                };
                let cause = Cause::Swallowed { line: None };
                cells.any(has_row).then_some(cause)
            }
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
        let columns = layout.names().len();
        let of_list = |it: &&Merged| it.rows.0 <= last_row && it.column < columns;
        let by_rule = end.unseen_by_rule.iter().filter(of_list);
        let by_rule: Vec<&str> = by_rule.map(|it| it.range.as_str()).collect();
        findings.notices.unseen_by_rule(&by_rule);
        for (first, last) in &end.hidden_columns {
            for index in *first..=(*last).min(layout.names().len().saturating_sub(1)) {
                findings.notices.hidden_column(&layout.cell(1, index));
            }
        }
    }
}
