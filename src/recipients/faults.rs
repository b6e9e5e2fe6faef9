//! What is wrong with a recipients file: where, which value, why and what to do about it.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::ids::IdFault;
use crate::domain::money::MoneyFault;
use crate::domain::text::TextFault;

/// How many faults are listed with their places. Every one is counted; a person who sees a
/// thousand corrects the cause and not the lines.
pub const LISTED_MAX: usize = 1_000;

/// Longest value shown, in characters: an openid fits.
const SHOWN_MAX: usize = 40;

/// One fault of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line where the row begins, from 1; `None` for a fault of the whole file.
    pub line: Option<u64>,
    /// The column as the header names it; `None` for a fault of the whole row.
    pub column: Option<String>,
    /// The cell, shortened, with control characters escaped; `None` where no cell is at fault.
    pub value: Option<String>,
    /// Why.
    pub cause: Cause,
}

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
    /// Outside what WeChat Pay takes without a scene.
    #[error("a packet without a scene_id has 1.00 to 200.00 yuan")]
    OutOfRange,
    /// All amounts together are more than the tool can count.
    #[error("the amounts up to here add up to more than can be counted")]
    TotalTooLarge,
    /// A text WeChat Pay would not take.
    #[error(transparent)]
    Text(#[from] TextFault),
    /// A packet the ledger cannot take, pushed in from outside through [`Faults::push`].
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
            Cause::Zero | Cause::OutOfRange | Cause::TotalTooLarge => "amount out of range",
            Cause::Text(_) => "text WeChat Pay does not take",
            Cause::Ledger { group, .. } => group,
        }
    }
}

impl Fault {
    /// A fault of the whole file.
    #[must_use]
    pub fn of_file(cause: Cause) -> Self {
        Fault {
            line: None,
            column: None,
            value: None,
            cause,
        }
    }

    /// A fault of a whole line.
    #[must_use]
    pub fn of_line(line: u64, cause: Cause) -> Self {
        Fault {
            line: Some(line),
            ..Fault::of_file(cause)
        }
    }

    /// A fault of one cell; `value` is shortened and escaped here.
    #[must_use]
    pub fn of_cell(line: u64, column: &str, value: &str, cause: Cause) -> Self {
        Fault {
            column: Some(shown(column)),
            value: Some(shown(value)),
            ..Fault::of_line(line, cause)
        }
    }
}

/// The value fit for a terminal: nothing in it can move the cursor or turn the writing around.
fn shown(value: &str) -> String {
    let mut text = String::new();
    for c in value.chars().take(SHOWN_MAX) {
        match c {
            '"' | '\'' | '\\' => text.push(c),
            _ => text.extend(c.escape_debug()),
        }
    }
    if value.chars().nth(SHOWN_MAX).is_some() {
        text.push('…');
    }
    text
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
            if let Some(column) = &self.column {
                write!(f, ", {column}")?;
            }
            if let Some(value) = &self.value {
                write!(f, " `{value}`")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}", self.cause)
    }
}

/// All faults of a file: each counted, the first [`LISTED_MAX`] listed in the order found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    counts: BTreeMap<&'static str, u64>,
    listed: Vec<Fault>,
}

impl Faults {
    /// Adds a fault, found here or by the ledger.
    pub fn push(&mut self, fault: Fault) {
        *self.counts.entry(fault.cause.group()).or_default() += 1;
        if self.listed.len() < LISTED_MAX {
            self.listed.push(fault);
        }
    }

    /// Whether the file is without fault.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many there are, listed or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many there are of each group, the most frequent first.
    #[must_use]
    pub fn counts(&self) -> Vec<(&'static str, u64)> {
        let mut counts: Vec<_> = self.counts.iter().map(|(&g, &n)| (g, n)).collect();
        counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        counts
    }

    /// The first [`LISTED_MAX`].
    #[must_use]
    pub fn listed(&self) -> &[Fault] {
        &self.listed
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        let mut faults = Faults::default();
        faults.push(fault);
        faults
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        let noun = if total == 1 { "error" } else { "errors" };
        writeln!(f, "{total} {noun}, nothing was written")?;
        for (group, count) in self.counts() {
            writeln!(f, "  {count} × {group}")?;
        }
        for fault in &self.listed {
            writeln!(f, "{fault}")?;
        }
        let unlisted = total - self.listed.len() as u64;
        if unlisted > 0 {
            writeln!(f, "and {unlisted} more")?;
        }
        f.write_str("correct the file, then give the same command again")
    }
}
