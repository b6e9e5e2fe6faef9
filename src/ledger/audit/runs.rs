//! The part of an audit that replays runs: each end is that of a run of its campaign that had
//! begun, and had not ended.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::ledger::journal::run_note::{RUN_BEGUN, RUN_ENDED, RunBegin, parse_end};
use crate::words::{Words, audit as words};

/// The first row about a run that does not fit those before it.
pub(super) fn check(conn: &Connection) -> rusqlite::Result<Option<Words>> {
    let sql = "SELECT seq, campaign, event, note FROM journal
         WHERE event IN (?1, ?2) AND bill IS NULL ORDER BY seq";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([RUN_BEGUN, RUN_ENDED])?;
    // The campaigns of those that have begun and not ended.
    let mut open: BTreeMap<i64, i64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (seq, campaign): (i64, i64) = (row.get(0)?, row.get(1)?);
        let note = row.get_ref(3)?.as_str_or_null()?.unwrap_or_default();
        let is_told = if row.get_ref(2)?.as_str()? == RUN_BEGUN {
            open.insert(seq, campaign);
            RunBegin::parse(note).is_some()
        } else {
            parse_end(note).is_some_and(|(begun, _)| open.remove(&begun) == Some(campaign))
        };
        if !is_told {
            return Ok(Some(words::run_row(seq)));
        }
    }
    Ok(None)
}
