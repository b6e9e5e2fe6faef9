//! The parts of a page.

use crate::domain::state::State;
use crate::ledger::ReportRow;
use crate::report::summary::balance::BalanceLine;
use crate::report::summary::facts::ReportFacts;
use crate::report::summary::figures::Figures;

/// The parts of a page.
#[derive(Debug, Clone, Copy)]
pub struct HtmlPage<'a> {
    /// The campaign as a whole.
    pub facts: &'a ReportFacts,
    /// The sums.
    pub figures: &'a Figures,
    /// The first packet.
    pub first: Option<&'a ReportRow>,
    /// The first packets that are not clear.
    pub open: &'a [ReportRow],
    /// Whether openids are shown whole.
    pub is_full: bool,
}

impl HtmlPage<'_> {
    /// The name of a state for people.
    pub(super) fn state(&self, state: State) -> &'static str {
        state.label().within(self.facts.lang)
    }

    /// Whether more packets are not clear than are listed.
    pub(super) fn is_cut(&self) -> bool {
        let tally = &self.facts.standing.tally;
        let unclear = tally.sum(|state| BalanceLine::of(state) == BalanceLine::Unclear);
        usize::try_from(unclear.count).is_ok_and(|count| count > self.open.len())
    }
}
