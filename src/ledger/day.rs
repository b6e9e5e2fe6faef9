//! First sends of each Beijing day, for the daily caps. The rows add up to `first_sent_at` of the
//! bills: one is written with each first send, and given back with one that never left. What the
//! merchant pays stands under the openid that nobody has.

use rusqlite::{Connection, OptionalExtension, Row};

use super::audit_day::MERCHANT;
use super::columns::{fen, to_sql};
use super::page::Page;
use crate::domain::caps::{Cap, Caps, Spent, begin_of, day_of};
use crate::domain::ids::Openid;
use crate::domain::money::Fen;

/// Which cap a first send at `now` would exceed.
pub(super) fn exceeded(
    page: &Page<'_>,
    caps: &Caps,
    (openid, amount): (&Openid, Fen),
    now: i64,
) -> rusqlite::Result<Option<Cap>> {
    let day = day_of(now);
    let days = i64::from(caps.once_per_days);
    for past in 0..days {
        if spent(page, day - past, openid.as_str())?.packets > 0 {
            return Ok(Some(Cap::Once));
        }
    }
    let of_openid = spent(page, day, openid.as_str())?;
    Ok(caps.exceeded(amount, of_openid, page.spent(day)?))
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
    let left = spent(page, day, &openid)?.without(amount);
    write(page, day, &openid, left)?;
    page.spend(day, |spent| spent.without(amount))
}

/// What the merchant has sent on a day.
pub(super) fn of_merchant(conn: &Connection, day: i64) -> rusqlite::Result<Spent> {
    spent(conn, day, MERCHANT)
}

/// Writes what the merchant has sent on a day.
pub(super) fn write_merchant(conn: &Connection, day: i64, spent: Spent) -> rusqlite::Result<()> {
    write(conn, day, MERCHANT, spent)
}

fn spent(conn: &Connection, day: i64, openid: &str) -> rusqlite::Result<Spent> {
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
