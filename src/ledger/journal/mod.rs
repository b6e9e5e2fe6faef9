//! The chain: every write goes through one transaction, which ends with a row of the journal.
//!
//! - `seal`: which bytes are hashed;
//! - `file_seal`: one digest of many rows;
//! - `flow_seal`: the same of a match with fund-flow bills;
//! - `run_note`: what the two rows of a run say;
//! - `chain`: the ledger's own row, a row of the journal, and where it ends;
//! - `statements`: the statements of one transaction, each looked up once;
//! - `intact`: what is looked at before a process takes the ledger;
//! - `counters`: the two tables of sums: by state and by day;
//! - `write_tx`: the transaction.

pub(super) mod chain;
pub(super) mod counters;
pub(super) mod file_seal;
pub(super) mod flow_seal;
pub(super) mod intact;
pub(super) mod run_note;
pub(super) mod seal;
pub(super) mod statements;
pub(super) mod write_tx;
