//! How a run ended.

use crate::domain::money::Fen;
use crate::runner::{Ending, Halt};
use crate::words::Words;

use super::closed::SendsClosed;

/// How a run ended, for the summary and the exit code.
pub(in crate::commands) enum RunEnd {
    NothingToDo,
    Ending(Ending),
    /// A limit of this run was reached, or its first packets were not all paid.
    Limited(Limited),
    /// The time for sends is over, or did not come yet.
    Closed(SendsClosed),
    /// Found before any packet was touched: the campaign is not paused.
    SetUp(Halt),
    Unreachable(Words),
}

/// Why a run with limits stopped.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::commands) struct Limited {
    /// The limit that was reached, as it is typed.
    pub(in crate::commands) limit: String,
    /// Flags of the command that continues the run.
    pub(in crate::commands) flags: String,
    /// Nothing began, since the packet whose turn it is costs more than this.
    pub(in crate::commands) too_small: Option<Fen>,
    /// When the next step of what is open is due.
    pub(in crate::commands) owed: Option<i64>,
    /// A number that a person should look at before going on.
    pub(in crate::commands) trouble: Option<String>,
}
