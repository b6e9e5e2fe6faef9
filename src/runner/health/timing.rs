//! Whether the clock of this machine can be trusted.

use super::halt::Halt;
use crate::clock::beijing_words;
use crate::domain::caps::CLOCKS_DIFFER_MS;
use crate::words::{Words, halt as words};

/// How far our clock may be from the gateway's.
const ALLOWED_SECONDS: i64 = CLOCKS_DIFFER_MS / 1000;

/// Whether the gateway's replies, which have seconds, show another time than our milliseconds, and
/// what to do about it.
pub(in crate::runner) fn differs(ours: i64, theirs_seconds: i64) -> Option<Halt> {
    let is_far = (ours / 1000 - theirs_seconds).abs() > ALLOWED_SECONDS;
    (is_far && !planted!(ClockJumpIgnored)).then(|| {
        let theirs = beijing_words(theirs_seconds * 1000);
        clock_halt(words::clock_and_gateway(beijing_words(ours), theirs))
    })
}

/// Whether the ledger has seen a later time than the clock shows, and what to do about it.
#[must_use]
pub fn start_of_clock(now: i64, highest_time: i64) -> Option<Halt> {
    let is_behind = now < highest_time - ALLOWED_SECONDS * 1000;
    (is_behind && !planted!(ClockJumpIgnored)).then(|| {
        let theirs = beijing_words(highest_time);
        clock_halt(words::clock_and_ledger(beijing_words(now), theirs))
    })
}

fn clock_halt(evidence: Words) -> Halt {
    Halt {
        cause: words::clock(),
        evidence,
        remedy: words::set_clock(),
        excused: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_allowed_and_no_second_more() {
        let theirs = 1_795_435_200;
        for (ours, is_far) in [
            (theirs * 1000 + 60_999, false),
            (theirs * 1000 + 61_000, true),
            (theirs * 1000 - 60_000, false),
            (theirs * 1000 - 60_001, true),
        ] {
            assert_eq!(differs(ours, theirs).is_some(), is_far, "{ours}");
        }
        assert!(start_of_clock(0, 60_000).is_none() && start_of_clock(0, 60_001).is_some());
    }
}
