//! An .xlsx workbook: a zip of XML parts, of which those that make the cells are read.
//!
//! The common reader of workbooks is not used here. It trusts what a file says about itself: the
//! count of shared strings is reserved before one is read, which ends the process where the file
//! lies; a broken index means the first string, which would be somebody else's openid; a string
//! may be as long as memory; and hidden rows are not told. Here every part is read within bounds,
//! as a stream, and whatever is not understood refuses the workbook.

mod contents;
mod grid;
mod package;
mod part;
mod sheet;
mod strings;
mod styles;
mod value;

pub(super) use grid::Grid;

/// Why a workbook cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    /// The zip or a part of it.
    #[error("{0}")]
    Part(String),
    /// More than one visible sheet has cells.
    #[error("more than one sheet has cells: {0}")]
    SeveralSheets(String),
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "errors of several crates are mapped by it"
)]
fn broken(what: impl ToString) -> Broken {
    Broken::Part(what.to_string())
}
