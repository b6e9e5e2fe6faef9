//! The rules of WeChat Pay.
//!
//! - `settings`: the rules that can be set; `gateway`: they and the books while they are used;
//! - `requests`: a request from the door to its endpoint, `check`ed, then `send` or `query`;
//! - `fund_flow`: the bill of a day, as it is downloaded;
//! - `traffic`: what came in, counted; `books`: a copy of them for others.

pub(super) mod books;
mod check;
mod fund_flow;
pub(super) mod gateway;
mod query;
mod requests;
mod send;
pub(super) mod settings;
pub(super) mod traffic;
