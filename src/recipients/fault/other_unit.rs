//! A column of one unit with amounts of the other: fen below 金额(元), or yuan below 金额(分); and one
//! that names no unit.

use super::place::Place;
use crate::domain::money::Fen;
use crate::words::{Words, amounts as words, recipients as none};

/// Amounts that are out of range, and would not be in the other unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherUnit {
    /// Whether the column is of fen.
    pub is_fen: bool,
    /// Where the first one is.
    pub place: Place,
    /// The first one, as it stands there and as it is read.
    pub first: (String, Fen),
    /// How many there are.
    pub count: u64,
}

impl OtherUnit {
    pub(super) fn words(&self) -> Words {
        let (place, (value, read)) = (self.place.words(), &self.first);
        if self.is_fen {
            words::yuan_in_fen(self.count, place, value.as_str(), *read)
        } else {
            words::fen_in_yuan(self.count, place, value.as_str(), *read)
        }
    }
}

/// Whole numbers in a column that does not say yuan or fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoUnit {
    /// Where the first one is.
    pub place: Place,
    /// As it stands there.
    pub value: String,
    /// The first one read as yuan.
    pub as_yuan: Fen,
    /// The first one read as fen.
    pub as_fen: Fen,
    /// How many there are.
    pub count: u64,
}

impl NoUnit {
    pub(super) fn words(&self) -> Words {
        let (place, value) = (self.place.words(), self.value.as_str());
        match self.count {
            1 => none::no_unit(place, value, self.as_yuan, self.as_fen),
            count => none::no_units(count, place, value, self.as_yuan, self.as_fen),
        }
    }
}
