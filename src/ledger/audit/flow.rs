//! The part of an audit that looks at matches with fund-flow bills: each is what the journal's row
//! of it says, and each such row has its match.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::ledger::journal::flow_seal::{MATCHED, match_note, match_seal};
use crate::words::{Words, audit as words};

/// The first match that is not as it was written.
pub(super) fn check(conn: &Connection) -> rusqlite::Result<Option<Words>> {
    let sql = "SELECT campaign, note FROM journal WHERE event = ?1 ORDER BY seq";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([MATCHED])?;
    let mut told = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let note: String = row.get(1)?;
        let id = note.split(' ').next().and_then(|id| id.parse().ok());
        let id: i64 = id.unwrap_or_default();
        let seal = match_seal(conn, id)?;
        if seal.is_none_or(|hash| match_note(id, &hash) != note) {
            return Ok(Some(words::flow_match(id)));
        }
        told.insert(id);
    }
    let sql = "SELECT flow_match FROM flow_match UNION SELECT flow_match FROM flow_break
         UNION SELECT flow_match FROM flow_row ORDER BY 1";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if !told.contains(&id) {
            return Ok(Some(words::flow_match(id)));
        }
    }
    Ok(None)
}
