//! What happens once a record is durable, or never will be.

use super::writer::Recorded;

/// Who learns what a record did: called once, with `None` if the ledger failed before.
pub(super) struct Then(Option<Box<dyn FnOnce(Option<Recorded>) + Send>>);

impl Then {
    /// Calls `then` in the end.
    pub(super) fn new(then: impl FnOnce(Option<Recorded>) + Send + 'static) -> Self {
        Then(Some(Box::new(then)))
    }

    /// The record is durable.
    pub(super) fn tell(mut self, recorded: Recorded) {
        if let Some(then) = self.0.take() {
            then(Some(recorded));
        }
    }
}

impl Drop for Then {
    fn drop(&mut self) {
        if let Some(then) = self.0.take() {
            then(None);
        }
    }
}

impl std::fmt::Debug for Then {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Then")
    }
}
