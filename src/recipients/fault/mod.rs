//! Faults and notices of a file, and their places.
//!
//! - `place`: a cell, a line, a column, as the file's reader counts them;
//! - `cause`: why a place is at fault; `amount_fault`: why a text is no amount;
//!   `other_unit`: a column of the wrong unit;
//!   `missing`: a column that is not there; `repeated`: a row that stands twice; `form_fault`: why
//!   a file is no list at all, and what it is instead;
//! - `faults`: every fault of a file, the first thousand listed;
//! - `notices`: what was put right without refusing the file; `invisible`: characters that were
//!   taken out; `openid_looks`: openids that are not like the others; `marked_rows`: rows that
//!   somebody meant to leave out;
//! - `findings`: both while rows are read;
//! - `error`: why a file gives no packets.

pub(super) mod amount_fault;
pub(super) mod cause;
pub(super) mod error;
pub(super) mod faults;
pub(super) mod findings;
pub(super) mod form_fault;
mod invisible;
pub(super) mod marked_rows;
pub(super) mod missing;
pub(super) mod notices;
mod openid_looks;
pub(super) mod other_unit;
pub(super) mod place;
pub(super) mod repeated;
