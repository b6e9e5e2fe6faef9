//! How long to wait: between two requests about a bill, and for a limit of the day to end.

use super::outcome::Until;
use crate::domain::caps::{CLOCKS_DIFFER_MS, DAY_MS, begin_of, day_of, end_of_day};
use crate::domain::rules::{Moment, RetryRules};

/// The same order is retried after one second at the earliest, says WeChat Pay.
pub const MIN_RESEND_MS: i64 = 1000;
/// Queries are spaced by at most this.
const MAX_QUERY_GAP_MS: i64 = 6 * 3_600_000;
/// From midnight to eight o'clock.
const EIGHT_HOURS_MS: i64 = 8 * 3_600_000;

/// Full jitter over a doubling ceiling, on top of the second that WeChat Pay demands.
pub(super) fn resend_at(step: u32, moment: &Moment, rules: &RetryRules) -> i64 {
    let ceiling = doubled(rules.first_backoff_ms, step - 1, rules.max_backoff_ms);
    let spread = moment.dice % u64::try_from(ceiling + 1).unwrap_or(1);
    let rest = if planted!(NoRest) { 0 } else { MIN_RESEND_MS };
    moment.now + rest + i64::try_from(spread).unwrap_or(0)
}

/// Doubles from the first backoff to six hours.
pub(super) fn query_at(step: u32, moment: &Moment, rules: &RetryRules) -> i64 {
    moment.now + doubled(rules.first_backoff_ms, step, MAX_QUERY_GAP_MS)
}

fn doubled(first: i64, steps: u32, max: i64) -> i64 {
    let factor = 1i64.checked_shl(steps.min(40)).unwrap_or(i64::MAX);
    first.saturating_mul(factor).min(max)
}

/// When a merchant-wide limit has ended, in Beijing's time, for WeChat Pay too: asked while its
/// clock is a moment behind, it would name the same limit, and that would cost another day.
#[must_use]
pub fn end_of(until: Until, now: i64) -> i64 {
    match until {
        Until::NextDay => end_of_day(now),
        Until::EightOClock => {
            let eight = begin_of(day_of(now)) + EIGHT_HOURS_MS + CLOCKS_DIFFER_MS;
            if now < eight { eight } else { eight + DAY_MS }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: RetryRules = RetryRules::PLAYED;
    const NOW: i64 = 7_000_000;

    fn resent(step: u32, dice: u64) -> i64 {
        let moment = Moment {
            dice,
            ..Moment::at(NOW)
        };
        resend_at(step, &moment, &RULES) - NOW
    }

    #[test]
    fn a_resend_waits_a_second_and_up_to_a_ceiling_that_doubles() {
        for (step, ceiling) in [(1, 1000), (2, 2000), (3, 4000), (8, 120_000), (90, 120_000)] {
            assert_eq!(resent(step, 0), 1000, "{step}");
            assert_eq!(resent(step, 700), 1700, "{step}");
            let highest = u64::try_from(ceiling).unwrap();
            assert_eq!(resent(step, highest), 1000 + ceiling, "{step}");
            assert_eq!(resent(step, highest + 1), 1000, "{step}");
        }
    }

    #[test]
    fn queries_are_spaced_from_the_first_backoff_to_six_hours() {
        let gap = |step| query_at(step, &Moment::at(NOW), &RULES) - NOW;
        assert_eq!([0, 1, 5, 14].map(gap), [1000, 2000, 32_000, 16_384_000]);
        assert_eq!([15, 40, 90].map(gap), [21_600_000; 3]);
    }

    #[test]
    fn a_limit_of_the_day_ends_at_its_time_in_beijing_and_never_now() {
        // 2026-11-23 00:00 in Beijing.
        let midnight = 1_795_363_200_000;
        let at = |hour: i64, minute: i64| midnight + (hour * 60 + minute) * 60_000;
        assert_eq!(end_of(Until::NextDay, at(12, 0)), at(24, 1));
        assert_eq!(end_of(Until::NextDay, at(24, 0) - 1), at(24, 1));
        assert_eq!(end_of(Until::EightOClock, midnight), at(8, 1));
        assert_eq!(end_of(Until::EightOClock, at(20, 0)), at(32, 1));
        assert_eq!(end_of(Until::EightOClock, at(8, 1)), at(32, 1));
    }

    #[test]
    fn a_limit_that_was_named_by_a_clock_behind_ours_ends_within_a_minute() {
        let midnight = 1_795_363_200_000;
        for late in [0, 1, 30_000, 59_999] {
            assert_eq!(end_of(Until::NextDay, midnight + late), midnight + 60_000);
            let eight = midnight + 8 * 3_600_000;
            assert_eq!(end_of(Until::EightOClock, eight + late), eight + 60_000);
        }
        let tomorrow = midnight + DAY_MS + 60_000;
        assert_eq!(end_of(Until::NextDay, midnight + 60_000), tomorrow);
    }
}
