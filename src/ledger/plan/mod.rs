//! Previews of a run.
//!
//! - `schedule`: what leaves on which day;
//! - `content`: what is to be paid, as one digest;
//! - `row_seals`: the digests of rows, made beside their reading;
//! - `people`: how many people that are;
//! - `paid_before`: who was paid before;
//! - `preview`: all of it, of a campaign or a file.

pub(super) mod content;
pub(super) mod paid_before;
mod people;
pub(super) mod preview;
mod row_seals;
pub(super) mod schedule;
