//! Times as WeChat Pay and HTTP write them.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// `yyyy-MM-dd HH:mm:ss` in Beijing, without a zone: a query's own format.
pub(in crate::simulator) fn beijing(at_ms: i64) -> String {
    format(at_ms, "%Y-%m-%d %H:%M:%S")
}

/// `yyyyMMdd` in Beijing.
pub(in crate::simulator) fn beijing_date(at_ms: i64) -> String {
    format(at_ms, "%Y%m%d")
}

/// [`http_date`] of the last second that was asked for: it is the same for thousands of answers.
#[derive(Debug, Default)]
pub(in crate::simulator) struct HttpDate(Option<(i64, String)>);

impl HttpDate {
    /// The `Date` header of HTTP.
    pub(in crate::simulator) fn at(&mut self, at_ms: i64) -> &str {
        let second = at_ms.div_euclid(1_000);
        let HttpDate(last) = self;
        if last.as_ref().is_none_or(|(known, _)| *known != second) {
            *last = None;
        }
        let (_, text) = last.get_or_insert_with(|| (second, http_date(at_ms)));
        text
    }
}

/// The `Date` header of HTTP.
fn http_date(at_ms: i64) -> String {
    timestamp(at_ms)
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

fn format(at_ms: i64, pattern: &str) -> String {
    let beijing = TimeZone::fixed(Offset::constant(8));
    timestamp(at_ms)
        .to_zoned(beijing)
        .strftime(pattern)
        .to_string()
}

/// The time, or 1970 where a clock is set beyond what a calendar holds.
fn timestamp(at_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_beijing_time_and_for_http() {
        let at_ms = 1_739_548_799_000;
        assert_eq!(beijing(at_ms), "2025-02-14 23:59:59");
        assert_eq!(beijing_date(at_ms + 1_000), "20250215");
        assert_eq!(http_date(at_ms), "Fri, 14 Feb 2025 15:59:59 GMT");
        let mut date = HttpDate::default();
        for at_ms in [at_ms, at_ms + 999, at_ms + 1_000, at_ms, -1, 0] {
            assert_eq!(date.at(at_ms), http_date(at_ms), "{at_ms}");
        }
    }
}
