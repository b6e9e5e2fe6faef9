//! Who is told of a run: robots, a webhook, a dead-man ping. Nothing of it can hold a run up or
//! change how it ends: messages leave on a thread of their own, each is tried twice for five
//! seconds, and the process waits half a minute for all of them once the ledger is free.
//!
//! Money, states and exit codes are told; a name, an openid and an address of a target never are.
//!
//! - `event`, `message`: what is told; `sign`: the signs; `letter`: the same for each target;
//! - `post`: one message to one target; `lookup`: where its host is; `notifier`: all of them,
//!   beside a run.

mod event;
mod letter;
mod lookup;
mod message;
mod notifier;
mod post;
mod sign;

pub use event::EventKind;
pub use message::{Message, Money};
pub use notifier::{Notifier, OnTaken, PingStep};
pub use post::Poster;
