//! Repairs of a file that is not refused for them.

use std::collections::BTreeMap;

use super::faults::FirstPlaces;
use super::place::Place;
use crate::words::{Lang, Text, Words, both, faults as words};

/// Everything that a person should know of a file that may be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// Characters that nobody sees, taken out of ids.
    invisible: BTreeMap<char, FirstPlaces>,
    hidden_rows: FirstPlaces,
    hidden_columns: FirstPlaces,
    totals: FirstPlaces,
    is_of_rejects: bool,
}

impl Notices {
    pub(in crate::recipients) fn invisible(&mut self, c: char, place: &Place) {
        self.invisible.entry(c).or_default().push(place);
    }

    pub(in crate::recipients) fn hidden_row(&mut self, place: &Place) {
        self.hidden_rows.push(place);
    }

    pub(in crate::recipients) fn hidden_column(&mut self, place: &Place) {
        self.hidden_columns.push(place);
    }

    /// Adds the hidden columns, which are known at the end of a sheet.
    pub(in crate::recipients) fn merge_columns(&mut self, others: Notices) {
        self.hidden_columns = others.hidden_columns;
    }

    pub(in crate::recipients) fn total_row(&mut self, place: &Place) {
        self.totals.push(place);
    }

    /// The file is a list of what to mend, with some rows of another one.
    pub(in crate::recipients) fn of_rejects(&mut self) {
        self.is_of_rejects = true;
    }

    /// One line each.
    #[must_use]
    pub fn within(&self, lang: Lang) -> Vec<String> {
        let removed = self.invisible.iter();
        let mut told: Vec<Words> = removed.map(|(c, seen)| invisible(*c, seen, lang)).collect();
        let rows = &self.hidden_rows;
        told.extend(match rows.count {
            0 => None,
            1 => Some(words::hidden_row(rows.places(lang))),
            count => Some(words::hidden_rows(count, rows.places(lang))),
        });
        let columns = &self.hidden_columns;
        told.extend(match columns.count {
            0 => None,
            1 => Some(words::hidden_column(columns.places(lang))),
            count => Some(words::hidden_columns(count, columns.places(lang))),
        });
        let totals = &self.totals;
        told.extend(match totals.count {
            0 => None,
            1 => Some(words::total_row(totals.places(lang))),
            count => Some(words::total_rows(count, totals.places(lang))),
        });
        told.extend(self.is_of_rejects.then(words::of_rejects));
        let told = told.iter().map(|words| words.within(lang).to_owned());
        told.collect()
    }
}

fn invisible(c: char, seen: &FirstPlaces, lang: Lang) -> Words {
    let (point, places) = (format!("U+{:04X}", u32::from(c)), seen.places(lang));
    match seen.count {
        1 => words::invisible_in_one(point, name(c), places),
        count => words::invisible(point, name(c), count, places),
    }
}

fn name(c: char) -> Text {
    match c {
        '\u{00A0}' => both("no-break space", "不换行空格"),
        '\u{00AD}' => both("soft hyphen", "软连字符"),
        '\u{200B}' => both("zero-width space", "零宽空格"),
        '\u{200C}' => both("zero-width non-joiner", "零宽非连接符"),
        '\u{200D}' => both("zero-width joiner", "零宽连接符"),
        '\u{200E}' | '\u{200F}' => both("direction mark", "书写方向标记"),
        '\u{2007}' => both("figure space", "数字空格"),
        '\u{202F}' => both("narrow no-break space", "窄不换行空格"),
        '\u{2060}' => both("word joiner", "词连接符"),
        '\u{FEFF}' => both("zero-width no-break space", "零宽不换行空格"),
        _ => both("invisible character", "不可见字符"),
    }
}
