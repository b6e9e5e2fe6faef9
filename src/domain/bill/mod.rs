//! A bill: a packet under one `mch_billno`.
//!
//! - `facts`: what is known of it, and what that allows; `causes`: why it is asked about;
//! - `state`, `event`: every legal move; `sets`: which states are final, paid or open; `explain`:
//!   states in words;
//! - `step`: what to do about it, and when; `turn`: what it is taken for once it is due;
//! - `tally`: how many packets are in which state;
//! - `again`: whether it is sent once more by itself, where its refusal accuses the set-up.

mod again;
mod causes;
mod event;
mod explain;
mod facts;
mod sets;
pub mod state;
mod step;
pub mod tally;
mod turn;

pub use causes::{Again, Confirming};
pub use facts::Bill;
pub use step::{Action, Next};
pub use turn::Turn;
