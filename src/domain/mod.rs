//! The pure core: what a packet is, what may happen to its bill, and what to do next.
//!
//! Nothing here asks for the time, rolls dice, does I/O or knows SQL, HTTP or XML. The same
//! input gives the same answer, so every rule of safety can be tested without a server.
//!
//! - `value`: checked values: money, names, texts, days and caps, packets, settings;
//! - `bill`: what is known of a bill, and every legal move of it;
//! - `told`: what an answer tells, what it does to a bill, and what is next;
//! - `flow`: the merchant's fund-flow bill beside the packets.
#![deny(clippy::float_arithmetic, clippy::wildcard_enum_match_arm)]

pub mod bill;
pub mod flow;
mod told;
mod value;

pub use bill::{state, tally};
pub use told::{contradiction, fate, outcome, policy, reissue};
pub use value::{
    approval, caps, claim, heard, hex, ids, met, money, opening, packet, rules, terms, text,
};
