//! A stand-in for WeChat Pay with its own books, rules and faults, over mutual TLS.
//!
//! It shares no code with the tool it is a counterparty to: not the state machine, not the
//! reading of XML, not the sign. A mistake on one side must show on the other. Its half without
//! sockets is [`Gateway`]: bytes and the time in, a reply out, the same for the same seed.

mod answer;
mod books;
mod certs;
mod check;
mod claims;
mod desk;
mod dice;
mod entry;
mod error;
mod fault;
mod faults;
mod gateway;
mod http;
mod journal;
mod orders;
mod packed;
mod query;
mod reply;
mod send;
mod server;
mod settings;
mod sign;
#[expect(
    clippy::module_inception,
    reason = "the simulator is the folder's main type"
)]
mod simulator;
#[cfg(test)]
mod testing;
mod times;
mod traffic;
mod words;
mod xml;

pub use books::{Booked, Books};
pub use certs::CREDENTIALS;
pub use claims::{ClaimRules, Status};
pub use entry::{Entry, Payment, Refusal, Taking};
pub use error::SimulatorError;
pub use fault::FaultName;
pub use faults::{FaultError, Faults, fault_help};
pub use gateway::Gateway;
pub use orders::{Order, Standing};
pub use packed::PackedFields;
pub use reply::{Delivery, Reply};
pub use settings::{Limits, ResendOfPaid, Settings};
pub use simulator::{Clock, Simulator, machine_clock};
pub use traffic::{Counters, Requests};
pub use xml::Fields;
