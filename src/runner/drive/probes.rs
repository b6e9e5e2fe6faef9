//! Probes of a gateway that gives no usable answers: one at a time, at growing intervals.

use std::time::Duration;

use tokio::time::Instant;

/// The first and the longest gap between two of them.
const FIRST_GAP: Duration = Duration::from_millis(500);
const MAX_GAP: Duration = Duration::from_secs(30);

/// The probes of an outage.
#[derive(Debug)]
pub(super) struct Probes {
    /// When the next one may leave.
    pub(super) next: Instant,
    made: u32,
}

impl Probes {
    pub(super) fn new(now: Instant) -> Self {
        Probes { next: now, made: 0 }
    }

    /// One leaves now.
    pub(super) fn begin(&mut self, now: Instant) {
        let gap = FIRST_GAP * (1 << self.made.min(6));
        self.next = now + gap.min(MAX_GAP);
        self.made += 1;
        tracing::info!(
            made = self.made,
            ?gap,
            "a probe: the gateway gives no usable answers"
        );
    }

    /// The outage is over.
    pub(super) fn end(&mut self) {
        self.made = 0;
    }
}
