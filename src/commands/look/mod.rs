//! Verbs that only look: each writes nothing.

pub(super) mod audit;
pub(super) mod explain;
pub(super) mod show;
pub(super) mod status;
