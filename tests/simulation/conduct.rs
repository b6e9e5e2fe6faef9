//! What a process must keep to on the wire, as far as one can see from outside.

use super::plan::{Deed, MERCHANT_WIDE, Storm};

/// A running process sees within a second what was done beside it.
const NOTICED_MS: i64 = 1000;
/// After the first refusal for the rate nobody sends for so long.
const HOLD_MS: i64 = 100;
/// The longest that nobody sends after refusals in a row. What is told meanwhile was asked before,
/// and holds nobody longer.
const LONGEST_HOLD_MS: i64 = 30_000;
/// So far a clock may be wrong, and a second that replies do not tell.
const CLOCK_MS: i64 = 61_000;

/// When a request may leave.
#[derive(Debug, Default)]
pub(super) struct Conduct {
    skew_ms: i64,
    /// After which moment nothing may leave, and why.
    quiet: Option<(i64, String)>,
    /// The same for sends alone: questions are harmless.
    sends_quiet: Option<(i64, String)>,
    held: Option<(i64, i64)>,
    /// The last refusal for the rate.
    throttled: Option<i64>,
}

impl Conduct {
    pub(super) fn of(storm: &Storm) -> Conduct {
        Conduct {
            skew_ms: storm.skew_ms,
            ..Conduct::default()
        }
    }

    /// A person said that the clock is right, whatever it shows.
    pub(super) fn trust_clock(&mut self) {
        self.skew_ms = 0;
    }

    /// Something was done to the ledger.
    pub(super) fn befall(&mut self, deed: Deed, now: i64) {
        let why = match deed {
            Deed::LockDeleted | Deed::Taken => "the lock was lost",
            Deed::Paused => "a pause",
            Deed::CommitsFail | Deed::Swapped => return,
        };
        self.sends_quiet = Some((now + NOTICED_MS, why.to_owned()));
    }

    /// The machine slept: the process has as long as before to notice what was done.
    pub(super) fn sleep(&mut self, ms: i64) {
        for (since, _) in self.quiet.iter_mut().chain(&mut self.sends_quiet) {
            *since += ms;
        }
    }

    /// A whole answer of WeChat Pay was delivered.
    pub(super) fn told(&mut self, code: Option<&str>, now: i64) {
        if self.skew_ms.abs() > CLOCK_MS {
            self.be_quiet(now, "a reply showed that the clock is wrong");
        }
        match code {
            Some(code) if MERCHANT_WIDE.contains(&code) => self.be_quiet(now, code),
            Some("FREQ_LIMIT") => {
                let is_first = |last: i64| now > last + LONGEST_HOLD_MS;
                if self.throttled.is_none_or(is_first) {
                    self.held = Some((now, now + HOLD_MS));
                }
                self.throttled = Some(now);
            }
            Some(_) | None => {}
        }
    }

    fn be_quiet(&mut self, since: i64, why: &str) {
        if self
            .quiet
            .as_ref()
            .is_none_or(|(earlier, _)| since < *earlier)
        {
            self.quiet = Some((since, why.to_owned()));
        }
    }

    /// A request leaves: what is wrong with that.
    pub(super) fn leaves(&self, now: i64, is_send: bool) -> Option<String> {
        let of_sends = self.sends_quiet.iter().filter(|_| is_send);
        let broken = self
            .quiet
            .iter()
            .chain(of_sends)
            .find(|(since, _)| now > *since);
        if let Some((_, why)) = broken {
            return Some(format!("a request left after {why}"));
        }
        let (from, until) = self.held?;
        let is_held = now > from && now < until;
        is_held.then(|| "a request left at once after FREQ_LIMIT".to_owned())
    }
}
