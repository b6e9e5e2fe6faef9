//! Where something stands in a file, as a person finds it: by line in a text, by cell in a sheet.

use crate::words::{Words, english, faults as words};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::recipients) enum Form {
    /// Lines.
    #[default]
    Text,
    /// The rows of a worksheet.
    Sheet,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    form: Form,
    row: Option<u64>,
    column: Option<Box<(usize, String)>>,
}

/// The form of a file and the names of its columns: a place is told by them.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    form: Form,
    names: Vec<String>,
    key: usize,
}

impl Place {
    /// The whole file.
    pub(in crate::recipients) fn file() -> Place {
        Place::default()
    }

    /// A line of a text, from 1.
    pub(in crate::recipients) fn line(line: u64) -> Place {
        Layout::default().row(line)
    }

    /// The line or row, from 1; `None` for the whole file.
    #[must_use]
    pub fn row(&self) -> Option<u64> {
        self.row
    }

    /// The column as the header names it, empty if it does not; `None` for a whole row or file.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_ref().map(|column| column.1.as_str())
    }
}

impl Place {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match (self.form, self.row, &self.column) {
            (_, None, _) => words::file(),
            (Form::Text, Some(line), None) => words::line(line),
            (Form::Text, Some(line), Some(column)) => words::line_column(line, called(column)),
            (Form::Sheet, Some(row), None) => words::row(row),
            (Form::Sheet, Some(row), Some(column)) => {
                words::cell(format!("{}{row}", letters(column.0)), called(column))
            }
        }
    }
}

english!(Place);

/// A column by its name, or else by its place.
fn called((index, name): &(usize, String)) -> Words {
    if name.is_empty() {
        words::column(index + 1)
    } else {
        words::named(name.as_str())
    }
}

impl Layout {
    /// Of columns with these names; the one at `key` names the packets.
    pub(in crate::recipients) fn new(form: Form, names: Vec<String>, key: usize) -> Layout {
        Layout { form, names, key }
    }

    pub(in crate::recipients) fn form(&self) -> Form {
        self.form
    }

    pub(in crate::recipients) fn names(&self) -> &[String] {
        &self.names
    }

    /// A whole row.
    pub(in crate::recipients) fn row(&self, row: u64) -> Place {
        Place {
            form: self.form,
            row: Some(row),
            column: None,
        }
    }

    /// A cell.
    pub(in crate::recipients) fn cell(&self, row: u64, index: usize) -> Place {
        let name = shown(self.names.get(index).map_or("", String::as_str));
        Place {
            column: Some(Box::new((index, name))),
            ..self.row(row)
        }
    }

    /// The cell that names the packet of a row: its row key, or else its openid.
    #[must_use]
    pub fn key(&self, row: u64) -> Place {
        self.cell(row, self.key)
    }

    /// A row in words.
    #[must_use]
    pub fn row_words(&self, row: u64) -> Words {
        self.row(row).words()
    }
}

/// The name of a sheet's column, from 0: A to Z, then AA.
pub(in crate::recipients) fn letters(index: usize) -> String {
    let mut rest = index + 1;
    let mut name = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).expect("below 26");
        name.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

/// Longest value shown, in characters: an openid fits.
const SHOWN_MAX: usize = 40;

/// The value fit for a terminal: nothing in it can move the cursor or turn the writing around.
pub(in crate::recipients) fn shown(value: &str) -> String {
    let mut text = String::new();
    for c in value.chars().take(SHOWN_MAX) {
        match c {
            '"' | '\'' | '\\' => text.push(c),
            _ => text.extend(c.escape_debug()),
        }
    }
    if value.chars().nth(SHOWN_MAX).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_sheet() {
        for (index, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(index), name);
        }
    }

    #[test]
    fn a_place_reads_as_a_person_finds_it() {
        let names = vec!["openid".to_owned(), String::new()];
        let text = Layout::new(Form::Text, names.clone(), 0);
        let sheet = Layout::new(Form::Sheet, names, 0);
        assert_eq!(text.key(3).to_string(), "line 3, openid");
        assert_eq!(sheet.key(3).to_string(), "A3, openid");
        assert_eq!(sheet.cell(7, 1).to_string(), "B7, column 2");
        assert_eq!(sheet.row_words(7).en, "row 7");
        assert_eq!(Place::line(7).to_string(), "line 7");
    }
}
