//! Putting a copy in the ledger's place. What happened after the copy was made is not
//! in it: packets that it calls unsent may have been sent. So a restored ledger asks about
//! everything that is not settled before it sends it, and sends nothing before a person says so.

use std::path::{Path, PathBuf};

use super::backup::{check_sound, copy, put};
use super::take_behind::take_behind;
use crate::config::Mode;
use crate::domain::policy::RetryRules;
use crate::ledger::fault::{LedgerError, is_damage};
use crate::ledger::journal::chain::Home;
use crate::ledger::open::connect::{connect, open_file};
use crate::ledger::open::holder::LockNote;
use crate::ledger::open::leftover::{SIDES, free_name, keep_leftovers, move_sides};
use crate::ledger::open::lock::Lock;
use crate::ledger::open::look::open_to_read;
use crate::ledger::open::migrate;
use crate::ledger::open::names::{REPLACED, check_folder, real};
use crate::ledger::open::owner::check_mode;
use crate::ledger::open::schema::drop_litestream;
use crate::ledger::paths::beside;

/// The result of a restore, or of an adoption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Packets that are asked about before they are sent.
    pub to_ask: u64,
    /// The last time that the copy knows of, in milliseconds of the Unix epoch.
    pub known_until: i64,
    /// Whether there is no packet in it.
    pub is_empty: bool,
    /// Where the ledger is kept that stood there before.
    pub replaced: Option<PathBuf>,
}

/// Puts a copy in the ledger's place, which is kept under another name. Everything that is not
/// settled is asked about before it is sent, and every campaign is paused.
///
/// # Errors
/// Where another process holds the ledger, where the copy is not one of this program's, or is
/// damaged, or where the files cannot be written. Then the ledger is as it was.
pub fn restore(
    ledger: &Path,
    from: &Path,
    (mode, note): (Mode, Option<&LockNote>),
    rules: &RetryRules,
    now: i64,
) -> Result<Restored, LedgerError> {
    let ledger = &real(ledger);
    check_folder(ledger)?;
    let lock = Lock::take(ledger)?;
    note.map_or(Ok(()), |note| lock.sign(note))?;
    let temporary = beside(ledger, ".restoring");
    remove_any(&temporary)?;
    let prepared = prepare(from, &temporary, mode)
        .and_then(|()| epoch_after(&lock, ledger, &temporary))
        .and_then(|epoch| {
            let home = Home::settle(&temporary, &lock)?;
            let conn = connect(&temporary)?;
            let taken = take_behind(&conn, rules, (epoch, home), (None, now));
            let taken = taken.map_err(LedgerError::sqlite(&temporary, "marking what is open"));
            drop(conn);
            let taken = taken?;
            let replaced = set_aside(ledger, &lock, epoch, now)?;
            put(&temporary, ledger)?;
            lock.note(epoch)?;
            Ok(Restored {
                to_ask: taken.to_ask,
                known_until: taken.known_until,
                is_empty: taken.is_empty,
                replaced,
            })
        });
    if prepared.is_err() {
        let _ = remove_any(&temporary);
    }
    let restored = prepared?;
    check_sound(ledger, ledger)?;
    Ok(restored)
}

/// The copy, moved to this version.
fn prepare(from: &Path, temporary: &Path, mode: Mode) -> Result<(), LedgerError> {
    if !from.exists() {
        let source = std::io::ErrorKind::NotFound.into();
        return Err(LedgerError::file(from)(source));
    }
    let (source, unchanging) = open_to_read(from)?;
    if migrate::check_version(&source, from)? == 0 {
        return Err(LedgerError::NoLedger {
            path: from.to_owned(),
        });
    }
    check_mode(&source, from, mode)?;
    copy((&source, unchanging.as_ref()), from, temporary)?;
    drop(source);
    let mut conn = connect(temporary)?;
    migrate::migrate(&mut conn, temporary)?;
    drop_litestream(&conn).map_err(LedgerError::sqlite(temporary, "taking the copy"))?;
    drop(conn);
    check_sound(temporary, from)
}

/// An epoch that no process had which took a ledger of this name, or this one.
fn epoch_after(lock: &Lock, ledger: &Path, one: &Path) -> Result<i64, LedgerError> {
    let before = lock.epoch()?.max(epoch_of(ledger));
    Ok(before.max(epoch_of(one)).max(0) + 1)
}

/// Keeps what stood in the ledger's place under a name of its own. At every moment the ledger's
/// name leads to a whole ledger: a run that found none would begin anew.
fn set_aside(
    ledger: &Path,
    lock: &Lock,
    epoch: i64,
    now: i64,
) -> Result<Option<PathBuf>, LedgerError> {
    keep_leftovers(ledger, now)?;
    if !ledger.exists() {
        return Ok(None);
    }
    let aside = free_name(ledger, &format!("{REPLACED}{now}"));
    match fold(ledger) {
        Ok(()) => {}
        // One that SQLite cannot read is kept with its side files as they are. Should this end
        // half-way, the lock remembers that what is left is older than what was there.
        Err(fault) if is_unreadable(&fault) => {
            lock.note(epoch)?;
            move_sides(ledger, &SIDES, &aside)?;
        }
        Err(fault) => return Err(fault),
    }
    // The remaining file belongs to no ledger that SQLite knows.
    let leftover = free_name(ledger, &format!(".leftover-{now}"));
    move_sides(ledger, &SIDES, &leftover)?;
    std::fs::hard_link(ledger, &aside).map_err(LedgerError::file(&aside))?;
    Ok(Some(aside))
}

fn is_unreadable(fault: &LedgerError) -> bool {
    matches!(fault, LedgerError::Sqlite { source, .. } if is_damage(source))
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

/// The epoch of the ledger in place, as far as it can be read.
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
