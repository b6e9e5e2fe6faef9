//! The part of an audit that looks at new numbers: no file seals them, but all that is fixed about
//! one but generation and number is what its predecessor has, and the number follows from them.

use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::row::{BILL_AT, CAMPAIGN_AT, FILE_AT, FROZEN_AT, NUMBER_AT, SEAL_AT};
use crate::ledger::bill::lineage::Lineage;
use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, frozen, short};

/// The columns that a replacement bill keeps: all but generation and number.
const KEPT: usize = FROZEN_WIDTH - 2;

/// The state of the bill whose place this one took. `None` where there is none, or one of them is
/// not as it must be.
pub(super) fn state_before(conn: &Connection, row: &Row<'_>) -> rusqlite::Result<Option<String>> {
    let bill: i64 = row.get(BILL_AT)?;
    // A name that no file can have leads nowhere.
    let Ok(lineage) = Lineage::of(conn, bill) else {
        return Ok(None);
    };
    let is_whole = short(&frozen(row, FROZEN_AT)?) == row.get::<_, i64>(SEAL_AT)?;
    let number: String = row.get(NUMBER_AT)?;
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
    let (campaign, file) = (row.get(CAMPAIGN_AT)?, row.get(FILE_AT)?);
    let mut values = vec![before.as_str().to_owned().into(), campaign, file];
    for index in FROZEN_AT..FROZEN_AT + KEPT {
        values.push(row.get::<_, rusqlite::types::Value>(index)?);
    }
    conn.prepare_cached(&sql)?
        .query_row(params_from_iter(values), |row| row.get(0))
        .optional()
}
