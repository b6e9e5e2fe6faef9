//! All that is found in a file while it is read.

use super::cause::Cause;
use super::faults::{Fault, Faults};
use super::form_fault::FormFault;
use super::notices::Notices;
use super::other_unit::{NoUnit, OtherUnit};
use super::place::{Place, shown};

/// The faults and notices of a file.
#[derive(Debug, Default)]
pub(in crate::recipients) struct Findings {
    pub(in crate::recipients) faults: Faults,
    pub(in crate::recipients) notices: Notices,
    no_unit: Option<NoUnit>,
    /// Whole numbers that went through a float, `188.0`, below `amount`.
    floats: Option<NoUnit>,
    /// Whether an amount there has fen.
    has_fen: bool,
    misread: Option<Misread>,
    units: UnitDoubt,
}

impl Findings {
    /// Counts a whole number without a unit; the first one is kept.
    pub(in crate::recipients) fn without_unit(&mut self, found: impl FnOnce() -> NoUnit) {
        self.no_unit.get_or_insert_with(found).count += 1;
    }

    /// Counts an amount below `amount` that has a point. A point and one nought are what programs
    /// make of any whole number with a blank in its column: they name no unit, unless another
    /// amount has fen.
    pub(in crate::recipients) fn with_point(&mut self, float: Option<NoUnit>) {
        match float {
            None => self.has_fen = true,
            Some(found) => self.floats.get_or_insert(found).count += 1,
        }
    }

    /// Counts a text that was read in a wrong encoding; the first one is kept.
    pub(in crate::recipients) fn misread(&mut self, place: Place, text: &str, was: String) {
        let first = self.misread.get_or_insert_with(|| Misread {
            place,
            text: text.to_owned(),
            was,
            count: 0,
        });
        first.count += 1;
    }

    fn tell_misread(&mut self) {
        if let Some(found) = self.misread.take() {
            let cause = FormFault::Misread {
                was: shown(&found.was).into(),
                count: found.count,
            };
            let fault = Fault::of_cell(found.place, &found.text, cause.into());
            self.faults.merge(fault.into());
        }
    }

    /// An amount.
    pub(in crate::recipients) fn amount(&mut self) {
        self.units.amount();
    }

    /// An amount out of range that is none of its column's unit, as it seems.
    pub(in crate::recipients) fn of_other_unit(
        &mut self,
        fault: Fault,
        found: impl FnOnce() -> OtherUnit,
    ) {
        self.units.push(fault, found);
    }

    /// Tells each of these by itself, where one row alone is read.
    pub(in crate::recipients) fn release(&mut self) {
        let units = std::mem::take(&mut self.units);
        self.faults.merge(units.faults);
        self.tell_misread();
    }

    /// Whether a row was refused.
    pub(in crate::recipients) fn has_refused(&self) -> bool {
        !self.faults.is_empty()
            || self.no_unit.is_some()
            || self.misread.is_some()
            || !self.units.is_empty()
    }

    /// Tells the column's fault at its header, once all of it was read.
    pub(in crate::recipients) fn close(&mut self, column: impl Fn() -> Place) {
        self.tell_misread();
        let floats = self.floats.take().filter(|_| !self.has_fen);
        if let Some(found) = self.no_unit.take().or(floats) {
            let fault = Fault::of(column(), Cause::NoUnit(Box::new(found)));
            self.faults.merge(fault.into());
        }
        match std::mem::take(&mut self.units).close() {
            Ok(None) => {}
            Ok(Some(found)) => {
                let fault = Fault::of(column(), Cause::OtherUnit(Box::new(found)));
                self.faults.merge(fault.into());
            }
            Err(faults) => self.faults.merge(faults),
        }
    }
}

/// Texts that the program which wrote the list had read in a wrong encoding.
#[derive(Debug)]
struct Misread {
    place: Place,
    text: String,
    was: String,
    count: u64,
}

/// Amounts that may be of the other unit.
#[derive(Debug, Default)]
struct UnitDoubt {
    found: Option<OtherUnit>,
    /// The same one by one, where they are told so after all.
    faults: Faults,
    amounts: u64,
}

impl UnitDoubt {
    fn amount(&mut self) {
        self.amounts += 1;
    }

    fn push(&mut self, fault: Fault, found: impl FnOnce() -> OtherUnit) {
        self.found.get_or_insert_with(found).count += 1;
        self.faults.push(fault);
    }

    fn is_empty(&self) -> bool {
        self.found.is_none()
    }

    /// The column's fault, where there are several such amounts and more than others; else theirs.
    fn close(self) -> Result<Option<OtherUnit>, Faults> {
        match self.found {
            Some(found) if found.count > 1 && 2 * found.count > self.amounts => Ok(Some(found)),
            Some(_) => Err(self.faults),
            None => Ok(None),
        }
    }
}
