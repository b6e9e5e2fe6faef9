//! One request at a time.
//!
//! - `worker`: waits, sends, understands, hands to the ledger; `lines`: its connections;
//! - `ahead`: how many attempts are committed ahead of it; `dice`: chance;
//! - `probe`: one query without a ledger.

pub(super) mod ahead;
pub(super) mod dice;
pub(super) mod lines;
pub(super) mod probe;
pub(super) mod worker;
