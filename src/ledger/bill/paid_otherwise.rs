//! What was paid under a number, where that is not what is owed under it.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::ids::Openid;
use crate::domain::outcome::Paid;
use crate::ledger::columns::fen;

/// What was paid under the bill's number, where that is known not to be what is owed.
pub(in crate::ledger) fn find(conn: &Connection, bill: i64) -> rusqlite::Result<Option<Paid>> {
    let sql = "SELECT to_openid, paid_fen FROM paid WHERE bill = ?1";
    conn.prepare_cached(sql)?
        .query_row([bill], |row| {
            let openid: Option<String> = row.get(0)?;
            Ok(Paid {
                openid: openid.and_then(|openid| Openid::new(&openid).ok()),
                amount: fen(row, 1)?,
            })
        })
        .optional()
}

/// Whether anything was ever paid that is not what was owed.
pub(in crate::ledger) fn is_any(conn: &Connection) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM paid")?.exists([])
}
