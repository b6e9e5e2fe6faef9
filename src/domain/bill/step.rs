//! The next step of a bill, and its time.

/// The next step and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The verb.
    pub action: Action,
    /// Not before this time.
    pub due: i64,
}

/// The two things one can do about a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Send it, with the same number and parameters each time.
    Send,
    /// Ask WeChat Pay about it.
    Query,
}

impl Action {
    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Action::Send => "send",
            Action::Query => "query",
        }
    }
}
