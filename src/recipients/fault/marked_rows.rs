//! Rows that somebody marked as not to be paid, by the column that marks them.

use std::collections::BTreeMap;

use super::faults::{SEPARATOR, joined};
use crate::words::{Lang, Words, faults as words, rows};

/// Rows told of those that are marked.
const ROWS_TOLD: usize = 10;
/// Of fewer rows all may be marked.
const ROWS_MIN: u64 = 4;

/// Some rows: how many, and the first ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Rows {
    count: u64,
    first: Vec<Words>,
}

/// What a column says of the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct MarkingColumn {
    marked: Rows,
    /// Rows that say neither yes nor no where others say yes.
    open: Rows,
    asked: u64,
}

/// The rows of a list that are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::recipients) struct MarkedRows {
    /// By the look of their cells or by a comment.
    by_sheet: Rows,
    columns: BTreeMap<usize, MarkingColumn>,
}

impl Rows {
    fn push(&mut self, row: impl FnOnce() -> Words) {
        self.count += 1;
        if self.first.len() < ROWS_TOLD {
            self.first.push(row());
        }
    }

    fn add(&mut self, others: &Rows) {
        self.count += others.count;
        let room = ROWS_TOLD - self.first.len();
        self.first.extend(others.first.iter().take(room).cloned());
    }
}

impl MarkedRows {
    /// A row that the sheet itself marks.
    pub(in crate::recipients) fn sheet(&mut self, row: impl FnOnce() -> Words) {
        self.by_sheet.push(row);
    }

    /// A row that a column marks.
    pub(in crate::recipients) fn column(&mut self, index: usize, row: impl FnOnce() -> Words) {
        self.columns.entry(index).or_default().marked.push(row);
    }

    /// A row of which a column that asks whether to pay says nothing.
    pub(in crate::recipients) fn open(&mut self, index: usize, row: impl FnOnce() -> Words) {
        self.columns.entry(index).or_default().open.push(row);
    }

    /// A row that such a column wants paid.
    pub(in crate::recipients) fn asked(&mut self, index: usize) {
        self.columns.entry(index).or_default().asked += 1;
    }

    /// One line for the rows, and one for each column that says the same of most of a list: that
    /// is what its people have in common, or the list is the wrong one.
    pub(super) fn told(&self, rows: u64, lang: Lang) -> Vec<Words> {
        let mut found = self.by_sheet.clone();
        let mut told = Vec::new();
        for column in self.columns.values() {
            let mut of_column = column.marked.clone();
            if column.asked > 0 {
                of_column.add(&column.open);
            }
            let is_most = rows >= ROWS_MIN && of_column.count * 4 >= rows * 3;
            match of_column.first.first() {
                Some(first) if is_most => {
                    told.push(rows::mostly_marked(of_column.count, rows, first.clone()));
                }
                _ => found.add(&of_column),
            }
        }
        let more = if found.count > found.first.len() as u64 {
            SEPARATOR.within(lang).to_owned() + "…"
        } else {
            String::new()
        };
        let all = joined(&found.first, lang) + &more;
        told.extend(match found.count {
            0 => None,
            1 => Some(words::marked_row(all)),
            count => Some(words::marked_rows(count, all)),
        });
        told
    }
}
