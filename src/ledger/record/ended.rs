//! An attempt with its answer.

use crate::domain::bill::Bill;
use crate::domain::policy::Moment;
use crate::domain::state::Event;
use crate::ledger::bill::advance::{Key, MoveCause};
use crate::ledger::journal::chain::RequestMark;
use crate::ledger::take::attempt::Step;

/// An attempt that got its answer.
#[derive(Debug, Clone)]
pub(in crate::ledger) struct Ended {
    pub(super) attempt: i64,
    pub(super) key: Key,
    pub(super) moment: Moment,
    pub(super) before: Bill,
    /// No attempt about the bill has ended before.
    pub(super) is_fresh: bool,
}

impl Ended {
    pub(in crate::ledger) fn new(attempt: i64, step: Step, moment: Moment) -> Self {
        Ended {
            attempt,
            key: step.key,
            moment,
            before: step.bill,
            is_fresh: step.is_fresh,
        }
    }

    pub(super) fn cause<'a>(
        &self,
        event: Event,
        told: RequestMark,
        note: Option<&'a str>,
    ) -> MoveCause<'a> {
        MoveCause {
            event,
            told: Some(told),
            at: self.moment.now,
            note,
            code: None,
            fresh: None,
        }
    }
}
