//! How long to wait: between two requests about a bill, and for a limit of the day to end.

use super::outcome::Until;
use super::policy::{Moment, Rules};

/// The same order is retried after one second at the earliest, says WeChat Pay.
pub const MIN_RESEND_MS: i64 = 1000;
/// Queries are spaced by at most this.
const MAX_QUERY_GAP_MS: i64 = 6 * 3_600_000;
/// A day.
pub(super) const DAY_MS: i64 = 86_400_000;
/// Beijing has no summer time.
const BEIJING_MS: i64 = 8 * 3_600_000;

/// Full jitter over a doubling ceiling, on top of the second that WeChat Pay demands.
pub(super) fn resend_at(step: u32, moment: &Moment, rules: &Rules) -> i64 {
    let ceiling = doubled(rules.first_backoff_ms, step - 1, rules.max_backoff_ms);
    let spread = moment.dice % u64::try_from(ceiling + 1).unwrap_or(1);
    moment.now + MIN_RESEND_MS + i64::try_from(spread).unwrap_or(0)
}

/// Doubles from the first backoff to six hours.
pub(super) fn query_at(step: u32, moment: &Moment, rules: &Rules) -> i64 {
    moment.now + doubled(rules.first_backoff_ms, step, MAX_QUERY_GAP_MS)
}

fn doubled(first: i64, steps: u32, max: i64) -> i64 {
    let factor = 1i64.checked_shl(steps.min(40)).unwrap_or(i64::MAX);
    first.saturating_mul(factor).min(max)
}

/// When a merchant-wide limit ends, in Beijing's time.
#[must_use]
pub fn end_of(until: Until, now: i64) -> i64 {
    let local = now + BEIJING_MS;
    let midnight = local - local.rem_euclid(DAY_MS);
    let eight = midnight + BEIJING_MS;
    let end = match until {
        Until::NextDay => midnight + DAY_MS,
        Until::EightOClock if local < eight => eight,
        Until::EightOClock => eight + DAY_MS,
    };
    end - BEIJING_MS
}
