//! The pure core: what a packet is, what may happen to its bill, and what to do next.
//!
//! Nothing here asks for the time, rolls dice, does I/O or knows SQL, HTTP or XML. The same
//! input gives the same answer, so every rule of safety can be tested without a server.
#![deny(clippy::float_arithmetic, clippy::wildcard_enum_match_arm)]

mod again;
pub mod approval;
mod backoff;
pub mod bill;
pub mod caps;
mod event;
mod explain;
pub mod heard;
pub mod hex;
pub mod ids;
pub mod money;
pub mod outcome;
pub mod packet;
pub mod policy;
pub mod reissue;
pub mod rules;
mod seen;
pub mod state;
mod step;
pub mod text;
mod unnamed;
