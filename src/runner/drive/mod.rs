//! The work of workers, and its end.
//!
//! - `preflight`: the first requests of a live run; `run`: what is due, until nothing is;
//! - `settings`: how a campaign is run;
//! - `rest`: while nothing is due, `follow`: what it asks about then; `probes`: in an outage;
//! - `suspicion`: what refusals say about the set-up, before a run and at its end;
//! - `reconcile` in `round`s: questions; `reissue`: new numbers, each after a question;
//! - `withdraw`: questions before packets are taken back;
//! - `ending`: why a run ended, and how far it is.

pub(super) mod ending;
mod follow;
pub(super) mod preflight;
mod probes;
pub(super) mod reconcile;
pub(super) mod reissue;
mod rest;
pub(super) mod round;
pub(super) mod run;
pub(super) mod settings;
mod suspicion;
pub(super) mod withdraw;
