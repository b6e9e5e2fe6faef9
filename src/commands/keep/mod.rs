//! Verbs that write files to be kept: a report, a copy of the ledger.

pub(super) mod ledger;
pub(super) mod report;
