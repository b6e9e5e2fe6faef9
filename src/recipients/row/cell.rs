//! A row and its cells.

use csv::StringRecord;

/// Whether digits stand there, and nothing else.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The kind of a cell, as the file says. In a text, every cell is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::recipients) enum CellKind {
    /// Characters.
    #[default]
    Text,
    /// A number, which went through a float: its shortest decimal form.
    Number,
    /// A whole number shown with 元 or ￥.
    Yuan,
    /// A number shown with 分.
    Fen,
    /// A number shown as money that is not yuan.
    Foreign,
    /// A number shown as another one, or not at all.
    Scaled,
    /// A number shown as a date or a time.
    Date,
    /// TRUE or FALSE.
    Truth,
    /// `#N/A` and its like.
    Error,
    /// The last result of a formula.
    Formula,
    /// A formula without a result: its text.
    Uncalculated,
}

/// The cells of a row, from 0, whose quotes have something beside them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::recipients) struct BesideQuotes {
    /// A blank stands before the opening quote, which is a part of the cell by that.
    pub(in crate::recipients) before: Vec<usize>,
    /// A blank stands behind the closing quote.
    pub(in crate::recipients) after: Vec<usize>,
    /// Text follows a closing quote: where the cells end is not sure.
    pub(in crate::recipients) is_torn: bool,
}

impl BesideQuotes {
    /// Whether something follows a closing quote.
    pub(in crate::recipients) fn is_closed(&self) -> bool {
        self.after.is_empty() && !self.is_torn
    }
}

/// A row of the file, used again for the next one.
#[derive(Debug, Default)]
pub(in crate::recipients) struct Row {
    /// The line where it begins, or the sheet's row, from 1.
    pub(in crate::recipients) line: u64,
    pub(in crate::recipients) cells: StringRecord,
    /// Kinds of the cells; those beyond its end are text.
    pub(in crate::recipients) kinds: Vec<CellKind>,
    /// What a text has beside its quotes.
    pub(in crate::recipients) beside_quotes: BesideQuotes,
    /// It has blank cells more, or fewer, than its text has.
    pub(in crate::recipients) is_fitted: bool,
    /// A cell of it is struck through, as a person crosses a row out.
    pub(in crate::recipients) is_struck: bool,
    /// The first cell that is there and nobody sees, by its colour or its format.
    pub(in crate::recipients) unseen: Option<usize>,
    /// What marks the row, and stands in no cell.
    pub(in crate::recipients) aside: Option<MarkBeside>,
    /// Comments beside its cells that name a unit of money.
    pub(in crate::recipients) units: Vec<MarkBeside>,
}

/// What a person reads beside the value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::recipients) struct MarkBeside {
    /// The column, from 0.
    pub(in crate::recipients) column: usize,
    pub(in crate::recipients) text: String,
    /// Whether it is a comment; else the cell's number format prints it.
    pub(in crate::recipients) is_comment: bool,
}

impl MarkBeside {
    /// What a number format prints.
    pub(in crate::recipients) fn printed(column: usize, text: &str) -> MarkBeside {
        MarkBeside {
            column,
            text: text.trim().to_owned(),
            is_comment: false,
        }
    }
}

impl Row {
    pub(in crate::recipients) fn kind(&self, index: usize) -> CellKind {
        self.kinds.get(index).copied().unwrap_or_default()
    }

    /// Whether nothing stands in it.
    pub(in crate::recipients) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Characters that take no place.
pub(super) fn takes_no_place(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{180E}' | '\u{2060}' | '\u{FEFF}')
        || ('\u{200B}'..='\u{200F}').contains(&c)
}

/// The text of `="…"`: a guard that exports put around ids, so that a spreadsheet keeps them. A
/// quote inside is written twice: where one stands alone, the cell is a formula of several texts.
pub(in crate::recipients) fn unwrapped(cell: &str) -> Option<String> {
    let inside = cell.trim().strip_prefix("=\"")?.strip_suffix('"')?;
    let is_whole = !inside.replace("\"\"", "").contains('"');
    is_whole.then(|| inside.replace("\"\"", "\""))
}

/// Whether a text, without its guard, is a formula that begins with a text, as `="a"&"b"`, or with
/// a cell or a function, as `=A1` and `=VLOOKUP(A1,…)`. `=^_^=` is none.
pub(super) fn is_text_formula(text: &str) -> bool {
    text.starts_with("=\"") || refers(text)
}

fn refers(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('=') else {
        return false;
    };
    let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
    let next = rest.as_bytes().get(letters);
    (1..=3).contains(&letters) && next.is_some_and(u8::is_ascii_digit)
        || letters > 1 && next == Some(&b'(')
}

/// The half-width twin of a character that an input method left full-width.
pub(in crate::recipients) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_text_is_unwrapped() {
        for (cell, text) in [
            ("=\"001\"", Some("001")),
            (" =\"a\"\"b\" ", Some("a\"b")),
            ("=\"\"\"\"", Some("\"")),
            ("=\"\"", Some("")),
            ("=\"恭喜\"&\"发财\"", None),
            ("=\"a\"\"\"&\"b\"", None),
            ("=\"", None),
            ("=A1", None),
        ] {
            assert_eq!(unwrapped(cell).as_deref(), text, "{cell}");
        }
    }

    #[test]
    fn a_formula_is_told_from_a_face() {
        for text in [
            "=\"a\"&A1",
            "=A1",
            "=B12&\"x\"",
            "=VLOOKUP(A1,B:C,2,0)",
            "=IF(A1,1,2)",
        ] {
            assert!(is_text_formula(text), "{text}");
        }
        for text in ["=^_^=", "=￣ω￣=", "==恭喜==", "A=1", "=", "=D", "=Love="] {
            assert!(!is_text_formula(text), "{text}");
        }
    }
}
