//! Decisions of a person.
//!
//! - `pause`: pauses, and a word about the clock;
//! - `verdict`: paid or not, where the machine must not say;
//! - `approval`: approvals in the journal;
//! - `reissue`: a new number for a packet;
//! - `withdraw`: packets that are taken back;
//! - `exported`: packets that are paid from another list.

mod approval;
mod exported;
pub(super) mod pause;
pub(super) mod reissue;
pub(super) mod verdict;
pub(super) mod withdraw;
