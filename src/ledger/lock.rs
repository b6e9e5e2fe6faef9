//! The lock beside a ledger, and what its file remembers.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::fault::LedgerError;

/// What stands in the lock file before the epoch.
const EPOCH: &str = "epoch ";

/// An advisory lock on a file beside the ledger, held for the life of the process: no rescue by
/// elapsed time, since the kernel drops it with the process.
#[derive(Debug)]
pub(super) struct Lock {
    held: Option<(File, PathBuf)>,
}

impl Lock {
    pub(super) fn none() -> Self {
        Lock { held: None }
    }

    pub(super) fn take(ledger: &Path) -> Result<Lock, LedgerError> {
        let path = beside(ledger, ".lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(LedgerError::file(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if planted!(RescueByTime) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::Held { path }),
            Err(TryLockError::Error(source)) => return Err(LedgerError::File { path, source }),
        }
        let lock = Lock {
            held: Some((file, path)),
        };
        lock.check()?;
        Ok(lock)
    }

    /// The epoch of the process that last took a ledger of this name; 0 if none said.
    pub(super) fn epoch(&self) -> Result<i64, LedgerError> {
        let Some((file, path)) = &self.held else {
            return Ok(0);
        };
        let mut words = Vec::new();
        let mut file = file;
        file.rewind()
            .and_then(|()| file.read_to_end(&mut words))
            .map_err(LedgerError::file(path))?;
        let words = String::from_utf8_lossy(&words);
        let epoch = words.strip_prefix(EPOCH).map(str::trim_end);
        // What is cut or not ours says nothing.
        Ok(epoch.and_then(|epoch| epoch.parse().ok()).unwrap_or(0))
    }

    /// Keeps which process took the ledger, for [`Lock::epoch`]; the ledger itself has it already,
    /// so that it is not waited for.
    pub(super) fn note(&self, epoch: i64) -> Result<(), LedgerError> {
        let Some((file, path)) = &self.held else {
            return Ok(());
        };
        let mut file = file;
        let words = format!("{EPOCH}{epoch}\n");
        file.rewind()
            .and_then(|()| file.write_all(words.as_bytes()))
            .and_then(|()| file.set_len(words.len() as u64))
            .map_err(LedgerError::file(path))
    }

    /// Whether the path still names the file we hold: a deleted lock file lets a second run in.
    pub(super) fn check(&self) -> Result<(), LedgerError> {
        let Some((file, path)) = &self.held else {
            return Ok(());
        };
        let held = file.metadata().map_err(LedgerError::file(path))?;
        match std::fs::metadata(path) {
            Ok(named) if (named.dev(), named.ino()) == (held.dev(), held.ino()) => Ok(()),
            Ok(_) | Err(_) if planted!(LockNotLookedAt) => Ok(()),
            Ok(_) | Err(_) => Err(LedgerError::LockLost { path: path.clone() }),
        }
    }
}

/// The path of a file beside the ledger: its name with more at the end.
pub(super) fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}
