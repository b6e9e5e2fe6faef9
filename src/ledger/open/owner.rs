//! Taking a ledger: the lock, the schema, the epoch.

use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::connect::{connect, create_private, use_wal};
use super::holder::LockNote;
use super::home::check_home;
use super::leftover::keep_leftovers;
use super::lock::{Lock, epoch_beside};
use super::migrate;
use super::names::{check_folder, real};
use super::reader::Reader;
use super::unused::Unused;
use crate::config::Mode;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::{Home, LedgerRow};
use crate::ledger::journal::intact;
use crate::ledger::journal::write_tx;
use crate::ledger::journal::write_tx::WriteTx;

/// The epoch of a backup: no process has taken it.
pub(in crate::ledger) const COPY_EPOCH: i64 = -1;

/// Pages that are copied at a time.
const ALL: i32 = -1;

/// The one process that may change the ledger, for as long as this value lives: it holds the lock.
/// A [`Reader`] needs none; a `Writer` is an owner that gave its connection to a thread.
#[derive(Debug)]
pub struct Owner {
    pub(in crate::ledger) conn: Connection,
    pub(in crate::ledger) path: PathBuf,
    pub(super) epoch: i64,
    highest_time: i64,
    pub(in crate::ledger) opened_at: i64,
    pub(in crate::ledger) unused: Unused,
    lock: Lock,
}

impl Owner {
    /// Takes the lock, creates or migrates the file (mode 0600) and raises the epoch.
    ///
    /// # Errors
    /// Where another process holds it, or the file cannot be used.
    pub fn open(path: &Path, mode: Mode, now: i64) -> Result<Owner, LedgerError> {
        let path = &real(path);
        check_folder(path)?;
        let mut lock = Lock::take(path)?;
        let noted = lock.epoch()?;
        let is_blank = lock.is_blank()?;
        must_be_there(path, (mode, noted))?;
        keep_leftovers(path, now)?;
        let is_made = create_private(path)?;
        lock.hold(path)?;
        let unused = if is_made {
            Unused::made(path, &lock, Some(noted).filter(|_| !is_blank))?
        } else {
            Unused::default()
        };
        let mut conn = connect(path)?;
        let version = migrate::check_version(&conn, path)?;
        if version > 0 {
            check_mode(&conn, path, mode)?;
            check_newest(&conn, path, noted)?;
        }
        if version == migrate::VERSION {
            check_home(&conn, path)?;
        }
        if version > 0 {
            use_wal(&conn, path)?;
        }
        migrate::migrate(&mut conn, path)?;
        intact::check(&conn, now).map_err(LedgerError::sqlite(path, "taking the ledger"))?;
        let home = Home::settle(path, &lock)?;
        let (epoch, highest_time) = begin_epoch(&conn, path, mode, (now, Some(home), noted))?;
        lock.note(epoch)?;
        Ok(Owner {
            conn,
            path: path.to_owned(),
            epoch,
            highest_time,
            opened_at: now,
            unused,
            lock,
        })
    }

    /// Whether there is a place for a ledger of this name, for a verb that makes none.
    ///
    /// # Errors
    /// As [`Owner::open`], where its folder is not there, or a ledger that was.
    pub fn check_place(path: &Path, mode: Mode) -> Result<(), LedgerError> {
        let path = &real(path);
        check_folder(path)?;
        must_be_there(path, (mode, epoch_beside(path)))
    }

    /// A ledger that was made just now goes with this process, unless something is loaded.
    pub fn goes_if_unused(&self) {
        self.unused.goes();
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
        let (epoch, highest_time) = begin_epoch(&conn, &path, mode, (now, None, 0))?;
        Ok(Owner {
            conn,
            path,
            epoch,
            highest_time,
            opened_at: now,
            unused: Unused::default(),
            lock: Lock::none(),
        })
    }

    /// A copy of a ledger in such a file, of one moment, to try on it what the ledger would say to
    /// a load. A ledger that is being written to is read beside.
    ///
    /// # Errors
    /// Where it cannot be read, or SQLite cannot make one.
    pub fn scratch_of(reader: &Reader, mode: Mode, now: i64) -> Result<Owner, LedgerError> {
        let mut scratch = Owner::scratch(mode, now)?;
        let to = &mut scratch.conn;
        // All pages in one step: between two of them each commit would begin the copy anew.
        let copied = reader.read(|conn| Backup::new(conn, to)?.step(ALL))?;
        if copied != StepResult::Done {
            let path = reader.path.clone();
            return Err(LedgerError::Busy { path });
        }
        check_mode(&scratch.conn, &reader.path, mode)?;
        let path = &scratch.path;
        let taken = begin_epoch(&scratch.conn, path, mode, (now, None, 0))?;
        (scratch.epoch, scratch.highest_time) = taken;
        Ok(scratch)
    }

    /// Says in the lock file who holds the lock: a refused process tells it, and `doctor`.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn sign(&self, note: &LockNote) -> Result<(), LedgerError> {
        self.lock.sign(note)
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
    pub(in crate::ledger) fn write(
        &self,
        doing: &'static str,
        write: impl FnOnce(&WriteTx<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), LedgerError> {
        write_tx::write(&self.conn, write).map_err(LedgerError::sqlite(&self.path, doing))
    }

    /// Gives the lock to the writer thread together with the connection.
    pub(in crate::ledger) fn into_parts(
        self,
    ) -> Result<(Connection, PathBuf, i64, Lock), LedgerError> {
        use_wal(&self.conn, &self.path)?;
        self.unused.stays();
        Ok((self.conn, self.path, self.epoch, self.lock))
    }
}

impl Reader {
    /// Whether the file that is read is one that [`Owner::open`] would take: of this mode, and no
    /// copy. Whether somebody holds it is another question.
    ///
    /// # Errors
    /// As [`Owner::open`] would refuse it.
    pub fn check_own(&self, mode: Mode) -> Result<(), LedgerError> {
        // A process that takes it writes its epoch into the ledger first.
        let noted = epoch_beside(&self.path);
        check_mode(&self.conn, &self.path, mode)?;
        check_newest(&self.conn, &self.path, noted)?;
        check_home(&self.conn, &self.path)
    }
}

/// Where real money was sent, a ledger that is gone is not made anew unasked: what it knew of
/// people who were paid is gone with it. Its lock file has the epoch of one that was used.
fn must_be_there(path: &Path, (mode, noted): (Mode, i64)) -> Result<(), LedgerError> {
    let is_there = std::fs::metadata(path).is_ok_and(|found| found.len() > 0);
    if is_there || mode != Mode::Live || noted == 0 {
        return Ok(());
    }
    Err(LedgerError::Gone {
        path: path.to_owned(),
    })
}

/// The epoch of this process and the highest time before it. One that is made where the lock
/// remembers another comes after that one, which is older from here on.
fn begin_epoch(
    conn: &Connection,
    path: &Path,
    mode: Mode,
    (now, home, noted): (i64, Option<Home>, i64),
) -> Result<(i64, i64), LedgerError> {
    let begin = move || -> rusqlite::Result<(i64, i64)> {
        let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        let found = LedgerRow::read(&tx)?;
        let mut row = found.unwrap_or_else(|| LedgerRow::new(mode.name(), now));
        row.epoch = row.epoch.max(noted) + 1;
        row.home = row.home.or(home);
        row.write(&tx)?;
        tx.commit()?;
        Ok((row.epoch, row.highest_time))
    };
    begin().map_err(LedgerError::sqlite(path, "taking the ledger"))
}

/// Before anything is written to it: a ledger of the other mode stays as it is.
pub(in crate::ledger) fn check_mode(
    conn: &Connection,
    path: &Path,
    mode: Mode,
) -> Result<(), LedgerError> {
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Instant;

    use super::*;

    /// More pages than a copy took at a time, and a writer that never rests.
    #[test]
    fn a_copy_of_a_ledger_that_is_written_to_comes_to_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        let owner = Owner::open(&ledger, Mode::Live, 1_000).unwrap();
        owner.share();
        let reader = owner.reader().unwrap();
        let sql = "PRAGMA synchronous = OFF; CREATE TABLE filler (a);
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 17000)
             INSERT INTO filler SELECT zeroblob(4000) FROM n;";
        owner.conn.execute_batch(sql).unwrap();
        let (is_copied, is_late) = (AtomicBool::new(false), AtomicBool::new(false));
        let begun = Instant::now();
        std::thread::scope(|scope| {
            let write = || {
                let conn = Connection::open(&ledger).unwrap();
                conn.execute_batch("PRAGMA synchronous = OFF").unwrap();
                while !is_copied.load(Ordering::Relaxed) {
                    let sql = "UPDATE filler SET a = 1 WHERE rowid = 1";
                    conn.execute(sql, []).unwrap();
                    if begun.elapsed().as_secs() > 20 {
                        return is_late.store(true, Ordering::Relaxed);
                    }
                }
            };
            scope.spawn(write);
            Owner::scratch_of(&reader, Mode::Live, 2_000).unwrap();
            is_copied.store(true, Ordering::Relaxed);
        });
        assert!(!is_late.into_inner());
    }
}
