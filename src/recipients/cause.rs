//! Why a recipients file is refused, and what to do about it.

use crate::domain::caps::CapFault;
use crate::domain::ids::IdFault;
use crate::domain::money::{Fen, MoneyFault};
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
    /// UTF-16 with its bytes the other way round, which no spreadsheet writes.
    #[error("the file is UTF-16BE: {SAVE_UTF8}, or as .xlsx")]
    Utf16Be,
    /// UTF-16 up to a broken place.
    #[error("the text is UTF-16 up to a broken place here: {SAVE_UTF8}, or as .xlsx")]
    DamagedUtf16,
    /// OLE2: an old workbook, or any that has a password.
    #[error(
        "the file is an old Excel workbook (.xls), or has a password: save it as .xlsx without one"
    )]
    OldWorkbook,
    /// A zip that no workbook can be read from.
    #[error("the workbook cannot be read: {0}; open it in Excel or WPS and save it as .xlsx")]
    Workbook(String),
    /// More than one visible sheet has cells.
    #[error(
        "more than one sheet has cells ({0}): keep the one with the recipients, and move the \
         others to a workbook of their own"
    )]
    SeveralSheets(String),
    /// Neither UTF-8 nor GB18030; the fault's line is the first that is not UTF-8.
    #[error("the text is not UTF-8 here and not GB18030 on line {gb18030_line}: {SAVE_UTF8}")]
    NotText {
        /// The first line that is not GB18030.
        gb18030_line: u64,
    },
    /// Text that is UTF-8 up to a broken place.
    #[error("the text is UTF-8 up to a broken place here: {SAVE_UTF8}")]
    DamagedUtf8,
    /// A header whose cells are separated by something that is not read as a delimiter.
    #[error("{}", delimiter(*.0))]
    Delimiter(char),
    /// A title above the header.
    #[error("the first row has one cell, as a title has: delete the rows above the header")]
    Title,
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
    #[error("{}", cell_count(*.cells, *.columns, *.has_wide_comma))]
    CellCount {
        /// Cells in the row.
        cells: usize,
        /// Columns in the header.
        columns: usize,
        /// Whether a full-width comma stands in the row.
        has_wide_comma: bool,
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
    /// An id that a spreadsheet took for a number.
    #[error(
        "a spreadsheet took the id for a number and cut it to 15 digits: what is lost cannot be \
         restored; format the column as text, then paste the ids again from where they came from"
    )]
    Scientific,
    /// An id in a number cell.
    #[error(
        "the id is in a number cell, which keeps 15 digits and no leading zeros: format the \
         column as text, then paste the ids again from where they came from"
    )]
    NumberAsId,
    /// A cell that is the result of a formula.
    #[error("the cell is a formula: copy the column and paste it back as values")]
    Formula,
    /// `#N/A` and its like.
    #[error("the cell is an error of the spreadsheet: write the value")]
    SheetError,
    /// A date where there is none to be.
    #[error(
        "the cell is a date: the spreadsheet took the value for one; format the column as text, \
         then enter the value again"
    )]
    Date,
    /// A format that shows another number than the one that is stored.
    #[error(
        "the cell's format shows another number (as % or 万): format the column as a plain number"
    )]
    Scaled,
    /// TRUE or FALSE.
    #[error("the cell is TRUE or FALSE: format the column as text, then enter the value again")]
    Truth,
    /// Cells that were made one.
    #[error("the cells {0} are merged: split them, and give every row its own values")]
    Merged(String),
    /// A malformed amount.
    #[error(transparent)]
    Money(#[from] MoneyFault),
    /// A number that a calculation left between two fen.
    #[error("the number is no whole fen: round it to 0.01 yuan, and paste it back as a value")]
    Inexact,
    /// `5元` below `amount_fen`.
    #[error(
        "the cell says yuan and the column says fen: name the column `amount_yuan`, or write fen"
    )]
    YuanAmongFen,
    /// An integer where the header does not name the unit.
    #[error(
        "{as_yuan} yuan or {as_fen} yuan (元还是分)? rename the column to `amount_yuan` or \
         `amount_fen`"
    )]
    NoUnit {
        /// What it is in yuan.
        as_yuan: Fen,
        /// What it is in fen.
        as_fen: Fen,
    },
    /// An amount of nothing.
    #[error("the amount is zero: delete the row, or write what is owed")]
    Zero,
    /// Outside what WeChat Pay takes.
    #[error(transparent)]
    OutOfRange(#[from] CapFault),
    /// All amounts together are more than the tool can count.
    #[error("the amounts up to here add up to more than can be counted")]
    TotalTooLarge,
    /// A total row that says something else.
    #[error("the total row says {says} yuan and the rows above add up to {sum} yuan")]
    TotalDiffers {
        /// The total row's amount.
        says: Fen,
        /// The sum of the rows above it.
        sum: Fen,
    },
    /// A total row without a total.
    #[error("the total row has no amount: write the sum, or delete the row")]
    TotalBlank,
    /// Rows behind the total row.
    #[error("rows follow the total row: delete it, or move it to the end")]
    AfterTotal,
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

fn delimiter(delimiter: char) -> String {
    match delimiter {
        '，' | '；' => format!(
            "the header is separated by the full-width `{delimiter}`: replace it by `,` in the \
             whole file"
        ),
        other => format!(
            "the header is separated by `{}`: save the file with commas",
            other.escape_debug()
        ),
    }
}

fn cell_count(cells: usize, columns: usize, has_wide_comma: bool) -> String {
    let advice = if cells < columns && has_wide_comma {
        "the full-width comma `，` does not separate cells: write `,`"
    } else if cells > columns {
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
            Cause::NotText { .. } | Cause::DamagedUtf8 | Cause::DamagedUtf16 | Cause::Utf16Be => {
                "not a CSV text"
            }
            Cause::OldWorkbook | Cause::Workbook(_) | Cause::SeveralSheets(_) => {
                "not one sheet of an .xlsx workbook"
            }
            Cause::Delimiter(_) => "wrong delimiter",
            Cause::DuplicateColumn | Cause::TwoAmounts => "column given twice",
            Cause::NoOpenid | Cause::NoAmount | Cause::Title => "column missing",
            Cause::OpenQuote | Cause::AfterQuote | Cause::LongRow { .. } => "quoting",
            Cause::CellCount { .. } => "wrong number of cells",
            Cause::BlankRow => "blank row",
            Cause::Nameless => "value without a column name",
            Cause::Control(_) => "control character",
            Cause::Id(_) => "malformed openid or row key",
            Cause::Scientific | Cause::NumberAsId => "id turned into a number",
            Cause::Formula => "formula",
            Cause::SheetError => "error of the spreadsheet",
            Cause::Date => "date",
            Cause::Scaled => "number shown as another",
            Cause::Truth => "TRUE or FALSE",
            Cause::Merged(_) => "merged cells",
            Cause::Money(_) | Cause::YuanAmongFen => "malformed amount",
            Cause::Inexact => "number between two fen",
            Cause::NoUnit { .. } => "amount without a unit",
            Cause::Zero | Cause::OutOfRange(_) | Cause::TotalTooLarge => "amount out of range",
            Cause::TotalDiffers { .. } | Cause::TotalBlank | Cause::AfterTotal => "total row",
            Cause::Text(_) => "text WeChat Pay does not take",
            Cause::Ledger { group, .. } => group,
        }
    }
}
