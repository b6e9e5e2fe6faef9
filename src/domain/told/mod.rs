//! Answers: their meaning, their effect on a bill, and the next step.
//!
//! - `outcome`: what one request told; `unsent`: why it never left; `traces`: what a send leaves;
//! - `moves`: a bill moves by it, by a person or by a cap;
//! - `policy`: what is next after a send, `unnamed` where its answer names no number, `seen` after
//!   a query, `dated` by its time; `steps`: what they share; `backoff`: how long that waits;
//! - `contradiction`: what it says against what was proven; `fate`: what became of a payment;
//! - `reissue`: whether a packet may go out again, and under which number;
//! - `taken_back`: what a person takes back, and brings back.

mod backoff;
pub mod contradiction;
mod dated;
pub mod fate;
mod moves;
pub mod outcome;
pub mod policy;
pub mod reissue;
mod seen;
mod steps;
mod taken_back;
mod traces;
mod unnamed;
mod unsent;
