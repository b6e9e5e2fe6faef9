//! Bills whose refusal accused the set-up: which they are, and when each is sent once more.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::advance::{Cause, advance};
use super::candidate::{Candidate, candidates};
use super::columns::{BILL, BILL_WIDTH, bill};
use super::desk::Request;
use super::fault::LedgerError;
use super::page::Page;
use super::query::Reader;
use super::take::{Taker, illegal};
use super::writer::Writer;
use crate::domain::bill::Again;
use crate::domain::ids::CampaignId;
use crate::words::note;

/// A packet that is to be sent this soon may show that the set-up is right: a second chance waits
/// for it.
const SOON_MS: i64 = 3_600_000;
/// Requests among which a run looks for what was told before it.
const REQUESTS: i64 = 1000;

/// What a send's answer is called that refuses the recipient, named or not.
const REFUSED: &str = "'refused', 'refused_unless_known', 'refused_to_confirm',
    'unnamed_refused', 'unnamed_refused_unless_known', 'unnamed_refused_to_confirm'";

/// What WeChat Pay said to a first send.
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

/// Keeps where a bill stands.
pub(super) fn keep(page: &Page<'_>, bill: i64, again: Again) -> rusqlite::Result<()> {
    page.change(
        "INSERT INTO again (bill, word) VALUES (?1, ?2)
         ON CONFLICT (bill) DO UPDATE SET word = excluded.word",
        (bill, again.name()),
    )?;
    Ok(())
}

/// Keeps that the refusals of these bills, by row, accuse the set-up.
pub(super) fn excuse(
    page: &Page<'_>,
    campaign: i64,
    bills: &[i64],
    now: i64,
) -> rusqlite::Result<()> {
    let failed = "SELECT 1 FROM attempt WHERE bill = ?1 AND answer = 'failed'";
    let note = note::excused().en;
    for bill in bills.iter().filter(|_| !planted!(StreakRefusesPeople)) {
        for candidate in candidates(page, "campaign = ?1 AND bill = ?2", (campaign, bill), 1)? {
            if !candidate.bill.is_excusable() {
                continue;
            }
            let mut after = candidate.bill.clone();
            let was_called_failed = page.prepare_cached(failed)?.exists([bill])?;
            let event = after.excuse(was_called_failed).map_err(illegal)?;
            let cause = Cause::noted(event, now, &note);
            advance(page, candidate.key, &candidate.bill, &after, &cause)?;
        }
    }
    Ok(())
}

/// Frees the numbers of bills that are owed a second send: once this run has had a packet accepted,
/// or when nothing else is left to send.
pub(super) fn free_owed(
    tx: &Page<'_>,
    taker: &Taker,
    is_idle: bool,
    now: i64,
) -> rusqlite::Result<()> {
    let owed = owed(tx, taker.campaign)?;
    if owed.is_empty() {
        return Ok(());
    }
    let is_time = taker.has_accepted.get() || is_idle && is_alone(tx, taker.campaign, now)?;
    if !is_time {
        return Ok(());
    }
    let note = note::freed_again().en;
    for candidate in owed {
        let mut after = candidate.bill.clone();
        let event = after.free(now).map_err(illegal)?;
        let cause = Cause::noted(event, now, &note);
        advance(tx, candidate.key, &candidate.bill, &after, &cause)?;
    }
    Ok(())
}

/// The bills whose second chance has come, but for those with a request open.
fn owed(conn: &Connection, campaign: i64) -> rusqlite::Result<Vec<Candidate>> {
    let filter = "campaign = ?1 AND bill IN (SELECT bill FROM again WHERE word = 'owed')
         AND NOT EXISTS (SELECT 1 FROM attempt
           WHERE attempt.bill = bill.bill AND ended_at IS NULL)";
    let mut found = candidates(conn, filter, [campaign], usize::MAX)?;
    found.retain(|candidate| candidate.bill.is_owed_again());
    Ok(found)
}

/// Whether no packet of the campaign is being sent, or will be soon.
fn is_alone(conn: &Connection, campaign: i64, now: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM attempt
             WHERE ended_at IS NULL AND action = 'send')
           AND NOT EXISTS (SELECT 1 FROM file
             WHERE campaign = ?1 AND untried_from <= last_bill)
           AND NOT EXISTS (SELECT 1 FROM bill
             WHERE campaign = ?1 AND next_action = 'send' AND due > 0 AND due <= ?2)
           AND NOT EXISTS (SELECT 1 FROM bill
             WHERE campaign = ?1 AND next_action = 'resend' AND due > 0 AND due <= ?2)";
    conn.prepare_cached(sql)?
        .query_row((campaign, now.saturating_add(SOON_MS)), |row| row.get(0))
}

impl Writer {
    /// Keeps that the refusals of these bills, by row, accuse the set-up: they are sent once more.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn excuse(&self, bills: Vec<i64>, now: i64) -> Result<(), LedgerError> {
        self.ask(|reply| Request::Excuse(bills, now, reply)).await
    }
}

impl Reader {
    /// When bills that are owed a second send may have it, nothing else being left; `None` where
    /// there are none, or something else is.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn owed_again(&self, id: &CampaignId, now: i64) -> Result<Option<i64>, LedgerError> {
        let sql = "SELECT campaign, deferred_until FROM campaign WHERE id = ?1";
        self.ask(|conn| {
            let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?));
            let found = conn.prepare_cached(sql)?.query_row([id.as_str()], row);
            let Some((campaign, deferred)) = found.optional()? else {
                return Ok(None);
            };
            let is_due = !owed(conn, campaign)?.is_empty() && is_alone(conn, campaign, now)?;
            Ok(is_due.then(|| deferred.unwrap_or(now).max(now)))
        })
    }

    /// What WeChat Pay said lately, since `since` at the earliest, to first sends of the campaign;
    /// of refusals only those that may still accuse the set-up. At most `limit`, oldest first.
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
            "SELECT {BILL}, answer IN ('accepted', 'processing'), bill.bill,
               coalesce(attempt.err_code, '')
             FROM attempt JOIN bill USING (bill)
             WHERE attempt > (SELECT max(attempt) FROM attempt) - ?3 AND action = 'send'
               AND committed_at >= ?2
               AND campaign = (SELECT campaign FROM campaign WHERE id = ?1)
               AND answer IN ('accepted', 'processing', {REFUSED})
             ORDER BY attempt DESC"
        );
        let said = |row: &Row<'_>| {
            if row.get(BILL_WIDTH)? {
                return Ok(Some(Said::Accepted));
            }
            let refused = Said::Refused(row.get(BILL_WIDTH + 1)?, row.get(BILL_WIDTH + 2)?);
            Ok(bill(row)?.is_excusable().then_some(refused))
        };
        self.ask(|conn| {
            let mut statement = conn.prepare(&sql)?;
            let found = statement.query_map(params![id.as_str(), since, REQUESTS], said)?;
            let found = found.filter_map(Result::transpose).take(limit);
            let mut found: Vec<Said> = found.collect::<Result<_, _>>()?;
            found.reverse();
            Ok(found)
        })
    }

    /// Whether WeChat Pay has accepted a packet of any campaign since `since`.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_accepted_since(&self, since: i64) -> Result<bool, LedgerError> {
        // Rows are in the order of their commits; the newest acceptance is near the end.
        let sql = "SELECT committed_at, action = 'send' AND answer IN ('accepted', 'processing')
             FROM attempt ORDER BY attempt DESC";
        self.ask(|conn| {
            let mut statement = conn.prepare(sql)?;
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

    /// Packets that were refused while the set-up was wrong and that only a reissue sends again.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn burnt(&self, id: &CampaignId) -> Result<Vec<Burnt>, LedgerError> {
        let sql = "SELECT coalesce(err_code, ''), count(*) FROM again JOIN bill USING (bill)
             WHERE word = 'failed' AND state = 'refused' AND is_window_closed = 0
               AND campaign = (SELECT campaign FROM campaign WHERE id = ?1)
             GROUP BY err_code ORDER BY err_code";
        let burnt = |row: &Row<'_>| {
            Ok(Burnt {
                code: row.get(0)?,
                count: row.get(1)?,
            })
        };
        self.ask(|conn| {
            conn.prepare(sql)?
                .query_map([id.as_str()], burnt)?
                .collect()
        })
    }
}
