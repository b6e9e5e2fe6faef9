//! Verbs that only look: each writes nothing.
//!
//! - `status`: counts and money by state; `show`: one packet's whole life;
//! - `audit`: whether anybody changed the ledger;
//! - `list`: every campaign of a folder or a ledger, each a line (`listed`);
//! - `explain`: codes, states, messages, topics; `notify`: whether those who are told are reached.

pub(super) mod audit;
pub(super) mod explain;
pub(super) mod list;
mod listed;
pub(super) mod notify;
pub(super) mod show;
pub(super) mod status;
