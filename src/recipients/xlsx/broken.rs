//! Why a workbook is refused as a whole.

use crate::recipients::fault::form_fault::OtherFile;

/// Why a workbook cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BrokenWorkbook {
    /// The zip or a part of it.
    #[error("{0}")]
    Part(String),
    /// A zip of something else.
    #[error("it is {}", .0.name().en)]
    NoWorkbook(OtherFile),
    /// More than one visible sheet has cells.
    #[error("more than one sheet has cells: {0}")]
    SeveralSheets(String),
    /// The list may be on one of these, which are hidden.
    #[error("hidden sheets: {0}")]
    Hidden(String),
    /// No visible sheet has this name.
    #[error("no sheet {name:?}: {sheets}")]
    NoSheet {
        /// The name that was asked for.
        name: String,
        /// The names that there are.
        sheets: String,
    },
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "errors of several crates are mapped by it"
)]
pub(super) fn broken(what: impl ToString) -> BrokenWorkbook {
    BrokenWorkbook::Part(what.to_string())
}
