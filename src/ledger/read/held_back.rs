//! Packets that a daily cap holds back, and packets that a restored copy never sent.

use rusqlite::{OptionalExtension, Row};

use super::campaign::CampaignRow;
use crate::domain::caps::end_of_day;
use crate::domain::heard::day_time;
use crate::domain::money::Fen;
use crate::domain::tally::TallyRow;
use crate::ledger::bill::picks::UNSENT;
use crate::ledger::columns::{fen, to_sql};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;

/// Packets and money that a cap holds back.
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
    /// Packets and money that a cap holds back until today is over, `most` being the largest
    /// packet.
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
        // Among those that were never taken up, some may have been taken back.
        let untried = "SELECT coalesce(sum(last_bill - untried_from + 1 - CASE
               WHEN (SELECT count FROM tally WHERE campaign = ?1 AND state = 'withdrawn') = 0
               THEN 0 ELSE (SELECT count(*) FROM bill
                 WHERE bill BETWEEN untried_from AND last_bill AND state = 'withdrawn') END), 0)
             FROM file WHERE campaign = ?1 AND untried_from <= last_bill";
        // A limit that WeChat Pay named ends at the same time, and is noted without a cap.
        let by_cap = "SELECT note IS NOT NULL FROM journal
             WHERE campaign = ?1 AND bill IS NULL AND event = 'deferred' ORDER BY seq DESC";
        let is_today = campaign.deferred_until == Some(until);
        self.read(|conn| {
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

    /// Packets that a restored copy calls in doubt, WeChat Pay does not know, and a run shall send.
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
        self.read(|conn| conn.query_row(&sql, [campaign.campaign], read))
    }
}
