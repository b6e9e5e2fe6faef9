//! Something over time, in a bounded number of buckets that widen as the time does.

use std::collections::BTreeMap;

/// The most buckets: more than a chart has room for.
const MOST: usize = 160;
/// The narrowest bucket.
const MINUTE_MS: i64 = 60_000;

/// Merges two neighbouring buckets into one.
pub(in crate::report) trait Merge {
    fn merge(&mut self, other: Self);
}

/// Buckets by their number since 1970, all of one width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Buckets<T> {
    width_ms: i64,
    by_number: BTreeMap<i64, T>,
}

impl<T> Default for Buckets<T> {
    fn default() -> Self {
        Buckets {
            width_ms: MINUTE_MS,
            by_number: BTreeMap::new(),
        }
    }
}

impl<T: Default + Merge> Buckets<T> {
    /// The bucket of a time.
    pub(in crate::report) fn at(&mut self, at: i64) -> &mut T {
        while self.by_number.len() >= MOST && !self.by_number.contains_key(&self.number(at)) {
            self.widen();
        }
        let number = self.number(at);
        self.by_number.entry(number).or_default()
    }

    fn number(&self, at: i64) -> i64 {
        at.div_euclid(self.width_ms)
    }

    fn widen(&mut self) {
        self.width_ms *= 2;
        let narrow = std::mem::take(&mut self.by_number);
        for (number, bucket) in narrow {
            let wide = self.by_number.entry(number.div_euclid(2)).or_default();
            wide.merge(bucket);
        }
    }
}

impl<T> Buckets<T> {
    /// The buckets with something in them, by the time at which each begins.
    pub(in crate::report) fn rows(&self) -> impl Iterator<Item = (i64, &T)> {
        let rows = self.by_number.iter();
        rows.map(|(number, bucket)| (number * self.width_ms, bucket))
    }

    /// How long a bucket is.
    pub(in crate::report) fn width_ms(&self) -> i64 {
        self.width_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Merge for u32 {
        fn merge(&mut self, other: Self) {
            *self += other;
        }
    }

    #[test]
    fn nothing_is_lost_however_long_it_takes() {
        let mut buckets = Buckets::<u32>::default();
        for minute in (0..50_000).rev() {
            *buckets.at(minute * MINUTE_MS) += 1;
        }
        assert!(buckets.rows().count() <= MOST);
        assert_eq!(buckets.rows().map(|(_, count)| count).sum::<u32>(), 50_000);
        let starts: Vec<i64> = buckets.rows().map(|(at, _)| at).collect();
        assert!(
            starts
                .windows(2)
                .all(|two| two[1] - two[0] == buckets.width_ms())
        );
    }

    #[test]
    fn a_short_time_stays_in_minutes() {
        let mut buckets = Buckets::<u32>::default();
        for minute in [0, 1, 1, 5_000_000] {
            *buckets.at(minute * MINUTE_MS + 59_999) += 1;
        }
        let rows: Vec<(i64, u32)> = buckets.rows().map(|(at, count)| (at, *count)).collect();
        assert_eq!(rows, [(0, 1), (MINUTE_MS, 2), (5_000_000 * MINUTE_MS, 1)]);
    }
}
