//! The time of WeChat Pay's latest answer. Whoever gets one tells it here, and the next commit
//! keeps it. Only a server whose certificate was verified answers at all. It is not the highest
//! time: else one wrong answer would open the next day's caps, and end approvals until that day.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The time that this process heard last, on its way to the ledger.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard(Arc<AtomicI64>);

impl Heard {
    /// In seconds, as answers have it.
    pub(super) fn tell(&self, date: Option<i64>) {
        if let Some(date) = date {
            self.0.store(date.saturating_mul(1000), Ordering::Relaxed);
        }
    }

    pub(super) fn latest(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|at| *at > 0)
    }
}
