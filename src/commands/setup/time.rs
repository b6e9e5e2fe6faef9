//! The clock of a verb, and durations and days that are typed.

use jiff::{Span, SpanRelativeTo, Timestamp};

use crate::clock::Clock;
use crate::config::Mode;
use crate::domain::caps::day_of;
use crate::error::Error;
use crate::words::usage;

/// Sets the clock in simulator mode, RFC 3339: a rehearsal can look at tomorrow.
const SIMULATED_NOW: &str = "HONGBAO_SIMULATED_NOW";

/// The time: in simulator mode as it is set from outside.
pub(in crate::commands) fn clock(mode: Mode) -> Result<Clock, Error> {
    let set = std::env::var(SIMULATED_NOW)
        .ok()
        .filter(|_| mode == Mode::Simulator);
    let Some(text) = set else {
        return Ok(Clock::real());
    };
    let time: Timestamp = text.parse().map_err(|fault: jiff::Error| {
        let (given, fault) = (format!("{text:?}"), fault.to_string());
        Error::Usage(usage::simulated_now(SIMULATED_NOW, given, fault))
    })?;
    Ok(Clock::set_to(time.as_millisecond()))
}

/// A duration as it was typed behind `flag`, in milliseconds: days have 24 hours.
pub(in crate::commands) fn duration_ms(flag: &'static str, typed: &str) -> Result<i64, Error> {
    let wrong = || Error::Usage(usage::duration(flag, format!("{typed:?}")));
    let span: Span = typed.parse().map_err(|_| wrong())?;
    let days = SpanRelativeTo::days_are_24_hours();
    let ms = span.to_duration(days).map_err(|_| wrong())?.as_millis();
    let ms = i64::try_from(ms).ok().filter(|ms| *ms >= 0);
    ms.ok_or_else(wrong)
}

/// The number of a Beijing day that is typed as 2027-02-17 or 20270217.
pub(in crate::commands) fn beijing_day(typed: &str) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| *c != '-').collect();
    let is_plain = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain {
        return None;
    }
    let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
    let text = format!("{year}-{month}-{day}T00:00:00+08:00");
    let at: Timestamp = text.parse().ok()?;
    Some(day_of(at.as_millisecond()))
}
