//! Verbs by which a person decides.
//!
//! - `approve`: a signature under a plan, or a new key;
//! - `pause`: stop sending, and allow it again;
//! - `resolve`: a person's word about one packet;
//! - `withdraw`: packets that are taken back, `picked` by name, by a file, or all.

pub(super) mod approve;
pub(super) mod pause;
mod picked;
pub(super) mod resolve;
pub(super) mod withdraw;
