//! Verbs that write files to be kept.
//!
//! - `report`: the result of each packet;
//! - `ledger`: a copy of the ledger, a copy in its place, a copy that is the ledger;
//! - `init`: a folder with a campaign that runs on the simulator;
//! - `manual`: completions and manual pages.

pub(super) mod init;
pub(super) mod ledger;
pub(super) mod manual;
pub(super) mod report;
