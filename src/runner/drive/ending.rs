//! How far a run is, and why it ended.

use crate::runner::health::gate::Shut;
use crate::words::Words;

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Nothing is due by itself any more.
    Finished,
    /// The next step of an open packet is due at this time, later than `linger_seconds` allow.
    Waiting(i64),
    /// The run's limit is reached, and what is owed from before is settled or not due before this
    /// time.
    Bounded(Option<i64>),
    /// The time for sends is over and packets wait for their first or next send.
    Closed,
    /// No usable answer came for `linger_seconds`; the last failure in words.
    Unreachable(Words),
    /// The gate was shut.
    Shut(Shut),
}

impl Ending {
    /// Of a run whose next step is due at `due`.
    pub(in crate::runner) fn at(due: Option<i64>, is_bounded: bool) -> Ending {
        match due {
            due if is_bounded => Ending::Bounded(due),
            Some(due) => Ending::Waiting(due),
            None => Ending::Finished,
        }
    }
}

/// A moment of a run, for a progress bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Glance {
    /// Packets that this run brought to a state other than `ready` and `in_flight`.
    pub moved: u64,
    /// Sends this run made.
    pub sends: u64,
    /// Queries this run made.
    pub queries: u64,
    /// What it waits for, if it does.
    pub waits: Option<Waits>,
}

/// What a run waits for while it can do nothing else. Times are of the wall clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// The gateway, after this failure; or else packets without a result.
    pub gateway: Option<Words>,
    /// The next request.
    pub next: i64,
    /// The end of its patience.
    pub until: i64,
}
