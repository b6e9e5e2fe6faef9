//! What was put right while a file was read, and is told without refusing it.

use std::collections::BTreeMap;

use super::faults::Seen;
use super::place::Place;

/// Everything that a person should know of a file that may be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// Characters that nobody sees, taken out of ids.
    invisible: BTreeMap<char, Seen>,
    hidden_rows: Seen,
    hidden_columns: Seen,
    total: Option<Place>,
}

impl Notices {
    pub(super) fn invisible(&mut self, c: char, place: &Place) {
        self.invisible.entry(c).or_default().push(place);
    }

    pub(super) fn hidden_row(&mut self, place: &Place) {
        self.hidden_rows.push(place);
    }

    pub(super) fn hidden_column(&mut self, place: &Place) {
        self.hidden_columns.push(place);
    }

    /// Adds the hidden columns, which are known at the end of a sheet.
    pub(super) fn merge_columns(&mut self, others: Notices) {
        self.hidden_columns = others.hidden_columns;
    }

    pub(super) fn total_row(&mut self, place: Place) {
        self.total = Some(place);
    }

    /// One line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (c, seen) in &self.invisible {
            let (code, name) = (u32::from(*c), name(*c));
            lines.push(format!(
                "warning: U+{code:04X} ({name}) was removed from {}: {seen}",
                counted(seen.count, "id", "ids")
            ));
        }
        for (seen, one, many) in [
            (&self.hidden_rows, "row", "rows"),
            (&self.hidden_columns, "column", "columns"),
        ] {
            if seen.count > 0 {
                let counted = counted(seen.count, one, many);
                lines.push(format!(
                    "warning: {counted} hidden in the sheet, read like the others: {seen}"
                ));
            }
        }
        if let Some(place) = &self.total {
            lines.push(format!("{place}: the total row is right, and pays nobody"));
        }
        lines
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn name(c: char) -> &'static str {
    match c {
        '\u{00A0}' => "no-break space",
        '\u{00AD}' => "soft hyphen",
        '\u{200B}' => "zero-width space",
        '\u{200C}' => "zero-width non-joiner",
        '\u{200D}' => "zero-width joiner",
        '\u{200E}' | '\u{200F}' => "direction mark",
        '\u{2007}' => "figure space",
        '\u{202F}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{FEFF}' => "zero-width no-break space",
        _ => "invisible character",
    }
}
