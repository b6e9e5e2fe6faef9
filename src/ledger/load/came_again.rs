//! The packets of a file that were taken back, counted.

use std::cell::Cell;

use crate::domain::money::Fen;
use crate::ledger::columns::to_sql;

/// The packets of a file that were taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CameAgain {
    /// Packets that are frozen anew.
    pub anew: u64,
    /// Packets that stay taken back.
    pub stay: u64,
    /// Packets that are brought back as they were.
    pub brought_back: u64,
}

/// The same, with their money: what it was, and what it is.
#[derive(Debug, Default)]
pub(super) struct CameAgainSums {
    pub(super) came: Cell<CameAgain>,
    /// Of those that are owed again.
    was: Cell<i64>,
    is: Cell<i64>,
}

impl CameAgainSums {
    /// By how much the money of all packets rises; it may fall.
    pub(super) fn more(&self) -> i64 {
        self.is.get() - self.was.get()
    }

    /// The money of packets that are not taken back any more, as it was.
    pub(super) fn was(&self) -> i64 {
        self.was.get()
    }

    pub(super) fn count(&self, add: impl FnOnce(&mut CameAgain), (was, is): (Fen, Fen)) {
        let mut came = self.came.get();
        add(&mut came);
        self.came.set(came);
        self.was.set(self.was.get().saturating_add(to_sql(was)));
        self.is.set(self.is.get().saturating_add(to_sql(is)));
    }
}
