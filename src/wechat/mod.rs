//! The wire boundary: what WeChat Pay is told, and what its answers mean.
//!
//! Everything but [`client`] is bytes and structs, so that every reply can be judged in a test
//! without a server. A request is built once from frozen fields; a reply is judged from the
//! outside in: HTTP, XML, sign, echo, `return_code`, `result_code`, then the code.
//!
//! - `xml`, `sign`, `reply`: the form of requests and replies;
//! - `redpack`, `hbinfo`: a send and a query; `fund_flow`: a request for a bill;
//! - `err_code`: the class of each code; `explain`: what a person should know of it, `hint`: of the
//!   text beside it;
//! - `jsapi`: what a mini-program opens a packet with; `page`: a check of what it was given;
//! - `client`: connections; `download`: bills.
#![deny(clippy::float_arithmetic, clippy::wildcard_enum_match_arm)]

pub mod client;
pub mod download;
pub mod err_code;
pub mod explain;
pub mod fund_flow;
pub mod hbinfo;
pub mod hint;
pub mod jsapi;
pub mod page;
pub mod redpack;
pub mod reply;
#[cfg(test)]
mod samples;
pub mod sign;
pub mod xml;
