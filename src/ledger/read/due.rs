//! Inputs of the next step: dues, requests of earlier processes, times, and the journal's end.

use rusqlite::{OptionalExtension, Row};

use crate::domain::ids::CampaignId;
use crate::ledger::bill::picks::UNSENT;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::{Head, LedgerRow};
use crate::ledger::open::reader::Reader;

impl Reader {
    /// When a run of the campaign has anything to do: a step that is due by itself, or a second
    /// send that nothing else waits before.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn due_for_run(&self, id: &CampaignId, now: i64) -> Result<Option<i64>, LedgerError> {
        Ok(self.next_due(id, false)?.or(self.owed_again(id, now)?))
    }

    /// When the next step of the campaign is due by itself: first sends, resends or queries. Where
    /// a limit of this run is reached, nothing counts that would be a first send.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn next_due(
        &self,
        id: &CampaignId,
        is_limit_reached: bool,
    ) -> Result<Option<i64>, LedgerError> {
        // Behind what is untried there may be none left, which the next take finds out.
        let sql = format!(
            "SELECT deferred_until,
               (SELECT min(0) FROM file
                WHERE file.campaign = campaign.campaign AND untried_from <= last_bill),
               (SELECT min(due) FROM bill
                WHERE bill.campaign = campaign.campaign AND next_action = 'send' AND due > 0),
               (SELECT min(due) FROM bill
                WHERE bill.campaign = campaign.campaign AND next_action = 'resend' AND due > 0
                  AND NOT (?2 AND {UNSENT})),
               (SELECT min(due) FROM bill
                WHERE bill.campaign = campaign.campaign AND next_action = 'query' AND due > 0)
             FROM campaign WHERE id = ?1"
        );
        let due = |row: &Row<'_>| {
            let deferred_until: Option<i64> = row.get(0)?;
            let firsts: [Option<i64>; 2] = [row.get(1)?, row.get(2)?];
            let others: [Option<i64>; 2] = [row.get(3)?, row.get(4)?];
            let first = firsts.into_iter().flatten().min();
            let first = first.filter(|_| !is_limit_reached);
            let first = first.map(|due| due.max(deferred_until.unwrap_or(0)));
            Ok(others.into_iter().flatten().chain(first).min())
        };
        self.read(|conn| {
            let mut statement = conn.prepare_cached(&sql)?;
            let found = statement.query_row((id.as_str(), is_limit_reached), due);
            Ok(found.optional()?.flatten())
        })
    }

    /// When the next query of the campaign is due by itself.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn next_query(&self, id: &CampaignId) -> Result<Option<i64>, LedgerError> {
        let sql = "SELECT (SELECT min(due) FROM bill
                WHERE bill.campaign = campaign.campaign AND next_action = 'query' AND due > 0)
             FROM campaign WHERE id = ?1";
        self.read(|conn| {
            let mut statement = conn.prepare_cached(sql)?;
            let found = statement.query_row([id.as_str()], |row| row.get(0));
            Ok(found.optional()?.flatten())
        })
    }

    /// Where the journal ends.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn head(&self) -> Result<Head, LedgerError> {
        let sql = "SELECT entries, head FROM ledger";
        self.read(|conn| {
            conn.query_row(sql, [], |row| {
                Ok(Head {
                    entries: row.get(0)?,
                    hash: row.get(1)?,
                })
            })
        })
    }

    /// The highest time that the ledger saw, in milliseconds of the Unix epoch.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or its own row is not what was written.
    pub fn highest_time(&self) -> Result<Option<i64>, LedgerError> {
        self.read(|conn| Ok(LedgerRow::read(conn)?.map(|row| row.highest_time)))
    }

    /// The time of WeChat Pay's latest answer, in milliseconds of the Unix epoch.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or its own row is not what was written.
    pub fn heard_at(&self) -> Result<Option<i64>, LedgerError> {
        self.read(|conn| Ok(LedgerRow::read(conn)?.and_then(|row| row.heard_at)))
    }

    /// When the newest request was made durable, by the clock of its process.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn newest_request(&self) -> Result<Option<i64>, LedgerError> {
        let sql = "SELECT committed_at FROM attempt ORDER BY attempt DESC LIMIT 1";
        self.read(|conn| conn.query_row(sql, [], |row| row.get(0)).optional())
    }

    /// When the requests since `since` left at the latest, of every campaign, oldest first: a
    /// request left before its answer was recorded, and an open one before `now`.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn requests_since(&self, since: i64, now: i64) -> Result<Vec<i64>, LedgerError> {
        // Rows are in the order of their commits; the scan ends where they are so old that their
        // answers are too. What was open while the machine slept has an old commit and may have
        // left just now: it is among the rows behind the first old one.
        let sql = "SELECT committed_at, coalesce(ended_at, ?1), answer IS 'not_sent' FROM attempt
             ORDER BY attempt DESC";
        self.read(|conn| {
            let (mut times, mut old) = (Vec::new(), 0);
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query([now])?;
            while let Some(row) = rows.next()? {
                let (committed, left, never_left): (i64, i64, bool) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                old += i32::from(committed < since - LONGEST_MS);
                if old > MOST_OPEN {
                    break;
                }
                if left >= since && !never_left {
                    times.push(left);
                }
            }
            if planted!(PaceForgetsTheLastRun) {
                times.clear();
            }
            times.sort_unstable();
            Ok(times)
        })
    }
}

/// From an attempt's commit to its recorded answer at the most: waiting to leave, and the
/// longest request timeout that can be configured.
const LONGEST_MS: i64 = 11 * 60_000;

/// More are never open at once.
const MOST_OPEN: i32 = 4096;
