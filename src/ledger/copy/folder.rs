//! Backups of one ledger in a folder: each has the ledger's name and its own moment, and the oldest
//! go once a new one is whole.
//!
//! Nothing is removed but what is surely such a backup of this very ledger: by its name, by its own
//! word, and because the ledger's journal has its last row. So one that knows more than a ledger
//! that was put back stays, whatever its age.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::backup::{check_sound, copy};
use super::part::{
    BACKUP, PART, VERSIONED, check_ready, free, is_moment, moment, part, ready, sweep, whole,
};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::LedgerRow;
use crate::ledger::open::connect::{connect, open_file};
use crate::ledger::open::leftover::sync_folder;
use crate::ledger::open::lock::Lock;
use crate::ledger::open::migrate::{VERSION, check_version, migrate};
use crate::ledger::open::names::real;
use crate::ledger::open::owner::COPY_EPOCH;
use crate::ledger::open::reader::Reader;
use crate::ledger::paths::beside;

/// Bytes of two files that are compared at a time.
const TOGETHER: usize = 1 << 16;

/// A folder with backups.
#[derive(Debug, Clone, Copy)]
pub struct BackupFolder<'a> {
    /// Where; made if need be.
    pub dir: &'a Path,
    /// How many backups of the ledger stay; all where it is `None`.
    pub keep: Option<NonZeroU32>,
}

/// The newest backup in a folder.
#[derive(Debug)]
pub struct KeptBackup {
    /// Its file.
    pub path: PathBuf,
    /// Whether it was made now: of a ledger that did not change since the last one there is none.
    pub is_new: bool,
    /// Why an old one stays that was to go.
    pub stays: Option<LedgerError>,
}

impl Reader {
    /// Makes a backup as [`Reader::backup`] does, under a name of its own, and removes the oldest.
    /// `None` where nothing is in the ledger yet.
    ///
    /// # Errors
    /// Where the ledger is damaged, or where the folder cannot be written.
    pub fn backup_into(
        &self,
        folder: BackupFolder<'_>,
        now: i64,
    ) -> Result<Option<KeptBackup>, LedgerError> {
        let (entries, head) = self.head_row()?;
        if entries == 0 {
            return Ok(None);
        }
        let dir = ready(folder.dir)?;
        sweep(&dir);
        let found = self.backups(&dir)?;
        let newest = found.last().filter(|newest| newest.head == head);
        let (path, is_new) = if let Some(newest) = newest {
            (newest.path.clone(), false)
        } else {
            let path = free(&dir, now, |moment| {
                format!("{}{BACKUP}{moment}", self.file_name())
            });
            whole(&path, |part| self.backup(part, now).map(|()| true))?;
            (path, true)
        };
        // The newest is whole by now: that an old one stays too ends nothing.
        let stays = self.remove_oldest(&dir, folder.keep).err();
        Ok(Some(KeptBackup {
            path,
            is_new,
            stays,
        }))
    }

    /// Whether [`Reader::backup_into`] could make its file in the folder now; nothing is written.
    ///
    /// # Errors
    /// As it would say.
    pub fn check_backup_into(&self, folder: BackupFolder<'_>, now: i64) -> Result<(), LedgerError> {
        let (entries, head) = self.head_row()?;
        if entries == 0 {
            return Ok(());
        }
        let dir = folder.dir;
        if dir.is_dir() {
            let found = self.backups(dir)?;
            if found.last().is_some_and(|newest| newest.head == head) {
                return Ok(());
            }
        }
        check_ready(dir, &format!("{}{BACKUP}{}", self.file_name(), moment(now)))
    }

    fn head_row(&self) -> Result<(i64, [u8; 32]), LedgerError> {
        self.read(|conn| {
            let row = LedgerRow::read(conn)?;
            Ok(row.map_or((0, [0; 32]), |row| (row.entries, row.head)))
        })
    }

    fn file_name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    fn remove_oldest(&self, dir: &Path, keep: Option<NonZeroU32>) -> Result<(), LedgerError> {
        let Some(keep) = keep else {
            return Ok(());
        };
        let found = self.backups(dir)?;
        let keep = usize::try_from(keep.get()).unwrap_or(usize::MAX);
        let mut removed = Ok(());
        for old in &found[..found.len().saturating_sub(keep)] {
            match fs::remove_file(&old.path) {
                // Somebody else tidies up there, too.
                Err(fault) if fault.kind() != ErrorKind::NotFound => {
                    removed = removed.and(Err(LedgerError::file(&old.path)(fault)));
                }
                Ok(()) | Err(_) => {}
            }
        }
        removed.and(sync_folder(&dir.join(".")))
    }

    /// The backups of this ledger in the folder, from the oldest on.
    fn backups(&self, dir: &Path) -> Result<Vec<Earlier>, LedgerError> {
        let begin = format!("{}{BACKUP}", self.file_name());
        let mut found = Vec::new();
        for entry in fs::read_dir(dir).map_err(LedgerError::file(dir))? {
            let entry = entry.map_err(LedgerError::file(dir))?;
            let name = entry.file_name();
            let moment = name.to_str().and_then(|name| name.strip_prefix(&begin));
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if !is_file || !moment.is_some_and(is_moment) {
                continue;
            }
            let path = entry.path();
            // What cannot be read is nothing of ours.
            if let Ok(Some((entries, head))) = moment_of(&path)
                && self.went_through(entries, head)?
            {
                found.push(Earlier { path, head });
            }
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }

    /// Whether the journal went through this row.
    fn went_through(&self, entries: i64, head: [u8; 32]) -> Result<bool, LedgerError> {
        self.read(|conn| {
            let sql = "SELECT hash FROM journal WHERE seq = ?1";
            let hash: Option<[u8; 32]> = conn
                .query_row(sql, [entries], |row| row.get(0))
                .optional()?;
            Ok(hash == Some(head))
        })
    }
}

/// A backup that is there, and the last row of its journal.
struct Earlier {
    path: PathBuf,
    head: [u8; 32],
}

/// How far the journal of a backup goes; `None` where the file does not say that it is one.
fn moment_of(path: &Path) -> rusqlite::Result<Option<(i64, [u8; 32])>> {
    if !has_no_wal(path).unwrap_or(false) {
        return Ok(None);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let row = LedgerRow::read(&Connection::open_with_flags(path, flags)?)?;
    let row = row.filter(|row| row.epoch == COPY_EPOCH);
    Ok(row.map(|row| (row.entries, row.head)))
}

/// Whether SQLite opens it without making files beside it, as it does with a backup: in the header,
/// 1 is a rollback journal and 2 a WAL.
fn has_no_wal(path: &Path) -> std::io::Result<bool> {
    let mut header = [0; 20];
    File::open(path)?.read_exact(&mut header)?;
    Ok(header.starts_with(b"SQLite format 3\0") && header[18..] == [1, 1])
}

/// Keeps a ledger of an older version as it is, before a newer program moves it to its own: `None`
/// where it is none, or where the same is kept already. Such a copy is never removed.
///
/// # Errors
/// Where another process has the ledger, which then is not moved either, where it cannot be moved
/// to this version, or where the copy cannot be written.
pub fn backup_before_migration(
    ledger: &Path,
    dir: &Path,
    now: i64,
) -> Result<Option<PathBuf>, LedgerError> {
    let ledger = &real(ledger);
    if !Reader::is_old(ledger)? {
        return Ok(None);
    }
    let _lock = Lock::take(ledger)?;
    let conn = open_file(ledger)?;
    let version = check_version(&conn, ledger)?;
    if version == VERSION {
        // Another process was first.
        return Ok(None);
    }
    let dir = ready(dir)?;
    sweep(&dir);
    let name = ledger.file_name().unwrap_or_default().to_string_lossy();
    let begin = format!("{name}{VERSIONED}{version}-");
    let path = free(&dir, now, |moment| format!("{begin}{moment}"));
    let is_made = whole(&path, |part| {
        copy((&conn, None), ledger, part)?;
        if has_alike(&dir, &begin, part).map_err(LedgerError::file(&dir))? {
            return Ok(false);
        }
        check_older(part).map(|()| true)
    })?;
    Ok(is_made.then_some(path))
}

/// Whether a file of the folder whose name begins so is the same, byte for byte.
fn has_alike(dir: &Path, begin: &str, copy: &Path) -> std::io::Result<bool> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let moment = name.to_str().and_then(|name| name.strip_prefix(begin));
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        // One that cannot be read is none that could be used.
        if is_file && moment.is_some_and(is_moment) && is_same(&entry.path(), copy).unwrap_or(false)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_same(one: &Path, other: &Path) -> std::io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut this, mut that) = (vec![0; TOGETHER], vec![0; TOGETHER]);
    loop {
        let count = one.read(&mut this)?;
        other.read_exact(&mut that[..count])?;
        if count == 0 || this[..count] != that[..count] {
            return Ok(count == 0);
        }
    }
}

/// Audits a ledger of an older version: in a copy, which is moved to this one.
fn check_older(older: &Path) -> Result<(), LedgerError> {
    let moved = beside(older, PART);
    let part = part(&moved)?;
    let check = || {
        copy((&open_file(older)?, None), older, &moved)?;
        migrate(&mut connect(&moved)?, &moved)?;
        check_sound(&moved, older)
    };
    let checked = check();
    drop(part);
    fs::remove_file(&moved).map_err(LedgerError::file(&moved))?;
    checked
}
