//! When the requests of the last minute left, even if the clock was set since.
//!
//! The ledger dates requests by the machine's clock, which people and NTP set: set forward between
//! two runs, it makes what was just sent look a minute old. Beside it the machine counts its
//! uptime, which nobody sets and which goes on while it sleeps. The lock file keeps by how much
//! the clock led the uptime, the least of the last minute. Uptime and that lead make a time by
//! which no request is older than it is; one that seems to come from the future was just made.
//!
//! After another start of the machine, on another machine, or where there is no such lock file,
//! nothing proves an age, and two runs may have had two clocks: the newest request of the ledger,
//! and all that are dated within the minute before it, count as just made. That costs a minute at
//! most, and only where that minute was full.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::{Clock, Uptime};
use crate::ledger::{LedgerError, Reader, Writer};

/// The longest window of the pace, and a second for what was under way.
const WINDOW: Duration = Duration::from_secs(61);
/// Two readings of two clocks, one after the other, may differ so much, in milliseconds.
const SAME: i64 = 5;

/// By how much the machine's clock leads its uptime; nothing where it does not tell its uptime.
#[derive(Debug)]
pub struct Lead(Mutex<Option<Known>>);

/// Milliseconds, both.
#[derive(Debug)]
struct Known {
    /// The least of the last minute, which the lock file has.
    least: i64,
    /// A higher one, and since when it is seen.
    higher: Option<(i64, Instant)>,
}

impl Lead {
    /// Begins to watch over it, before anything is sent; gives the ages of the requests that
    /// other processes sent within the last minute, oldest first.
    ///
    /// # Errors
    /// Where the ledger or its lock file cannot be read or written.
    pub fn begin(
        reader: &Reader,
        writer: &Writer,
        clock: &Clock,
    ) -> Result<(Lead, Vec<Duration>), LedgerError> {
        let (now, uptime) = (clock.now_ms(), clock.uptime());
        let noted = writer.noted_clock()?;
        let newest = reader.newest_request()?;
        let proven = if planted!(WindowTrustsSteppedClock) {
            Some(now)
        } else {
            shown(now, uptime.as_ref(), noted.as_ref())
        };
        let shown = proven.unwrap_or_else(|| newest.unwrap_or(now).min(now));
        let minute = i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX);
        let recent = reader.requests_since(shown - minute, shown)?;
        let age = |at: &i64| {
            let ms = proven.map_or(0, |shown| shown - at);
            Duration::from_millis(u64::try_from(ms).unwrap_or(0))
        };
        let ages = recent.iter().map(age).collect();
        let Some(uptime) = uptime else {
            return Ok((Lead(Mutex::new(None)), ages));
        };
        let least = shown - uptime.ms;
        writer.note_clock(&uptime.boot, least)?;
        let known = Known {
            least,
            higher: None,
        };
        Ok((Lead(Mutex::new(Some(known))), ages))
    }

    /// Looks whether the clock was set; to be asked every second or so while requests leave.
    pub(in crate::runner) fn watch(
        &self,
        writer: &Writer,
        clock: &Clock,
    ) -> Result<(), LedgerError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, uptime) = (clock.now_ms(), clock.uptime());
        if let (Some(known), Some(uptime)) = (&mut *known, uptime)
            && known.see(now - uptime.ms, Instant::now())
        {
            writer.note_clock(&uptime.boot, known.least)?;
        }
        Ok(())
    }
}

impl Known {
    /// The clock leads by so much now; whether the least of the last minute is another one by it.
    fn see(&mut self, lead: i64, now: Instant) -> bool {
        if lead > self.least + SAME {
            let seen = self
                .higher
                .filter(|(seen, _)| lead.abs_diff(*seen) <= SAME.unsigned_abs());
            let (_, since) = *self.higher.insert(seen.unwrap_or((lead, now)));
            if now - since < WINDOW {
                return false;
            }
        } else if lead >= self.least - SAME {
            self.higher = None;
            return false;
        }
        (self.least, self.higher) = (lead, None);
        true
    }
}

/// The reading of the clock that dated the requests, or less; `None` where nothing proves it.
fn shown(now: i64, uptime: Option<&Uptime>, noted: Option<&(String, i64)>) -> Option<i64> {
    let (uptime, (boot, lead)) = (uptime?, noted?);
    (**boot == *uptime.boot).then(|| (uptime.ms + lead).min(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up(ms: i64) -> Uptime {
        Uptime {
            boot: "this".into(),
            ms,
        }
    }

    #[test]
    fn a_clock_that_was_set_forward_makes_no_request_older() {
        let noted = ("this".to_owned(), 1_000_000);
        let at = |now, uptime| shown(now, Some(&up(uptime)), Some(&noted)).unwrap();
        assert_eq!(at(1_005_000, 5_000), 1_005_000, "nobody set it");
        assert_eq!(at(1_060_000, 5_000), 1_005_000, "forward by 55 seconds");
        assert_eq!(at(950_000, 5_000), 950_000, "back by 55 seconds");
        assert_eq!(at(11_000_000, 10_000_000), 11_000_000, "hours later");
    }

    #[test]
    fn nothing_proves_an_age_after_another_start_of_the_machine_or_without_a_note() {
        let (uptime, other) = (up(5_000), ("other".to_owned(), 0));
        for (uptime, noted) in [
            (Some(&uptime), Some(&other)),
            (Some(&uptime), None),
            (None, Some(&other)),
            (None, None),
        ] {
            assert_eq!(shown(1_060_000, uptime, noted), None);
        }
    }

    #[test]
    fn the_least_lead_counts_until_another_was_seen_for_a_minute() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut known = Known {
            least: 1000,
            higher: None,
        };
        assert!(!known.see(1004, at(0)), "a reading takes its time");
        assert!(!known.see(56_000, at(1)), "set forward");
        assert!(!known.see(56_003, at(61)));
        assert_eq!(known.least, 1000);
        assert!(!known.see(90_000, at(62)), "and once more");
        assert!(!known.see(90_000, at(122)));
        assert!(known.see(90_000, at(123)));
        assert_eq!(known.least, 90_000);
        assert!(known.see(500, at(124)), "back is less at once");
        assert!(!known.see(90_000, at(125)), "forward again");
        assert!(!known.see(501, at(150)), "and back");
        assert!(!known.see(90_000, at(151)), "the minute begins anew");
        assert!(!known.see(90_000, at(200)));
        assert_eq!(known.least, 500);
    }
}
