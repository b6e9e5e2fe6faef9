//! Whether the gateway was reached at all: one that no request of this process has reached ends it
//! soon, since nothing can be in doubt that never left.

use std::fmt::{self, Debug, Formatter};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::words::Words;

/// For so long a gateway is tried that gave no answer yet. With the start and the end of the
/// process it is less than half a minute.
const PATIENCE: Duration = Duration::from_secs(25);

/// Is told the first failure, and for how many seconds the gateway is still tried.
type TellFailure = Box<dyn Fn(&Words, u64) + Send + Sync>;

/// What this process knows of the gateway's being there.
#[derive(Default)]
pub struct Reach {
    is_reached: AtomicBool,
    /// When it is given up, once a request failed; and the failure.
    failed: OnceLock<(Instant, Words)>,
    tell: Option<TellFailure>,
}

impl Reach {
    /// Tells the first failure at once: the tries after it take a while.
    #[must_use]
    pub fn telling(tell: impl Fn(&Words, u64) + Send + Sync + 'static) -> Reach {
        Reach {
            tell: Some(Box::new(tell)),
            ..Reach::default()
        }
    }

    /// An answer came, whatever it says.
    pub(in crate::runner) fn arrived(&self) {
        self.is_reached.store(true, Ordering::Relaxed);
    }

    /// A request that began then brought no answer.
    pub(in crate::runner) fn failed(&self, began: Instant, why: &Words) {
        if self.is_reached() || self.failed.get().is_some() {
            return;
        }
        let over = began + PATIENCE;
        if self.failed.set((over, why.clone())).is_ok()
            && let Some(tell) = &self.tell
        {
            tell(
                why,
                over.saturating_duration_since(Instant::now()).as_secs(),
            );
        }
    }

    /// Until when a question that begins now waits at most, however long its own limits are.
    pub(in crate::runner) fn ends(&self, begins: Instant) -> Option<Instant> {
        let known = self.failed.get().map(|(over, _)| *over);
        (!self.is_reached()).then(|| known.unwrap_or(begins + PATIENCE))
    }

    /// Whether it is given up.
    pub(in crate::runner) fn is_over(&self) -> bool {
        let now = Instant::now();
        !self.is_reached() && self.failed.get().is_some_and(|(over, _)| now >= *over)
    }

    /// The first failure, where no answer came at all.
    pub(in crate::runner) fn missed(&self) -> Option<Words> {
        let first = self.failed.get().filter(|_| !self.is_reached());
        first.map(|(_, why)| why.clone())
    }

    fn is_reached(&self) -> bool {
        self.is_reached.load(Ordering::Relaxed)
    }
}

impl Debug for Reach {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reach")
            .field("is_reached", &self.is_reached)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    use super::*;
    use crate::words::wire;

    #[tokio::test(start_paused = true)]
    async fn a_gateway_is_given_up_where_no_answer_came_and_the_first_failure_is_told_once() {
        let told = Arc::<AtomicU64>::default();
        let counted = Arc::clone(&told);
        let reach = Reach::telling(move |why, seconds| {
            assert_eq!(why, &wire::timeout());
            counted.fetch_add(seconds, Ordering::Relaxed);
        });
        let began = Instant::now();
        assert_eq!(reach.ends(began), Some(began + PATIENCE));
        tokio::time::advance(Duration::from_secs(5)).await;
        reach.failed(began, &wire::timeout());
        reach.failed(Instant::now(), &wire::timeout());
        assert_eq!(told.load(Ordering::Relaxed), 20);
        assert_eq!(reach.ends(Instant::now()), Some(began + PATIENCE));
        assert!(!reach.is_over());
        tokio::time::advance(Duration::from_secs(20)).await;
        assert!(reach.is_over());
        assert_eq!(reach.missed(), Some(wire::timeout()));
        reach.arrived();
        assert!(!reach.is_over() && reach.missed().is_none());
        assert_eq!(reach.ends(Instant::now()), None);
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_after_an_answer_is_another_matter() {
        let reach = Reach::telling(|_, _| panic!("it was there"));
        reach.arrived();
        reach.failed(Instant::now(), &wire::timeout());
        tokio::time::advance(PATIENCE).await;
        assert!(!reach.is_over() && reach.missed().is_none());
    }
}
