//! One bill: the only writer of a state, what finds a bill, and what its number is made of.
//!
//! - `advance`: a bill from one state to another, with counters and journal;
//! - `candidate`: a bill that is read with its seal checked;
//! - `number`: the numbers of a campaign's packets;
//! - `frozen_anew`: what was fixed about a packet before it was frozen anew;
//! - `lineage`: the earlier and later numbers of a packet;
//! - `later`: what becomes of those, where an earlier one turns out to be paid;
//! - `elsewhere`: the same person's packet on another list;
//! - `breaks`: proofs that a later answer broke;
//! - `picks`: SQL conditions that pick bills;
//! - `paid_otherwise`: what was paid under a number, where that is not what is owed;
//! - `fate`: what became of it;
//! - `unasked`: what WeChat Pay is still to be asked about;
//! - `untried`: where the bills begin that were never taken up.

pub(super) mod advance;
pub(super) mod breaks;
pub(super) mod candidate;
pub(super) mod elsewhere;
pub(super) mod fate;
pub(super) mod frozen_anew;
pub(super) mod later;
pub(super) mod lineage;
pub(super) mod number;
pub(super) mod paid_otherwise;
pub(super) mod picks;
pub(super) mod unasked;
pub(super) mod untried;
