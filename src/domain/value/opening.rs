//! A stretch of time in which sends may leave.

/// A stretch of time in which sends may leave, in milliseconds of the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Its first moment.
    pub from: i64,
    /// The first moment after it; [`Opening::NEVER`] where it does not end.
    pub until: i64,
}

impl Opening {
    /// Later than any moment.
    pub const NEVER: i64 = i64::MAX;

    /// Whether sends may leave at `at`.
    #[must_use]
    pub fn holds(&self, at: i64) -> bool {
        (self.from..self.until).contains(&at)
    }

    /// How much of it lies between two moments, in milliseconds.
    #[must_use]
    pub fn within(&self, from: i64, until: i64) -> i64 {
        (self.until.min(until) - self.from.max(from)).max(0)
    }
}
