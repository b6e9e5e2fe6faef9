//! The merchant's fund-flow bill beside the ledger: what its rows are, and what does not agree.
//!
//! - `row`: a row of the bill, and whether it is ours;
//! - `breaks`: the ten ways in which ledger and bill differ;
//! - `covered`: the days that the given bills tell of;
//! - `judge`: one packet beside the rows that name it.

pub mod breaks;
pub mod covered;
pub mod judge;
pub mod row;
