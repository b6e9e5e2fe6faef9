//! Requests evenly apart: governor's GCRA on tokio's clock, which tests can pause.
//!
//! Its bucket is empty at the start, since a full one sends a burst first, and it is only asked
//! whether one may leave now: its own waiting sleeps on the machine's clock. Alone it would not
//! do: what it grants in the first window is nearly twice the limit.

use std::num::NonZeroU32;
use std::ops::Add;
use std::time::Duration;

use governor::clock::{Clock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

/// How far spacing may catch up after a late wake-up: timers tick in milliseconds. One request may
/// be caught up with at any rate: at 30 a second each late millisecond would cost 3 %.
const SLACK: Duration = Duration::from_millis(30);

/// One request after the other, an equal share of a second apart.
#[derive(Debug)]
pub(super) struct Spacing {
    /// `None` is no limit.
    limiter: Option<RateLimiter<NotKeyed, InMemoryState, Tokio, NoOpMiddleware<Tick>>>,
    free_at: Instant,
}

/// Tokio's clock.
#[derive(Debug, Clone, Copy)]
struct Tokio;

/// A reading of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Tick(Instant);

impl Spacing {
    /// The first request may leave at once.
    pub(super) fn new(per_second: Option<NonZeroU32>) -> Self {
        let limiter = per_second.map(|per_second| {
            let quota = Quota::per_second(per_second);
            let behind = behind(quota);
            let burst = behind.saturating_add(1);
            let limiter = RateLimiter::direct_with_clock(quota.allow_burst(burst), Tokio);
            // A new bucket has room for all of them.
            let _ = limiter.check_n(behind);
            limiter
        });
        Spacing {
            limiter,
            free_at: Instant::now(),
        }
    }

    /// When the next may leave, as far as was told.
    pub(super) fn free_at(&self) -> Instant {
        self.free_at
    }

    /// Lets one leave, or tells when to ask again.
    pub(super) fn take(&mut self) -> Result<(), Instant> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check().map_err(|refused| {
            self.free_at = refused.earliest_possible().0;
            self.free_at
        })
    }
}

/// How many requests may be caught up with.
fn behind(quota: Quota) -> NonZeroU32 {
    let interval = quota.replenish_interval().as_nanos().max(1);
    let behind = u32::try_from(SLACK.as_nanos() / interval).unwrap_or(u32::MAX);
    NonZeroU32::new(behind).unwrap_or(NonZeroU32::MIN)
}

impl Clock for Tokio {
    type Instant = Tick;

    fn now(&self) -> Tick {
        Tick(Instant::now())
    }
}

impl Reference for Tick {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_duration_since(earlier.0).into()
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Tick(self.0.checked_sub(duration.into()).unwrap_or(self.0))
    }
}

impl Add<Nanos> for Tick {
    type Output = Self;

    fn add(self, more: Nanos) -> Self {
        Tick(self.0 + Duration::from(more))
    }
}
