//! The concurrent part: due bills, a durable attempt, a permit, the request, its meaning, the
//! record.
//!
//! One feeder makes attempts and watches; workers send; the ledger's writer makes durable. What
//! a worker learns goes to the gate at once, so that one answer about the whole merchant stops
//! the others before their next request, and to the ledger before the packet counts as done.
//!
//! - `rate`: how fast requests may leave; `health`: whether anything may leave at all;
//! - `wire`: one request at a time; `drive`: runs, reconciliations and reissues of them.

mod drive;
mod health;
mod rate;
mod wire;

pub use drive::ending::{Ending, Glance, Waits};
pub use drive::preflight::{Preflight, preflight};
pub use drive::reconcile::{Survey, reconcile, verify, walk};
pub use drive::reissue::{Renewed, longest_ms, reissue};
pub use drive::round::{Reconciled, Seen};
pub use drive::run::run;
pub use drive::settings::RunSettings;
pub use drive::withdraw::ask_before_withdrawing;
pub use health::gate::{Gate, Shut, Signal};
pub use health::halt::Halt;
pub use health::reach::Reach;
pub use health::stop::{Signals, Stops, on_signals};
pub use health::timing::start_of_clock;
pub use rate::lead::Lead;
pub use rate::pace::{Pace, Permit};
pub use wire::dice::Dice;
pub use wire::lines::Lines;
pub use wire::probe::{Probed, probe};
pub use wire::worker::{Account, Shared};
