//! Fund-flow bills beside the ledger.
//!
//! A bill may have a million rows and a campaign a million packets, so neither is held: rows go
//! into a file of SQLite's own that nobody else sees, and both sides are read in one order.
//!
//! - `scratch`: where the rows of the bills wait, and what is found;
//! - `earlier`: the bills given before;
//! - `resolve`: whose each row is: a packet's, a strange number of ours, or foreign;
//! - `merge`: the rows of all bills as one set, in the tables of `row_table`; `outdone`: which
//!   rows a newer bill ends by its silence;
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
mod outdone;
mod resolve;
mod row_table;
pub(super) mod scratch;
mod standing;
