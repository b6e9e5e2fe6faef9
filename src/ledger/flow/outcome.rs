//! The result of a match, in counts: beside the given bills, and beside all so far.

use std::collections::BTreeMap;

use super::explained::ExplainedBreaks;
use super::kept::GivenBill;
use super::known::KnownBill;
use super::resolve::Whose;
use super::scratch::{BreakStanding, FlowBreak, FlowScratch};
use crate::domain::flow::breaks::BreakKind;
use crate::domain::flow::covered::CoveredDays;
use crate::domain::flow::judge::{Beside, Booking, CameBack, back_of};
use crate::domain::money::Fen;

/// How packets stand beside some bills, in counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowFigures {
    /// Packets that ledger and bills agree about, to the fen.
    pub matched: u64,
    /// Their money.
    pub matched_fen: Fen,
    /// Paid packets of days that no bill covers.
    pub not_covered: u64,
    /// Packets without a break of which money came back by the bills.
    pub came_back: u64,
    /// That money.
    pub came_back_fen: Fen,
    /// Packets whose money came back on days that no bill covers.
    pub back_not_covered: u64,
    /// Packets in doubt that stand in the bills as paid, to the fen.
    pub in_doubt: u64,
}

/// The result of a match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowOutcome {
    /// Beside the given bills alone.
    pub given: FlowFigures,
    /// Beside all bills so far.
    pub so_far: FlowFigures,
    /// The bills given before, but for those that are given again.
    pub before: Vec<GivenBill>,
    /// Rows of other business in all bills so far.
    pub foreign_so_far: u64,
    /// Rows of other campaigns in them.
    pub others_so_far: u64,
    /// The days that all bills so far cover.
    pub days_so_far: CoveredDays,
    /// Breaks by kind that the given bills have, alone or with those before. They themselves are in
    /// the scratch.
    pub breaks: BTreeMap<BreakKind, u64>,
    /// The same that only bills given before have.
    pub carried: BTreeMap<BreakKind, u64>,
    /// The same that a person explained.
    pub explained: BTreeMap<BreakKind, u64>,
    /// Paid packets of days that the given bills cover, and in none of those.
    pub missing_in_given: u64,
    /// The rows of the given bills.
    pub whose: Whose,
}

impl FlowOutcome {
    pub(super) fn add(
        &mut self,
        (scratch, explained): (&FlowScratch, &ExplainedBreaks),
        (mut found, is_carried): (FlowBreak, bool),
    ) -> rusqlite::Result<()> {
        found.explained = explained.words(&found);
        let (how, counts) = match (&found.explained, is_carried) {
            (Some(_), _) => (BreakStanding::Explained, &mut self.explained),
            (None, true) => (BreakStanding::Carried, &mut self.carried),
            (None, false) => (BreakStanding::Given, &mut self.breaks),
        };
        *counts.entry(found.kind).or_default() += 1;
        scratch.found(&found, how)
    }

    /// Whether packets are missing in bills that name nothing of this merchant's: they may be
    /// another merchant's, or of another account.
    #[must_use]
    pub fn is_of_another(&self) -> bool {
        let is_strange = self.breaks.contains_key(&BreakKind::MissingInLedger);
        let is_named = !self.whose.by_column.is_empty() || self.whose.of_others > 0 || is_strange;
        self.missing_in_given > 0 && !is_named
    }

    /// All breaks by kind, those that were explained among them.
    pub(super) fn all_breaks(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for (kind, count) in [&self.breaks, &self.carried, &self.explained]
            .into_iter()
            .flatten()
        {
            *counts.entry(kind.name()).or_default() += count;
        }
        counts
    }

    /// Whether money moved that the ledger cannot account for.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        self.breaks.keys().any(|kind| kind.is_grave())
    }
}

impl FlowFigures {
    pub(super) fn count(&mut self, known: &KnownBill, beside: Beside, rows: &[Booking]) {
        match beside {
            Beside::Matched => {
                self.matched += 1;
                let amount = known.packet.amount;
                self.matched_fen = [self.matched_fen, amount].into_iter().sum();
            }
            Beside::NotCovered => self.not_covered += 1,
            Beside::InDoubt => self.in_doubt += 1,
            Beside::Broken => return,
            Beside::Unpaid => {}
        }
        match back_of(&known.packet, rows) {
            CameBack::Nothing => {}
            CameBack::Booked(total) => {
                self.came_back += 1;
                self.came_back_fen = [self.came_back_fen, total].into_iter().sum();
            }
            CameBack::NotCovered => self.back_not_covered += 1,
        }
    }
}
