//! A sheet that is a table: its header in the first row, a row for each packet, on as many sheets
//! as its rows need. Rows go to a file as they come.

use std::io::Result;

use rust_xlsxwriter::{IgnoreError, Workbook, Worksheet};

use super::cells::{self, written};
use super::looks;
use crate::report::columns::Cell;
use crate::words::{Lang, Text};

/// Rows of a sheet.
pub(super) const SHEET_ROWS: u32 = 1_048_576;

/// Bytes of a cell, but for its text.
const CELL_BYTES: u64 = 80;
/// Bytes of a sheet that a zip of the common form has: below 4 GiB, whatever was escaped.
const LARGE: u64 = 2 << 30;

/// The kind of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// Digits that are no number.
    Id,
    Number,
    Yuan,
    Time,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) header: String,
    pub(super) kind: Kind,
    /// In characters.
    pub(super) width: u16,
}

/// The specification of a table.
pub(super) struct TableSpec {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) lang: Lang,
    /// Rows of a sheet, the header one of them.
    pub(super) sheet_rows: u32,
}

impl TableSpec {
    /// With fixed columns: header, kind and width.
    pub(super) fn of(
        (name, lang): (Text, Lang),
        columns: &[(Text, Kind, u16)],
        sheet_rows: u32,
    ) -> TableSpec {
        let column = |&(header, kind, width): &(Text, Kind, u16)| Column {
            header: header.within(lang).to_owned(),
            kind,
            width,
        };
        TableSpec {
            name: name.within(lang),
            columns: columns.iter().map(column).collect(),
            lang,
            sheet_rows,
        }
    }
}

/// A table under way.
pub(super) struct Table {
    spec: TableSpec,
    sheets: Vec<Worksheet>,
    /// The next row of the last sheet.
    row: u32,
    /// The approximate size of its largest sheet.
    bytes: u64,
    largest: u64,
}

impl Table {
    pub(super) fn new(book: &mut Workbook, spec: TableSpec) -> Result<Table> {
        let mut table = Table {
            spec,
            sheets: Vec::new(),
            row: 0,
            bytes: 0,
            largest: 0,
        };
        table.turn(book)?;
        Ok(table)
    }

    /// Writes a row; cells beyond the columns are left out.
    pub(super) fn row<'c>(
        &mut self,
        book: &mut Workbook,
        row: impl Iterator<Item = Cell<'c>>,
    ) -> Result<()> {
        if self.row == self.spec.sheet_rows {
            self.turn(book)?;
        }
        let (at, lang) = (self.row, self.spec.lang);
        self.row += 1;
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        let columns = self.spec.columns.len();
        for (column, cell) in (0..).zip(row.take(columns)) {
            self.bytes += CELL_BYTES + cell.len();
            write(sheet, (at, column), &cell, lang)?;
        }
        Ok(())
    }

    /// Whether a sheet may be longer than a zip of the common form tells. The other form is not
    /// read by every program.
    pub(super) fn is_large(&self) -> bool {
        self.largest.max(self.bytes) > LARGE
    }

    /// Begins the next sheet.
    fn turn(&mut self, book: &mut Workbook) -> Result<()> {
        self.close()?;
        (self.largest, self.bytes) = (self.largest.max(self.bytes), 0);
        let mut sheet = written(book.new_worksheet_with_constant_memory())?;
        let name = match self.sheets.len() {
            0 => self.spec.name.to_owned(),
            before => format!("{} {}", self.spec.name, before + 1),
        };
        written(sheet.set_name(&name))?;
        looks::lay_out(&mut sheet, &name, self.spec.lang);
        written(sheet.set_freeze_panes(1, 0))?;
        written(sheet.set_repeat_rows(0, 0))?;
        let head = looks::header();
        for (at, column) in (0..).zip(&self.spec.columns) {
            written(sheet.set_column_width(at, column.width))?;
            let form = match column.kind {
                Kind::Text => None,
                Kind::Id => Some(looks::TEXT),
                Kind::Number => Some(looks::NUMBER),
                Kind::Yuan => Some(looks::YUAN),
                Kind::Time => Some(looks::TIME),
            };
            if let Some(form) = form {
                written(sheet.set_column_format(at, &looks::shown(form)))?;
            }
            let header = cells::clipped(&column.header);
            written(sheet.write_string_with_format(0, at, header, &head))?;
        }
        self.sheets.push(sheet);
        self.row = 1;
        Ok(())
    }

    /// Ends the last sheet: what depends on how many rows it has.
    fn close(&mut self) -> Result<()> {
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        let last = self.row - 1;
        let columns = u16::try_from(self.spec.columns.len()).unwrap_or(u16::MAX);
        written(sheet.autofilter(0, 0, last, columns.saturating_sub(1)))?;
        for (at, column) in (0..).zip(&self.spec.columns) {
            if matches!(column.kind, Kind::Id | Kind::Text) && last > 0 {
                // No green corner at each number that is a text on purpose.
                let kind = IgnoreError::NumberStoredAsText;
                written(sheet.ignore_error_range(1, at, last, at, kind))?;
            }
        }
        Ok(())
    }

    /// Puts its sheets into the workbook.
    pub(super) fn end(mut self, book: &mut Workbook) -> Result<()> {
        self.close()?;
        for sheet in self.sheets {
            book.push_worksheet(sheet);
        }
        Ok(())
    }
}

fn write(sheet: &mut Worksheet, at: (u32, u16), cell: &Cell<'_>, lang: Lang) -> Result<()> {
    let (row, column) = at;
    let number = match cell {
        Cell::Text(text) | Cell::Id(text) => return cells::text(sheet, at, text),
        Cell::Made(text) => return cells::text(sheet, at, text),
        Cell::State(state) => {
            return cells::text(sheet, at, state.label().within(lang));
        }
        Cell::Unknown => return Ok(()),
        Cell::Number(number) => cells::number(*number),
        Cell::Yuan(amount) => cells::yuan(*amount),
        Cell::Time(time) => cells::time(*time),
    };
    written(sheet.write_number(row, column, number))?;
    Ok(())
}
