//! Opening: from a path to a process that may read or write.
//!
//! - `names`: that a ledger has one name;
//! - `leftover`: side files of a ledger that is gone;
//! - `lock`: the lock, and the epoch in its file;
//! - `holder`: who holds the lock;
//! - `home`: the file that a ledger is at home in;
//! - `connect`: what each connection has;
//! - `schema`: that there are exactly the tables of this version;
//! - `migrate`: older versions; `reword`: a constraint in other words;
//! - `reseal`: seals for a ledger that had none;
//! - `reader`: who reads; `look`: a ledger that may only be looked at;
//! - `owner`: who may change the ledger; `unused`: one that was made and nothing loaded into.

pub(super) mod connect;
pub(super) mod holder;
mod home;
pub(super) mod leftover;
pub(super) mod lock;
pub(super) mod look;
pub(super) mod migrate;
pub(super) mod names;
pub(super) mod owner;
pub(super) mod reader;
pub(super) mod reseal;
mod reword;
pub(super) mod schema;
pub(super) mod unused;
