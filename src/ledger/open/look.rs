//! A ledger that this account may only look at: somebody else's, in a folder that may not be
//! written, or on a file system without writes.
//!
//! SQLite needs two files beside a ledger to read it next to a writer, and makes them where they
//! are not there. Where it cannot, a ledger that nobody has open is whole in its one file, which is
//! then read as one that does not change; each reading looks afterwards whether it did. Nor are
//! the two files made in a folder that is open to this account beside a ledger that is not: they
//! would be this account's, and close the ledger to its owner.

use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::connect::{open_file, open_with};
use crate::account::access::is_writable;
use crate::ledger::fault::LedgerError;
use crate::ledger::paths::beside;

/// A file that is read as one that does not change, and what the file system said of it.
#[derive(Debug)]
pub(in crate::ledger) struct Unchanging {
    path: PathBuf,
    stamp: (i64, i64, u64, u64),
}

impl Unchanging {
    fn of(path: &Path) -> Result<Unchanging, LedgerError> {
        let stamp = stamp(path).map_err(LedgerError::file(path))?;
        let path = path.to_owned();
        Ok(Unchanging { path, stamp })
    }

    /// Refuses what was read of a file that was changed meanwhile.
    pub(in crate::ledger) fn check(&self) -> Result<(), LedgerError> {
        let now = stamp(&self.path).map_err(LedgerError::file(&self.path))?;
        if now == self.stamp {
            return Ok(());
        }
        Err(LedgerError::Changed {
            path: self.path.clone(),
        })
    }
}

fn stamp(path: &Path) -> std::io::Result<(i64, i64, u64, u64)> {
    let found = std::fs::metadata(path)?;
    Ok((found.mtime(), found.mtime_nsec(), found.len(), found.ino()))
}

/// Opens a ledger to be read.
pub(in crate::ledger) fn open_to_read(
    path: &Path,
) -> Result<(Connection, Option<Unchanging>), LedgerError> {
    if is_writable(path) || is_open(path) {
        return Ok((open_file(path)?, None));
    }
    let unchanging = Unchanging::of(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = open_with(path, &uri(path), flags)?;
    Ok((conn, Some(unchanging)))
}

/// Whether something of it stands beside it: a writer has it open, or died.
fn is_open(path: &Path) -> bool {
    let has = |more: &str| std::fs::metadata(beside(path, more)).is_ok_and(|it| it.len() > 0);
    has("-wal") || has("-journal")
}

/// As SQLite takes the name of a file that does not change.
fn uri(path: &Path) -> PathBuf {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => {
                // Into a string, which takes it.
                let _ = write!(uri, "%{byte:02x}");
            }
        }
    }
    PathBuf::from(uri + "?immutable=1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_stands_in_the_uri() {
        for (name, uri_is) in [
            ("/a/hongbao.db", "file:/a/hongbao.db?immutable=1"),
            ("/a b/?x#y%20", "file:/a%20b/%3fx%23y%2520?immutable=1"),
            ("/红/b.db", "file:/%e7%ba%a2/b.db?immutable=1"),
        ] {
            assert_eq!(uri(Path::new(name)), Path::new(uri_is));
        }
    }

    #[test]
    fn a_file_that_changed_while_it_was_read_is_told_of() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a b?.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1);")
            .unwrap();
        drop(conn);
        let unchanging = Unchanging::of(&path).unwrap();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let conn = open_with(&path, &uri(&path), flags).unwrap();
        let read = || conn.query_row("SELECT a FROM t", [], |row| row.get::<_, i64>(0));
        assert_eq!(read().unwrap(), 1);
        unchanging.check().unwrap();
        Connection::open(&path)
            .unwrap()
            .execute_batch("INSERT INTO t SELECT randomblob(9000);")
            .unwrap();
        assert!(matches!(
            unchanging.check(),
            Err(LedgerError::Changed { .. })
        ));
    }
}
