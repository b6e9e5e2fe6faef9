//! Bills that are owed a second send: which, and when each has it.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row};

use super::run_state::RunState;
use crate::domain::ids::CampaignId;
use crate::ledger::bill::advance::{DayMove, MoveCause, advance};
use crate::ledger::bill::candidate::{Candidate, candidates};
use crate::ledger::bill::elsewhere::elsewhere;
use crate::ledger::bill::later::is_told_paid;
use crate::ledger::bill::picks::OWED_AGAIN;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::reader::Reader;
use crate::words::note;

/// A packet that is to be sent this soon may show that the set-up is right: a second chance waits
/// for it.
const SOON_MS: i64 = 3_600_000;

/// Frees the numbers of bills that are owed a second send: once this run has had a packet accepted,
/// or when nothing else is left to send. Where another list has come to its person since, and
/// this run was not told to pay both, a person decides: the end of each run says so. And what
/// turned out to be paid meanwhile, by a bill or under an earlier number, or what queries do not
/// reach back to, is not sent at all.
pub(super) fn free_owed(
    tx: &WriteTx<'_>,
    run: &RunState,
    is_idle: bool,
    now: i64,
) -> rusqlite::Result<()> {
    let owed = owed(tx, run.campaign)?;
    if owed.is_empty() {
        return Ok(());
    }
    let is_time = run.has_accepted.get() || is_idle && is_alone(tx, run.campaign, now)?;
    if !is_time {
        return Ok(());
    }
    let bills: Vec<i64> = owed.iter().map(|candidate| candidate.key.bill).collect();
    let mut elsewhere = elsewhere(tx, &bills, &run.pay_again.borrow(), now)?;
    for candidate in owed {
        let mut after = candidate.bill.clone();
        let because = if candidate.bill.is_past_queries(now) {
            Some(note::too_old())
        } else if let Some(other) = elsewhere.remove(&candidate.key.bill) {
            Some(note::passed_over(other.campaign))
        } else {
            is_told_paid(tx, &run.billed, &candidate)?
        };
        let (event, note) = match because {
            Some(because) => (after.pass_over(now)?, because.en),
            None => (after.free(now)?, note::freed_again().en),
        };
        let cause = MoveCause::noted(event, now, &note);
        let (key, before) = (candidate.key, &candidate.bill);
        if let Some(moved) = DayMove::of(tx, key, before, &after)? {
            let openid = candidate.openid.as_str();
            run.spent.borrow_mut().follow(openid, key.amount, &moved);
        }
        advance(tx, key, before, &after, &cause)?;
    }
    Ok(())
}

/// The bills whose second chance has come, but for those with a request open, and for those that a
/// person called unpaid: an earlier version left them owed.
fn owed(conn: &Connection, campaign: i64) -> rusqlite::Result<Vec<Candidate>> {
    let filter = format!(
        "campaign = ?1 AND {OWED_AGAIN}
         AND NOT EXISTS (SELECT 1 FROM attempt
           WHERE attempt.bill = bill.bill AND ended_at IS NULL)
         AND NOT EXISTS (SELECT 1 FROM journal
           WHERE journal.bill = bill.bill AND event = 'ruled_unpaid')"
    );
    let mut found = candidates(conn, &filter, [campaign], usize::MAX)?;
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

impl Reader {
    /// The refused bills that a run sends once more.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn owed_bills(&self, id: &CampaignId) -> Result<HashSet<i64>, LedgerError> {
        let sql = "SELECT campaign FROM campaign WHERE id = ?1";
        self.read(|conn| {
            let campaign = conn.query_row(sql, [id.as_str()], |row| row.get(0))?;
            let owed = owed(conn, campaign)?;
            Ok(owed.iter().map(|candidate| candidate.key.bill).collect())
        })
    }

    /// When bills that are owed a second send may have it, nothing else being left; `None` where
    /// there are none, or something else is.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn owed_again(&self, id: &CampaignId, now: i64) -> Result<Option<i64>, LedgerError> {
        let sql = "SELECT campaign, deferred_until FROM campaign WHERE id = ?1";
        self.read(|conn| {
            let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?));
            let found = conn.prepare_cached(sql)?.query_row([id.as_str()], row);
            let Some((campaign, deferred)) = found.optional()? else {
                return Ok(None);
            };
            let is_due = !owed(conn, campaign)?.is_empty() && is_alone(conn, campaign, now)?;
            Ok(is_due.then(|| deferred.unwrap_or(now).max(now)))
        })
    }
}
