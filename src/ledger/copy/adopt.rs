//! Taking the ledger that stands here for the one that was used last, which is gone or retired: a
//! copy that was made by other means, or an empty one in the place of one that is lost. It does
//! what a restore does, without the copy.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::backup::check_sound;
use super::restore::Restored;
use super::take_behind::take_behind;
use crate::config::Mode;
use crate::domain::policy::RetryRules;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::{Home, LedgerRow};
use crate::ledger::open::connect::{connect, create_private};
use crate::ledger::open::holder::LockNote;
use crate::ledger::open::home::is_where_it_was;
use crate::ledger::open::leftover::keep_leftovers;
use crate::ledger::open::lock::Lock;
use crate::ledger::open::migrate;
use crate::ledger::open::names::{check_folder, real};
use crate::ledger::open::owner::check_mode;

/// Takes the ledger of this name, or makes an empty one. Everything that is not settled, and
/// whatever is loaded into an empty one, is asked about before it is sent, and every campaign is
/// paused.
///
/// # Errors
/// Where another process holds the ledger, or where it is not one of this program's, or is damaged.
pub fn adopt(
    ledger: &Path,
    (mode, note): (Mode, Option<&LockNote>),
    rules: &RetryRules,
    now: i64,
) -> Result<Restored, LedgerError> {
    Held::take(ledger, (mode, note), now)?.fall_behind(mode, rules, now)
}

/// As [`adopt`], unless nothing tells that the ledger is a copy, or ever was: then it changes
/// nothing, and is `None`.
///
/// # Errors
/// As of [`adopt`].
pub fn adopt_copy(
    ledger: &Path,
    (mode, note): (Mode, Option<&LockNote>),
    rules: &RetryRules,
    now: i64,
) -> Result<Option<Restored>, LedgerError> {
    let held = Held::take(ledger, (mode, note), now)?;
    if held.version == migrate::VERSION && is_where_it_was(&held.conn, &held.path, &held.lock)? {
        return Ok(None);
    }
    held.fall_behind(mode, rules, now).map(Some)
}

/// The ledger that stands there, or an empty file in its place, that nobody else takes meanwhile.
struct Held {
    path: PathBuf,
    lock: Lock,
    conn: Connection,
    version: i64,
}

impl Held {
    fn take(
        ledger: &Path,
        (mode, note): (Mode, Option<&LockNote>),
        now: i64,
    ) -> Result<Held, LedgerError> {
        let path = real(ledger);
        check_folder(&path)?;
        let mut lock = Lock::take(&path)?;
        note.map_or(Ok(()), |note| lock.sign(note))?;
        keep_leftovers(&path, now)?;
        create_private(&path)?;
        lock.hold(&path)?;
        let conn = connect(&path)?;
        let version = migrate::check_version(&conn, &path)?;
        if version > 0 {
            check_mode(&conn, &path, mode)?;
        }
        Ok(Held {
            path,
            lock,
            conn,
            version,
        })
    }

    fn fall_behind(
        mut self,
        mode: Mode,
        rules: &RetryRules,
        now: i64,
    ) -> Result<Restored, LedgerError> {
        let path = &self.path;
        migrate::migrate(&mut self.conn, path)?;
        let epoch = begin(&self.conn, mode, now).map_err(LedgerError::sqlite(path, "adopting"))?;
        check_sound(path, path)?;
        let home = Home::settle(path, &self.lock)?;
        let epoch = self.lock.epoch()?.max(epoch).max(0) + 1;
        let (to_ask, known_until) = take_behind(&self.conn, rules, (epoch, home), now)
            .map_err(LedgerError::sqlite(path, "marking what is open"))?;
        self.lock.note(epoch)?;
        Ok(Restored {
            to_ask,
            known_until,
            replaced: None,
        })
    }
}

/// The epoch of the process that took it last; an empty one gets its own row.
fn begin(conn: &Connection, mode: Mode, now: i64) -> rusqlite::Result<i64> {
    if let Some(row) = LedgerRow::read(conn)? {
        return Ok(row.epoch);
    }
    LedgerRow::new(mode.name(), now).write(conn)?;
    Ok(0)
}
