//! What the bills say of packets that the ledger does not count as paid. Neither side is believed
//! over the other: such a packet is not sent, and gets no new number.

use std::collections::HashSet;

use rusqlite::Connection;

use super::standing::standing;
use crate::domain::flow::breaks::BreakKind;
use crate::domain::ids::MchBillno;
use crate::domain::policy::RetryRules;
use crate::ledger::bill::later::{give_up_at_rest, withdraw_later};
use crate::ledger::bill::lineage::Lineage;
use crate::ledger::bill::picks::UNPAID;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;
use crate::words::note;

/// The bills, by row, that the ledger does not count as paid and a standing match calls paid, with
/// those that took their places: all of a packet's numbers are one payment.
pub(in crate::ledger) fn billed(
    conn: &Connection,
    campaign: i64,
) -> rusqlite::Result<HashSet<i64>> {
    let mut billed = named(conn, campaign)?;
    for bill in billed.clone() {
        billed.extend(Lineage::of(conn, bill)?.later(conn)?);
    }
    Ok(billed)
}

/// Those that the bills name; also one that came into the ledger since, by its number.
pub(in crate::ledger) fn named(conn: &Connection, campaign: i64) -> rusqlite::Result<HashSet<i64>> {
    let sql = format!(
        "SELECT bill.bill, type FROM flow_break JOIN bill USING (bill)
         WHERE flow_match = ?1 AND campaign = ?2 AND {UNPAID}
         UNION ALL
         SELECT bill.bill, type FROM flow_break JOIN bill USING (mch_billno)
         WHERE flow_match = ?1 AND flow_break.bill IS NULL AND campaign = ?2 AND {UNPAID}"
    );
    let mut statement = conn.prepare(&sql)?;
    let mut named = HashSet::new();
    for it in standing(conn, campaign)? {
        let mut rows = statement.query((it.flow_match, campaign))?;
        while let Some(row) = rows.next()? {
            let kind = BreakKind::named(row.get_ref(1)?.as_str()?);
            if kind.is_some_and(BreakKind::is_of_unpaid) {
                named.insert(row.get(0)?);
            }
        }
    }
    Ok(named)
}

/// Whether a standing match calls a number paid that the ledger does not have.
pub(in crate::ledger) fn is_paid_elsewhere(
    conn: &Connection,
    campaign: i64,
    number: &MchBillno,
) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM flow_break WHERE flow_match = ?1 AND mch_billno = ?2 AND bill IS NULL";
    let mut statement = conn.prepare_cached(sql)?;
    for it in standing(conn, campaign)? {
        if statement.exists((it.flow_match, number.as_str()))? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Reader {
    /// The bills, by row, that the ledger does not count as paid and a match that stands calls
    /// paid, with those that took their places.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn billed(&self, campaign: &CampaignRow) -> Result<HashSet<i64>, LedgerError> {
        self.read(|conn| billed(conn, campaign.campaign))
    }
}

/// Leaves such packets to a person: those that wait for a send, and their new numbers, as far as
/// nobody has sent them yet. What is in doubt is asked about as before.
pub(super) fn hold(
    tx: &WriteTx<'_>,
    campaign: i64,
    (rules, now): (&RetryRules, i64),
) -> rusqlite::Result<()> {
    let because = note::billed();
    for bill in named(tx, campaign)? {
        give_up_at_rest(
            tx,
            (campaign, bill),
            "state = 'ready'",
            (rules, now),
            &because,
        )?;
        withdraw_later(tx, (campaign, bill), rules, now)?;
    }
    Ok(())
}
