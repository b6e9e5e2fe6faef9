//! Whether the clock of this machine can be trusted.

use super::breaker::Halt;
use crate::clock::beijing_words;

/// How far our clock may be from the gateway's.
const ALLOWED_MS: i64 = 60_000;

/// Whether the gateway's replies show another time, to the second, and what to do about it.
pub(super) fn differs(ours: i64, theirs: i64) -> Option<Halt> {
    let is_far = (ours - theirs).abs() >= ALLOWED_MS + 1000;
    is_far.then(|| clock_halt(ours, theirs, "the gateway's replies"))
}

/// Whether the ledger has seen a later time than the clock shows, and what to do about it.
#[must_use]
pub fn start_of_clock(now: i64, highest_time: i64) -> Option<Halt> {
    let is_behind = now < highest_time - ALLOWED_MS;
    is_behind.then(|| clock_halt(now, highest_time, "the ledger's own entries"))
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
