//! Why a bill does not go its common way: what it is asked about, and its second chance.

/// Why a bill in doubt must be queried and may not be resent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirming {
    /// A refusal that may have left an order.
    Refusal,
    /// A refusal that leaves no order, unless WeChat Pay knows the number with other data or the
    /// answer was another request's: one query after the send's deadline tells.
    UnlessKnown,
    /// A refusal that leaves no order, held until this run has had a packet accepted.
    Held,
    /// The number is known under other parameters.
    Clash,
    /// WeChat Pay called it `FAILED`: final once the number after it is unknown.
    Failed,
}

impl Confirming {
    /// All of them.
    pub const ALL: [Confirming; 5] = [
        Confirming::Refusal,
        Confirming::UnlessKnown,
        Confirming::Held,
        Confirming::Clash,
        Confirming::Failed,
    ];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Confirming::Refusal => "refusal",
            Confirming::UnlessKnown => "unless_known",
            Confirming::Held => "held",
            Confirming::Clash => "clash",
            Confirming::Failed => "failed",
        }
    }
}

/// Where a bill stands whose refusal accused the set-up: a streak of refusals halted, or nobody was
/// accepted at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It is sent once more, under its number, when that is free.
    Owed,
    /// That was begun, or a person has the packet: its next refusal is its own.
    Given,
    /// A query called the number FAILED: only `reissue` sends the packet again.
    Failed,
}

impl Again {
    /// All of them.
    pub const ALL: [Again; 3] = [Again::Owed, Again::Given, Again::Failed];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Again::Owed => "owed",
            Again::Given => "given",
            Again::Failed => "failed",
        }
    }
}
