//! How many packets of a campaign are in which state, and their money.

use super::state::State;
use crate::domain::money::Fen;

/// Packets and money of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TallyRow {
    /// Packets.
    pub count: u64,
    /// Their money.
    pub fen: Fen,
}

impl TallyRow {
    /// Counts one packet more.
    pub fn add(&mut self, amount: Fen) {
        self.count += 1;
        self.fen = [self.fen, amount].into_iter().sum();
    }
}

/// Paid packets that cannot be opened yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WithoutPackage {
    /// All of them.
    pub count: u64,
    /// Those whose package a resend may still fetch: inside their window.
    pub open: u64,
}

/// Packets whose number was paid, but not as was owed: another amount, or another recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PaidOtherwise {
    /// How many.
    pub count: u64,
    /// What was owed for them; the sums of the states have this.
    pub owed: Fen,
    /// What was paid for them.
    pub paid: Fen,
}

/// The counters of a campaign by state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally(pub [TallyRow; State::ALL.len()]);

impl Tally {
    /// The counters of one state.
    #[must_use]
    pub fn of(&self, state: State) -> TallyRow {
        let index = State::ALL.iter().position(|known| *known == state);
        index.map_or_else(TallyRow::default, |index| self.0[index])
    }

    /// Packets that are owed or paid: all that were not taken back.
    #[must_use]
    pub fn owed(&self) -> TallyRow {
        self.sum(|state| state != State::Withdrawn)
    }

    /// The counters of all states that `pick` picks, added up.
    #[must_use]
    pub fn sum(&self, pick: impl Fn(State) -> bool) -> TallyRow {
        let picked = || {
            State::ALL
                .into_iter()
                .zip(self.0)
                .filter(|(state, _)| pick(*state))
        };
        TallyRow {
            count: picked().map(|(_, row)| row.count).sum(),
            fen: picked().map(|(_, row)| row.fen).sum(),
        }
    }
}
