//! Questions that readers ask.
//!
//! - `campaign`: a campaign's own row, and its pause;
//! - `files`: its recipients files;
//! - `due`: what the next step waits for;
//! - `sample`: the numbers that a run asks about first;
//! - `held_back`: what a cap holds back;
//! - `overdue`: what queries will soon not reach any more;
//! - `to_ask`: what a reconciliation asks about, and in which order; what a ledger that may be
//!   behind has still to ask about;
//! - `to_follow`: what a run follows while it waits;
//! - `said`: what WeChat Pay said to the sends of runs before;
//! - `tally`: the counters, checked against what was loaded, and refusals by code;
//! - `report_rows`: packets as reports and `show` tell them;
//! - `claims`: what opens packets, and how far somebody has read of it;
//! - `history`: requests and moves of one packet, and of all in a few numbers each;
//! - `moves`: the moves of a campaign in their order, for who follows it.

pub(super) mod campaign;
pub(super) mod claims;
mod due;
pub(super) mod files;
pub(super) mod held_back;
pub(super) mod history;
pub(super) mod moves;
pub(super) mod overdue;
pub(super) mod report_rows;
pub(super) mod said;
mod sample;
pub(super) mod tally;
pub(super) mod to_ask;
pub(super) mod to_follow;
