//! First sends of each Beijing day, for the daily caps. The rows add up to `first_sent_at` of the
//! bills: one is written with each first send, and given back with one that never left. What the
//! merchant pays stands under the openid that nobody has.

use rusqlite::{Connection, OptionalExtension, Row};

use super::audit_day::MERCHANT;
use super::campaign::CampaignRow;
use super::columns::{fen, to_sql};
use super::fault::LedgerError;
use super::page::Page;
use super::query::Reader;
use crate::domain::caps::{Cap, Caps, Spent, begin_of, day_of};
use crate::domain::ids::Openid;
use crate::domain::money::Fen;

impl Reader {
    /// How many packets a daily cap holds back until the next Beijing midnight, and when that is.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn deferred(&self, campaign: &CampaignRow, now: i64) -> Result<(u64, i64), LedgerError> {
        let until = next_midnight(now);
        let held = "SELECT count(*) FROM bill
             WHERE campaign = ?1 AND next_action = 'send' AND due > 0 AND due BETWEEN ?2 AND ?3";
        let untried = "SELECT coalesce(sum(last_bill - untried_from + 1), 0) FROM file
             WHERE campaign = ?1 AND untried_from <= last_bill";
        let is_whole = campaign.deferred_until == Some(until);
        let from = if is_whole { 1 } else { until };
        self.ask(|conn| {
            let mut held: u64 =
                conn.query_row(held, (campaign.campaign, from, until), |row| row.get(0))?;
            if is_whole {
                let rest: u64 = conn.query_row(untried, [campaign.campaign], |row| row.get(0))?;
                held += rest;
            }
            Ok((held, until))
        })
    }
}

/// Which cap a first send at `now` would exceed.
pub(super) fn exceeded(
    page: &Page<'_>,
    caps: &Caps,
    (openid, amount): (&Openid, Fen),
    now: i64,
) -> rusqlite::Result<Option<Cap>> {
    let day = day_of(now);
    if is_too_lately(page, caps, day, openid.as_str())? {
        return Ok(Some(Cap::Once));
    }
    let of_openid = of_openid(page, day, openid.as_str())?;
    Ok(caps.exceeded(amount, of_openid, page.spent(day)?))
}

/// Whether the openid was sent a packet within the days in which it may have one.
pub(super) fn is_too_lately(
    conn: &Connection,
    caps: &Caps,
    day: i64,
    openid: &str,
) -> rusqlite::Result<bool> {
    for past in 0..i64::from(caps.once_per_days) {
        if of_openid(conn, day - past, openid)?.packets > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts a first send at `at`.
pub(super) fn count(
    page: &Page<'_>,
    (openid, amount): (&Openid, Fen),
    at: i64,
) -> rusqlite::Result<()> {
    let day = day_of(at);
    page.prepare_cached(
        "INSERT INTO day VALUES (?1, ?2, 1, ?3)
         ON CONFLICT DO UPDATE SET packets = packets + 1, fen = fen + ?3",
    )?
    .execute((day, openid.as_str(), to_sql(amount)))?;
    page.spend(day, |spent| spent.with(amount))
}

/// Takes back a first send at `at` that never left.
pub(super) fn give_back(page: &Page<'_>, bill: i64, amount: Fen, at: i64) -> rusqlite::Result<()> {
    let day = day_of(at);
    let sql = "SELECT openid FROM bill WHERE bill = ?1";
    let openid: String = page
        .prepare_cached(sql)?
        .query_row([bill], |row| row.get(0))?;
    let left = of_openid(page, day, &openid)?.without(amount);
    write(page, day, &openid, left)?;
    page.spend(day, |spent| spent.without(amount))
}

/// What the merchant has sent on a day.
pub(super) fn of_merchant(conn: &Connection, day: i64) -> rusqlite::Result<Spent> {
    of_openid(conn, day, MERCHANT)
}

/// Writes what the merchant has sent on a day.
pub(super) fn write_merchant(conn: &Connection, day: i64, spent: Spent) -> rusqlite::Result<()> {
    write(conn, day, MERCHANT, spent)
}

/// What an openid was sent on a day.
pub(super) fn of_openid(conn: &Connection, day: i64, openid: &str) -> rusqlite::Result<Spent> {
    let read = |row: &Row<'_>| {
        Ok(Spent {
            packets: row.get(0)?,
            fen: fen(row, 1)?,
        })
    };
    let found = conn
        .prepare_cached("SELECT packets, fen FROM day WHERE day = ?1 AND openid = ?2")?
        .query_row((day, openid), read)
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn write(conn: &Connection, day: i64, openid: &str, spent: Spent) -> rusqlite::Result<()> {
    let sql = if spent.packets == 0 {
        "DELETE FROM day WHERE day = ?1 AND openid = ?2 AND ?3 = 0 AND ?4 = 0"
    } else {
        "INSERT INTO day VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET packets = ?3, fen = ?4"
    };
    conn.prepare_cached(sql)?
        .execute((day, openid, spent.packets, to_sql(spent.fen)))?;
    Ok(())
}

/// When what a cap holds back today may be sent.
pub(super) fn next_midnight(now: i64) -> i64 {
    begin_of(day_of(now) + 1)
}
