//! The facts of a plan, for a person and for a program.

use super::obstacle::Obstacle;
use crate::clock::beijing_words;
use crate::commands::finish::next::NextSteps;
use crate::commands::setup::approval::PlannedApproval;
use crate::domain::tally::TallyRow;
use crate::ledger::{PlannedDay, Preview};
use crate::words::Words;

/// The payments, and how long they take.
pub(super) struct Plan {
    pub(super) all: TallyRow,
    pub(super) to_send: TallyRow,
    pub(super) seconds: u64,
    pub(super) finish_at: i64,
    pub(super) preview: Preview,
    /// What would stop a run before its first send.
    pub(super) obstacle: Option<Obstacle>,
    /// Where somebody must approve it.
    pub(super) approval: Option<PlannedApproval>,
    /// The commands that go on from here.
    pub(super) next: NextSteps,
    /// Which columns of the list are read as what; empty where the list is not at hand.
    pub(super) columns: Vec<Words>,
    /// Whether the list on disk is another one than was loaded.
    pub(super) is_changed: bool,
}

pub(super) fn date(day: &PlannedDay) -> String {
    beijing_words(day.from).chars().take(10).collect()
}
