//! The lock beside a ledger, and what its file remembers.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::fault::LedgerError;

/// The lines of a lock file, by their first word: the epoch, and how the clock stood.
const EPOCH: &str = "epoch";
const CLOCK: &str = "clock";

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
        let epoch = self.noted(EPOCH)?;
        Ok(epoch.and_then(|epoch| epoch.parse().ok()).unwrap_or(0))
    }

    /// Keeps which process took the ledger, for [`Lock::epoch`]; the ledger itself has it already,
    /// so that it is not waited for.
    pub(super) fn note(&self, epoch: i64) -> Result<(), LedgerError> {
        self.keep(EPOCH, &epoch.to_string())
    }

    /// In which start of the machine its clock was how far ahead of its uptime, if anybody said.
    pub(super) fn clock(&self) -> Result<Option<(String, i64)>, LedgerError> {
        let noted = self.noted(CLOCK)?;
        Ok(noted.and_then(|noted| {
            let (boot, lead) = noted.split_once(' ')?;
            Some((boot.to_owned(), lead.parse().ok()?))
        }))
    }

    /// Keeps that for [`Lock::clock`]: it tells of this start of the machine only, so that it need
    /// not outlive its end.
    pub(super) fn note_clock(&self, boot: &str, lead: i64) -> Result<(), LedgerError> {
        self.keep(CLOCK, &format!("{boot} {lead}"))
    }

    /// What the line of this word says. What is cut or not ours says nothing.
    fn noted(&self, word: &str) -> Result<Option<String>, LedgerError> {
        let lines = self.lines()?;
        let mut of_word = lines.iter().filter_map(|line| rest(line, word));
        Ok(of_word.next().map(str::to_owned))
    }

    /// Puts a line in place of that of the same word.
    fn keep(&self, word: &str, what: &str) -> Result<(), LedgerError> {
        let Some((file, path)) = &self.held else {
            return Ok(());
        };
        let mut lines = self.lines()?;
        lines.retain(|line| rest(line, word).is_none());
        lines.push(format!("{word} {what}"));
        let text = lines.join("\n") + "\n";
        let mut file = file;
        file.rewind()
            .and_then(|()| file.write_all(text.as_bytes()))
            .and_then(|()| file.set_len(text.len() as u64))
            .map_err(LedgerError::file(path))
    }

    fn lines(&self) -> Result<Vec<String>, LedgerError> {
        let Some((file, path)) = &self.held else {
            return Ok(Vec::new());
        };
        let mut text = Vec::new();
        let mut file = file;
        file.rewind()
            .and_then(|()| file.read_to_end(&mut text))
            .map_err(LedgerError::file(path))?;
        let text = String::from_utf8_lossy(&text);
        Ok(text.lines().map(str::to_owned).collect())
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

/// What stands behind the word, where the line is that word's.
fn rest<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix(word)?.strip_prefix(' ')
}

/// The path of a file beside the ledger: its name with more at the end.
pub(super) fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}
