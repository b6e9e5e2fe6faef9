//! Requests and answers on the wire, in bytes and texts.
//!
//! - `xml`, `fields`, `sign`: a request's fields, and whether its sign is right;
//! - `answer`: the fields of an answer; `reply`: its bytes, and how they arrive;
//! - `words`, `times`: texts and dates as WeChat Pay writes them.

pub(super) mod answer;
pub(super) mod fields;
pub(super) mod reply;
pub(super) mod sign;
pub(super) mod times;
pub(super) mod words;
pub(super) mod xml;
