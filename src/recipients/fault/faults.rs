//! The faults of a recipients file: where, which value, why; counted and listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::cause::Cause;
use super::place::{Place, shown};
use crate::words::{Lang, Text, Words, both, faults as words};

/// How many faults are listed with their places. Every one is counted; a person who sees a
/// thousand corrects the cause and not the lines.
pub const LISTED_MAX: usize = 1_000;

/// Places told beside a count: enough to find what is meant.
const FIRST: usize = 3;

/// One fault of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// The cell, shortened, with control characters escaped; `None` where no cell is at fault.
    pub value: Option<Box<str>>,
    /// Why.
    pub cause: Cause,
    /// Who: the text of the column of names, where the list has one.
    pub person: Option<Box<str>>,
}

impl Fault {
    /// A fault of the whole file.
    #[must_use]
    pub fn of_file(cause: impl Into<Cause>) -> Self {
        Fault::of(Place::file(), cause.into())
    }

    /// A fault of a whole line.
    #[must_use]
    pub fn of_line(line: u64, cause: impl Into<Cause>) -> Self {
        Fault::of(Place::line(line), cause.into())
    }

    /// A fault of a row.
    #[must_use]
    pub fn of(place: Place, cause: Cause) -> Self {
        Fault {
            place,
            value: None,
            cause,
            person: None,
        }
    }

    /// A fault of one cell; `value` is shortened and escaped here.
    #[must_use]
    pub fn of_cell(place: Place, value: &str, cause: Cause) -> Self {
        Fault {
            place,
            value: Some(shown(value).into()),
            cause,
            person: None,
        }
    }

    /// Where, which value, and why.
    #[must_use]
    pub fn within(&self, lang: Lang) -> String {
        let mut words = self.cause.words();
        if self.place.row().is_some() {
            let place = self.with_value(self.place.words().within(lang).to_owned());
            words = match &self.person {
                Some(person) => words::at_person(place, &**person, words),
                None => words::at(place, words),
            };
        }
        words.within(lang).to_owned()
    }

    fn with_value(&self, place: String) -> String {
        match &self.value {
            Some(value) => format!("{place} `{value}`"),
            None => place,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.within(Lang::En))
    }
}

/// How often something was met, and where first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FirstPlaces {
    pub(super) count: u64,
    first: Vec<Place>,
}

impl FirstPlaces {
    pub(in crate::recipients) fn push(&mut self, place: &Place) {
        self.count += 1;
        if self.first.len() < FIRST {
            self.first.push(place.clone());
        }
    }

    /// The same for a place that is seldom needed.
    pub(in crate::recipients) fn push_with(&mut self, place: impl FnOnce() -> Place) {
        self.count += 1;
        if self.first.len() < FIRST {
            self.first.push(place());
        }
    }

    fn merge(&mut self, other: FirstPlaces) {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.sort_by_key(Place::row);
        self.first.truncate(FIRST);
    }

    /// The first places; nothing where only the whole file is meant.
    pub(in crate::recipients) fn places(&self, lang: Lang) -> String {
        let places = self.first.iter().filter(|place| place.row().is_some());
        let told = |place: &Place| place.words().within(lang).to_owned();
        let mut places: Vec<String> = places.map(told).collect();
        if !places.is_empty() && self.count > places.len() as u64 {
            places.push("…".to_owned());
        }
        places.join(SEPARATOR.within(lang))
    }
}

/// Between two of a kind in one line.
pub(in crate::recipients) const SEPARATOR: Text = both("; ", "；");

/// All faults of a file: each counted, the first [`LISTED_MAX`] listed in the order of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    groups: BTreeMap<Text, FirstPlaces>,
    listed: Vec<Fault>,
}

impl Faults {
    /// Adds a fault, found here or by the ledger.
    pub fn push(&mut self, fault: Fault) {
        let group = self.groups.entry(fault.cause.group()).or_default();
        group.push(&fault.place);
        if self.listed.len() < LISTED_MAX {
            self.listed.push(fault);
        }
    }

    /// Adds faults that were found beside these, so that all stand in the order of lines.
    pub fn merge(&mut self, others: Faults) {
        for (group, seen) in others.groups {
            self.groups.entry(group).or_default().merge(seen);
        }
        self.listed.extend(others.listed);
        self.listed.sort_by_key(|fault| fault.place.row());
        self.listed.truncate(LISTED_MAX);
    }

    /// The rows whose people are to be named.
    pub(in crate::recipients) fn rows(&self) -> BTreeSet<u64> {
        let first = |fault: &Fault| match &fault.cause {
            Cause::Repeated(twice) => twice.first.row(),
            _ => None,
        };
        let rows = |fault: &Fault| [fault.place.row(), first(fault)];
        self.listed.iter().flat_map(rows).flatten().collect()
    }

    /// Names the person whose row is at fault.
    pub(in crate::recipients) fn name(&mut self, row: u64, person: &str) {
        let person: Box<str> = shown(person).into();
        for fault in &mut self.listed {
            if fault.place.row() == Some(row) && fault.value.as_ref() != Some(&person) {
                fault.person = Some(person.clone());
            }
            if let Cause::Repeated(twice) = &mut fault.cause
                && twice.first.row() == Some(row)
            {
                twice.person = Some(person.clone());
            }
        }
    }

    /// Whether the file is without fault.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// How many there are, listed or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.groups.values().map(|seen| seen.count).sum()
    }

    /// How many there are of each group, the most frequent first.
    #[must_use]
    pub fn counts(&self) -> Vec<(Text, u64)> {
        let groups = self.sorted().into_iter();
        groups.map(|(group, seen)| (group, seen.count)).collect()
    }

    fn sorted(&self) -> Vec<(Text, &FirstPlaces)> {
        let mut groups: Vec<_> = self.groups.iter().map(|(&g, seen)| (g, seen)).collect();
        groups.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.count));
        groups
    }

    /// The first [`LISTED_MAX`].
    #[must_use]
    pub fn listed(&self) -> &[Fault] {
        &self.listed
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        let mut faults = Faults::default();
        faults.push(fault);
        faults
    }
}

impl Faults {
    /// All of them, and what to do.
    #[must_use]
    pub fn within(&self, lang: Lang) -> String {
        let told = |words: Words| words.within(lang).to_owned();
        let total = self.total();
        let mut lines = vec![told(match total {
            1 => words::one(),
            total => words::several(total),
        })];
        for (group, seen) in self.sorted() {
            let line = match seen.places(lang) {
                places if places.is_empty() => words::group(seen.count, group),
                places => words::group_at(seen.count, group, places),
            };
            lines.push(format!("  {}", told(line)));
        }
        lines.extend(self.listed.iter().map(|fault| fault.within(lang)));
        let unlisted = total - self.listed.len() as u64;
        if unlisted > 0 {
            lines.push(told(words::more(unlisted)));
        }
        lines.push(told(words::correct()));
        lines.join("\n")
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.within(Lang::En))
    }
}

/// Several in one line.
pub(super) fn joined(rows: &[Words], lang: Lang) -> String {
    let rows: Vec<&str> = rows.iter().map(|row| row.within(lang)).collect();
    rows.join(SEPARATOR.within(lang))
}
