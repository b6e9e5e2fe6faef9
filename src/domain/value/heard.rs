//! The time by which approvals and caps are read, which no person's word about the clock changes:
//! the clock's, or that of WeChat Pay's latest answer if it is later. Not the highest time that the
//! ledger saw: one run with a clock a year ahead would end all approvals.

use super::caps::CLOCKS_DIFFER_MS;

/// For approvals: never earlier than WeChat Pay's latest answer.
#[must_use]
pub fn not_before_heard(now: i64, heard_at: Option<i64>) -> i64 {
    heard_at.map_or(now, |heard_at| now.max(heard_at))
}

/// For the days of caps. Clocks that differ by less than a run allows are one: a day has a minute
/// on both sides anyway.
#[must_use]
pub fn day_time(now: i64, heard_at: Option<i64>) -> i64 {
    let is_behind = |heard_at: &i64| *heard_at > now.saturating_add(CLOCKS_DIFFER_MS);
    heard_at.filter(is_behind).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_of_both_decides_and_a_minute_makes_no_other_day() {
        const MINUTE_MS: i64 = 60_000;
        for (now, heard_at, approvals, days) in [
            (5, None, 5, 5),
            (MINUTE_MS, Some(5), MINUTE_MS, MINUTE_MS),
            (0, Some(MINUTE_MS), MINUTE_MS, 0),
            (0, Some(MINUTE_MS + 1), MINUTE_MS + 1, MINUTE_MS + 1),
        ] {
            assert_eq!(not_before_heard(now, heard_at), approvals);
            assert_eq!(day_time(now, heard_at), days);
        }
    }
}
