//! A constraint of version 5 in other words, without a look at a row: a table of millions would be
//! written twice for it. SQLite documents this way for changes that are nothing to the rows. A
//! table that somebody else reworded is found by the look at the schema that follows.

use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// The words of version 5 about a bill, each with those that came in their place: it may be
/// `withdrawn`.
const WORDS: [(&str, &str); 3] = [
    (
        "OR state = 'refused' OR state = 'review')",
        "OR state = 'refused' OR state = 'withdrawn' OR state = 'review')",
    ),
    (
        "AND state <> 'refunding'))",
        "AND state <> 'withdrawn' AND state <> 'refunding'))",
    ),
    (
        "AND (confirming IS NULL) = (confirming_since IS NULL)",
        "AND (confirming IS NULL) = (confirming_since IS NULL)
      -- What was on the wire is not taken back.
      AND (state <> 'withdrawn' OR sends = 0)",
    ),
];

/// Lets the words of the schema be written while `write` runs, which our connections forbid.
pub(super) fn while_writable<T>(
    conn: &mut Connection,
    write: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    let written = write(conn);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    written
}

/// Gives the table of bills the words of today, inside the transaction of a migration.
pub(super) fn reword_bills(tx: &Connection) -> rusqlite::Result<()> {
    tx.execute_batch("PRAGMA writable_schema = ON")?;
    let reworded = reword(tx);
    // Read anew by this connection, and by every other one.
    tx.execute_batch("PRAGMA writable_schema = RESET")?;
    reworded
}

fn reword(tx: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE sqlite_schema SET sql = replace(sql, ?1, ?2)
         WHERE type = 'table' AND name = 'bill'";
    for (was, is) in WORDS {
        tx.execute(sql, (was, is))?;
    }
    let version: i64 = tx.pragma_query_value(None, "schema_version", |row| row.get(0))?;
    tx.pragma_update(None, "schema_version", version + 1)
}
