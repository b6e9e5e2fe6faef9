//! The digest of a match with fund-flow bills: its row and the breaks that are kept of it. It
//! stands in the journal, so that neither is changed, added or taken away unseen.

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
    let width = statement.column_count();
    let row = statement
        .query_row([flow_match], |row| sealing.columns(row, 0, width).map(drop))
        .optional()?;
    if row.is_none() {
        return Ok(None);
    }
    let sql = "SELECT * FROM flow_break WHERE flow_match = ?1 ORDER BY flow_break";
    let mut statement = conn.prepare_cached(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([flow_match])?;
    while let Some(row) = rows.next()? {
        sealing.columns(row, 0, width)?;
    }
    Ok(Some(sealing.hash()))
}
