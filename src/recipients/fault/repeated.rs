//! A row whose packet stands in an earlier row of the list.

use super::place::{Layout, Place};
use crate::words::{Text, Words, both, faults, recipients as words};

/// A row that is there twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The earlier row, and whose it is.
    pub(super) first: Place,
    pub(super) person: Option<Box<str>>,
    has_row_key: bool,
}

impl Repeated {
    /// The row at `first` has the same row key, or the same openid in a list without row keys.
    #[must_use]
    pub fn of(layout: &Layout, first: u64, has_row_key: bool) -> Repeated {
        Repeated {
            first: layout.row(first),
            person: None,
            has_row_key,
        }
    }

    pub(super) fn words(&self) -> Words {
        let first = match &self.person {
            Some(person) => faults::place_person(self.first.words(), &**person),
            None => self.first.words(),
        };
        if self.has_row_key {
            words::duplicate_row_key(first)
        } else {
            words::duplicate_openid(first)
        }
    }

    pub(super) fn group(&self) -> Text {
        if self.has_row_key {
            both("duplicate row_key", "row_key（业务单号）重复")
        } else {
            both("duplicate openid", "openid 重复")
        }
    }
}
