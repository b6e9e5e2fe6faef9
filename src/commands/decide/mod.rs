//! Verbs by which a person decides.
//!
//! - `approve`: a signature under a plan, or a new key;
//! - `pause`: stop sending, and allow it again;
//! - `resolve`: a person's word about one packet.

pub(super) mod approve;
pub(super) mod pause;
pub(super) mod resolve;
