//! Reading the ledger, on connections of its own, beside a running writer.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction};

use super::home::check_home;
use super::lock::Hold;
use super::look::{Unchanging, open_to_read};
use super::migrate;
use super::names::{check_names, real};
use super::schema;
use crate::account::access::{self, AccessKind};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::write_tx;
use crate::ledger::journal::write_tx::WriteTx;

/// A connection that reads, beside an owner or a writer. What needs no lock it may also change, in
/// a transaction of its own: pauses and approvals.
#[derive(Debug)]
pub struct Reader {
    pub(in crate::ledger) conn: Connection,
    pub(in crate::ledger) path: PathBuf,
    /// Of the owner that opened it.
    #[expect(dead_code, reason = "it is dropped, after the connection")]
    pub(super) hold: Option<Hold>,
    /// Where it is read as a file that does not change.
    pub(in crate::ledger) unchanging: Option<Unchanging>,
}

impl Reader {
    /// Opens the ledger to read; `None` where there is none yet. One of an older version is moved
    /// to this one first.
    ///
    /// # Errors
    /// Where there is a file that is not this program's.
    pub fn open(path: &Path) -> Result<Option<Reader>, LedgerError> {
        if !path.exists() {
            return Ok(None);
        }
        let path = real(path);
        let found = std::fs::metadata(&path).map_err(LedgerError::file(&path))?;
        check_names(&path, &found)?;
        let (mut conn, mut unchanging) = open_to_read(&path)?;
        // A file that its first run has not finished creating holds nothing to read yet.
        match migrate::check_version(&conn, &path)? {
            0 => return Ok(None),
            migrate::VERSION => {}
            _ => {
                // The lock of the ledger itself is taken before SQLite opens it.
                drop(conn);
                migrate::migrate_locked(&path)?;
                (conn, unchanging) = open_to_read(&path)?;
            }
        }
        Ok(Some(Reader {
            conn,
            path,
            hold: None,
            unchanging,
        }))
    }

    /// Whether it is a ledger of an older version, which [`Reader::open`] would move to this one.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn is_old(path: &Path) -> Result<bool, LedgerError> {
        if !path.exists() {
            return Ok(false);
        }
        let (conn, _) = open_to_read(path)?;
        let version = migrate::check_version(&conn, path)?;
        Ok((1..migrate::VERSION).contains(&version))
    }

    /// The first fault that SQLite finds in the file; `None` where it is whole.
    ///
    /// # Errors
    /// Where it cannot be read at all.
    pub fn check_file(&self) -> Result<Option<String>, LedgerError> {
        let found: String =
            self.read(|conn| conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)))?;
        Ok(Some(found).filter(|found| found != "ok"))
    }

    /// Reads.
    pub(in crate::ledger) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let read = read(&self.conn).map_err(LedgerError::sqlite(&self.path, "reading"));
        self.unchanging.as_ref().map_or(Ok(()), Unchanging::check)?;
        read
    }

    /// Holds still: from here on, whatever is read is of this moment, until the reader is dropped.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn hold_still(&self) -> Result<(), LedgerError> {
        self.read(|conn| {
            conn.execute_batch("BEGIN")?;
            // The moment is that of the first read.
            conn.query_row("SELECT count(*) FROM ledger", [], |_| Ok(()))
        })
    }

    /// A transaction to read several things of one moment; none where the reader holds still.
    pub(in crate::ledger) fn moment(&self) -> rusqlite::Result<Option<Transaction<'_>>> {
        let is_free = self.conn.is_autocommit();
        is_free
            .then(|| self.conn.unchecked_transaction())
            .transpose()
    }

    /// Changes something that needs no lock, in a transaction.
    pub(in crate::ledger) fn change(
        &self,
        doing: &'static str,
        write: impl FnOnce(&WriteTx<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), LedgerError> {
        check_home(&self.conn, &self.path)?;
        if let Some(why) = access::denied(&self.path, AccessKind::Write) {
            let path = self.path.clone();
            return Err(LedgerError::Closed { path, why });
        }
        let checked = |tx: &WriteTx<'_>| {
            schema::check(tx)?;
            write(tx)
        };
        write_tx::write(&self.conn, checked).map_err(LedgerError::sqlite(&self.path, doing))
    }
}
