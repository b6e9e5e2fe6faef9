//! A bill: what is known of a packet under one `mch_billno`, and what that allows. How an answer
//! changes it is told elsewhere.

use super::causes::{Again, Confirming};
use super::state::State;
use super::step::{Action, Next};
use crate::domain::caps::{CLOCKS_DIFFER_MS, DAY_MS};
use crate::domain::rules::{MAX_DOUBTFUL_SENDS, QUERY_DAYS_MS, RetryRules};

/// A bill's facts that decide about it, without its row, packet or number. Times are milliseconds
/// of the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// Where it stands.
    pub state: State,
    /// Why it is queried and not resent, if it is.
    pub confirming: Option<Confirming>,
    /// When confirming began, and from when on a query's beginning counts for it.
    pub confirming_since: Option<i64>,
    /// Commit time of the first attempt that ended in doubt; `None` where every attempt so far
    /// had a clear answer.
    pub doubt_since: Option<i64>,
    /// No resend for a cause other than age: WeChat Pay knew the number before we sent it.
    pub is_window_closed: bool,
    /// Sends that left this machine.
    pub sends: u32,
    /// Sends that ended in doubt, or without the package they were sent for.
    pub doubtful_sends: u32,
    /// Queries in a row that moved nothing.
    pub idle_queries: u32,
    /// NOT_FOUND answers since confirming began.
    pub not_found: u32,
    /// Commit time of the first send that left this machine since the number was last free; of what
    /// another ledger sent, when WeChat Pay says, or when that was learnt.
    pub first_sent: Option<i64>,
    /// Whether the package is stored.
    pub has_package: bool,
    /// Where it stands if a refusal of it accused the set-up.
    pub again: Option<Again>,
    /// The next automatic step, and its time.
    pub next: Option<Next>,
}

impl Bill {
    /// A bill whose number was just made durable.
    #[must_use]
    pub fn new(now: i64) -> Self {
        Bill {
            state: State::Ready,
            confirming: None,
            confirming_since: None,
            doubt_since: None,
            is_window_closed: false,
            sends: 0,
            doubtful_sends: 0,
            idle_queries: 0,
            not_found: 0,
            first_sent: None,
            has_package: false,
            again: None,
            next: Some(Next {
                action: Action::Send,
                due: now,
            }),
        }
    }

    /// Whether a send may leave at `now`: always from `ready`, else the same number inside the
    /// resend window and its bounds.
    #[must_use]
    pub fn may_send(&self, now: i64, rules: &RetryRules) -> bool {
        match self.state {
            State::Ready => true,
            State::InDoubt => self.confirming.is_none() && self.is_in_window(now, rules),
            State::Sent => !self.has_package && self.is_in_window(now, rules),
            State::InFlight
            | State::Processing
            | State::Received
            | State::Refunding
            | State::Refunded
            | State::Refused
            | State::Withdrawn
            | State::Review => false,
        }
    }

    fn is_in_window(&self, now: i64, rules: &RetryRules) -> bool {
        let is_bounded = !planted!(UnboundedResends);
        let is_few = self.doubtful_sends < MAX_DOUBTFUL_SENDS;
        (is_few || !is_bounded) && !self.is_window_over(now, rules)
    }

    /// Whether the time in which the number may be resent has passed, or was never granted.
    #[must_use]
    pub fn is_window_over(&self, now: i64, rules: &RetryRules) -> bool {
        if planted!(WindowIgnored) {
            return self.is_window_closed;
        }
        let since = self.doubt_since.or(self.first_sent).unwrap_or(now);
        // A doubt from a time that has not come was dated by a wrong clock: how old it is,
        // nobody knows.
        let is_undated = since > now.saturating_add(CLOCKS_DIFFER_MS);
        self.is_window_closed || is_undated || now >= since.saturating_add(rules.resend_window_ms)
    }

    /// When the resend window closes or closed; `None` for a bill that was never sent.
    #[must_use]
    pub fn window_closes_at(&self, rules: &RetryRules) -> Option<i64> {
        let since = self.doubt_since.or(self.first_sent)?;
        let window = if self.is_window_closed {
            0
        } else {
            rules.resend_window_ms
        };
        Some(since.saturating_add(window))
    }

    /// Whether it is too old to be asked about: queries reach back 30 days.
    #[must_use]
    pub fn is_past_queries(&self, now: i64) -> bool {
        let since = self.doubt_since.or(self.first_sent);
        since.is_some_and(|since| now >= since.saturating_add(QUERY_DAYS_MS))
    }

    /// Whether WeChat Pay knows it as paid, if that is so: a reply to it brought its package, that
    /// reply is a day old, since nothing is resent any more, and queries still reach it.
    #[must_use]
    pub fn must_be_known(&self, now: i64) -> bool {
        // The last resend is within a day of the first send.
        let is_old = |since: i64| now >= since.saturating_add(2 * DAY_MS);
        self.state == State::Sent
            && self.has_package
            && self.first_sent.is_some_and(is_old)
            && !self.is_past_queries(now)
    }

    /// Whether it was paid while its package, without which it cannot be opened, is missing.
    #[must_use]
    pub fn is_sent_without_package(&self) -> bool {
        self.state == State::Sent && !self.has_package
    }
}
