//! All that is found in a file while it is read.

use super::cause::{Cause, NoUnit};
use super::faults::{Fault, Faults};
use super::notices::Notices;
use super::place::Place;

/// The faults and notices of a file.
#[derive(Debug, Default)]
pub(in crate::recipients) struct Findings {
    pub(in crate::recipients) faults: Faults,
    pub(in crate::recipients) notices: Notices,
    no_unit: Option<NoUnit>,
}

impl Findings {
    /// Counts a whole number without a unit; the first one is kept.
    pub(in crate::recipients) fn without_unit(&mut self, found: impl FnOnce() -> NoUnit) {
        self.no_unit.get_or_insert_with(found).count += 1;
    }

    /// Whether a row was refused.
    pub(in crate::recipients) fn has_refused(&self) -> bool {
        !self.faults.is_empty() || self.no_unit.is_some()
    }

    /// Tells the column's fault at its header, once all of it was read.
    pub(in crate::recipients) fn close(&mut self, column: impl FnOnce() -> Place) {
        if let Some(found) = self.no_unit.take() {
            let fault = Fault::of(column(), Cause::NoUnit(Box::new(found)));
            self.faults.merge(fault.into());
        }
    }
}
