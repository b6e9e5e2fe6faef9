//! Fund-flow bills beside the ledger.
//!
//! A bill may have a million rows and a campaign a million packets, so neither is held: rows go
//! into a file of SQLite's own that nobody else sees, and both sides are read in one order.
//!
//! - `scratch`: where the rows of the bills wait, and what is found;
//! - `earlier`: the bills given before;
//! - `resolve`: whose each row is: a packet's, a strange number of ours, or foreign;
//! - `merge`: the rows of all bills as one set: what a later bill says again stands once;
//! - `known`: a bill of the ledger with what is known of its money;
//! - `compare`: packets and their rows, side by side; `outcome`: what it comes to, in counts;
//! - `keep`: a match goes on record, sealed and journalled; `kept`: it is read again;
//! - `standing`: the breaks that stand, and `explained`: which of them a person explained;
//! - `billed`: what follows where the bills call a packet paid and the ledger does not.

pub(super) mod billed;
pub(super) mod compare;
mod earlier;
mod explained;
mod keep;
pub(super) mod kept;
mod known;
mod merge;
pub(super) mod outcome;
mod resolve;
pub(super) mod scratch;
mod standing;
