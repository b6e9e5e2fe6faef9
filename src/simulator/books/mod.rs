//! The simulator's memory, entry by entry.
//!
//! - `entry`: a line of the books; `journal`: their file;
//! - `orders`: all that was paid or refused; `packed`: what each was asked with;
//! - `claims`: when recipients open their packets;
//! - `movements`: the fund-flow bill of all that; `breaks`: planted in it.

pub(super) mod breaks;
pub(super) mod claims;
pub(super) mod entry;
pub(super) mod journal;
pub(super) mod movements;
pub(super) mod orders;
pub(super) mod packed;
