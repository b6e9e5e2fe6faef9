//! Inputs of the policy besides the bill: the campaign's settings, and the time.

use super::caps::DAY_MS;

/// Sends of one bill that may end in doubt before it is only queried.
pub const MAX_DOUBTFUL_SENDS: u32 = 8;
/// Queries in a row that may move nothing before a person must look.
pub const MAX_IDLE_QUERIES: u32 = 40;
/// Queries reach back 30 days; one day is left for a person.
pub const QUERY_DAYS_MS: i64 = 29 * DAY_MS;

/// A packet that is not settled so long after its first send is named: five days are left to ask
/// about it.
pub const NAMED_AFTER_MS: i64 = 25 * DAY_MS;

/// A packet that was paid and is not settled so long after its first send stays as it is: the last
/// number that could be asked about is thirty days old, and a resend may have been a day later.
pub const UNTOLD_AFTER_MS: i64 = 31 * DAY_MS;

/// A packet is seldom opened at once: a run asks about it so long after it was sent.
pub const FOLLOW_AFTER_MS: i64 = 30 * 60_000;
/// And not again within this time.
pub const FOLLOW_EVERY_MS: i64 = 60 * 60_000;

/// The campaign's settings that policy obeys, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryRules {
    /// The first backoff; later ones double.
    pub first_backoff_ms: i64,
    /// The largest backoff between sends.
    pub max_backoff_ms: i64,
    /// From PROCESSING to the first query.
    pub processing_query_after_ms: i64,
    /// How long a number may be resent after its first doubt.
    pub resend_window_ms: i64,
    /// How long an unfound refusal is asked about before it is final.
    pub refusal_confirm_ms: i64,
    /// How long after its commit a request's answer is due at the latest.
    pub answer_ms: i64,
}

#[cfg(test)]
impl RetryRules {
    /// The rules of tests.
    pub(crate) const PLAYED: RetryRules = RetryRules {
        first_backoff_ms: 1000,
        max_backoff_ms: 120_000,
        processing_query_after_ms: 1_200_000,
        resend_window_ms: 86_400_000,
        refusal_confirm_ms: 600_000,
        answer_ms: 25_000,
    };
}

/// When something was learned, and the chance that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Now.
    pub now: i64,
    /// When the attempt was committed.
    pub committed: i64,
    /// Any number; spreads retries.
    pub dice: u64,
    /// Whether this run has had a packet accepted.
    pub has_accepted: bool,
    /// When the order was made, says the query.
    pub send_time: Option<i64>,
    /// When the answer to the last send that nobody answered was due at the latest; `None` where
    /// each was answered.
    pub unanswered_until: Option<i64>,
    /// Whether the query tells of a payment that is not the one that is owed.
    pub is_paid_otherwise: bool,
    /// What can still be proven of a bill that is refused, taken back or a person's.
    pub provable: Provable,
}

/// What a query can prove of a bill that is refused, taken back or a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provable {
    /// That WeChat Pay knows its number, or that it does not.
    Either,
    /// Nothing more: WeChat Pay called the number `FAILED` before, or a later one took its place.
    Nothing,
    /// That its number is known, but not that it is unknown: the ledger is behind by more days than
    /// queries reach back.
    OnlyKnown,
}

impl Moment {
    /// A moment at which nothing is retried by chance and nothing was accepted.
    #[must_use]
    pub fn at(now: i64) -> Self {
        Moment {
            now,
            committed: now,
            dice: 0,
            has_accepted: false,
            send_time: None,
            unanswered_until: None,
            is_paid_otherwise: false,
            provable: Provable::Either,
        }
    }
}
