//! The fate of the payment under a number, as queries told.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::domain::fate::Fate;
use crate::domain::money::Fen;
use crate::ledger::columns::fen;

/// Reads a fate from its four columns from `first` on.
pub(in crate::ledger) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Fate> {
    let is_refunded = row.get::<_, Option<i64>>(first + 2)?.is_some();
    let refunded: Option<Fen> = is_refunded.then(|| fen(row, first + 2)).transpose()?;
    Ok(Fate {
        received_at: row.get(first)?,
        refunded_at: row.get(first + 1)?,
        refunded,
        reason: row.get(first + 3)?,
    })
}

/// The queries' word on the bill so far.
pub(in crate::ledger) fn find(conn: &Connection, bill: i64) -> rusqlite::Result<Option<Fate>> {
    let sql = "SELECT received_at, refunded_at, refunded_fen, reason FROM fate WHERE bill = ?1";
    conn.prepare_cached(sql)?
        .query_row([bill], |row| read(row, 0))
        .optional()
}
