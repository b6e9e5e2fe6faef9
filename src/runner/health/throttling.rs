//! Whether WeChat Pay refuses every request for the rate: that ends a process after a while, as an
//! outage does.

use std::time::Duration;

use tokio::time::Instant;

use super::symptom::Symptom;

/// One refusal for the rate ends nothing, however short the patience.
const MIN_PATIENCE: Duration = Duration::from_secs(5);

/// What the last answers said of the rate.
#[derive(Debug)]
pub(in crate::runner) struct Throttling {
    patience: Duration,
    /// The first of the refusals for the rate that no other answer came after.
    since: Option<Instant>,
}

impl Throttling {
    pub(in crate::runner) fn new(patience: Duration) -> Throttling {
        Throttling {
            patience: patience.max(MIN_PATIENCE),
            since: None,
        }
    }

    /// An attempt ended.
    pub(in crate::runner) fn note(&mut self, symptom: &Symptom) {
        match symptom {
            Symptom::Throttled => self.since = self.since.or_else(|| Some(Instant::now())),
            symptom if symptom.is_down() || *symptom == Symptom::NotBegun => {}
            _ => self.since = None,
        }
    }

    /// Whether it has lasted for as long as anybody waits.
    pub(in crate::runner) fn is_over(&self) -> bool {
        let lasts = self.since.map(|since| since.elapsed());
        lasts.is_some_and(|lasts| lasts >= self.patience)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_refusals_for_the_rate_without_another_answer_between_are_the_end() {
        let mut throttling = Throttling::new(Duration::from_mins(2));
        throttling.note(&Symptom::Throttled);
        advance(Duration::from_secs(119)).await;
        throttling.note(&Symptom::Throttled);
        throttling.note(&Symptom::NotBegun);
        assert!(!throttling.is_over());
        advance(Duration::from_secs(1)).await;
        assert!(throttling.is_over());
        throttling.note(&Symptom::Accepted);
        assert!(!throttling.is_over());
        let mut impatient = Throttling::new(Duration::ZERO);
        impatient.note(&Symptom::Throttled);
        assert!(!impatient.is_over(), "one alone ends nothing");
        advance(MIN_PATIENCE).await;
        assert!(impatient.is_over());
    }
}
