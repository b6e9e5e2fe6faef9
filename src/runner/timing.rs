//! Whether the clock of this machine can be trusted.

use super::breaker::Halt;
use crate::clock::beijing_words;

/// How far our clock may be from the gateway's.
const ALLOWED_SECONDS: i64 = 60;

/// Whether the gateway's replies, which have seconds, show another time than our milliseconds, and
/// what to do about it.
pub(super) fn differs(ours: i64, theirs_seconds: i64) -> Option<Halt> {
    let is_far = (ours / 1000 - theirs_seconds).abs() > ALLOWED_SECONDS;
    (is_far && !planted!(ClockJumpIgnored))
        .then(|| clock_halt(ours, theirs_seconds * 1000, "the gateway's replies"))
}

/// Whether the ledger has seen a later time than the clock shows, and what to do about it.
#[must_use]
pub fn start_of_clock(now: i64, highest_time: i64) -> Option<Halt> {
    let is_behind = now < highest_time - ALLOWED_SECONDS * 1000;
    (is_behind && !planted!(ClockJumpIgnored))
        .then(|| clock_halt(now, highest_time, "the ledger's own entries"))
}

/// Both times, and what to do about it.
fn clock_halt(ours: i64, theirs: i64, whose: &str) -> Halt {
    Halt {
        cause: "the clock of this machine cannot be trusted".to_owned(),
        evidence: format!(
            "this machine says {}, {whose} say {}",
            beijing_words(ours),
            beijing_words(theirs)
        ),
        remedy: "set the clock (NTP) and `unpause`; if it is right as it is, `unpause \
                 --clock-is-right`"
            .to_owned(),
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
