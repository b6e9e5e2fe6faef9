//! The result of one row of a file.

/// The result of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// A new packet.
    New,
    /// Already there, with the same content.
    Known,
    /// Its row key stands at an earlier line of this file.
    Duplicate {
        /// That line.
        line: u64,
    },
    /// Taken back before, and unchanged: it stays so.
    StaysWithdrawn,
    /// Taken back before, unchanged, and brought back.
    BroughtBack,
    /// Taken back before, and owed with the content that it has now, under its own number.
    FrozenAnew,
    /// Its row key was loaded before with other content.
    Differs {
        /// Which column.
        field: &'static str,
        /// The ledger's value.
        loaded: String,
        /// It waits for its first send, or for another: a person may take it back.
        is_unsent: bool,
    },
}
