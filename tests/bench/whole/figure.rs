//! Figures: several measurements of one thing, and how a person reads them.

/// Measurements of one thing, at least one.
#[derive(Debug, Clone)]
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    /// Sorts them.
    pub(crate) fn of(measured: impl IntoIterator<Item = f64>) -> Figures {
        let mut sorted: Vec<f64> = measured.into_iter().collect();
        assert!(!sorted.is_empty(), "nothing was measured");
        sorted.sort_by(f64::total_cmp);
        Figures(sorted)
    }

    /// One side over the other, round by round.
    pub(crate) fn ratios(ours: &[f64], reference: &[f64]) -> Figures {
        Figures::of(
            ours.iter()
                .zip(reference)
                .map(|(ours, theirs)| ours / theirs),
        )
    }

    /// The one in the middle, or between the two in the middle.
    pub(crate) fn median(&self) -> f64 {
        let (low, high) = ((self.0.len() - 1) / 2, self.0.len() / 2);
        f64::midpoint(self.0[low], self.0[high])
    }

    /// The smallest.
    pub(crate) fn least(&self) -> f64 {
        self.0[0]
    }

    /// The largest.
    pub(crate) fn most(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

/// The median of these.
pub(crate) fn median(measured: &[f64]) -> f64 {
    Figures::of(measured.iter().copied()).median()
}

/// Bytes, rows and kilobytes as a number to divide.
#[expect(
    clippy::cast_precision_loss,
    reason = "nothing measured here comes near 2^53"
)]
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}

/// A duration in the unit that leaves few digits.
pub(crate) fn seconds(seconds: f64) -> String {
    match seconds {
        long if long >= 10.0 => format!("{long:.1} s"),
        some if some >= 1.0 => format!("{some:.2} s"),
        short if short >= 0.001 => format!("{:.1} ms", short * 1e3),
        tiny => format!("{:.1} us", tiny * 1e6),
    }
}
