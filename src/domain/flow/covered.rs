//! The Beijing days that the given bills tell of. A bill that is fetched is of its day; a file
//! tells of the days from its first row to its last.

use std::collections::BTreeSet;

use crate::domain::caps::days_of;

/// When something happened, as far as a ledger can know: in milliseconds of the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Not before.
    pub from: i64,
    /// Not after.
    pub until: i64,
}

/// Days since 1970, in Beijing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CoveredDays(BTreeSet<i64>);

impl CoveredDays {
    /// A file with a row of a wrong year covers nothing that a campaign could be of.
    const MOST_IN_A_FILE: i64 = 400;

    /// Adds a day.
    pub fn add(&mut self, day: i64) {
        self.0.insert(day);
    }

    /// Adds all days from the first to the last; at most about a year of them.
    pub fn add_all(&mut self, first: i64, last: i64) {
        let last = last.min(first.saturating_add(Self::MOST_IN_A_FILE));
        self.0.extend(first..=last);
    }

    /// Whether each day on which it may have happened is covered. What is within a minute of
    /// midnight may stand in the bill of either day.
    #[must_use]
    pub fn covers(&self, span: Span) -> bool {
        let (first, last) = (
            *days_of(span.from).start(),
            *days_of(span.until.max(span.from)).end(),
        );
        let length = usize::try_from(last - first).unwrap_or(usize::MAX);
        // A span of years is longer than all that is covered: then one look tells.
        length < self.0.len() && (first..=last).all(|day| self.0.contains(&day))
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = i64> {
        self.0.iter().copied()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::caps::{begin_of, day_of};

    const DAY_MS: i64 = 86_400_000;

    fn span(from: i64, until: i64) -> Span {
        Span { from, until }
    }

    #[test]
    fn each_day_of_a_span_must_be_covered() {
        let day = day_of(1_795_435_200_000);
        let noon = begin_of(day) + DAY_MS / 2;
        let mut covered = CoveredDays::default();
        assert!(!covered.covers(span(noon, noon)) && covered.is_empty());
        covered.add(day);
        assert!(covered.covers(span(noon, noon)));
        assert!(!covered.covers(span(noon, noon + DAY_MS)));
        assert!(!covered.covers(span(0, 4_000_000_000_000_000)));
        covered.add_all(day + 1, day + 3);
        assert!(covered.covers(span(noon, noon + 3 * DAY_MS)));
        assert_eq!(covered.iter().count(), 4);
        covered.add_all(0, i64::MAX);
        assert_eq!(covered.iter().count(), 405);
    }

    #[test]
    fn what_is_near_midnight_needs_both_days() {
        let day = day_of(1_795_435_200_000);
        let mut covered = CoveredDays::default();
        covered.add(day);
        let begin = begin_of(day);
        assert!(!covered.covers(span(begin + 1_000, begin + 1_000)));
        assert!(covered.covers(span(begin + 61_000, begin + 61_000)));
        let end = begin + DAY_MS;
        assert!(!covered.covers(span(end - 1_000, end - 1_000)));
        assert!(covered.covers(span(end - 61_000, end - 61_000)));
    }
}
