//! Everything about a campaign that a page draws, added up packet by packet and request by request.

use std::collections::{BTreeMap, HashSet};

use super::buckets::{Buckets, Merge};
use super::days::{DaySums, PacketTimes};
use super::latency::Latency;
use super::runs::RunSums;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::ledger::{PacketFigures, RecordedRun, RequestFigures};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
/// Two hours each, up to a day; then what took longer.
pub(in crate::report) const CLAIM_STEPS: usize = 13;
const STEP_MS: i64 = 2 * HOUR_MS;
/// Open packets that a page lists.
const LISTED: usize = 50;

/// The most sends of a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::report) struct MinuteMost(pub(in crate::report) u64);

impl Merge for MinuteMost {
    fn merge(&mut self, other: Self) {
        self.0 = self.0.max(other.0);
    }
}

impl Merge for Fen {
    fn merge(&mut self, other: Self) {
        *self = [*self, other].into_iter().sum();
    }
}

/// The figures of a campaign.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    pub(in crate::report) days: DaySums,
    pub(in crate::report) runs: RunSums,
    /// Money by the time at which it was sent.
    pub(in crate::report) spent: Buckets<Fen>,
    /// The most sends of a minute, over time.
    pub(in crate::report) sends: Buckets<MinuteMost>,
    /// How long sends took, over time, and in all.
    pub(in crate::report) latency: Buckets<Latency>,
    pub(in crate::report) all_latency: Latency,
    /// Claims, by the time they took.
    pub(in crate::report) claimed_after: [u64; CLAIM_STEPS],
    /// Claims at a time that nobody told.
    pub(in crate::report) claimed_undated: u64,
    /// The refused, by the code of their last answer.
    pub(in crate::report) refused: BTreeMap<String, TallyRow>,
    /// The refused that a fund-flow bill calls paid, whatever their code.
    pub(in crate::report) refused_and_billed: TallyRow,
    /// The bills, by row, that a fund-flow bill calls paid and the ledger does not.
    billed: HashSet<i64>,
    /// The first packet.
    first: Option<i64>,
    /// The first packets that are not clear.
    open: Vec<i64>,
    /// The minute of the last send, and the sends in it.
    minute: (i64, u64),
}

impl Figures {
    /// Of a campaign with these runs, of which a fund-flow bill calls these bills paid; without
    /// packets.
    #[must_use]
    pub fn of(runs: &[RecordedRun], billed: HashSet<i64>) -> Self {
        Figures {
            billed,
            runs: RunSums::of(runs),
            ..Figures::default()
        }
    }

    /// Counts a packet.
    pub fn packet(&mut self, packet: &PacketFigures<'_>) {
        self.first = self.first.or(Some(packet.bill));
        let times = PacketTimes::from(packet);
        self.days.add(&times);
        self.runs.add(&times);
        if let Some(at) = packet.first_sent_at.filter(|_| packet.state.is_paid()) {
            self.spent.at(at).merge(times.paid);
        }
        if packet.state == State::Received {
            match packet.first_sent_at.zip(packet.received_at) {
                Some((sent, claimed)) => {
                    let step = usize::try_from((claimed - sent).max(0) / STEP_MS);
                    let step = step.unwrap_or(CLAIM_STEPS).min(CLAIM_STEPS - 1);
                    self.claimed_after[step] += 1;
                }
                None => self.claimed_undated += 1,
            }
        }
        if packet.state == State::Refused {
            self.refused(packet);
        }
        if packet.state.is_unresolved() && self.open.len() < LISTED {
            self.open.push(packet.bill);
        }
    }

    fn refused(&mut self, packet: &PacketFigures<'_>) {
        if self.billed.contains(&packet.bill) {
            return self.refused_and_billed.add(packet.amount);
        }
        let code = packet.err_code.unwrap_or_default();
        if !self.refused.contains_key(code) {
            self.refused.insert(code.to_owned(), TallyRow::default());
        }
        if let Some(row) = self.refused.get_mut(code) {
            row.add(packet.amount);
        }
    }

    /// Counts a request, in their order.
    pub fn request(&mut self, request: &RequestFigures) {
        if !request.is_send {
            return;
        }
        let at = request.committed_at;
        let minute = at.div_euclid(MINUTE_MS);
        self.minute = match self.minute {
            (last, count) if last == minute => (minute, count + 1),
            _ => (minute, 1),
        };
        self.sends.at(at).merge(MinuteMost(self.minute.1));
        if let Some(ended) = request.ended_at {
            self.latency.at(at).add(ended - at);
            self.all_latency.add(ended - at);
        }
    }

    /// The bill of the first packet.
    #[must_use]
    pub fn first(&self) -> Option<i64> {
        self.first
    }

    /// The bills of the first packets that are not clear.
    #[must_use]
    pub fn open(&self) -> &[i64] {
        &self.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_are_counted_by_the_minute_and_claims_by_how_long_they_took() {
        let mut figures = Figures::default();
        for at in [0, 1, 59_999, 60_000, 200_000] {
            figures.request(&RequestFigures {
                is_send: true,
                committed_at: at,
                ended_at: Some(at + 100),
            });
        }
        let most: Vec<u64> = figures.sends.rows().map(|(_, most)| most.0).collect();
        assert_eq!(most, [3, 1, 1]);
        for (after, step) in [(0, 0), (HOUR_MS * 3, 1), (HOUR_MS * 40, CLAIM_STEPS - 1)] {
            figures.packet(&PacketFigures {
                state: State::Received,
                first_sent_at: Some(0),
                received_at: Some(after),
                ..PacketFigures::default()
            });
            assert!(figures.claimed_after[step] > 0, "{after}");
        }
        for code in ["A", "B", "A"] {
            figures.packet(&PacketFigures {
                state: State::Refused,
                amount: Fen::new(5),
                err_code: Some(code),
                ..PacketFigures::default()
            });
        }
        assert_eq!(figures.refused["A"].count, 2);
        assert_eq!(figures.refused["A"].fen, Fen::new(10));
    }

    #[test]
    fn what_was_really_paid_counts() {
        let mut figures = Figures::default();
        for (bill, paid) in [(3, Some(Fen::new(101))), (4, None)] {
            figures.packet(&PacketFigures {
                bill,
                state: State::Sent,
                amount: Fen::new(100),
                paid,
                first_sent_at: Some(0),
                ..PacketFigures::default()
            });
        }
        let (_, day) = figures.days.rows().next().unwrap();
        assert_eq!((day.sent.count, day.sent.fen), (2, Fen::new(201)));
    }

    #[test]
    fn the_refused_that_a_bill_calls_paid_are_not_among_those_to_pay_again() {
        let mut figures = Figures::of(&[], HashSet::from([7]));
        for bill in [6, 7] {
            figures.packet(&PacketFigures {
                bill,
                state: State::Refused,
                amount: Fen::new(5),
                err_code: Some("A"),
                ..PacketFigures::default()
            });
        }
        assert_eq!(figures.refused["A"].count, 1);
        assert_eq!(figures.refused_and_billed.count, 1);
    }
}
