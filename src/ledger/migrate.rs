//! Schema versions, by `user_version`, each step in one transaction.

use std::path::Path;

use rusqlite::Connection;

use super::fault::LedgerError;

/// Every step from an empty file on; the index of the last is the version.
const STEPS: [&str; 1] = [include_str!("schema.sql")];

/// Brings the ledger to the newest version.
pub(super) fn migrate(conn: &mut Connection, path: &Path) -> Result<(), LedgerError> {
    let version = check_version(conn, path)?;
    for (index, step) in STEPS.iter().enumerate().skip(version) {
        let failed = LedgerError::sqlite(path, "migrating the schema");
        run_step(conn, step, index + 1).map_err(failed)?;
    }
    Ok(())
}

/// The version of the file, refused where it is newer than this program.
pub(super) fn check_version(conn: &Connection, path: &Path) -> Result<usize, LedgerError> {
    let found: i64 = conn
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(LedgerError::sqlite(path, "reading the schema version"))?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    match usize::try_from(found) {
        Ok(version) if found <= known => Ok(version),
        Ok(_) | Err(_) => Err(LedgerError::Newer {
            path: path.to_owned(),
            found,
            known,
        }),
    }
}

fn run_step(conn: &mut Connection, step: &str, version: usize) -> rusqlite::Result<()> {
    let tx = conn.transaction()?;
    tx.execute_batch(step)?;
    tx.pragma_update(None, "user_version", i64::try_from(version).unwrap_or(0))?;
    tx.commit()
}
