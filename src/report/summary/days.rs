//! Sends, claims and refunds of each Beijing day, and the days that do not add up.

use std::collections::BTreeMap;

use crate::domain::caps::{begin_of, day_of};
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::ledger::{PacketFigures, ReportRow};

/// From the end of a day until everything sent on it must be claimed or back: 24 hours to claim,
/// and two days for WeChat Pay to return what was not.
const SETTLED_MS: i64 = 72 * 3_600_000;

/// Where a packet stands, and since when: as much as sums by day need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::report) struct PacketTimes {
    pub(in crate::report) state: State,
    /// What was paid for it, if it was: mostly what is owed.
    pub(in crate::report) paid: Fen,
    /// What came back of it, if it did: mostly all of it.
    pub(in crate::report) returned: Fen,
    pub(in crate::report) sent_at: Option<i64>,
    pub(in crate::report) claimed_at: Option<i64>,
    pub(in crate::report) refunded_at: Option<i64>,
}

impl From<&ReportRow> for PacketTimes {
    fn from(row: &ReportRow) -> Self {
        let paid = row.paid.as_ref().map_or(row.amount, |paid| paid.amount);
        PacketTimes {
            state: row.state,
            paid,
            returned: row.fate.refunded.unwrap_or(paid),
            sent_at: row.first_sent_at,
            claimed_at: row.fate.received_at,
            refunded_at: row.fate.refunded_at,
        }
    }
}

impl From<&PacketFigures<'_>> for PacketTimes {
    fn from(packet: &PacketFigures<'_>) -> Self {
        let paid = packet.paid.unwrap_or(packet.amount);
        PacketTimes {
            state: packet.state,
            paid,
            returned: packet.refunded.unwrap_or(paid),
            sent_at: packet.first_sent_at,
            claimed_at: packet.received_at,
            refunded_at: packet.refunded_at,
        }
    }
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::report) struct DaySum {
    pub(in crate::report) sent: TallyRow,
    pub(in crate::report) claimed: TallyRow,
    pub(in crate::report) refunded: TallyRow,
    /// Of what was sent on it: neither claimed nor back.
    pub(in crate::report) open: TallyRow,
    /// Beside what was sent: requests of this day whose result is not known.
    pub(in crate::report) unclear: TallyRow,
}

/// The mark of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum DayMark {
    /// All that was sent on it came to an end.
    Settled,
    /// There is time left.
    Open,
    /// There is none, and something is still open.
    Odd,
}

impl DaySum {
    /// The mark at that time.
    pub(in crate::report) fn mark(&self, day: i64, now: i64) -> DayMark {
        if self.open.count + self.unclear.count == 0 {
            DayMark::Settled
        } else if now < begin_of(day + 1).saturating_add(SETTLED_MS) {
            DayMark::Open
        } else {
            DayMark::Odd
        }
    }
}

/// All days with something on them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::report) struct DaySums {
    pub(in crate::report) by_day: BTreeMap<i64, DaySum>,
    /// Ends at a time that WeChat Pay did not tell.
    pub(in crate::report) undated: DaySum,
}

impl DaySums {
    /// Counts a packet.
    pub(in crate::report) fn add(&mut self, packet: &PacketTimes) {
        let state = packet.state;
        if let Some(at) = packet.sent_at {
            let day = self.by_day.entry(day_of(at)).or_default();
            if state.is_paid() {
                day.sent.add(packet.paid);
            }
            if matches!(state, State::Sent | State::Refunding) {
                day.open.add(packet.paid);
            }
            if state.is_unresolved() {
                day.unclear.add(packet.paid);
            }
        }
        if state == State::Received {
            self.of(packet.claimed_at).claimed.add(packet.paid);
        }
        if state == State::Refunded {
            self.of(packet.refunded_at).refunded.add(packet.returned);
        }
    }

    fn of(&mut self, at: Option<i64>) -> &mut DaySum {
        match at {
            Some(at) => self.by_day.entry(day_of(at)).or_default(),
            None => &mut self.undated,
        }
    }

    /// The days with something on them, in order.
    pub(in crate::report) fn rows(&self) -> impl Iterator<Item = (i64, &DaySum)> {
        let rows = self.by_day.iter().map(|(day, row)| (*day, row));
        rows.filter(|(_, row)| **row != DaySum::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fate::Fate;
    use crate::domain::outcome::Paid;

    const NOON: i64 = 1_795_406_400_000;
    const HOUR: i64 = 3_600_000;

    fn packet(state: State, end: Option<i64>) -> PacketTimes {
        let (claimed_at, refunded_at) = match state {
            State::Received => (end, None),
            _ => (None, end),
        };
        PacketTimes {
            state,
            paid: Fen::new(100),
            returned: Fen::new(100),
            sent_at: Some(NOON),
            claimed_at,
            refunded_at,
        }
    }

    #[test]
    fn a_packet_counts_on_the_day_on_which_something_happened() {
        let mut days = DaySums::default();
        days.add(&packet(State::Received, Some(NOON + HOUR)));
        days.add(&packet(State::Received, None));
        days.add(&packet(State::Refunded, Some(NOON + 25 * HOUR)));
        days.add(&packet(State::Refused, None));
        let rows: Vec<(i64, DaySum)> = days.rows().map(|(day, row)| (day, *row)).collect();
        let [(first, on_first), (second, on_second)] = rows[..] else {
            panic!("{rows:?}");
        };
        assert_eq!(second, first + 1);
        let counts = |day: DaySum| [day.sent.count, day.claimed.count, day.refunded.count];
        assert_eq!(
            (counts(on_first), counts(on_second)),
            ([3, 1, 0], [0, 0, 1])
        );
        assert_eq!(days.undated.claimed.count, 1, "it came without a time");
        assert_eq!(on_first.mark(first, NOON), DayMark::Settled);
    }

    #[test]
    fn a_day_has_no_more_open_than_sent_and_the_money_that_really_moved() {
        let mut days = DaySums::default();
        let partly = ReportRow {
            state: State::Refunded,
            amount: Fen::new(3000),
            first_sent_at: Some(NOON),
            fate: Fate {
                refunded_at: Some(NOON),
                refunded: Some(Fen::new(2999)),
                ..Fate::default()
            },
            ..ReportRow::default()
        };
        let otherwise = ReportRow {
            state: State::Received,
            amount: Fen::new(100),
            first_sent_at: Some(NOON),
            fate: Fate {
                received_at: Some(NOON),
                ..Fate::default()
            },
            paid: Some(Paid {
                openid: None,
                amount: Fen::new(101),
            }),
            ..ReportRow::default()
        };
        for row in [&partly, &otherwise] {
            days.add(&row.into());
        }
        for state in [State::Sent, State::InDoubt, State::Processing] {
            days.add(&packet(state, None));
        }
        let (_, row) = days.rows().next().unwrap();
        assert_eq!((row.sent.count, row.sent.fen), (3, Fen::new(3201)));
        assert_eq!((row.open.count, row.unclear.count), (1, 2));
        assert_eq!(row.claimed.fen, Fen::new(101));
        assert_eq!(row.refunded.fen, Fen::new(2999));
    }

    #[test]
    fn a_day_with_something_open_after_its_time_does_not_add_up() {
        for state in [State::Sent, State::Refunding, State::InDoubt] {
            let mut days = DaySums::default();
            days.add(&packet(state, None));
            let (day, row) = days.rows().next().unwrap();
            assert_eq!(row.open.count + row.unclear.count, 1);
            let end = begin_of(day + 1) + SETTLED_MS;
            assert_eq!(row.mark(day, end - 1), DayMark::Open);
            assert_eq!(row.mark(day, end), DayMark::Odd);
        }
    }
}
