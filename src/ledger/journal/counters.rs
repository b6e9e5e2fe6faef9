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
    // Not an upsert: SQLite checks the row that it would insert even where it updates, and one
    // transaction may add packets that are worth less than those it takes away.
    let sql = "UPDATE day SET packets = packets + ?3, fen = fen + ?4
         WHERE day = ?1 AND campaign = ?2";
    let changed = conn
        .prepare_cached(sql)?
        .execute((day, campaign, packets, fen))?;
    if changed == 0 {
        conn.prepare_cached("INSERT INTO day VALUES (?1, ?2, ?3, ?4)")?
            .execute((day, campaign, packets, fen))?;
    }
    conn.prepare_cached("DELETE FROM day WHERE day = ?1 AND campaign = ?2 AND packets = 0")?
        .execute((day, campaign))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::open::schema::in_memory;

    #[test]
    fn a_day_may_get_packets_and_lose_money_in_one_transaction() {
        let conn = in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let day = || -> Option<(i64, i64)> {
            let sql = "SELECT packets, fen FROM day";
            conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
                .ok()
        };
        for (more, is) in [
            ((2, 1000), Some((2, 1000))),
            ((1, -500), Some((3, 500))),
            ((0, 100), Some((3, 600))),
            ((-3, -600), None),
            ((0, 0), None),
        ] {
            add_to_day(&conn, (1, 1), more).unwrap();
            assert_eq!(day(), is, "{more:?}");
        }
        assert!(add_to_day(&conn, (1, 1), (-1, -1)).is_err());
    }
}
