//! Side files of a ledger that is gone. SQLite takes what stands beside a name for that of the
//! ledger under it: it would write the old one's pages into the new one, or drop them unseen.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::account::access::folder;
use crate::ledger::fault::LedgerError;
use crate::ledger::paths::beside;

/// Suffixes of SQLite's files beside a ledger.
pub(in crate::ledger) const SIDES: [&str; 3] = ["-wal", "-journal", "-shm"];

/// Moves away what stands beside a ledger that is not there, to names that say so.
pub(in crate::ledger) fn keep_leftovers(ledger: &Path, now: i64) -> Result<(), LedgerError> {
    let sides: &[&str] = match std::fs::metadata(ledger) {
        // The journal of a process that was killed before it wrote the first page.
        Ok(found) if found.len() == 0 => &["-wal", "-shm"],
        Ok(_) => return Ok(()),
        Err(_) if planted!(RestoreKeepsWal) => return Ok(()),
        Err(_) => &SIDES,
    };
    let to = free_name(ledger, &format!(".leftover-{now}"));
    move_sides(ledger, sides, &to)
}

/// Moves these side files of a ledger to those of another name, for good.
pub(in crate::ledger) fn move_sides(
    ledger: &Path,
    sides: &[&str],
    to: &Path,
) -> Result<(), LedgerError> {
    let mut is_moved = false;
    for side in sides {
        let from = beside(ledger, side);
        if from.symlink_metadata().is_ok() {
            std::fs::rename(&from, beside(to, side)).map_err(LedgerError::file(&from))?;
            is_moved = true;
        }
    }
    if is_moved {
        sync_folder(ledger)?;
    }
    Ok(())
}

/// A name beside the ledger that neither a file nor a side file has.
pub(in crate::ledger) fn free_name(ledger: &Path, more: &str) -> PathBuf {
    let mut name = beside(ledger, more);
    let mut n = 1;
    while ["", "-wal", "-journal", "-shm"]
        .iter()
        .any(|side| beside(&name, side).exists())
    {
        n += 1;
        name = beside(ledger, &format!("{more}-{n}"));
    }
    name
}

/// Makes durable what was renamed in the folder of a file.
pub(in crate::ledger) fn sync_folder(file: &Path) -> Result<(), LedgerError> {
    let folder = folder(file);
    let sync = || File::open(folder)?.sync_all();
    sync().map_err(LedgerError::file(folder))
}
