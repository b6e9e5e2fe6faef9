//! A workbook: what finance signs, and every packet behind it.
//!
//! - `cells`: numbers, times and texts as a workbook has them; `looks`: formats, and how a sheet is
//!   printed;
//! - `table`: a sheet that is a table, over as many sheets as its rows need;
//! - `flow`: the match with the fund-flow bill; `runs`: the runs; `packets`: the tables of packets;
//! - `overview`: the sheet that is signed, `charts` on it;
//! - `book`: all of them.

mod book;
mod cells;
mod charts;
mod flow;
mod looks;
mod overview;
mod packets;
mod runs;
mod table;

pub use book::XlsxReport;
