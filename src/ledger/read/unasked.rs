//! Packets that a ledger which may be behind still has to ask about.

use std::collections::HashSet;

use rusqlite::Connection;

use super::campaign::CampaignRow;
use crate::ledger::bill::unasked::unasked;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::LedgerRow;
use crate::ledger::open::reader::Reader;

impl Reader {
    /// The campaign's packets, by row, that nobody asked about since the ledger may be behind:
    /// another ledger may have sent them, or given them another number. None where it is not.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn unasked(&self, campaign: &CampaignRow, now: i64) -> Result<HashSet<i64>, LedgerError> {
        self.read(|conn| unasked_of(conn, campaign.campaign, now))
    }
}

/// The same, of a campaign by row.
pub(in crate::ledger) fn unasked_of(
    conn: &Connection,
    campaign: i64,
    now: i64,
) -> rusqlite::Result<HashSet<i64>> {
    let mut bills = HashSet::new();
    if let Some(behind) = LedgerRow::read(conn)?.and_then(|row| row.behind) {
        unasked(conn, behind, now, |packet| {
            if packet.campaign == campaign {
                bills.insert(packet.bill);
            }
        })?;
    }
    Ok(bills)
}
