//! The facts of a report about the campaign as a whole, for a workbook and for a page alike.
//!
//! - `facts`: the campaign, its merchant and its lists; `balance`: where all money is;
//! - `figures`: all that a page draws, over time in `buckets`, with `latency` as percentiles;
//! - `runs`: each run with what it sent; `days`: sent, claimed and refunded by day;
//! - `capitals`: an amount as nobody alters it.

pub(super) mod balance;
pub(super) mod buckets;
pub(super) mod capitals;
pub(super) mod days;
pub(super) mod facts;
pub(super) mod figures;
pub(super) mod latency;
pub(super) mod runs;
