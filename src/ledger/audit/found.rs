//! Findings of an audit.

use crate::domain::money::Fen;
use crate::ledger::journal::chain::Head;
use crate::words::Words;

/// The findings of an audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// Where the journal ends, or where its chain breaks.
    pub head: Head,
    /// The row whose hash is the head that was asked about.
    pub known_head: Option<i64>,
    /// Packets of all campaigns.
    pub bills: u64,
    /// Requests of all campaigns.
    pub attempts: u64,
    /// Differences from what was written: the first of each part of the ledger.
    pub findings: Vec<Words>,
    /// All money of the packets.
    pub total: Fen,
}
