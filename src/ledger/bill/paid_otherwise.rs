//! A payment under a number that differs from the debt.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::ids::Openid;
use crate::domain::outcome::Paid;
use crate::ledger::columns::fen;

/// The payment under the bill's number, where it is known to differ from the debt.
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
