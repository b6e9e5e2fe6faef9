//! How a verb begins.
//!
//! - `context`: the campaign file and the mode; `found`: its ledger, to read; `gateway`:
//!   the other side; `backups`: copies of the ledger that nobody types;
//! - `intake`: a recipients file becomes rows of the ledger, or has a `row_fault`; `loaded`:
//!   whether it is there already; `met`: other campaigns of the same people;
//! - `check`: what several verbs check; `approval`: whether a live run has the one it needs;
//! - `stdout`: what it is for, and the facts of a verb;
//! - `time`: the clock, and durations that are typed; `typed`: which verb it is, and what to type
//!   after it, as a shell reads it;
//! - `certificate`: whose the merchant's is.

pub(super) mod approval;
mod backups;
pub(super) mod certificate;
pub(super) mod check;
pub(super) mod context;
pub(super) mod found;
pub(super) mod gateway;
pub(super) mod intake;
pub(super) mod loaded;
pub(super) mod met;
mod row_fault;
pub(super) mod stdout;
pub(super) mod time;
pub(super) mod typed;
