//! What a row is made of.

use csv::StringRecord;

/// What the file says a cell is. In a text, every cell is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// Characters.
    #[default]
    Text,
    /// A number, which went through a float: its shortest decimal form.
    Number,
    /// A whole number shown with 元 or ￥.
    Yuan,
    /// A number shown as its hundredfold or thousandth.
    Scaled,
    /// A number shown as a date or a time.
    Date,
    /// TRUE or FALSE.
    Truth,
    /// `#N/A` and its like.
    Error,
    /// What a formula last came to.
    Formula,
}

/// A row of the file, used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The line where it begins, or the sheet's row, from 1.
    pub(super) line: u64,
    pub(super) cells: StringRecord,
    /// Kinds of the cells; those beyond its end are text.
    pub(super) kinds: Vec<Kind>,
    /// Text follows a closing quote: where its cells end is not sure.
    pub(super) has_text_after_quote: bool,
}

impl Row {
    pub(super) fn kind(&self, index: usize) -> Kind {
        self.kinds.get(index).copied().unwrap_or_default()
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}
