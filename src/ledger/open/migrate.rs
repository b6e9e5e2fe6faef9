//! Schema versions, by `user_version`: a new ledger gets the newest schema, an older one is moved
//! into it in one transaction. That transaction ends with a look at the schema, so that a ledger
//! with anything of somebody else's in it stays as it was.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::connect::connect;
use super::lock::Lock;
use super::names::real;
use super::reseal;
use super::reword::{reword_bills, while_writable};
use super::schema;
use super::schema::{SCHEMA, in_memory};
use crate::ledger::fault::{LedgerError, Strange};
use crate::words::audit as words;

/// The version of that schema.
pub(in crate::ledger) const VERSION: i64 = 7;

/// Adds the missing parts to version 3.
const FROM_3: &str = include_str!("from_3.sql");
/// Tables that version 4 had with other columns or constraints.
const CHANGED_SINCE_4: [&str; 2] = ["ledger", "bill"];
/// Tables that version 4 did not have.
const NEW_SINCE_4: [&str; 2] = ["again", "paid"];
/// The same of version 5.
const NEW_SINCE_5: [&str; 3] = ["fate", "flow_match", "flow_break"];
/// Indexes that version 5 did not have.
const INDEXED_SINCE_5: [&str; 2] = ["bill_at_end", "journal_campaign"];
/// Tables that version 6 had with other columns.
const CHANGED_SINCE_6: [&str; 2] = ["flow_match", "flow_break"];
/// Tables that it did not have.
const NEW_SINCE_6: [&str; 1] = ["flow_row"];
/// Removes the parts of version 4 that ledgers no longer have.
const FROM_4: &str = include_str!("from_4.sql");
/// Counts the sends of each day.
const FILL_DAY: &str = include_str!("fill_day.sql");

/// A counter for the state that version 5 did not have.
const FILL_TALLY: &str = "INSERT INTO tally SELECT campaign, 'withdrawn', 0, 0 FROM campaign;";

/// Moves the rows of each version without a chain, from version 1 on.
const MOVES: [&str; 2] = [include_str!("from_1.sql"), include_str!("from_2.sql")];

/// Brings the ledger to the newest version.
pub(in crate::ledger) fn migrate(conn: &mut Connection, path: &Path) -> Result<(), LedgerError> {
    let failed = LedgerError::sqlite(path, "migrating the schema");
    match check_version(conn, path)? {
        0 => create(conn).map_err(failed),
        VERSION => schema::check(conn).map_err(failed),
        3 => add(conn, |tx| {
            tx.execute_batch(FROM_3)?;
            tx.execute_batch(FILL_DAY)?;
            from_4(tx)
        })
        .map_err(failed),
        4 => add(conn, from_4).map_err(failed),
        5 => while_writable(conn, |conn| add(conn, from_5)).map_err(failed),
        6 => add(conn, from_6).map_err(failed),
        older => {
            let index = usize::try_from(older - 1).unwrap_or(usize::MAX);
            // Never without its move: the old tables go.
            replace(conn, MOVES[index]).map_err(failed)
        }
    }
}

/// The same under the lock and in its epoch.
pub(super) fn migrate_locked(path: &Path) -> Result<(), LedgerError> {
    let _lock = Lock::take(&real(path))?;
    migrate(&mut connect(path)?, path)
}

/// The version of the file, refused where it is newer than this program.
pub(in crate::ledger) fn check_version(conn: &Connection, path: &Path) -> Result<i64, LedgerError> {
    let read = || {
        let read = conn.pragma_query_value(None, "user_version", |row| row.get(0));
        read.map_err(LedgerError::sqlite(path, "reading the schema version"))
    };
    let mut found: i64 = read()?;
    if found == 0 && has_tables(conn).map_err(LedgerError::sqlite(path, "reading the schema"))? {
        // Another process may have made it between the two looks.
        found = read()?;
        if found == 0 {
            let (path, what) = (path.to_owned(), words::no_version());
            return Err(LedgerError::Strange { path, what });
        }
    }
    if (0..=VERSION).contains(&found) {
        return Ok(found);
    }
    Err(LedgerError::Newer {
        path: path.to_owned(),
        found,
        known: VERSION,
    })
}

/// A ledger has its tables and its version from one transaction.
fn has_tables(conn: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name IN ('ledger', 'bill')";
    conn.prepare(sql)?.exists([])
}

fn create(conn: &mut Connection) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch(SCHEMA)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    schema::check(&tx)?;
    tx.commit()
}

/// Adds what a ledger with a chain lacks: the chain goes on, and seals stay what they are.
fn add(
    conn: &mut Connection,
    lacking: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;")?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    lacking(&tx)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    schema::check(&tx)?;
    tx.commit()?;
    conn.execute_batch("PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON;")
}

/// Refuses a ledger that has what came after its version.
fn refuse_later(tx: &Connection, table: &str, column: &str) -> rusqlite::Result<()> {
    if tx.column_exists(None, table, column)? {
        return Err(Strange(words::schema("table", table)).into());
    }
    Ok(())
}

fn from_4(tx: &Connection) -> rusqlite::Result<()> {
    refuse_later(tx, "ledger", "behind_since")?;
    make_anew(tx, &CHANGED_SINCE_4, &NEW_SINCE_4)?;
    tx.execute_batch(FROM_4)?;
    tx.execute_batch(FILL_DAY)?;
    reseal::tell_bound(tx)?;
    // The changed tables are as they are now already.
    make_anew(tx, &[], &NEW_SINCE_5)?;
    make_anew(tx, &[], &NEW_SINCE_6)?;
    index_anew(tx)?;
    tx.execute_batch(FILL_TALLY)
}

/// No version before kept a fate or took a packet back: marks stay as they are.
fn from_5(tx: &Connection) -> rusqlite::Result<()> {
    refuse_later(tx, "fate", "bill")?;
    make_anew(tx, &[], &NEW_SINCE_5)?;
    make_anew(tx, &[], &NEW_SINCE_6)?;
    index_anew(tx)?;
    reword_bills(tx)?;
    tx.execute_batch(FILL_TALLY)
}

/// Its matches have no rows, and stand as they did.
fn from_6(tx: &Connection) -> rusqlite::Result<()> {
    refuse_later(tx, "flow_row", "file")?;
    make_anew(tx, &CHANGED_SINCE_6, &NEW_SINCE_6)
}

/// The indexes that version 5 did not have, where their tables were not made anew.
fn index_anew(tx: &Connection) -> rusqlite::Result<()> {
    let newest = in_memory()?;
    let made = |conn: &Connection, index: &str| -> rusqlite::Result<Option<String>> {
        let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
        conn.query_row(sql, [index], |row| row.get(0)).optional()
    };
    for index in INDEXED_SINCE_5 {
        if let (None, Some(sql)) = (made(tx, index)?, made(&newest, index)?) {
            tx.execute_batch(&sql)?;
        }
    }
    Ok(())
}

/// Makes the tables anew that have other columns or constraints by now, with their rows, and those
/// that are new.
fn make_anew(tx: &Connection, changed: &[&str], new: &[&str]) -> rusqlite::Result<()> {
    let newest = in_memory()?;
    let made = |table: &str, kind: &str| -> rusqlite::Result<String> {
        let sql = "SELECT coalesce(group_concat(sql, ';'), '') FROM sqlite_schema
             WHERE tbl_name = ?1 AND type = ?2";
        newest.query_row(sql, [table, kind], |row| row.get(0))
    };
    for table in changed {
        let columns: Vec<String> = tx
            .prepare("SELECT name FROM pragma_table_info(?1)")?
            .query_map([*table], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let columns = columns.join(", ");
        tx.execute_batch(&format!("ALTER TABLE {table} RENAME TO old_{table}"))?;
        tx.execute_batch(&made(table, "table")?)?;
        let copy = format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM old_{table}");
        tx.execute_batch(&format!("{copy}; DROP TABLE old_{table}"))?;
        tx.execute_batch(&made(table, "index")?)?;
    }
    for table in new {
        tx.execute_batch(&made(table, "table")?)?;
        tx.execute_batch(&made(table, "index")?)?;
    }
    Ok(())
}

/// Puts the old tables aside, makes the new ones, and moves the rows. Renaming leaves the names
/// in other tables' references alone, which must mean the new tables.
fn replace(conn: &mut Connection, rows: &str) -> rusqlite::Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;")?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let names = |kind: &str| -> rusqlite::Result<Vec<String>> {
        // Not SQLite's own, as ANALYZE leaves them.
        let sql = "SELECT name FROM sqlite_schema
             WHERE type = ?1 AND sql IS NOT NULL AND name NOT GLOB 'sqlite_*'";
        tx.prepare(sql)?
            .query_map([kind], |row| row.get(0))?
            .collect()
    };
    // A ledger with a chain is never told anew: else whatever somebody changed before lowering
    // its version would be sealed.
    refuse_later(&tx, "journal", "hash")?;
    for kind in ["trigger", "index"] {
        for name in names(kind)? {
            tx.execute_batch(&format!("DROP {kind} {name}"))?;
        }
    }
    let mut tables = names("table")?;
    tables.retain(|name| !schema::is_beside(name));
    for name in &tables {
        tx.execute_batch(&format!("ALTER TABLE {name} RENAME TO old_{name}"))?;
    }
    tx.execute_batch(SCHEMA)?;
    tx.execute_batch(rows)?;
    tx.execute_batch(FILL_DAY)?;
    tx.execute_batch(FILL_TALLY)?;
    reseal::reseal(&tx)?;
    for name in &tables {
        tx.execute_batch(&format!("DROP TABLE old_{name}"))?;
    }
    tx.pragma_update(None, "user_version", VERSION)?;
    schema::check(&tx)?;
    tx.commit()?;
    conn.execute_batch("PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON;")
}
