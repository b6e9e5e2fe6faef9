//! A column that a header does not have, and what a person may have meant by it.

use crate::words::{Words, both, english, headers as words};

/// A column without which nobody can be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// Whom.
    Openid,
    /// How much.
    Amount,
}

/// A missing column, beside what is there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Missing {
    /// Which one.
    pub needed: Needed,
    /// The names that the header has.
    pub found: String,
    /// What is probably to be done.
    pub hint: Hint,
}

/// What a person may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// Nothing looks like it.
    Nothing,
    /// A name that is nearly right, and the right one.
    Near(String, &'static str),
    /// A name that says amount, and not of what.
    NearAmount(String),
    /// Several names that say so, or columns whose values do.
    Several(String),
    /// A column of values that are right, under another name.
    Values(String),
    /// A column of values that are right, by its number, without a name.
    Unnamed(usize),
    /// A name that says amount, in a unit that is not read.
    OtherUnit(String),
    /// A column of phone numbers.
    Phones(String),
    /// A column of another id of WeChat.
    OtherId(String),
    /// The first row has people and money, and no names.
    Data,
}

english!(Missing);

impl Missing {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        let (found, hint) = (self.found.as_str(), self.hint.words(self.needed));
        match self.needed {
            Needed::Openid => words::no_openid(found, hint),
            Needed::Amount => words::no_amount(found, hint),
        }
    }
}

impl Hint {
    fn words(&self, needed: Needed) -> Words {
        let example = match needed {
            Needed::Openid => both("`openid`", "`openid`"),
            Needed::Amount => both("`amount_yuan` or `amount_fen`", "`金额(元)` 或 `金额(分)`"),
        };
        match self {
            Hint::Nothing => words::nothing(example),
            Hint::Near(name, right) => words::near(name.as_str(), *right),
            Hint::NearAmount(name) => words::near_amount(name.as_str(), example),
            Hint::Several(names) if needed == Needed::Openid => {
                words::several_openids(names.as_str())
            }
            Hint::Several(names) => words::several_amounts(names.as_str(), example),
            Hint::Values(name) => words::values(name.as_str(), example),
            Hint::Unnamed(number) => words::unnamed(*number, example),
            Hint::OtherUnit(name) => words::other_unit(name.as_str()),
            Hint::Phones(name) => words::phones(name.as_str()),
            Hint::OtherId(name) => words::other_id(name.as_str()),
            Hint::Data => words::data(),
        }
    }
}
