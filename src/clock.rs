//! The time, as a parameter: real, or set to begin somewhere for a rehearsal.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// Beijing has had one offset since 1991.
const BEIJING: Offset = Offset::constant(8);

/// A clock that every part of one process reads.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn real() -> Self {
        Clock::reading(machine_ms)
    }

    /// A clock that shows `now_ms` now and goes on from there.
    #[must_use]
    pub fn set_to(now_ms: i64) -> Self {
        let offset_ms = now_ms - machine_ms();
        Clock::reading(move || machine_ms() + offset_ms)
    }

    /// A clock that shows what `read` says, in milliseconds of the Unix epoch.
    #[must_use]
    pub fn reading(read: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Clock(Arc::new(read))
    }

    /// Milliseconds of the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

fn machine_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// RFC 3339 in Beijing's time, to the second: `2026-11-23T20:00:00+08:00`.
#[must_use]
pub fn beijing(ms: i64) -> String {
    let time = Timestamp::from_second(ms.div_euclid(1000)).unwrap_or(Timestamp::UNIX_EPOCH);
    time.display_with_offset(BEIJING).to_string()
}

/// For people: `2026-11-23 20:00:00`, Beijing's time.
#[must_use]
pub fn beijing_words(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let time = time.to_zoned(TimeZone::fixed(BEIJING));
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_beijing() {
        assert_eq!(beijing(1_795_435_200_000), "2026-11-23T20:00:00+08:00");
        assert_eq!(beijing_words(1_795_435_200_999), "2026-11-23 20:00:00");
    }

    #[test]
    fn a_set_clock_goes_on_from_there() {
        let clock = Clock::set_to(1_000_000);
        assert!((1_000_000..1_060_000).contains(&clock.now_ms()));
    }
}
