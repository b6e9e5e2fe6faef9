//! Answers that were handed to the ledger. Whoever makes attempts need not wait until they are
//! durable: the ledger does its work in order, so that an attempt that follows them is committed
//! with them or after them.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Counts them, and calls whoever waits for so many of them.
#[derive(Debug)]
pub(in crate::runner) struct Handed {
    count: AtomicUsize,
    wanted: AtomicUsize,
    bell: Notify,
}

impl Default for Handed {
    fn default() -> Self {
        Handed {
            count: AtomicUsize::new(0),
            wanted: AtomicUsize::new(usize::MAX),
            bell: Notify::new(),
        }
    }
}

impl Handed {
    /// One more.
    pub(super) fn add(&self) {
        let count = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        if count >= self.wanted.load(Ordering::SeqCst) {
            self.wanted.store(usize::MAX, Ordering::SeqCst);
            self.bell.notify_one();
        }
    }

    /// All so far.
    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// Waits until there are `wanted`, for ever where that is `None`. For one caller at a time.
    pub(super) async fn reach(&self, wanted: Option<usize>) {
        let wanted = wanted.unwrap_or(usize::MAX);
        loop {
            self.wanted.store(wanted, Ordering::SeqCst);
            if self.count() >= wanted {
                return;
            }
            // The bell may still ring from a call that nobody waited for.
            self.bell.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_for_a_number_is_called_when_it_is_reached() {
        let handed = Handed::default();
        let is_called = |wanted| {
            let reached = timeout(Duration::from_secs(1), handed.reach(wanted));
            async { reached.await.is_ok() }
        };
        assert!(!is_called(Some(2)).await);
        handed.add();
        assert!(!is_called(Some(2)).await);
        handed.add();
        assert!(is_called(Some(2)).await, "while nobody waited");
        let (called, ()) = tokio::join!(is_called(Some(3)), async { handed.add() });
        assert!(called);
        assert!(!is_called(None).await);
    }
}
