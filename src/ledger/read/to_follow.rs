//! Packets that a run follows while it waits: sent a while ago and not settled.

use rusqlite::Row;

use crate::domain::ids::CampaignId;
use crate::domain::rules::{FOLLOW_AFTER_MS, FOLLOW_EVERY_MS, QUERY_DAYS_MS};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;

/// Rows that are looked at together.
const ROWS: i64 = 1000;

/// Bills to ask about, and how far the look has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToFollow {
    /// By row.
    pub bills: Vec<i64>,
    /// The last row that was looked at.
    pub last: i64,
    /// Whether no row is left.
    pub is_all: bool,
}

impl Reader {
    /// Up to `most` bills after the row `after` that wait to be claimed, or whose money flows back:
    /// sent half an hour before `now` or earlier, nothing else planned about them, and nobody asked
    /// about within the hour.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn to_follow(
        &self,
        id: &CampaignId,
        after: i64,
        now: i64,
        most: usize,
    ) -> Result<ToFollow, LedgerError> {
        let every = if planted!(FollowTooOften) {
            0
        } else {
            FOLLOW_EVERY_MS
        };
        // Each row is looked at, by its place: no index has states.
        let sql = "SELECT bill, campaign = (SELECT campaign FROM campaign WHERE id = ?1)
               AND state IN ('sent', 'refunding') AND next_action IS NULL
               AND first_sent_at <= ?4 AND first_sent_at > ?6
               AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill
                 AND action = 'query' AND committed_at > ?5)
             FROM bill WHERE bill > ?2 AND bill <= ?2 + ?3 ORDER BY bill";
        let values = (
            id.as_str(),
            after,
            ROWS,
            now - FOLLOW_AFTER_MS,
            now - every,
            now - QUERY_DAYS_MS,
        );
        self.read(|conn| {
            let mut found = ToFollow {
                bills: Vec::new(),
                last: after,
                is_all: false,
            };
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query(values)?;
            while found.bills.len() < most {
                let Some(row) = rows.next()? else {
                    found.last = after + ROWS;
                    let more = "SELECT 1 FROM bill WHERE bill > ?1";
                    found.is_all = !conn.prepare_cached(more)?.exists([found.last])?;
                    break;
                };
                found.last = row.get(0)?;
                if row.get(1)? {
                    found.bills.push(found.last);
                }
            }
            Ok(found)
        })
    }

    /// How many steps of the campaign are due by themselves until then, first sends that were never
    /// taken up apart.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn due_until(&self, id: &CampaignId, until: i64) -> Result<u64, LedgerError> {
        let sql = "SELECT count(*) FROM bill
             WHERE campaign = (SELECT campaign FROM campaign WHERE id = ?1)
               AND next_action IN ('send', 'resend', 'query') AND due > 0 AND due <= ?2";
        let count = |row: &Row<'_>| row.get(0);
        self.read(|conn| {
            conn.prepare_cached(sql)?
                .query_row((id.as_str(), until), count)
        })
    }
}
