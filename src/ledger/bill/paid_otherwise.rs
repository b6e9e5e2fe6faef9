//! A payment under a number that differs from the debt.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::domain::ids::Openid;
use crate::domain::outcome::Paid;
use crate::ledger::columns::fen;

/// The payment under the bill's number, where it is known to differ from the debt.
pub(in crate::ledger) fn find(conn: &Connection, bill: i64) -> rusqlite::Result<Option<Paid>> {
    let sql = "SELECT paid_fen, to_openid FROM paid WHERE bill = ?1";
    let found = conn
        .prepare_cached(sql)?
        .query_row([bill], |row| read(row, 0))
        .optional()?;
    Ok(found.flatten())
}

/// Reads `paid_fen` and `to_openid` from this column on; `None` where the row was joined to none.
pub(in crate::ledger) fn read(row: &Row<'_>, from: usize) -> rusqlite::Result<Option<Paid>> {
    if row.get_ref(from)? == ValueRef::Null {
        return Ok(None);
    }
    let openid: Option<String> = row.get(from + 1)?;
    Ok(Some(Paid {
        openid: openid.and_then(|openid| Openid::new(&openid).ok()),
        amount: fen(row, from)?,
    }))
}

/// Whether anything was ever paid that is not what was owed.
pub(in crate::ledger) fn is_any(conn: &Connection) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM paid")?.exists([])
}
