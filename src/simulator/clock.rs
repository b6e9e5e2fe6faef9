//! The time of the simulator, as a parameter: campaigns are played in virtual time too.

use std::sync::Arc;

/// The time in milliseconds since 1970, asked for at every request.
pub type SimulatorClock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's own clock.
#[must_use]
pub fn machine_clock() -> SimulatorClock {
    Arc::new(|| jiff::Timestamp::now().as_millisecond())
}
