//! Copies of a ledger.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::LedgerRow;
use crate::ledger::open::connect::{create_private, open_file};
use crate::ledger::open::leftover::sync_folder;
use crate::ledger::open::look::Unchanging;
use crate::ledger::open::owner::COPY_EPOCH;
use crate::ledger::open::reader::Reader;

impl Reader {
    /// Writes a copy of the ledger, whole and of one moment, beside a run that goes on, into a file
    /// that is new or empty, and audits it.
    ///
    /// # Errors
    /// Where the ledger is damaged, or where the copy cannot be written.
    pub fn backup(&self, to: &Path, now: i64) -> Result<(), LedgerError> {
        copy((&self.conn, self.unchanging.as_ref()), &self.path, to)?;
        mark_as_copy(to, now)?;
        check_sound(to, &self.path)
    }
}

/// A copy says of itself that it is one, so that nothing is sent from it before it is restored, and
/// of which moment it is.
fn mark_as_copy(copy: &Path, now: i64) -> Result<(), LedgerError> {
    let conn = open_file(copy)?;
    let mark = || -> rusqlite::Result<()> {
        let row = LedgerRow::read(&conn)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let highest_time = row.highest_time.max(now);
        let epoch = COPY_EPOCH;
        LedgerRow {
            epoch,
            highest_time,
            ..row
        }
        .write(&conn)
    };
    mark().map_err(LedgerError::sqlite(copy, "marking the copy"))
}

/// Writes the whole of what one transaction sees, as one file; refused where what is read as a file
/// that does not change did.
pub(super) fn copy(
    (conn, unchanging): (&Connection, Option<&Unchanging>),
    path: &Path,
    to: &Path,
) -> Result<(), LedgerError> {
    create_private(to)?;
    let name = to.to_str().ok_or_else(|| LedgerError::File {
        path: to.to_owned(),
        source: std::io::Error::new(std::io::ErrorKind::InvalidFilename, "the name is not UTF-8"),
    })?;
    let copied = conn.execute("VACUUM INTO ?1", [name]);
    unchanging.map_or(Ok(()), Unchanging::check)?;
    copied.map_err(LedgerError::sqlite(path, "copying"))?;
    Ok(())
}

/// Audits a copy of `of`.
pub(super) fn check_sound(copy: &Path, of: &Path) -> Result<(), LedgerError> {
    let reader = Reader::open(copy)?;
    let audit = reader.map(|reader| reader.audit(None)).transpose()?;
    let finding = audit.and_then(|audit| audit.findings.into_iter().next());
    match finding {
        None => Ok(()),
        Some(what) => Err(LedgerError::Damaged {
            path: of.to_owned(),
            what,
        }),
    }
}

/// Gives a whole file its name, for good.
pub(super) fn put(temporary: &Path, to: &Path) -> Result<(), LedgerError> {
    let put = || -> std::io::Result<()> {
        File::open(temporary)?.sync_all()?;
        std::fs::rename(temporary, to)
    };
    put().map_err(LedgerError::file(to))?;
    sync_folder(to)
}
