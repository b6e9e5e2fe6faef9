//! Why the text of a cell is no amount, beyond what money itself refuses.

use crate::words::{Words, amounts as words, english, recipients};

/// What stands in the way of an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    /// `(1.88)`, which accounting means as negative.
    Brackets,
    /// `-` or `￥-`, which accounting shows for zero.
    Dash,
    /// `1.88 CNY`: one number, and this beside it.
    Beside(String),
    /// `1.88不发`: one number, and beside it that nobody is to be paid.
    Marked(String),
    /// `$2.00`, `2美元`, `100积分`.
    Foreign(String),
    /// `2万`, `1k`: this stands for noughts.
    Scaled(String),
    /// `100%`, `8折`.
    Share(String),
    /// `2份`.
    Counted(String),
    /// `5 10`, `5*2`.
    Several,
    /// `1。88`: this in the place of the point, and the number as it should be.
    Point(char, String),
    /// `5元5角`: the number as it should be, in yuan.
    Apart(String),
    /// `10-20`: a range, or a date that was an amount.
    Range,
    /// `1 888.00`: a mark between the thousands, other than a comma, and the number without it.
    Thousands(char, String),
    /// `1,88` without quotes: this and what stands in the next cell.
    Split {
        /// Before the comma.
        amount: String,
        /// Behind it.
        behind: String,
    },
    /// `188.0` below `amount_fen`: the whole number.
    WholeFen(String),
    /// `5元` below `amount_fen`.
    YuanAmongFen,
    /// `188分` below `amount_yuan`.
    FenAmongYuan,
    /// A column of units says another one than the column of amounts.
    OtherUnit,
    /// A comment on the column's name says another unit, or the only one.
    NotedUnit(String),
    /// A number that its format shows in another currency.
    ForeignFormat,
}

english!(AmountFault);

impl AmountFault {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            AmountFault::Brackets => words::brackets(),
            AmountFault::Dash => words::dash(),
            AmountFault::Beside(text) => words::beside(text.as_str()),
            AmountFault::Marked(text) => words::marked(text.as_str()),
            AmountFault::Foreign(text) => words::foreign(text.as_str()),
            AmountFault::Scaled(text) => words::scaled(text.as_str()),
            AmountFault::Share(text) => words::share(text.as_str()),
            AmountFault::Counted(text) => words::counted(text.as_str()),
            AmountFault::Several => words::several(),
            AmountFault::Point(sign, number) => words::point(*sign, number.as_str()),
            AmountFault::Apart(number) => words::apart(number.as_str()),
            AmountFault::Range => words::range(),
            AmountFault::Thousands(mark, number) if mark.is_whitespace() => {
                words::thousands_blank(number.as_str())
            }
            AmountFault::Thousands(mark, number) => words::thousands(*mark, number.as_str()),
            AmountFault::Split { amount, behind } => {
                let (a, b) = (amount.as_str(), behind.as_str());
                match (b.len(), b.contains('.')) {
                    (3, false) => words::split_thousands(a, b, format_args!("{a}{b}.00")),
                    (_, true) => words::split_thousands(a, b, format_args!("{a}{b}")),
                    (_, false) => words::split(a, b),
                }
            }
            AmountFault::WholeFen(number) => words::whole_fen(number.as_str()),
            AmountFault::YuanAmongFen => recipients::yuan_among_fen(),
            AmountFault::FenAmongYuan => words::fen_among_yuan(),
            AmountFault::OtherUnit => words::other_unit(),
            AmountFault::NotedUnit(text) => words::noted_unit(text.as_str()),
            AmountFault::ForeignFormat => words::foreign_format(),
        }
    }
}
