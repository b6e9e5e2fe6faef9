//! Chance, as a parameter: of the machine, or of a seed where a campaign is played again.

use std::sync::Arc;

/// Spreads retries, and makes the nonces of queries.
#[derive(Clone)]
pub struct Dice(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Dice {
    /// The system's randomness. Without it retries are less spread, nothing more.
    #[must_use]
    pub fn machine() -> Self {
        Dice::thrown(|| getrandom::u64().unwrap_or(0))
    }

    /// Dice thrown by `throw`.
    #[must_use]
    pub fn thrown(throw: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Dice(Arc::new(throw))
    }

    pub(in crate::runner) fn throw(&self) -> u64 {
        (self.0)()
    }

    pub(super) fn throw_wide(&self) -> u128 {
        (u128::from(self.throw()) << 64) | u128::from(self.throw())
    }
}
