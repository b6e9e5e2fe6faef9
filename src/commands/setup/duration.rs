//! Durations that are typed.

use jiff::{Span, SpanRelativeTo};

use crate::error::Error;
use crate::words::usage;

/// A duration as it was typed behind `flag`, in milliseconds: days have 24 hours.
pub(in crate::commands) fn duration_ms(flag: &'static str, typed: &str) -> Result<i64, Error> {
    let wrong = || Error::Usage(usage::duration(flag, format!("{typed:?}")));
    let span: Span = typed.parse().map_err(|_| wrong())?;
    let days = SpanRelativeTo::days_are_24_hours();
    let ms = span.to_duration(days).map_err(|_| wrong())?.as_millis();
    let ms = i64::try_from(ms).ok().filter(|ms| *ms >= 0);
    ms.ok_or_else(wrong)
}
