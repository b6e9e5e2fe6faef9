//! Why a file is no fund-flow bill, or not a whole one.

use crate::domain::money::{Fen, MoneyFault};
use crate::words::{Words, english, flow as words};

/// The fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowCause {
    /// Not a byte.
    Empty,
    /// XML: WeChat Pay's answer when it has no bill.
    Xml,
    /// A page of a web server.
    Page,
    /// A workbook.
    Workbook,
    /// A zip archive, or UTF-16.
    NotPlain,
    /// No column of a bill in its first line.
    NotABill,
    /// A column that is needed is not there.
    NoColumn(&'static str),
    /// A column is there twice.
    ColumnTwice(String),
    /// Text in neither encoding.
    Encoding,
    /// A line that no bill has.
    TooLong,
    /// Another number of cells than the header.
    Cells {
        /// The header's.
        expected: usize,
        /// This line's.
        found: usize,
    },
    /// Quotes that are not closed.
    Quotes,
    /// Not a time.
    Time(String),
    /// Not an amount.
    Amount(String, MoneyFault),
    /// Neither in nor out.
    Direction(String),
    /// In and out at once: the word and the sign.
    Sign(String),
    /// Not a count.
    Count(String),
    /// The file ends before its summary.
    NoSummary,
    /// The last line has no end.
    NoLineEnd,
    /// Something follows the summary.
    AfterSummary,
    /// The summary counts something else than there is.
    WrongCount {
        /// Its column.
        column: &'static str,
        /// The given value.
        says: u64,
        /// The value found.
        found: u64,
    },
    /// The summary adds up to something else than the rows.
    WrongSum {
        /// Its column.
        column: &'static str,
        /// The given value.
        says: Fen,
        /// The value found.
        found: Fen,
    },
    /// More than any bill has.
    TooLarge,
    /// Packed, and the packing is damaged or cut.
    Packing,
    /// The digest beside it is of other bytes.
    Digest,
}

/// The fault, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowFault {
    /// From 1; `None` for the whole file.
    pub line: Option<u64>,
    /// The fault.
    pub cause: FlowCause,
}

impl FlowFault {
    /// Of the whole file.
    #[must_use]
    pub fn of_file(cause: FlowCause) -> Self {
        FlowFault { line: None, cause }
    }

    /// Of one line.
    #[must_use]
    pub fn at(line: u64, cause: FlowCause) -> Self {
        let line = Some(line);
        FlowFault { line, cause }
    }

    /// In words, with the remedy.
    #[must_use]
    pub fn words(&self) -> Words {
        match self.line {
            None => self.cause.words(),
            Some(line) => words::on_line(line, self.cause.words()),
        }
    }
}

english!(FlowFault, FlowCause);

impl FlowCause {
    fn words(&self) -> Words {
        match self {
            FlowCause::Empty => words::empty(),
            FlowCause::Xml => words::xml(),
            FlowCause::Page => words::page(),
            FlowCause::Workbook => words::workbook(),
            FlowCause::NotPlain => words::not_plain(),
            FlowCause::NotABill => words::not_a_bill(),
            FlowCause::NoColumn(name) => words::no_column(*name),
            FlowCause::ColumnTwice(name) => words::column_twice(name.as_str()),
            FlowCause::Encoding => words::encoding(),
            FlowCause::TooLong => words::too_long(),
            FlowCause::Cells { expected, found } => words::cells(*expected, *found),
            FlowCause::Quotes => words::quotes(),
            FlowCause::Time(cell) => words::time(cell.as_str()),
            FlowCause::Amount(cell, why) => words::amount(cell.as_str(), why.words()),
            FlowCause::Direction(cell) => words::direction(cell.as_str()),
            FlowCause::Sign(cell) => words::sign(cell.as_str()),
            FlowCause::Count(cell) => words::count(cell.as_str()),
            FlowCause::NoSummary => words::no_summary(),
            FlowCause::NoLineEnd => words::no_line_end(),
            FlowCause::AfterSummary => words::after_summary(),
            FlowCause::WrongCount {
                column,
                says,
                found,
            } => words::wrong_count(*column, *says, *found),
            FlowCause::WrongSum {
                column,
                says,
                found,
            } => words::wrong_sum(*column, *says, *found),
            FlowCause::TooLarge => words::too_large(),
            FlowCause::Packing => words::packing(),
            FlowCause::Digest => words::digest(),
        }
    }
}
