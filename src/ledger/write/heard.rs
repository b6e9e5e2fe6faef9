//! The latest time that an answer of WeChat Pay had. Whoever gets one tells it here, and the next
//! commit keeps it. Only a server whose certificate was verified answers at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The latest time that this process heard, on its way to the ledger.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard(Arc<AtomicI64>);

impl Heard {
    /// In seconds, as answers have it.
    pub(super) fn tell(&self, date: Option<i64>) {
        let at = date.map_or(0, |date| date.saturating_mul(1000));
        self.0.fetch_max(at, Ordering::Relaxed);
    }

    pub(super) fn latest(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|at| *at > 0)
    }
}
