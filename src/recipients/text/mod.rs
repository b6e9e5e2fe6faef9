//! A text as rows.
//!
//! - `encoding`: what it is written in; `decoded`: its bytes as UTF-8, hashed on the way;
//!   `encoder`: UTF-8 as the text is written;
//! - `delimiter`, `records`: where its cells and its rows end;
//! - `rows`: all of them together.

mod decoded;
mod delimiter;
pub(super) mod encoder;
pub(super) mod encoding;
mod records;
pub(super) mod rows;
