//! The sums of rows, while they are read, that total rows are compared with.

use crate::domain::money::Fen;

/// Total rows that are remembered, since their cells may be merged: nobody has more pages.
const TOTALS_MAX: usize = 1_000;

/// Some rows together.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::recipients) struct RowSums {
    /// How many.
    pub(in crate::recipients) rows: u64,
    /// Their money.
    pub(in crate::recipients) money: Fen,
}

/// What was read so far, and the totals in it.
#[derive(Debug, Default)]
pub(in crate::recipients) struct ReadSums {
    /// All rows.
    pub(in crate::recipients) all: RowSums,
    /// Those since the last total of a part.
    part: RowSums,
    /// The lines of total rows, which are paid to nobody.
    pub(in crate::recipients) totals: Vec<u64>,
    /// The line of the total of all, below which there should be none.
    last: Option<u64>,
}

impl ReadSums {
    /// Counts a row. The line of the total above it, if there is one and this is its first row.
    pub(in crate::recipients) fn row(&mut self) -> Option<u64> {
        self.all.rows += 1;
        self.part.rows += 1;
        self.last.take()
    }

    /// Adds the money of the row; false where it does not fit.
    pub(in crate::recipients) fn money(&mut self, amount: Fen) -> bool {
        let all = self.all.money.checked_add(amount);
        let part = self.part.money.checked_add(amount);
        let (Some(all), Some(part)) = (all, part) else {
            return false;
        };
        (self.all.money, self.part.money) = (all, part);
        true
    }

    /// Remembers a total row, and gives what it is of.
    pub(in crate::recipients) fn total(&mut self, line: u64, is_of_part: bool) -> RowSums {
        if self.totals.len() < TOTALS_MAX {
            self.totals.push(line);
        }
        if is_of_part {
            return std::mem::take(&mut self.part);
        }
        self.last = Some(line);
        self.all
    }
}
