//! The kinds of what is told.

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// A run begins to send.
    Started,
    /// A run stopped over something that a person must look at.
    Halted,
    /// Nothing is sent before somebody approves.
    Approval,
    /// A run has ended, or stopped for now.
    Finished,
    /// A run has ended, and the fate of some packets is not known.
    Unresolved,
    /// The merchant's certificate ends soon.
    Certificate,
    /// Nothing happened: `--test`.
    Test,
}

impl EventKind {
    /// All of them.
    pub const ALL: [EventKind; 7] = [
        EventKind::Started,
        EventKind::Halted,
        EventKind::Approval,
        EventKind::Finished,
        EventKind::Unresolved,
        EventKind::Certificate,
        EventKind::Test,
    ];

    /// As programs know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EventKind::Started => "started",
            EventKind::Halted => "halted",
            EventKind::Approval => "approval",
            EventKind::Finished => "finished",
            EventKind::Unresolved => "unresolved",
            EventKind::Certificate => "certificate",
            EventKind::Test => "test",
        }
    }

    /// Whether somebody must act, and is called by name.
    #[must_use]
    pub const fn wants_somebody(self) -> bool {
        match self {
            EventKind::Halted
            | EventKind::Approval
            | EventKind::Unresolved
            | EventKind::Certificate => true,
            EventKind::Started | EventKind::Finished | EventKind::Test => false,
        }
    }
}
