//! The effects of an answer, and of a process that died.
//!
//! - `ended`: an attempt with its answer;
//! - `closed`: the answer in the attempt's row;
//! - `answer`: what it means for the bill;
//! - `receipt`: what opens the packet;
//! - `paid`: what was paid that is not owed;
//! - `fate`: what became of what was paid;
//! - `walk`: what an answer about the next number does;
//! - `behind`: a ledger that may have missed something;
//! - `denied`: what was accepted, and is denied later;
//! - `excuse`: refusals that accuse the set-up;
//! - `recover`: attempts that a dead process left open.

pub(super) mod answer;
pub(super) mod behind;
pub(super) mod closed;
pub(super) mod denied;
pub(super) mod ended;
pub(super) mod excuse;
mod fate;
mod paid;
mod receipt;
pub(super) mod recover;
pub(super) mod walk;
