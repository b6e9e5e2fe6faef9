//! Repairs of a file that is not refused for them.

use std::collections::BTreeMap;

use super::faults::{FirstPlaces, SEPARATOR, joined};
use super::invisible::invisible;
use super::marked_rows::MarkedRows;
use super::openid_looks::OpenidLooks;
use super::place::{Layout, Place, shown};
use crate::words::{Lang, Words, faults as words, rows};

/// Everything that a person should know of a file that may be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// Characters that nobody sees, taken out of ids.
    invisible: BTreeMap<char, FirstPlaces>,
    /// The encoding of a text that is not UTF-8, and a cell of it.
    encoding: Option<(&'static str, Option<Specimen>)>,
    /// Texts with signs that are left in the place of characters.
    doubtful: FirstPlaces,
    /// A text that was read wrong once, and what it was, and how many there are.
    wrong_once: Option<(Specimen, u64)>,
    /// The looks of openids.
    openids: OpenidLooks,
    /// Rows of openids that look alike, a group each.
    alike: Vec<Vec<Words>>,
    /// People who stand in more than one row.
    repeated: Option<(usize, usize, Vec<Vec<Words>>)>,
    /// Columns that may have been meant to be read.
    columns: Vec<Words>,
    /// A text with signs of a program in it, and what was meant, and how many there are.
    escaped: Option<(Specimen, u64)>,
    /// Texts with a place for a name.
    placeholders: FirstPlaces,
    /// Texts that stand for none.
    fillers: FirstPlaces,
    /// Rows that somebody marked as not to be paid.
    pub(in crate::recipients) marked: MarkedRows,
    /// Numbers in a first column without a name.
    counted_rows: u64,
    hidden_rows: FirstPlaces,
    hidden_columns: FirstPlaces,
    hidden_cells: FirstPlaces,
    /// Cells that a rule may hide.
    unseen_by_rule: Option<Words>,
    totals: FirstPlaces,
    is_of_rejects: bool,
}

/// A cell beyond ASCII, by which a person sees whether a text was read right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::recipients) struct Specimen {
    pub(in crate::recipients) place: Place,
    pub(in crate::recipients) text: String,
    /// Another encoding, and how it would read.
    pub(in crate::recipients) likelier: Option<(&'static str, String)>,
}

impl Notices {
    /// The text is in this encoding.
    pub(in crate::recipients) fn encoding(&mut self, name: &'static str, seen: Option<Specimen>) {
        self.encoding = Some((name, seen));
    }

    /// How a text that is not UTF-8 was read.
    pub(in crate::recipients) fn of_encoding(&self) -> Option<Words> {
        self.encoding.as_ref().map(of_encoding)
    }

    /// A text that was read wrong once.
    pub(in crate::recipients) fn wrong_once(&mut self, seen: impl FnOnce() -> Specimen) {
        self.wrong_once.get_or_insert_with(|| (seen(), 0)).1 += 1;
    }

    /// A text that may have lost characters.
    pub(in crate::recipients) fn doubtful(&mut self, place: &Place) {
        self.doubtful.push(place);
    }

    pub(in crate::recipients) fn invisible(&mut self, c: char, place: &Place) {
        self.invisible.entry(c).or_default().push(place);
    }

    /// An openid of the list.
    pub(in crate::recipients) fn openid(&mut self, openid: &str, place: impl Fn() -> Place) {
        self.openids.push(openid, place);
    }

    /// Rows whose openids look alike.
    pub(in crate::recipients) fn alike(&mut self, rows: Vec<Words>) {
        self.alike.push(rows);
    }

    /// People who stand in more than one row: how many, in how many rows, and rows of the first.
    pub(in crate::recipients) fn repeated(
        &mut self,
        (people, rows): (usize, usize),
        first: Vec<Vec<Words>>,
    ) {
        self.repeated = Some((people, rows, first));
    }

    /// A column that may have been meant to be read.
    pub(in crate::recipients) fn columns(&mut self, told: impl IntoIterator<Item = Words>) {
        self.columns.extend(told);
    }

    /// A text that has signs of a program in it.
    pub(in crate::recipients) fn escaped(&mut self, seen: impl FnOnce() -> Specimen) {
        self.escaped.get_or_insert_with(|| (seen(), 0)).1 += 1;
    }

    /// A text with a place for a name.
    pub(in crate::recipients) fn placeholder(&mut self, place: &Place) {
        self.placeholders.push(place);
    }

    /// A text that stands for none.
    pub(in crate::recipients) fn filler(&mut self, place: &Place) {
        self.fillers.push(place);
    }

    /// A number in the first column, which has no name.
    pub(in crate::recipients) fn counted_row(&mut self) {
        self.counted_rows += 1;
    }

    /// What nobody sees of a row: all of it, or a cell.
    pub(in crate::recipients) fn hidden(
        &mut self,
        layout: &Layout,
        (row, is_hidden, unseen): (u64, bool, Option<usize>),
    ) {
        if is_hidden {
            self.hidden_rows.push(&layout.row(row));
        }
        if let Some(index) = unseen {
            self.hidden_cells.push(&layout.cell(row, index));
        }
    }

    pub(in crate::recipients) fn hidden_column(&mut self, place: &Place) {
        self.hidden_columns.push(place);
    }

    /// Ranges where a rule writes letters in the colour of their cell.
    pub(in crate::recipients) fn unseen_by_rule(&mut self, ranges: &[&str]) {
        self.unseen_by_rule = (!ranges.is_empty()).then(|| words::by_rule(ranges.join(", ")));
    }

    /// Adds what is known at the end of a sheet.
    pub(in crate::recipients) fn merge_end(&mut self, others: Notices) {
        self.hidden_columns = others.hidden_columns;
        self.unseen_by_rule = others.unseen_by_rule;
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
        told.splice(0..0, self.encoding.as_ref().map(of_encoding));
        let doubtful = &self.doubtful;
        told.extend(match doubtful.count {
            0 => None,
            1 => Some(words::doubtful_text(doubtful.places(lang))),
            count => Some(words::doubtful_texts(count, doubtful.places(lang))),
        });
        told.extend(self.columns.iter().cloned());
        for (seen, tell) in [
            (&self.wrong_once, words::wrong_once as fn(_, _, _, _) -> _),
            (&self.escaped, words::escaped),
        ] {
            let told_of = |(seen, count): &(Specimen, u64)| {
                let was = seen.likelier.as_ref().map(|(_, was)| shown(was));
                let (place, was) = (seen.place.words(), was.unwrap_or_default());
                tell(place, shown(&seen.text), was, *count)
            };
            told.extend(seen.as_ref().map(told_of));
        }
        let count = |texts: &FirstPlaces| Some(texts.count).filter(|count| *count > 0);
        let (names, none) = (&self.placeholders, &self.fillers);
        told.extend(count(names).map(|count| words::placeholders(count, names.places(lang))));
        told.extend(count(none).map(|count| words::fillers(count, none.places(lang))));
        told.extend(self.openids.odd(lang));
        told.extend(self.look_alikes(lang));
        told.extend(self.repeated.as_ref().map(|(people, rows, first)| {
            let first: Vec<String> = first.iter().map(|rows| joined(rows, lang)).collect();
            words::repeated(*people, *rows, first.join(SEPARATOR.within(lang)))
        }));
        told.extend(self.marked.told(self.openids.rows(), lang));
        told.extend((self.counted_rows > 0).then(|| rows::counted_rows(self.counted_rows)));
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
        let cells = &self.hidden_cells;
        told.extend(
            (cells.count > 0).then(|| words::hidden_cells(cells.count, cells.places(lang))),
        );
        told.extend(self.unseen_by_rule.clone());
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

/// Groups of openids that look alike, told one by one.
const GROUPS_TOLD: usize = 10;

impl Notices {
    fn look_alikes(&self, lang: Lang) -> Vec<Words> {
        let groups = self.alike.iter().take(GROUPS_TOLD);
        let group = |rows: &Vec<Words>| words::look_alikes(joined(rows, lang));
        let mut told: Vec<Words> = groups.map(group).collect();
        let rest = self.alike.len() - told.len();
        told.extend((rest > 0).then(|| words::more_look_alikes(rest)));
        told
    }
}

fn of_encoding((name, seen): &(&'static str, Option<Specimen>)) -> Words {
    let Some(seen) = seen else {
        return words::encoding(*name);
    };
    let (place, text) = (seen.place.words(), shown(&seen.text));
    match &seen.likelier {
        None => words::encoding_shown(*name, place, text),
        Some((other, instead)) => {
            words::encoding_doubted(*name, place, text, *other, shown(instead))
        }
    }
}
