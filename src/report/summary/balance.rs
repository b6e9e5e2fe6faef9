//! Where the money of a campaign is: each packet stands in one line, and the lines add up to what
//! is owed.

use serde_json::{Map, Value};

use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::domain::tally::{Tally, TallyRow};
use crate::report::standing::Standing;
use crate::words::{Text, Words, notify, report::balance as words};

/// A line of the balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum BalanceLine {
    Waiting,
    Unclaimed,
    Claimed,
    Refunding,
    Refunded,
    Failed,
    Unclear,
    /// Beside the others: what a person took back is not owed any more.
    Withdrawn,
}

impl BalanceLine {
    /// The lines that add up to what is owed.
    pub(in crate::report) const ALL: [BalanceLine; 7] = [
        BalanceLine::Waiting,
        BalanceLine::Unclaimed,
        BalanceLine::Claimed,
        BalanceLine::Refunding,
        BalanceLine::Refunded,
        BalanceLine::Failed,
        BalanceLine::Unclear,
    ];

    /// The line of a packet in this state.
    pub(in crate::report) const fn of(state: State) -> BalanceLine {
        match state {
            State::Ready => BalanceLine::Waiting,
            State::Sent => BalanceLine::Unclaimed,
            State::Received => BalanceLine::Claimed,
            State::Refunding => BalanceLine::Refunding,
            State::Refunded => BalanceLine::Refunded,
            State::Refused => BalanceLine::Failed,
            State::Withdrawn => BalanceLine::Withdrawn,
            State::InFlight | State::InDoubt | State::Processing | State::Review => {
                BalanceLine::Unclear
            }
        }
    }

    /// As programs know it.
    const fn name(self) -> &'static str {
        match self {
            BalanceLine::Waiting => "waiting",
            BalanceLine::Unclaimed => "unclaimed",
            BalanceLine::Claimed => "claimed",
            BalanceLine::Refunding => "refunding",
            BalanceLine::Refunded => "refunded",
            BalanceLine::Failed => "failed",
            BalanceLine::Unclear => "unclear",
            BalanceLine::Withdrawn => "withdrawn",
        }
    }

    pub(in crate::report) const fn label(self) -> Text {
        match self {
            BalanceLine::Waiting => words::WAITING,
            BalanceLine::Unclaimed => words::UNCLAIMED,
            BalanceLine::Claimed => words::CLAIMED,
            BalanceLine::Refunding => words::REFUNDING,
            BalanceLine::Refunded => words::REFUNDED,
            BalanceLine::Failed => words::FAILED,
            BalanceLine::Unclear => words::UNCLEAR,
            BalanceLine::Withdrawn => words::WITHDRAWN,
        }
    }
}

/// The balance of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Balance {
    /// The debt.
    pub(in crate::report) owed: TallyRow,
    /// Each line, in order.
    pub(in crate::report) lines: [(BalanceLine, TallyRow); BalanceLine::ALL.len()],
    /// Packets that a person took back.
    pub(in crate::report) withdrawn: TallyRow,
}

impl Balance {
    /// Of the counters, which add up to `loaded`.
    pub(in crate::report) fn of(tally: &Tally, loaded: TallyRow) -> Balance {
        let line = |line| (line, tally.sum(|state| BalanceLine::of(state) == line));
        let withdrawn = tally.sum(|state| BalanceLine::of(state) == BalanceLine::Withdrawn);
        let owed = TallyRow {
            count: loaded.count.saturating_sub(withdrawn.count),
            fen: loaded.fen.checked_sub(withdrawn.fen).unwrap_or_default(),
        };
        Balance {
            owed,
            lines: BalanceLine::ALL.map(line),
            withdrawn,
        }
    }

    /// On one line, without the places where nothing is.
    fn words(&self) -> Words {
        let held = self.lines.iter().filter(|(_, row)| row.count > 0);
        let parts = held.map(|(line, row)| notify::part(line.label(), row.fen, row.count));
        let parts = parts.reduce(|sum, part| Words {
            code: part.code,
            en: format!("{} + {}", sum.en, part.en),
            zh: format!("{} + {}", sum.zh, part.zh),
        });
        let check = if self.is_even() {
            words::BALANCED
        } else {
            words::UNBALANCED
        };
        let nothing = || notify::part(words::WAITING, Fen::ZERO, 0);
        let parts = parts.unwrap_or_else(nothing);
        notify::balance(self.owed.fen, self.owed.count, parts, check)
    }

    /// In fen, by place.
    fn json(&self) -> Value {
        let place = |(line, row): &(BalanceLine, TallyRow)| {
            (format!("{}_fen", line.name()), row.fen.fen().into())
        };
        let mut places = Map::new();
        places.insert("owed_fen".to_owned(), self.owed.fen.fen().into());
        places.extend(self.lines.iter().map(place));
        places.insert("balanced".to_owned(), self.is_even().into());
        places.into()
    }

    /// Whether the lines add up to what is owed.
    pub(in crate::report) fn is_even(&self) -> bool {
        let count: u64 = self.lines.iter().map(|(_, row)| row.count).sum();
        let fen = self.lines.iter().map(|(_, row)| row.fen).sum();
        (count, fen) == (self.owed.count, self.owed.fen)
    }
}

/// Where the money of a campaign is, on one line and for a program.
#[must_use]
pub fn balance_of(standing: &Standing) -> (Words, Value) {
    let balance = Balance::of(&standing.tally, standing.loaded());
    (balance.words(), balance.json())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(of: impl Fn(u64) -> u64) -> Tally {
        let mut tally = Tally::default();
        for (at, row) in (1..).zip(&mut tally.0) {
            (row.count, row.fen) = (of(at), Fen::new(of(at) * 100));
        }
        tally
    }

    #[test]
    fn every_state_stands_in_one_line_and_the_lines_add_up() {
        let tally = rows(|at| at);
        let balance = Balance::of(&tally, tally.sum(|_| true));
        assert!(balance.is_even());
        let all = |row: TallyRow| (row.count, row.fen);
        let (owed, withdrawn) = (all(balance.owed), all(balance.withdrawn));
        let total = all(tally.sum(|_| true));
        assert_eq!(
            (
                owed.0 + withdrawn.0,
                [owed.1, withdrawn.1].into_iter().sum()
            ),
            total
        );
        for line in BalanceLine::ALL {
            assert!(
                State::ALL
                    .iter()
                    .any(|state| BalanceLine::of(*state) == line)
            );
        }
    }

    #[test]
    fn a_packet_that_is_missing_in_the_counters_shows() {
        let tally = rows(|_| 1);
        let mut loaded = tally.sum(|_| true);
        loaded.count += 1;
        assert!(!Balance::of(&tally, loaded).is_even());
    }
}
