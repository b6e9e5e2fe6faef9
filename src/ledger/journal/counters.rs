//! The two tables of sums: packets and fen by campaign and state, and first sends by day and
//! campaign. A transaction writes each of its sums once.

use rusqlite::Connection;

use super::statements::one_row;

/// Adds to the counters of one state.
pub(in crate::ledger) fn add_to_tally(
    tx: &Connection,
    campaign: i64,
    state: &str,
    (count, fen): (i64, i64),
) -> rusqlite::Result<()> {
    let changed = tx
        .prepare_cached(
            "UPDATE tally SET count = count + ?3, fen = fen + ?4
             WHERE campaign = ?1 AND state = ?2",
        )?
        .execute((campaign, state, count, fen))?;
    one_row(changed)
}

/// Adds to what a campaign has sent on a day, or takes back.
pub(super) fn add_to_day(
    conn: &Connection,
    (day, campaign): (i64, i64),
    (packets, fen): (i64, i64),
) -> rusqlite::Result<()> {
    if packets > 0 {
        conn.prepare_cached(
            "INSERT INTO day VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET packets = packets + ?3, fen = fen + ?4",
        )?
        .execute((day, campaign, packets, fen))?;
        return Ok(());
    }
    let sql = "UPDATE day SET packets = packets + ?3, fen = fen + ?4
         WHERE day = ?1 AND campaign = ?2";
    let changed = conn
        .prepare_cached(sql)?
        .execute((day, campaign, packets, fen))?;
    one_row(changed)?;
    conn.prepare_cached("DELETE FROM day WHERE day = ?1 AND campaign = ?2 AND packets = 0")?
        .execute((day, campaign))?;
    Ok(())
}
