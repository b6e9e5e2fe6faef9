//! A stand-in for WeChat Pay with its own books, rules and faults, over mutual TLS.
//!
//! It shares no code with the tool it is a counterparty to: not the state machine, not the
//! reading of XML, not the sign. A mistake on one side must show on the other. Its half without
//! sockets is [`Gateway`]: bytes and the time in, a reply out, the same for the same seed.
//!
//! - `wire`: bytes and texts; `faults`: what goes wrong on demand; `books`: what was paid;
//! - `rules`: what WeChat Pay would answer; `server`: the same behind sockets;
//! - `simulator`: it all, running; `clock`: its time; `error`: why it does not start.

mod books;
mod clock;
mod error;
mod faults;
mod rules;
mod server;
#[expect(
    clippy::module_inception,
    reason = "the simulator is the folder's main type"
)]
mod simulator;
#[cfg(test)]
mod testing;
mod wire;

pub use books::breaks::PlantedBreak;
pub use books::claims::{ClaimRules, Status};
pub use books::entry::{BookEntry, Payment, Refusal, Taking};
pub use books::movements::SUBMITTER as BILL_SUBMITTER;
pub use books::orders::{Order, OrderStanding};
pub use books::packed::PackedFields;
pub use clock::{SimulatorClock, machine_clock};
pub use error::SimulatorError;
pub use faults::fault::FaultName;
pub use faults::rates::{FaultError, FaultRates, fault_help};
pub use rules::books::{Booked, Books};
pub use rules::gateway::Gateway;
pub use rules::settings::{Limits, ResendOfPaid, Settings};
pub use rules::traffic::{Counters, RequestCounts};
pub use server::certs::CREDENTIALS;
pub use simulator::Simulator;
pub use wire::reply::{Delivery, GatewayReply};
pub use wire::xml::WireFields;
