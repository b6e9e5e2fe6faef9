//! The merchant's fund-flow bill as bytes: pushed in pieces, given out row by row.
//!
//! A bill may have millions of rows, nearly all of other business, so nothing of it is kept here
//! but the row at hand. Nothing may be believed before its summary lines agreed with its rows:
//! whoever takes the rows keeps them apart until [`FlowReader::finish`].
//!
//! - `fault`: why a file is no bill, and on which line;
//! - `line`, `cells`: bytes as lines, lines as cells; `header`: what the columns are;
//! - `value`: times, amounts and counts; `totals`: what the rows add up to, and the summary;
//! - `reader`: all of it together; `unpack`: a bill that is packed, its size bounded;
//! - `intake`: bytes as they come from a file or a server, hashed on the way.

mod cells;
mod fault;
mod header;
mod intake;
mod line;
mod reader;
mod totals;
mod unpack;
mod value;

pub use fault::{FlowCause, FlowFault};
pub use intake::FlowIntake;
pub use reader::FlowReader;
pub use totals::FlowTotals;
