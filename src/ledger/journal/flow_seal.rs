//! The digest of a match with fund-flow bills: its row, and the breaks and rows that are kept of
//! it. It stands in the journal, so that none of them is changed, added or taken away unseen.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

use super::seal::{Hash, Sealing};
use crate::domain::hex::hex;

/// The journal's name for a match.
pub(in crate::ledger) const MATCHED: &str = "matched";

/// The note of the match in the journal: its row, and its digest.
pub(in crate::ledger) fn match_note(flow_match: i64, hash: &Hash) -> String {
    format!("{flow_match} {}", hex(hash))
}

/// The digest of a match as it stands; `None` where it is gone.
pub(in crate::ledger) fn match_seal(
    conn: &Connection,
    flow_match: i64,
) -> rusqlite::Result<Option<Hash>> {
    let mut sealing = Sealing::of("flow_match");
    let mut statement = conn.prepare_cached("SELECT * FROM flow_match WHERE flow_match = ?1")?;
    let last = statement.column_count() - 1;
    let row = statement
        .query_row([flow_match], |row| {
            // Version 6 had no such column: what it sealed stays what it is.
            let is_older = row.get_ref(last)? == ValueRef::Null;
            sealing.columns(row, 0, last + usize::from(!is_older))?;
            Ok(is_older)
        })
        .optional()?;
    let Some(is_older) = row else {
        return Ok(None);
    };
    for sql in [
        "SELECT * FROM flow_break WHERE flow_match = ?1 ORDER BY flow_break",
        "SELECT * FROM flow_row WHERE flow_match = ?1 ORDER BY flow_row",
    ] {
        let mut statement = conn.prepare_cached(sql)?;
        let width = statement.column_count() - usize::from(is_older);
        let mut rows = statement.query([flow_match])?;
        while let Some(row) = rows.next()? {
            sealing.columns(row, 0, width)?;
            if !is_older {
                sealing.fold();
            }
        }
    }
    Ok(Some(sealing.hash()))
}
