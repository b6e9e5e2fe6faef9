//! A text as rows.
//!
//! - `encoding`: what it is written in; `mark`: what its first bytes say of that; `survey`: whether
//!   it is UTF-8 with damage; `malformed`: where it is not of a charset; `lines`: bytes in pieces;
//!   `decoded`: its bytes as UTF-8, hashed on the way; `encoder`: UTF-8 as the text is written;
//!   `guess`: what it may be written in instead; `seven_bit`: Chinese in ASCII alone;
//! - `delimiter`, `records`: where its cells and its rows end; `quotes`: what stands beside quotes;
//!   `swallowed`: rows inside a cell;
//! - `rows`: all of them together.

mod decoded;
mod delimiter;
pub(super) mod encoder;
pub(super) mod encoding;
pub(super) mod guess;
mod lines;
mod malformed;
mod mark;
mod quotes;
mod records;
pub(super) mod rows;
mod seven_bit;
mod survey;
pub(super) mod swallowed;
