//! Connections to a ledger: what each has, and what a file needs before its first.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::ledger::fault::LedgerError;

/// The cache of any other connection.
pub(in crate::ledger) const CACHE: &str = "PRAGMA cache_size = -16384; PRAGMA threads = 0;";

/// How long a connection waits for another.
const BUSY: Duration = Duration::from_secs(10);

/// Opens a connection with the settings of every ledger. EXTRA: a rollback journal is gone for good
/// only once its folder is written.
pub(in crate::ledger) fn open_file(path: &Path) -> Result<Connection, LedgerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open_with(path, path, flags)
}

/// The same by another name for the file, and with these flags.
pub(super) fn open_with(
    path: &Path,
    name: &Path,
    flags: OpenFlags,
) -> Result<Connection, LedgerError> {
    let failed = |source| LedgerError::sqlite(path, "opening")(source);
    let conn = Connection::open_with_flags(name, flags).map_err(failed)?;
    conn.busy_timeout(BUSY).map_err(failed)?;
    conn.execute_batch("PRAGMA synchronous = EXTRA;")
        .map_err(failed)?;
    // The journal's own triggers guard it against others; nothing here needs one, or a view, and
    // one that somebody else made would change what is read and written. A statement is planned
    // once, and not anew for what is bound to it.
    for (switch, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (
            DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER,
            planted!(TriggersOn),
        ),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        conn.set_db_config(switch, is_on).map_err(failed)?;
    }
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

pub(in crate::ledger) fn connect(path: &Path) -> Result<Connection, LedgerError> {
    let failed = |source| LedgerError::sqlite(path, "opening")(source);
    let conn = open_file(path)?;
    conn.execute_batch(
        "PRAGMA wal_autocheckpoint = 4000;
         PRAGMA foreign_keys = ON;",
    )
    .and_then(|()| conn.execute_batch(CACHE))
    .map_err(failed)?;
    Ok(conn)
}

/// Lets readers and the writer go on beside each other. Not while a ledger is filled for the
/// first time: a rollback journal need not copy newly added pages, a WAL would write each
/// twice.
pub(in crate::ledger) fn use_wal(conn: &Connection, path: &Path) -> Result<(), LedgerError> {
    let begun = Instant::now();
    loop {
        let mode = conn
            .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0));
        let is_busy = match &mode {
            Ok(mode) => mode != "wal",
            Err(fault) => fault.sqlite_error_code() == Some(ErrorCode::DatabaseBusy),
        };
        if !is_busy {
            return mode.map(drop).map_err(LedgerError::sqlite(path, "opening"));
        }
        // Somebody reads right now, and SQLite does not wait for that by itself.
        if begun.elapsed() > BUSY {
            let path = path.to_owned();
            return Err(LedgerError::Busy { path });
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// SQLite gives its side files the permissions of the main file. A file that is there is not
/// opened: to close it would take away every lock that SQLite holds on it in this process. Whether
/// it was made here and now.
pub(in crate::ledger) fn create_private(path: &Path) -> Result<bool, LedgerError> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Err(fault) if fault.kind() != ErrorKind::AlreadyExists => {
            Err(LedgerError::file(path)(fault))
        }
        made => Ok(made.is_ok()),
    }
}
