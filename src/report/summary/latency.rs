//! How long answers took, as percentiles, in a bounded space: a quarter of an octave is told apart.

use super::buckets::Merge;

/// Parts of an octave, a power of two.
const PARTS: u32 = 4;
/// Up to 2^24 milliseconds, four and a half hours.
const STEPS: usize = 96;

/// Answers by how long they took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Latency {
    steps: Box<[u32; STEPS]>,
}

impl Default for Latency {
    fn default() -> Self {
        let steps = Box::new([0; STEPS]);
        Latency { steps }
    }
}

impl Merge for Latency {
    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.steps.iter_mut().zip(other.steps.iter()) {
            *mine = mine.saturating_add(*theirs);
        }
    }
}

impl Latency {
    pub(in crate::report) fn add(&mut self, ms: i64) {
        let at = step(u64::try_from(ms).unwrap_or(0)).min(STEPS - 1);
        self.steps[at] = self.steps[at].saturating_add(1);
    }

    /// The time that this many of a hundred answers took at most, in milliseconds; `None` of none.
    pub(in crate::report) fn percentile(&self, hundredth: u64) -> Option<u64> {
        let all: u64 = self.steps.iter().map(|count| u64::from(*count)).sum();
        let wanted = (all * hundredth).div_ceil(100).max(1);
        let mut seen = 0;
        let found = self.steps.iter().position(|count| {
            seen += u64::from(*count);
            seen >= wanted
        });
        found.map(end)
    }
}

/// The step of a time.
fn step(ms: u64) -> usize {
    if ms < u64::from(PARTS) {
        return usize::try_from(ms).unwrap_or(0);
    }
    let octave = ms.ilog2();
    let part = (ms >> (octave - PARTS.ilog2())) & u64::from(PARTS - 1);
    let step = u64::from((octave - 1) * PARTS) + part;
    usize::try_from(step).unwrap_or(STEPS)
}

/// The longest time of a step.
fn end(step: usize) -> u64 {
    let step = u32::try_from(step).unwrap_or(0);
    if step < PARTS {
        return step.into();
    }
    let (octave, part) = (step / PARTS + 1, step % PARTS);
    let width = 1_u64 << (octave - PARTS.ilog2());
    (u64::from(PARTS + part) + 1) * width - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_ends_where_the_next_begins() {
        for at in 0..STEPS - 1 {
            assert_eq!(step(end(at)), at);
            assert_eq!(step(end(at) + 1), at + 1);
        }
    }

    #[test]
    fn percentiles_are_what_most_answers_took_within_a_quarter_of_an_octave() {
        let mut latency = Latency::default();
        assert_eq!(latency.percentile(50), None);
        for ms in 1..=1_000 {
            latency.add(ms);
        }
        for (hundredth, exact) in [(50, 500), (95, 950), (99, 990)] {
            let told = latency.percentile(hundredth).unwrap();
            assert!(
                (exact..exact * 5 / 4 + 1).contains(&told),
                "{hundredth}: {told}"
            );
        }
    }
}
