//! The time, as a parameter: real, or set to begin somewhere for a rehearsal.

use std::sync::Arc;
#[cfg(target_os = "linux")]
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// Beijing has had one offset since 1991.
const BEIJING: Offset = Offset::constant(8);

/// A clock that every part of one process reads.
#[derive(Clone)]
pub struct Clock {
    now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    uptime: Arc<dyn Fn() -> Option<Uptime> + Send + Sync>,
}

/// How long the machine is up, its sleep included: a time that nobody sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uptime {
    /// Which start of the machine it is counted from.
    pub boot: Arc<str>,
    /// Milliseconds.
    pub ms: i64,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn real() -> Self {
        Clock::reading(machine_ms).beside(machine_uptime)
    }

    /// A clock that shows `now_ms` now and goes on from there.
    #[must_use]
    pub fn set_to(now_ms: i64) -> Self {
        let offset_ms = now_ms - machine_ms();
        Clock::reading(move || machine_ms() + offset_ms).beside(machine_uptime)
    }

    /// A clock that shows what `read` says, in milliseconds of the Unix epoch, on a machine that
    /// does not tell its uptime.
    #[must_use]
    pub fn reading(read: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Clock {
            now_ms: Arc::new(read),
            uptime: Arc::new(|| None),
        }
    }

    /// The same clock on a machine whose uptime `read` tells.
    #[must_use]
    pub fn beside(self, read: impl Fn() -> Option<Uptime> + Send + Sync + 'static) -> Self {
        Clock {
            uptime: Arc::new(read),
            ..self
        }
    }

    /// Milliseconds of the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.now_ms)()
    }

    /// `None` on a machine that does not tell.
    #[must_use]
    pub fn uptime(&self) -> Option<Uptime> {
        (self.uptime)()
    }
}

fn machine_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

#[cfg(target_os = "linux")]
fn machine_uptime() -> Option<Uptime> {
    const BOOT: &str = "/proc/sys/kernel/random/boot_id";
    static THIS: OnceLock<Option<Arc<str>>> = OnceLock::new();
    let read = || {
        let boot = std::fs::read_to_string(BOOT).ok()?;
        Some(Arc::from(boot.trim())).filter(|boot: &Arc<str>| !boot.is_empty())
    };
    let boot = THIS.get_or_init(read).clone()?;
    let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let ms = since.tv_sec * 1000 + since.tv_nsec / 1_000_000;
    Some(Uptime { boot, ms })
}

#[cfg(not(target_os = "linux"))]
fn machine_uptime() -> Option<Uptime> {
    None
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

/// For people: `2026-11-23 20:00`, in this time zone, with seconds where they are not zero.
#[must_use]
pub fn zoned_words(ms: i64, zone: &TimeZone) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let time = time.to_zoned(zone.clone());
    let form = match (time.second(), time.subsec_nanosecond()) {
        (0, 0) => "%Y-%m-%d %H:%M",
        _ => "%Y-%m-%d %H:%M:%S%.f",
    };
    time.strftime(form).to_string()
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
    fn a_moment_in_a_zone_keeps_its_seconds() {
        let shown = |ms| zoned_words(ms, &TimeZone::UTC);
        assert_eq!(shown(1_795_435_200_000), "2026-11-23 12:00");
        assert_eq!(shown(1_795_435_230_000), "2026-11-23 12:00:30");
        assert_eq!(shown(1_795_435_200_500), "2026-11-23 12:00:00.5");
    }

    #[test]
    fn a_set_clock_goes_on_from_there() {
        let clock = Clock::set_to(1_000_000);
        assert!((1_000_000..1_060_000).contains(&clock.now_ms()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_uptime_goes_on_whatever_the_clock_is_set_to() {
        let uptimes = [Clock::real(), Clock::set_to(0)].map(|clock| clock.uptime().unwrap());
        assert_eq!(uptimes[0].boot, uptimes[1].boot);
        assert!((0..60_000).contains(&(uptimes[1].ms - uptimes[0].ms)));
    }
}
