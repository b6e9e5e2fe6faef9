//! Whether anybody changed the ledger: every hash and every sum is made again.
//!
//! - `journal`: the chain, row by row, and where an audit begins;
//! - `requests`: requests, against the journal's rows of their begins and ends;
//! - `bills`: packets, against what was loaded and what the journal made of it, its `story`;
//! - `reissued`: new numbers of a packet;
//! - `counters`: the sums by state;
//! - `days`: the sums by day;
//! - `flow`: matches with fund-flow bills;
//! - `runs`: runs, each with its end;
//! - `row`: the columns of the query over all bills;
//! - `found`: what an audit finds.

mod bills;
mod counters;
mod days;
mod flow;
pub(super) mod found;
mod journal;
mod reissued;
mod requests;
mod row;
mod runs;
mod story;
