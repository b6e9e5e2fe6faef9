//! The concurrent part: due bills, a durable attempt, a permit, the request, its meaning, the
//! record.
//!
//! One feeder makes attempts and watches; workers send; the ledger's writer makes durable. What
//! a worker learns goes to the gate at once, so that one answer about the whole merchant stops
//! the others before their next request, and to the ledger before the packet counts as done.

mod ahead;
mod breaker;
mod dice;
mod ending;
mod gate;
mod halt;
mod lead;
mod lines;
mod pace;
mod preflight;
mod reconcile;
mod reissue;
mod round;
mod run;
mod spacing;
mod stop;
mod streak;
mod suspicion;
mod timing;
mod worker;

pub use dice::Dice;
pub use ending::{Ending, Glance};
pub use gate::{Gate, Shut};
pub use halt::Halt;
pub use lead::Lead;
pub use lines::Lines;
pub use pace::{Pace, Permit};
pub use preflight::{Preflight, preflight};
pub use reconcile::{reconcile, verify, walk};
pub use reissue::{Renewed, longest_ms, reissue};
pub use round::{Reconciled, Seen};
pub use run::{Orders, run};
pub use stop::{Signal, Signals, on_signals};
pub use timing::start_of_clock;
pub use worker::{Crew, Post};
