//! Why a recipients file is refused, and what to do about it.

use std::cmp::Ordering;

use super::amount_fault::AmountFault;
use super::form_fault::FormFault;
use super::missing::Missing;
use super::other_unit::{NoUnit, OtherUnit};
use super::place::Place;
use super::repeated::Repeated;
use crate::domain::caps::CapFault;
use crate::domain::ids::IdFault;
use crate::domain::money::{Fen, MoneyFault};
use crate::domain::text::TextFault;
use crate::words::{Text, Words, amounts, both, english, form, headers, recipients as words};

/// Why a file, a header, a row or a cell is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The file as a whole is no list.
    Form(Box<FormFault>),
    /// Not a byte, or only blank lines.
    Empty,
    /// A header and nothing below it.
    NoRows,
    /// A header whose cells are separated by something that is not read as a delimiter.
    Delimiter(char),
    /// A title above the header.
    Title,
    /// Two columns of one meaning.
    DuplicateColumn,
    /// No openid column, or no amount column.
    Missing(#[from] Box<Missing>),
    /// A header below the first row.
    HeaderBelow(Box<Place>),
    /// A header below rows of people.
    PeopleAbove(Box<Place>),
    /// Two amount columns of different units.
    TwoAmounts,
    /// A quote that is never closed.
    OpenQuote,
    /// Text between a closing quote and the next comma.
    AfterQuote,
    /// A blank before an opening quote, which is a part of the cell by that.
    BlankBeforeQuote,
    /// A blank between a closing quote and the next comma.
    BlankAfterQuote,
    /// A quoted cell in which a whole row of the list stands.
    Swallowed {
        /// The line of that row, in a text.
        line: Option<u64>,
    },
    /// A row too long to be one.
    LongRow {
        /// The longest row read.
        max: usize,
    },
    /// More or fewer cells than the header.
    CellCount {
        /// Cells in the row.
        cells: usize,
        /// Columns in the header.
        columns: usize,
        /// Whether a full-width comma stands in the row.
        has_wide_comma: bool,
        /// Whether nothing stands in those that are too many.
        is_blank: bool,
    },
    /// A value below a blank header cell.
    Nameless,
    /// NUL and its like.
    Control(char),
    /// A phone number in place of an openid.
    Phone,
    /// An openid with quotes around it.
    QuotedId,
    /// A character of an openid that only looks like a letter of one.
    OtherLetter(char),
    /// What a lossy conversion leaves in the place of characters, in an id.
    Lost,
    /// A malformed openid or row key.
    Id(#[from] IdFault),
    /// An id that a spreadsheet took for a number.
    Scientific,
    /// An id in a number cell.
    NumberAsId,
    /// A cell that is the result of a formula.
    Formula,
    /// `#N/A` and its like.
    SheetError,
    /// A date where there is none to be.
    Date,
    /// A format that shows another number than the one that is stored.
    Scaled,
    /// TRUE or FALSE.
    Truth,
    /// Cells that were made one.
    Merged(String),
    /// A malformed amount.
    Money(#[from] MoneyFault),
    /// A number that a calculation left between two fen.
    Inexact,
    /// Something beside or in place of a number.
    Amount(#[from] AmountFault),
    /// Integers where the header does not name the unit: a fault of the column.
    NoUnit(Box<NoUnit>),
    /// Amounts of the other unit: a fault of the column.
    OtherUnit(Box<OtherUnit>),
    /// A row whose amount is in another currency.
    OtherMoney,
    /// An amount of nothing.
    Zero,
    /// Outside what WeChat Pay takes.
    OutOfRange(#[from] CapFault),
    /// All amounts together are more than the tool can count.
    TotalTooLarge,
    /// A total row that says something else.
    TotalDiffers {
        /// The total row's amount.
        says: Fen,
        /// The sum of the rows above it.
        sum: Fen,
    },
    /// A total row that counts other rows than there are.
    TotalPeople {
        /// People, as the row says.
        says: u64,
        /// Rows above it.
        rows: u64,
    },
    /// A total row whose formula has no stored result.
    TotalFormula,
    /// A total row without a total.
    TotalBlank,
    /// A row with a note and nobody to pay.
    Note,
    /// The header once more.
    HeaderAgain,
    /// What a program writes for an empty cell.
    NoValue,
    /// Rows behind the total row.
    AfterTotal,
    /// A text WeChat Pay would not take.
    Text(#[from] TextFault),
    /// A packet that stands in an earlier row.
    Repeated(Box<Repeated>),
    /// A packet the ledger cannot take, pushed in from outside through
    /// [`Faults::push`](super::faults::Faults::push).
    /// The kind that its faults are counted under, and the whole message with the next step.
    Ledger(Box<(Text, Words)>),
}

english!(Cause);

impl From<FormFault> for Cause {
    fn from(fault: FormFault) -> Cause {
        Cause::Form(Box::new(fault))
    }
}

impl Cause {
    /// A packet that the ledger cannot take: what such faults are counted under, and the story.
    #[must_use]
    pub fn ledger(group: Text, says: Words) -> Cause {
        Cause::Ledger(Box::new((group, says)))
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Cause::Form(fault) => fault.words(),
            Cause::Empty => words::empty(),
            Cause::NoRows => words::no_rows(),
            Cause::Delimiter(wide @ ('，' | '；' | '、')) => words::wide_delimiter(*wide),
            Cause::Delimiter(' ') => form::blanks(),
            Cause::Delimiter(other) => words::delimiter(other.escape_debug().to_string()),
            Cause::Title => words::title(),
            Cause::DuplicateColumn => words::duplicate_column(),
            Cause::Missing(missing) => missing.words(),
            Cause::HeaderBelow(place) => headers::below(place.words()),
            Cause::PeopleAbove(place) => headers::people_above(place.words()),
            Cause::TwoAmounts => words::two_amounts(),
            Cause::OpenQuote => words::open_quote(),
            Cause::AfterQuote => words::after_quote(),
            Cause::BlankBeforeQuote => form::blank_before_quote(),
            Cause::BlankAfterQuote => form::blank_after_quote(),
            Cause::Swallowed { line: Some(line) } => form::swallowed(*line),
            Cause::Swallowed { line: None } => form::swallowed_in_cell(),
            Cause::LongRow { max } => words::long_row(*max),
            Cause::CellCount {
                cells,
                columns,
                has_wide_comma,
                is_blank,
            } => match cells.cmp(columns) {
                Ordering::Less if *has_wide_comma => words::wide_comma(*cells, *columns),
                Ordering::Greater if *is_blank => form::blank_cells(*cells, *columns),
                Ordering::Greater => words::more_cells(*cells, *columns),
                Ordering::Less | Ordering::Equal => words::fewer_cells(*cells, *columns),
            },
            Cause::Nameless => words::nameless(),
            Cause::Control('\n' | '\r') => form::line_break(),
            Cause::Control(c) => words::control(format_args!("U+{:04X}", u32::from(*c))),
            Cause::Phone => headers::phone(),
            Cause::QuotedId => form::quoted_id(),
            Cause::OtherLetter(c) => form::other_letter(*c, format_args!("{:04X}", u32::from(*c))),
            Cause::Lost => form::lost(),
            Cause::Id(fault) => fault.words(),
            Cause::Scientific => words::scientific(),
            Cause::NumberAsId => words::number_as_id(),
            Cause::Formula => words::formula(),
            Cause::SheetError => words::sheet_error(),
            Cause::Date => words::date(),
            Cause::Scaled => words::scaled(),
            Cause::Truth => words::truth(),
            Cause::Merged(cells) => words::merged(cells.as_str()),
            Cause::Money(fault) => fault.words(),
            Cause::Inexact => words::inexact(),
            Cause::Amount(fault) => fault.words(),
            Cause::NoUnit(found) => found.words(),
            Cause::OtherUnit(found) => found.words(),
            Cause::OtherMoney => amounts::other_money(),
            Cause::Zero => words::zero(),
            Cause::OutOfRange(fault) => fault.words(),
            Cause::TotalTooLarge => words::total_too_large(),
            Cause::TotalDiffers { says, sum } => words::total_differs(*says, *sum),
            Cause::TotalPeople { says, rows } => words::total_people(*says, *rows),
            Cause::TotalFormula => words::total_formula(),
            Cause::TotalBlank => words::total_blank(),
            Cause::Note => words::note(),
            Cause::HeaderAgain => headers::again(),
            Cause::NoValue => form::no_value(),
            Cause::AfterTotal => words::after_total(),
            Cause::Text(fault) => fault.words(),
            Cause::Repeated(twice) => twice.words(),
            Cause::Ledger(told) => told.1.clone(),
        }
    }

    /// The kind that these faults are counted under.
    #[must_use]
    pub fn group(&self) -> Text {
        match self {
            Cause::Empty | Cause::NoRows => both("nothing to pay", "没有可发放的内容"),
            Cause::Form(fault) => fault.group(),
            Cause::Delimiter(_) => both("wrong delimiter", "分隔符有误"),
            Cause::DuplicateColumn | Cause::TwoAmounts => both("column given twice", "列重复"),
            Cause::Missing(_) | Cause::HeaderBelow(_) | Cause::PeopleAbove(_) | Cause::Title => {
                both("column missing", "缺少列")
            }
            Cause::OpenQuote
            | Cause::AfterQuote
            | Cause::BlankBeforeQuote
            | Cause::BlankAfterQuote
            | Cause::Swallowed { .. }
            | Cause::LongRow { .. } => both("quoting", "引号有误"),
            Cause::CellCount { .. } => both("wrong number of cells", "单元格数目有误"),
            Cause::Nameless => both("value without a column name", "有值但没有列名"),
            Cause::Control(_) => both("control character", "控制字符"),
            Cause::Phone => both("phone number in place of an openid", "把手机号当作 openid"),
            Cause::Id(_) | Cause::Lost | Cause::QuotedId | Cause::OtherLetter(_) => {
                both("malformed openid or row key", "openid 或业务单号格式有误")
            }
            Cause::Scientific | Cause::NumberAsId => {
                both("id turned into a number", "编号变成了数字")
            }
            Cause::Formula => both("formula", "公式"),
            Cause::SheetError => both("error of the spreadsheet", "表格错误值"),
            Cause::Date => both("date", "日期"),
            Cause::Scaled => both("number shown as another", "显示与存储的数不同"),
            Cause::Truth => both("TRUE or FALSE", "TRUE 或 FALSE"),
            Cause::Merged(_) => both("merged cells", "合并单元格"),
            Cause::Money(_) | Cause::Amount(_) => both("malformed amount", "金额格式有误"),
            Cause::Inexact => both("number between two fen", "金额不是整数分"),
            Cause::NoUnit(_) => both("amount without a unit", "金额没有单位"),
            Cause::Zero | Cause::OutOfRange(_) | Cause::OtherUnit(_) | Cause::TotalTooLarge => {
                both("amount out of range", "金额超出范围")
            }
            Cause::OtherMoney => both("another currency", "其他币种"),
            Cause::NoValue => both("empty cell of a program", "程序的空值占位"),
            Cause::Note | Cause::HeaderAgain => both("row that pays nobody", "不是发放的行"),
            Cause::TotalDiffers { .. }
            | Cause::TotalPeople { .. }
            | Cause::TotalFormula
            | Cause::TotalBlank
            | Cause::AfterTotal => both("total row", "合计行有误"),
            Cause::Text(_) => both("text WeChat Pay does not take", "微信支付不接受的文案"),
            Cause::Repeated(twice) => twice.group(),
            Cause::Ledger(told) => told.0,
        }
    }
}
