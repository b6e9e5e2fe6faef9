//! What the bills say of numbers that the ledger calls unpaid. Neither side is believed over the
//! other: such a packet gets no new number, and one that it has is not sent any more.

use std::collections::HashSet;

use rusqlite::Connection;

use super::kept::standing;
use crate::domain::flow::breaks::BreakKind;
use crate::domain::policy::RetryRules;
use crate::ledger::bill::later::withdraw_later;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// The bills, by row, that the ledger calls unpaid and a standing match calls paid.
pub(in crate::ledger) fn billed(
    conn: &Connection,
    campaign: i64,
) -> rusqlite::Result<HashSet<i64>> {
    let sql = "SELECT bill FROM flow_break WHERE flow_match = ?1 AND type = ?2 AND bill NOT NULL";
    let mut statement = conn.prepare(sql)?;
    let mut billed = HashSet::new();
    for it in standing(conn, campaign)? {
        let of = (it.flow_match, BreakKind::MissingInLedger.name());
        for bill in statement.query_map(of, |row| row.get(0))? {
            billed.insert(bill?);
        }
    }
    Ok(billed)
}

impl Reader {
    /// The bills, by row, that the ledger calls unpaid and a match that stands calls paid.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn billed(&self, campaign: &CampaignRow) -> Result<HashSet<i64>, LedgerError> {
        self.read(|conn| billed(conn, campaign.campaign))
    }
}

/// Leaves the new numbers of such packets to a person, as far as nobody has sent them yet.
pub(super) fn hold_later(
    tx: &WriteTx<'_>,
    campaign: i64,
    (rules, now): (&RetryRules, i64),
) -> rusqlite::Result<()> {
    for bill in billed(tx, campaign)? {
        withdraw_later(tx, (campaign, bill), rules, now)?;
    }
    Ok(())
}
