//! Verbs that write files to be kept: a report, a copy of the ledger, pages of a manual.

pub(super) mod ledger;
pub(super) mod manual;
pub(super) mod report;
