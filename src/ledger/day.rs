//! First sends of each Beijing day and campaign, for the daily caps: one small row, which a page
//! writes once. Who was sent them is not kept a second time: the bills tell it.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row};

use super::campaign::CampaignRow;
use super::columns::{fen, to_sql};
use super::fault::LedgerError;
use super::query::Reader;
use crate::domain::caps::{Spent, days_of, end_of_day};
use crate::domain::heard::day_time;
use crate::domain::money::Fen;
use crate::domain::tally::TallyRow;

/// What a cap holds back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBack {
    /// How many packets.
    pub count: u64,
    /// How many of them are larger than any may be: they leave on no day.
    pub too_large: u64,
    /// When today is over.
    pub until: i64,
}

impl Reader {
    /// What a cap holds back until today is over, `most` being the largest packet.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn deferred(
        &self,
        campaign: &CampaignRow,
        most: Fen,
        now: i64,
    ) -> Result<HeldBack, LedgerError> {
        let until = end_of_day(day_time(now, self.heard_at()?));
        let held = "SELECT count(*),
               count(*) FILTER (WHERE amount_fen > ?4 AND first_sent_at IS NULL) FROM bill
             WHERE campaign = ?1 AND next_action = 'send' AND due > 0 AND due BETWEEN ?2 AND ?3";
        let untried = "SELECT coalesce(sum(last_bill - untried_from + 1), 0) FROM file
             WHERE campaign = ?1 AND untried_from <= last_bill";
        // A limit that WeChat Pay named ends at the same time, and is noted without a cap.
        let by_cap = "SELECT note IS NOT NULL FROM journal
             WHERE campaign = ?1 AND bill IS NULL AND event = 'deferred' ORDER BY seq DESC";
        let is_today = campaign.deferred_until == Some(until);
        self.ask(|conn| {
            let is_cap = |row: &Row<'_>| row.get(0);
            let noted = || conn.query_row(by_cap, [campaign.campaign], is_cap);
            let is_whole = is_today && noted().optional()?.unwrap_or(false);
            let from = if is_whole { 1 } else { until };
            let which = (campaign.campaign, from, until, to_sql(most));
            let counts = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let (mut count, too_large): (u64, u64) = conn.query_row(held, which, counts)?;
            if is_whole {
                let rest: u64 = conn.query_row(untried, [campaign.campaign], |row| row.get(0))?;
                count += rest;
            }
            Ok(HeldBack {
                count,
                too_large,
                until,
            })
        })
    }

    /// What a restored copy calls in doubt, WeChat Pay does not know, and a run shall send.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn unsent(&self, campaign: &CampaignRow) -> Result<TallyRow, LedgerError> {
        let sql = format!(
            "SELECT count(*), coalesce(sum(amount_fen), 0) FROM bill
             WHERE campaign = ?1 AND next_action = 'resend' AND due > 0 AND {UNSENT}"
        );
        let read = |row: &Row<'_>| {
            let (count, fen) = (row.get(0)?, fen(row, 1)?);
            Ok(TallyRow { count, fen })
        };
        self.ask(|conn| conn.query_row(&sql, [campaign.campaign], read))
    }
}

/// Picks what a restored copy calls in doubt and this ledger never sent.
pub(super) const UNSENT: &str = "state = 'in_doubt' AND first_sent_at IS NULL";

/// What the merchant has sent on each day since `since`, over all campaigns.
pub(super) fn of_merchant(conn: &Connection, since: i64) -> rusqlite::Result<BTreeMap<i64, Spent>> {
    let sql = "SELECT day, sum(packets), sum(fen) FROM day WHERE day >= ?1 GROUP BY day";
    let read = |row: &Row<'_>| {
        let (packets, fen) = (row.get(1)?, fen(row, 2)?);
        Ok((row.get(0)?, Spent { packets, fen }))
    };
    conn.prepare(sql)?.query_map([since], read)?.collect()
}

/// Whether a campaign other than this one has sent anything since a day.
pub(super) fn has_other(conn: &Connection, id: &str, since: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM day JOIN campaign USING (campaign) WHERE day >= ?2 AND id <> ?1";
    conn.prepare(sql)?.exists((id, since))
}

/// A packet whose first send was counted.
pub(super) struct FirstSend {
    pub(super) openid: Box<str>,
    pub(super) amount: Fen,
    pub(super) at: i64,
}

/// Gives every first send that counts on `since` or a later day, of all campaigns. Requests are
/// looked through from the newest back until there are as many as the daily sums say, whatever was
/// sent on the days before: their order is not that of their times where a clock went back.
pub(super) fn first_sends(
    conn: &Connection,
    since: i64,
    mut each: impl FnMut(FirstSend),
) -> rusqlite::Result<()> {
    // In one statement, so that sums and requests are of one moment. Of a number that was given up
    // nothing was paid, and another one pays in its place.
    let sql = "SELECT bill, coalesce(to_openid, openid), coalesce(paid_fen, amount_fen),
           first_sent_at,
           state = 'refused' AND is_window_closed,
           (SELECT coalesce(sum(packets), 0) FROM day WHERE day >= ?1)
         FROM attempt CROSS JOIN bill USING (bill) LEFT JOIN paid USING (bill)
         WHERE (action = 'send' OR paid_fen IS NOT NULL) AND first_sent_at IS NOT NULL
         ORDER BY attempt DESC";
    let (mut found, mut seen) = (0, HashSet::new());
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([since])?;
    while let Some(row) = rows.next()? {
        let wanted: usize = row.get(5)?;
        if found >= wanted {
            break;
        }
        let (bill, at): (i64, i64) = (row.get(0)?, row.get(3)?);
        let days = days_of(at).filter(|day| *day >= since).count();
        if days == 0 || !seen.insert(bill) {
            continue;
        }
        found += days;
        if !row.get(4)? {
            each(FirstSend {
                openid: row.get(1)?,
                amount: fen(row, 2)?,
                at,
            });
        }
    }
    Ok(())
}

/// Picks the bills whose first send was at `?1` or later. Not a number that was given up: it is
/// proven unpaid, never sent again, and another one pays in its place.
pub(super) const SENT_SINCE: &str = "first_sent_at >= ?1
     AND NOT (state = 'refused' AND is_window_closed) AND bill IN
       (SELECT bill FROM attempt WHERE attempt >=
         (SELECT min(attempt) FROM attempt WHERE committed_at >= ?1))";
