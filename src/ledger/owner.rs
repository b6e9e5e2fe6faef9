//! Taking a ledger: the lock, the schema, the epoch.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior,
};

use super::bulk::CACHE;
use super::chain::{Home, LedgerRow};
use super::fault::LedgerError;
use super::home::check_home;
use super::leftover::keep_leftovers;
use super::lock::Lock;
use super::migrate;
use super::names::real;
use super::page::{self, Page};
use super::query::Reader;
use crate::config::Mode;

/// The epoch of a backup: no process has taken it.
pub(super) const COPY_EPOCH: i64 = -1;
/// How long a connection waits for another.
const BUSY: Duration = Duration::from_secs(10);

/// The one process that may change the ledger, for as long as this value lives.
#[derive(Debug)]
pub struct Owner {
    pub(super) conn: Connection,
    pub(super) path: PathBuf,
    pub(super) epoch: i64,
    highest_time: i64,
    pub(super) opened_at: i64,
    lock: Lock,
}

impl Owner {
    /// Takes the lock, creates or migrates the file (mode 0600) and raises the epoch.
    ///
    /// # Errors
    /// Where another process holds it, or the file cannot be used.
    pub fn open(path: &Path, mode: Mode, now: i64) -> Result<Owner, LedgerError> {
        let path = &real(path);
        let mut lock = Lock::take(path)?;
        keep_leftovers(path, now)?;
        create_private(path)?;
        lock.hold(path)?;
        let mut conn = connect(path)?;
        let version = migrate::check_version(&conn, path)?;
        if version > 0 {
            check_mode(&conn, path, mode)?;
            check_newest(&conn, path, lock.epoch()?)?;
        }
        if version == migrate::VERSION {
            check_home(&conn, path)?;
        }
        if version > 0 {
            use_wal(&conn, path)?;
        }
        migrate::migrate(&mut conn, path)?;
        let home = Home::settle(path, &lock)?;
        let (epoch, highest_time) = begin_epoch(&conn, path, mode, (now, Some(home)))?;
        lock.note(epoch)?;
        Ok(Owner {
            conn,
            path: path.to_owned(),
            epoch,
            highest_time,
            opened_at: now,
            lock,
        })
    }

    /// Moves a ledger of an older version to this one, under the lock and in its epoch.
    pub(super) fn migrate(path: &Path) -> Result<(), LedgerError> {
        let _lock = Lock::take(&real(path))?;
        migrate::migrate(&mut connect(path)?, path)
    }

    /// A ledger in a temporary file of SQLite's own that nobody else sees, to try a load on.
    ///
    /// # Errors
    /// Where SQLite cannot make one.
    pub fn scratch(mode: Mode, now: i64) -> Result<Owner, LedgerError> {
        let path = PathBuf::from("(scratch)");
        let failed = LedgerError::sqlite(&path, "making a scratch ledger");
        let mut conn = Connection::open("").map_err(failed)?;
        migrate::migrate(&mut conn, &path)?;
        let (epoch, highest_time) = begin_epoch(&conn, &path, mode, (now, None))?;
        Ok(Owner {
            conn,
            path,
            epoch,
            highest_time,
            opened_at: now,
            lock: Lock::none(),
        })
    }

    /// Lets readers and a later writer work beside each other from now on, unless somebody reads
    /// right now: then the next process does.
    pub fn share(&self) {
        let _ = self.conn.pragma_update(None, "journal_mode", "wal");
    }

    /// The highest time the ledger had seen before this process took it.
    #[must_use]
    pub fn highest_time(&self) -> i64 {
        self.highest_time
    }

    /// A reader on the same connection's file.
    ///
    /// # Errors
    /// Where the file cannot be opened a second time.
    pub fn reader(&self) -> Result<Reader, LedgerError> {
        let reader = Reader::open(&self.path)?.ok_or_else(|| LedgerError::File {
            path: self.path.clone(),
            source: std::io::ErrorKind::NotFound.into(),
        })?;
        let hold = self.lock.held();
        Ok(Reader { hold, ..reader })
    }

    /// Reads through the owner's own connection: what it has not committed yet included.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        read(&self.conn).map_err(LedgerError::sqlite(&self.path, "reading"))
    }

    /// Changes something, or nothing.
    pub(super) fn write(
        &self,
        doing: &'static str,
        write: impl FnOnce(&Page<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), LedgerError> {
        page::write(&self.conn, write).map_err(LedgerError::sqlite(&self.path, doing))
    }

    /// Gives the lock to the writer thread together with the connection.
    pub(super) fn into_parts(self) -> Result<(Connection, PathBuf, i64, Lock), LedgerError> {
        use_wal(&self.conn, &self.path)?;
        Ok((self.conn, self.path, self.epoch, self.lock))
    }
}

/// The epoch of this process and the highest time before it.
fn begin_epoch(
    conn: &Connection,
    path: &Path,
    mode: Mode,
    (now, home): (i64, Option<Home>),
) -> Result<(i64, i64), LedgerError> {
    let begin = move || -> rusqlite::Result<(i64, i64)> {
        let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        let found = LedgerRow::read(&tx)?;
        let mut row = found.unwrap_or_else(|| LedgerRow::new(mode.name(), now));
        row.epoch += 1;
        row.home = row.home.or(home);
        row.write(&tx)?;
        tx.commit()?;
        Ok((row.epoch, row.highest_time))
    };
    begin().map_err(LedgerError::sqlite(path, "taking the ledger"))
}

/// Before anything is written to it: a ledger of the other mode stays as it is.
pub(super) fn check_mode(conn: &Connection, path: &Path, mode: Mode) -> Result<(), LedgerError> {
    let found: Option<String> = conn
        .query_row("SELECT mode FROM ledger", [], |row| row.get(0))
        .optional()
        .map_err(LedgerError::sqlite(path, "taking the ledger"))?;
    match found {
        Some(found) if found != mode.name() => Err(LedgerError::WrongMode {
            path: path.to_owned(),
            found,
            wanted: mode.name(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// A ledger that is older than the one last used under this name is somebody's copy: what it calls
/// unsent may have been sent.
fn check_newest(conn: &Connection, path: &Path, noted: i64) -> Result<(), LedgerError> {
    let epoch: Option<i64> = conn
        .query_row("SELECT epoch FROM ledger", [], |row| row.get(0))
        .optional()
        .map_err(LedgerError::sqlite(path, "taking the ledger"))?;
    if epoch.is_none_or(|epoch| epoch > COPY_EPOCH && epoch >= noted) {
        return Ok(());
    }
    Err(LedgerError::Older {
        path: path.to_owned(),
    })
}

/// SQLite gives its side files the permissions of the main file. A file that is there is not
/// opened: to close it would take away every lock that SQLite holds on it in this process.
pub(super) fn create_private(path: &Path) -> Result<(), LedgerError> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Err(fault) if fault.kind() != ErrorKind::AlreadyExists => {
            Err(LedgerError::file(path)(fault))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// What every connection to a ledger has. EXTRA: a rollback journal is gone for good only once its
/// folder is written.
pub(super) fn open_file(path: &Path) -> Result<Connection, LedgerError> {
    let failed = |source| LedgerError::sqlite(path, "opening")(source);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(failed)?;
    conn.busy_timeout(BUSY).map_err(failed)?;
    conn.execute_batch("PRAGMA synchronous = EXTRA;")
        .map_err(failed)?;
    // The journal's own triggers guard it against others; nothing here needs one, or a view, and
    // one that somebody else made would change what is read and written.
    for (switch, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (
            DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER,
            planted!(TriggersOn),
        ),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        conn.set_db_config(switch, is_on).map_err(failed)?;
    }
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

pub(super) fn connect(path: &Path) -> Result<Connection, LedgerError> {
    let failed = |source| LedgerError::sqlite(path, "opening")(source);
    let conn = open_file(path)?;
    conn.execute_batch(
        "PRAGMA wal_autocheckpoint = 4000;
         PRAGMA foreign_keys = ON;",
    )
    .and_then(|()| conn.execute_batch(CACHE))
    .map_err(failed)?;
    // A statement is planned once, and not anew for what is bound to it.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(failed)?;
    Ok(conn)
}

/// Lets readers and the writer go on beside each other. Not while a ledger is filled for the
/// first time: a rollback journal has nothing to keep of new pages, a WAL would write each twice.
fn use_wal(conn: &Connection, path: &Path) -> Result<(), LedgerError> {
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
