//! The packets that a reconciliation asks about, in this order: where money may have left unseen,
//! then those that queries will soon not reach any more, then those that have just lapsed, and the
//! rest. Within each kind, what was never asked about or longest ago comes first, so that one that
//! is cut short again and again still comes to everybody. And the packets that a ledger which may
//! be behind still has to ask about.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::campaign::CampaignRow;
use crate::domain::caps::DAY_MS;
use crate::domain::claim::OPEN_MS;
use crate::domain::rules::NAMED_AFTER_MS;
use crate::ledger::bill::picks::{QUERIED, TELLS_NOTHING};
use crate::ledger::bill::unasked::{each_unasked, unknown_from};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::LedgerRow;
use crate::ledger::open::reader::Reader;
use crate::words::denied;

/// The journal's names for a reconciliation that began, and one that came to its end.
pub(in crate::ledger) const BEGUN: &str = "reconciling";
pub(in crate::ledger) const ENDED: &str = "reconciled";

/// Which bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToAsk {
    /// The time.
    pub now: i64,
    /// Only those after this row.
    pub after: i64,
    /// Only those that were first sent at this time or before.
    pub sent_until: Option<i64>,
    /// None that WeChat Pay said something about since then.
    pub unasked_since: Option<i64>,
}

impl Reader {
    /// The bills that are not settled, by row, in the order in which to ask about them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn to_ask(&self, campaign: &CampaignRow, which: &ToAsk) -> Result<Vec<i64>, LedgerError> {
        let ToAsk {
            now,
            after,
            sent_until,
            unasked_since,
        } = which;
        // In a ledger that is behind, what was never sent may have been.
        let sql = format!(
            "WITH open AS (
               SELECT bill, state, first_sent_at,
                 coalesce((SELECT max(committed_at) FROM attempt
                   WHERE attempt.bill = bill.bill AND action = 'query'), 0) AS asked
               FROM bill
               WHERE campaign = ?1 AND bill > ?2 AND ({QUERIED} OR ?3 AND state = 'ready')
                 AND (?4 IS NULL OR first_sent_at <= ?4)
                 AND (?5 IS NULL OR NOT EXISTS (SELECT 1 FROM attempt
                   WHERE attempt.bill = bill.bill AND action = 'query' AND committed_at >= ?5
                     AND ended_at IS NOT NULL AND NOT {TELLS_NOTHING})))
             SELECT bill FROM open
             ORDER BY CASE
                 WHEN state IN ('in_doubt', 'ready') THEN 0
                 WHEN state = 'processing' THEN 1
                 WHEN first_sent_at <= ?6 THEN 2
                 WHEN state = 'sent' AND first_sent_at <= ?7 THEN 3
                 ELSE 4 END,
               asked,
               -- Of what lapsed, the latest: what was not asked about since is the same.
               CASE WHEN state = 'sent' AND first_sent_at <= ?7 THEN -first_sent_at END,
               bill"
        );
        self.read(|conn| {
            let is_behind = LedgerRow::read(conn)?.is_some_and(|row| row.behind.is_some());
            conn.prepare(&sql)?
                .query_map(
                    params![
                        campaign.campaign,
                        after,
                        is_behind,
                        sent_until,
                        unasked_since,
                        now - NAMED_AFTER_MS,
                        now - OPEN_MS
                    ],
                    |row| row.get(0),
                )?
                .collect()
        })
    }

    /// The last row of the bills there are.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn last_bill(&self) -> Result<i64, LedgerError> {
        let sql = "SELECT coalesce(max(bill), 0) FROM bill";
        self.read(|conn| conn.query_row(sql, [], |row| row.get(0)))
    }

    /// When the reconciliation of the last day began that did not come to its end.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn reconciling_since(
        &self,
        campaign: &CampaignRow,
        now: i64,
    ) -> Result<Option<i64>, LedgerError> {
        self.read(|conn| begun(conn, campaign.campaign, now))
    }

    /// Whether a reconciliation came to its end since then.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_reconciled(&self, campaign: &CampaignRow, since: i64) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM journal
             WHERE campaign = ?1 AND event = ?2 AND bill IS NULL AND at >= ?3";
        let wanted = (campaign.campaign, ENDED, since);
        self.read(|conn| conn.prepare(sql)?.exists(wanted))
    }

    /// Packets that replies had accepted, and that WeChat Pay denied when the last whole
    /// reconciliation ended.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn denied(&self, campaign: &CampaignRow) -> Result<u64, LedgerError> {
        let sql = "SELECT note FROM journal
             WHERE campaign = ?1 AND event = ?2 AND bill IS NULL ORDER BY seq DESC LIMIT 1";
        let note: Option<Option<String>> = self.read(|conn| {
            conn.prepare(sql)?
                .query_row((campaign.campaign, ENDED), |row| row.get(0))
                .optional()
        })?;
        Ok(note.flatten().and_then(|note| denied(&note)).unwrap_or(0))
    }
}

/// Of reconciliations that follow each other without one coming to its end, the first.
fn begun(conn: &Connection, campaign: i64, now: i64) -> rusqlite::Result<Option<i64>> {
    // Backwards, and no further than a day: nothing in the WHERE clause could end the scan.
    let sql = "SELECT at, campaign = ?1 AND bill IS NULL, event FROM journal ORDER BY seq DESC";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([campaign])?;
    let mut since = None;
    while let Some(row) = rows.next()? {
        let at: i64 = row.get(0)?;
        if at <= now.saturating_sub(DAY_MS) {
            break;
        }
        if !row.get::<_, bool>(1)? {
            continue;
        }
        match row.get_ref(2)?.as_str()? {
            ENDED => break,
            BEGUN => since = Some(at),
            _ => {}
        }
    }
    Ok(since)
}

impl Reader {
    /// The campaign's packets, by row, that nobody asked about since the ledger may be behind:
    /// another ledger may have sent them, or given them another number. None where it is not.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn unasked(&self, campaign: &CampaignRow, now: i64) -> Result<HashSet<i64>, LedgerError> {
        self.read(|conn| unasked_of(conn, campaign.campaign, now))
    }

    /// From when on WeChat Pay's answers tell what a lost ledger sent last; `None` where the ledger
    /// is not behind.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn unknown_from(&self) -> Result<Option<i64>, LedgerError> {
        self.read(|conn| {
            let is_behind = LedgerRow::read(conn)?.is_some_and(|row| row.behind.is_some());
            is_behind.then(|| unknown_from(conn)).transpose()
        })
    }
}

/// The same, of a campaign by row.
pub(in crate::ledger) fn unasked_of(
    conn: &Connection,
    campaign: i64,
    now: i64,
) -> rusqlite::Result<HashSet<i64>> {
    let mut bills = HashSet::new();
    each_unasked(conn, now, |packet| {
        if packet.campaign == campaign {
            bills.insert(packet.bill);
        }
    })?;
    Ok(bills)
}
