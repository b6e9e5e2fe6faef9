//! The part of an audit that looks at new numbers: no file seals them, but all that is fixed about
//! one but generation and number is what its predecessor has, and the number follows from them.

use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::ledger::bill::lineage::Lineage;
use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, frozen, short};

/// What a bill in the place of another takes over: all but generation and number.
const KEPT: usize = FROZEN_WIDTH - 2;

/// The state of the bill whose place this one took: a row of bill, campaign, file, seal and, from
/// `frozen_at` on, [`FROZEN`]. `None` where there is none, or one of them is not as it must be.
pub(super) fn state_before(
    conn: &Connection,
    row: &Row<'_>,
    frozen_at: usize,
) -> rusqlite::Result<Option<String>> {
    let bill: i64 = row.get(0)?;
    // A name that no file can have leads nowhere.
    let Ok(lineage) = Lineage::of(conn, bill) else {
        return Ok(None);
    };
    let is_whole = short(&frozen(row, frozen_at)?) == row.get::<_, i64>(3)?;
    let number: String = row.get(frozen_at + FROZEN_WIDTH - 1)?;
    let (Some(before), true) = (lineage.before(), is_whole && lineage.is_of(&number)) else {
        return Ok(None);
    };
    let columns: Vec<&str> = FROZEN.split(", ").take(KEPT).collect();
    let same: Vec<String> = columns
        .iter()
        .zip(4..)
        .map(|(column, index)| format!("{column} IS ?{index}"))
        .collect();
    let sql = format!(
        "SELECT state FROM bill WHERE mch_billno = ?1 AND campaign = ?2 AND file = ?3 AND {}",
        same.join(" AND ")
    );
    let mut values = vec![before.as_str().to_owned().into(), row.get(1)?, row.get(2)?];
    for index in frozen_at..frozen_at + KEPT {
        values.push(row.get::<_, rusqlite::types::Value>(index)?);
    }
    conn.prepare_cached(&sql)?
        .query_row(params_from_iter(values), |row| row.get(0))
        .optional()
}
