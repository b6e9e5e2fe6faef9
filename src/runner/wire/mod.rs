//! One request at a time.
//!
//! - `pool`: the workers; `worker`: one of them waits, sends, understands, hands to the ledger;
//! - `lines`: its connections;
//! - `exchange`: a request and its answer, within their time;
//! - `ahead`: how many attempts are committed ahead of it; `handed`: answers on their way into the
//!   ledger; `dice`: chance;
//! - `probe`: one query without a ledger; `traced`: a request in the log.

pub(super) mod ahead;
pub(super) mod dice;
mod exchange;
pub(super) mod handed;
pub(super) mod lines;
pub(super) mod pool;
pub(super) mod probe;
mod traced;
pub(super) mod worker;
