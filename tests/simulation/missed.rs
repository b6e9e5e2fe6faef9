//! What the sample of a preflight misses. Where a ledger went back, or was lost, and nothing but
//! WeChat Pay could tell, a run asks about a sample of the numbers that this ledger never sent; a
//! gateway that forgets numbers pays again what is not in it. Nobody could know.

use std::collections::BTreeSet;

/// What was asked about or sent since a ledger went back unnoticed.
#[derive(Default)]
pub(super) struct Missed {
    is_unnoticed: bool,
    touched: BTreeSet<String>,
    numbers: BTreeSet<String>,
}

impl Missed {
    /// The ledger is an older one, or a new one.
    pub(super) fn went_back(&mut self) {
        self.is_unnoticed = true;
        self.touched.clear();
    }

    /// A request about a number that was sent before, or was not.
    pub(super) fn request(&mut self, number: &str, (is_send, was_sent): (bool, bool)) {
        let is_first = self.touched.insert(number.to_owned());
        if self.is_unnoticed && is_first && is_send && was_sent {
            self.numbers.insert(number.to_owned());
        }
    }

    /// Whether it was sent before, and is sent again without a question.
    pub(super) fn has(&self, number: &str) -> bool {
        self.numbers.contains(number)
    }
}
