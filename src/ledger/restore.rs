//! Putting a copy in the ledger's place. What happened after the copy was made is not
//! in it: packets that it calls unsent may have been sent. So a restored ledger asks about
//! everything that is not settled before it sends it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::backup::{check_sound, copy, put};
use super::behind::mark_behind;
use super::chain::LedgerRow;
use super::fault::LedgerError;
use super::lock::{Lock, beside};
use super::migrate;
use super::owner::{check_mode, connect, open_file};
use super::page::Page;
use super::schema::drop_litestream;
use crate::config::Mode;
use crate::domain::policy::Rules;

/// What came of a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Packets that are asked about before they are sent.
    pub to_ask: u64,
    /// The last time that the copy knows of, in milliseconds of the Unix epoch.
    pub known_until: i64,
    /// Where the ledger is kept that stood there before.
    pub replaced: Option<PathBuf>,
}

/// Puts a copy in the ledger's place, which is kept under another name. Everything that is not
/// settled is asked about before it is sent.
///
/// # Errors
/// Where another process holds the ledger, where the copy is not one of this program's, or is
/// damaged, or where the files cannot be written. Then the ledger is as it was.
pub fn restore(
    ledger: &Path,
    from: &Path,
    mode: Mode,
    rules: &Rules,
    now: i64,
) -> Result<Restored, LedgerError> {
    let lock = Lock::take(ledger)?;
    let temporary = beside(ledger, ".restoring");
    remove_any(&temporary)?;
    let epoch = lock.epoch()?.max(epoch_of(ledger)).max(0) + 1;
    let prepared = prepare(from, &temporary, mode, epoch)
        .and_then(|()| doubt_all(&temporary, rules, now))
        .and_then(|(to_ask, known_until)| {
            let replaced = set_aside(ledger, &lock, epoch, now)?;
            put(&temporary, ledger)?;
            Ok(Restored {
                to_ask,
                known_until,
                replaced,
            })
        });
    if prepared.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    let restored = prepared?;
    lock.note(epoch)?;
    Ok(restored)
}

/// The copy, moved to this version and taken by this process.
fn prepare(from: &Path, temporary: &Path, mode: Mode, epoch: i64) -> Result<(), LedgerError> {
    if !from.exists() {
        let source = std::io::ErrorKind::NotFound.into();
        return Err(LedgerError::file(from)(source));
    }
    let source = open_file(from)?;
    if migrate::check_version(&source, from)? == 0 {
        return Err(LedgerError::NoLedger {
            path: from.to_owned(),
        });
    }
    check_mode(&source, from, mode)?;
    copy(&source, from, temporary)?;
    drop(source);
    let mut conn = connect(temporary)?;
    migrate::migrate(&mut conn, temporary)?;
    drop_litestream(&conn).map_err(LedgerError::sqlite(temporary, "taking the copy"))?;
    check_sound(temporary, from)?;
    let take = || -> rusqlite::Result<()> {
        let row = LedgerRow::read(&conn)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let epoch = epoch.max(row.epoch + 1);
        LedgerRow { epoch, ..row }.write(&conn)
    };
    take().map_err(LedgerError::sqlite(temporary, "taking the copy"))
}

/// Marks the copy as behind the truth: how many packets are asked about, and until when it knows.
fn doubt_all(temporary: &Path, rules: &Rules, now: i64) -> Result<(u64, i64), LedgerError> {
    let conn = connect(temporary)?;
    let doubt = || -> rusqlite::Result<(u64, i64)> {
        let page = Page::open(&conn)?;
        let since = page.highest_time();
        let count = mark_behind(&page, rules, (since, now))?;
        page.commit()?;
        Ok((count, since))
    };
    doubt().map_err(LedgerError::sqlite(temporary, "marking what is open"))
}

/// Keeps what stood in the ledger's place under a name of its own. At every moment the ledger's
/// name leads to a whole ledger: a run that found none would begin anew.
fn set_aside(
    ledger: &Path,
    lock: &Lock,
    epoch: i64,
    now: i64,
) -> Result<Option<PathBuf>, LedgerError> {
    if !ledger.exists() {
        return Ok(None);
    }
    let aside = beside(ledger, &format!(".replaced-{now}"));
    let failed = |source| LedgerError::file(&aside)(source);
    match fold(ledger) {
        Ok(()) => {}
        // One that SQLite cannot read is kept with its side files as they are. Should this end
        // half-way, the lock remembers that what is left is older than what was there.
        Err(fault) if is_unreadable(&fault) => {
            lock.note(epoch)?;
            for side in ["-wal", "-shm"] {
                let from = beside(ledger, side);
                if from.exists() {
                    std::fs::rename(from, beside(&aside, side)).map_err(failed)?;
                }
            }
        }
        Err(fault) => return Err(fault),
    }
    std::fs::hard_link(ledger, &aside).map_err(failed)?;
    Ok(Some(aside))
}

fn is_unreadable(fault: &LedgerError) -> bool {
    let LedgerError::Sqlite { source, .. } = fault else {
        return false;
    };
    matches!(
        source.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

/// Makes the ledger one file.
fn fold(ledger: &Path) -> Result<(), LedgerError> {
    let conn = open_file(ledger)?;
    let folded = conn.pragma_update_and_check(None, "journal_mode", "delete", |row| {
        row.get::<_, String>(0)
    });
    let mode = folded.map_err(LedgerError::sqlite(ledger, "closing"))?;
    if mode == "delete" {
        return Ok(());
    }
    Err(LedgerError::Busy {
        path: ledger.to_owned(),
    })
}

/// What the ledger in place had, as far as it can be read.
fn epoch_of(ledger: &Path) -> i64 {
    let sql = "SELECT epoch FROM ledger";
    let found = ledger.exists().then(|| open_file(ledger).ok()).flatten();
    let epoch = found.and_then(|conn| conn.query_row(sql, [], |row| row.get(0)).ok());
    epoch.unwrap_or(0)
}

fn remove_any(path: &Path) -> Result<(), LedgerError> {
    for side in ["", "-journal", "-wal", "-shm"] {
        match std::fs::remove_file(beside(path, side)) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                return Err(LedgerError::file(path)(fault));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}
