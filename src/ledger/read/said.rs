//! WeChat Pay's answers to the sends of earlier runs, and the packets of which only a reissue has
//! anything left to send.

use rusqlite::{OptionalExtension, Row, params};

use crate::domain::ids::CampaignId;
use crate::ledger::bill::picks::{REFUSED, REMEMBERED, TAKEN};
use crate::ledger::columns::{BILL, BILL_WIDTH, bill};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;
use crate::words::passed_over_for;

/// WeChat Pay's answer to a first send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Accepted.
    Accepted,
    /// Refused: the bill, by row, and the code.
    Refused(i64, String),
}

/// Packets of a campaign that were refused while the set-up was wrong, under numbers that a query
/// called FAILED.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burnt {
    /// The code that they were refused with.
    pub code: String,
    /// How many.
    pub count: u64,
}

/// Packets of a campaign that were refused while the set-up was wrong, and are a person's since
/// another list has come to their people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// The code that they were refused with.
    pub code: String,
    /// The campaign of that list.
    pub campaign: String,
    /// How many.
    pub count: u64,
}

impl Reader {
    /// WeChat Pay's answers since `since` to first sends of the campaign; of refusals only those
    /// that may still accuse the set-up. At most `limit`, oldest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn said_lately(
        &self,
        id: &CampaignId,
        since: i64,
        limit: usize,
    ) -> Result<Vec<Said>, LedgerError> {
        let sql = format!(
            "SELECT {BILL}, {TAKEN}, bill.bill,
               coalesce(attempt.err_code, '')
             FROM attempt JOIN bill USING (bill)
             WHERE attempt > (SELECT max(attempt) FROM attempt) - ?3 AND action = 'send'
               AND committed_at >= ?2
               AND campaign = (SELECT campaign FROM campaign WHERE id = ?1)
               AND ({TAKEN} OR {REFUSED})
             ORDER BY attempt DESC"
        );
        let said = |row: &Row<'_>| {
            if row.get(BILL_WIDTH)? {
                return Ok(Some(Said::Accepted));
            }
            let refused = Said::Refused(row.get(BILL_WIDTH + 1)?, row.get(BILL_WIDTH + 2)?);
            Ok(bill(row)?.is_excusable().then_some(refused))
        };
        self.read(|conn| {
            let mut statement = conn.prepare(&sql)?;
            let found = statement.query_map(params![id.as_str(), since, REMEMBERED], said)?;
            let found = found.filter_map(Result::transpose).take(limit);
            let mut found: Vec<Said> = found.collect::<Result<_, _>>()?;
            found.reverse();
            Ok(found)
        })
    }

    /// When the newest send of the campaign that was refused or accepted was committed.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn last_said(&self, id: &CampaignId) -> Result<Option<i64>, LedgerError> {
        let sql = format!(
            "SELECT committed_at FROM attempt JOIN bill USING (bill)
             WHERE attempt > (SELECT max(attempt) FROM attempt) - ?2 AND action = 'send'
               AND campaign = (SELECT campaign FROM campaign WHERE id = ?1)
               AND ({TAKEN} OR {REFUSED})
             ORDER BY attempt DESC LIMIT 1"
        );
        let at = |row: &Row<'_>| row.get(0);
        self.read(|conn| {
            conn.query_row(&sql, params![id.as_str(), REMEMBERED], at)
                .optional()
        })
    }

    /// Whether WeChat Pay has accepted a packet of any campaign since `since`.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_accepted_since(&self, since: i64) -> Result<bool, LedgerError> {
        // Rows are in the order of their commits; the newest acceptance is near the end.
        let sql = format!(
            "SELECT committed_at, action = 'send' AND {TAKEN} FROM attempt ORDER BY attempt DESC"
        );
        self.read(|conn| {
            let mut statement = conn.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if row.get::<_, i64>(0)? < since {
                    break;
                }
                if row.get::<_, Option<bool>>(1)? == Some(true) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Packets that were refused while the set-up was wrong, and that are not sent once more since
    /// another list has come to their people.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn passed_over(&self, id: &CampaignId) -> Result<Vec<PassedOver>, LedgerError> {
        // A reissue was a person's word. Second chances are few, and come first: left alone, SQLite
        // looks at the whole journal.
        let sql = "SELECT coalesce(err_code, ''), note, count(*)
             FROM again CROSS JOIN bill USING (bill)
               CROSS JOIN journal ON journal.bill = again.bill
             WHERE word = 'given' AND state = 'refused' AND is_window_closed = 0 AND err_code <> ''
               AND event = 'passed_over' AND NOT EXISTS (SELECT 1 FROM journal AS later
                 WHERE later.bill = again.bill AND later.seq > journal.seq
                   AND later.event IN ('reissued', 'freed', 'ruled_unpaid'))
               AND bill.campaign = (SELECT campaign FROM campaign WHERE id = ?1)
             GROUP BY err_code, note ORDER BY err_code, note";
        // What is passed over for another reason has no other list to be looked at.
        let passed_over = |row: &Row<'_>| {
            let (code, note, count) = (row.get(0)?, row.get::<_, String>(1)?, row.get(2)?);
            let campaign = passed_over_for(&note).map(str::to_owned);
            Ok(campaign.map(|campaign| PassedOver {
                code,
                campaign,
                count,
            }))
        };
        self.read(|conn| {
            let mut statement = conn.prepare(sql)?;
            let found = statement.query_map([id.as_str()], passed_over)?;
            found.filter_map(Result::transpose).collect()
        })
    }

    /// Packets that were refused while the set-up was wrong and that only a reissue sends again.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn burnt(&self, id: &CampaignId) -> Result<Vec<Burnt>, LedgerError> {
        let sql = "SELECT coalesce(err_code, ''), count(*) FROM again CROSS JOIN bill USING (bill)
             WHERE word = 'failed' AND state = 'refused' AND is_window_closed = 0
               AND campaign = (SELECT campaign FROM campaign WHERE id = ?1)
             GROUP BY err_code ORDER BY err_code";
        let burnt = |row: &Row<'_>| {
            Ok(Burnt {
                code: row.get(0)?,
                count: row.get(1)?,
            })
        };
        self.read(|conn| {
            conn.prepare(sql)?
                .query_map([id.as_str()], burnt)?
                .collect()
        })
    }
}
