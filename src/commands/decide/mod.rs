//! Verbs by which a person decides.

pub(super) mod approve;
pub(super) mod pause;
pub(super) mod resolve;
