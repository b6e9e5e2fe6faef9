//! Why a recipients file is refused, and what to do about it.

use crate::domain::caps::CapFault;
use crate::domain::ids::IdFault;
use crate::domain::money::MoneyFault;
use crate::domain::text::TextFault;

/// Why a file, a header, a row or a cell is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// Not a byte, or only blank lines.
    #[error("the file is empty: its first line must be a header such as `openid,amount_yuan`")]
    Empty,
    /// A header and nothing below it.
    #[error("the file has a header and no rows")]
    NoRows,
    /// UTF-16, as some spreadsheets write "Unicode text".
    #[error("the file is UTF-16: save it as `CSV UTF-8 (comma delimited)`")]
    Utf16,
    /// An XLSX or XLS workbook.
    #[error("the file is an Excel workbook: save it as `CSV UTF-8 (comma delimited)`")]
    Workbook,
    /// Neither UTF-8 nor GB18030; the fault's line is the first that is not UTF-8.
    #[error("the text is not UTF-8 here and not GB18030 on line {gb18030_line}: {SAVE_UTF8}")]
    NotText {
        /// The first line that is not GB18030.
        gb18030_line: u64,
    },
    /// Text that is UTF-8 up to a broken place.
    #[error("the text is UTF-8 up to a broken place here: {SAVE_UTF8}")]
    DamagedUtf8,
    /// A header whose cells are separated by something else than a comma.
    #[error("the header is separated by `{}`: save the file with commas", .0.escape_debug())]
    Delimiter(char),
    /// Two columns of one meaning.
    #[error("a column of this meaning is already there: keep one of them")]
    DuplicateColumn,
    /// No openid column.
    #[error("no column is named `openid`: the first line must be the header")]
    NoOpenid,
    /// No amount column.
    #[error("no column is named `amount_yuan` or `amount_fen`")]
    NoAmount,
    /// Two amount columns of different units.
    #[error("more than one column is an amount: keep `amount_yuan` or `amount_fen`")]
    TwoAmounts,
    /// A quote that is never closed.
    #[error("a quote opens in this row and is never closed: close it, or write \"\" for a quote")]
    OpenQuote,
    /// Text between a closing quote and the next comma.
    #[error("text follows a closing quote: write \"\" for a quote inside a quoted cell")]
    AfterQuote,
    /// A row too long to be one.
    #[error("the row is longer than {max} bytes")]
    LongRow {
        /// The longest row read.
        max: usize,
    },
    /// More or fewer cells than the header.
    #[error("{}", cell_count(*.cells, *.columns))]
    CellCount {
        /// Cells in the row.
        cells: usize,
        /// Columns in the header.
        columns: usize,
    },
    /// Commas and nothing else.
    #[error("every cell of the row is blank: delete the row")]
    BlankRow,
    /// A value below a blank header cell.
    #[error("the cell has a value and its column has no name: name the column in the header")]
    Nameless,
    /// NUL and its like.
    #[error("the cell has the control character U+{:04X}", u32::from(*.0))]
    Control(char),
    /// A malformed openid or row key.
    #[error(transparent)]
    Id(#[from] IdFault),
    /// A malformed amount.
    #[error(transparent)]
    Money(#[from] MoneyFault),
    /// An integer where the header does not name the unit.
    #[error("yuan or fen (元还是分)? rename the column to `amount_yuan` or `amount_fen`")]
    NoUnit,
    /// An amount of nothing.
    #[error("the amount is zero: delete the row, or write what is owed")]
    Zero,
    /// Outside what WeChat Pay takes.
    #[error(transparent)]
    OutOfRange(#[from] CapFault),
    /// All amounts together are more than the tool can count.
    #[error("the amounts up to here add up to more than can be counted")]
    TotalTooLarge,
    /// A text WeChat Pay would not take.
    #[error(transparent)]
    Text(#[from] TextFault),
    /// A packet the ledger cannot take, pushed in from outside through [`super::Faults::push`].
    #[error("{says}")]
    Ledger {
        /// What faults of this kind are counted under.
        group: &'static str,
        /// The whole story, with what to do next.
        says: String,
    },
}

const SAVE_UTF8: &str = "save it as `CSV UTF-8 (comma delimited)`";

fn cell_count(cells: usize, columns: usize) -> String {
    let advice = if cells > columns {
        "a comma inside a cell needs quotes around the cell, and an amount has no thousands \
         separators"
    } else {
        "a cell is missing, or a line break inside a cell has no quotes around the cell"
    };
    format!("the row has {cells} cells and the header {columns}: {advice}")
}

impl Cause {
    /// What faults of this kind are counted under.
    #[must_use]
    pub fn group(&self) -> &'static str {
        match self {
            Cause::Empty | Cause::NoRows => "nothing to pay",
            Cause::Utf16 | Cause::Workbook | Cause::NotText { .. } | Cause::DamagedUtf8 => {
                "not a CSV text"
            }
            Cause::Delimiter(_) => "wrong delimiter",
            Cause::DuplicateColumn | Cause::TwoAmounts => "column given twice",
            Cause::NoOpenid | Cause::NoAmount => "column missing",
            Cause::OpenQuote | Cause::AfterQuote | Cause::LongRow { .. } => "quoting",
            Cause::CellCount { .. } => "wrong number of cells",
            Cause::BlankRow => "blank row",
            Cause::Nameless => "value without a column name",
            Cause::Control(_) => "control character",
            Cause::Id(_) => "malformed openid or row key",
            Cause::Money(_) => "malformed amount",
            Cause::NoUnit => "amount without a unit",
            Cause::Zero | Cause::OutOfRange(_) | Cause::TotalTooLarge => "amount out of range",
            Cause::Text(_) => "text WeChat Pay does not take",
            Cause::Ledger { group, .. } => group,
        }
    }
}
