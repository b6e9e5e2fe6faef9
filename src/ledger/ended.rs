//! An attempt with its answer.

use super::advance::{Cause, Key};
use super::attempt::Step;
use super::chain::Told;
use crate::domain::bill::Bill;
use crate::domain::policy::Moment;
use crate::domain::state::Event;

/// An attempt that got its answer.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub(super) attempt: i64,
    pub(super) key: Key,
    pub(super) moment: Moment,
    pub(super) before: Bill,
    /// No attempt about the bill has ended before.
    pub(super) is_fresh: bool,
}

impl Ended {
    pub(super) fn new(attempt: i64, step: Step, moment: Moment) -> Self {
        Ended {
            attempt,
            key: step.key,
            moment,
            before: step.bill,
            is_fresh: step.is_fresh,
        }
    }

    pub(super) fn cause<'a>(&self, event: Event, told: Told, note: Option<&'a str>) -> Cause<'a> {
        Cause {
            event,
            told: Some(told),
            at: self.moment.now,
            note,
            code: None,
            fresh: None,
        }
    }
}
