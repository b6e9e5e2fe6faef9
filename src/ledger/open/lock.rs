//! The locks of a ledger: on a file beside it, and on the ledger itself, which a second name of it
//! does not get round. What the file beside it remembers.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::holder::{HOLDER, LockNote, holder_of};
use super::names::{check_names, forget_replaced, is_named};
use crate::ledger::fault::LedgerError;
use crate::ledger::paths::beside;
use crate::words::ledger as words;

/// The lines of a lock file, by their first word: the epoch, how the clock stood, a word that the
/// ledger knows, too, where the file system does not tell copies apart, and who holds the lock.
const EPOCH: &str = "epoch";
const CLOCK: &str = "clock";
const WORD: &str = "word";

/// How often a lock file is opened that goes at that moment.
const TRIES: u32 = 10;

/// Advisory locks on the ledger and on a file beside it, held for the life of the process: no
/// rescue by elapsed time, since the kernel drops them with the process.
#[derive(Debug)]
pub(in crate::ledger) struct Lock {
    held: Option<(File, PathBuf)>,
    ledger: Option<(Hold, PathBuf)>,
}

/// The ledger, open from before SQLite opened it until SQLite has closed it: to close any file of
/// it takes away every lock that SQLite has on it in this process.
pub(super) type Hold = Arc<File>;

impl Lock {
    pub(super) fn none() -> Self {
        Lock {
            held: None,
            ledger: None,
        }
    }

    /// Takes the lock beside a ledger, and that of the ledger itself if there is one already.
    /// Its file may go with an unused ledger just when this process opened it: then there is
    /// another one.
    pub(in crate::ledger) fn take(ledger: &Path) -> Result<Lock, LedgerError> {
        for _ in 1..TRIES {
            match Lock::take_named(ledger) {
                Err(LedgerError::LockLost { .. }) => {}
                taken => return taken,
            }
        }
        Lock::take_named(ledger)
    }

    fn take_named(ledger: &Path) -> Result<Lock, LedgerError> {
        let path = beside(ledger, ".lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(LedgerError::file(&path))?;
        try_lock(&file, &path)?;
        let mut lock = Lock {
            held: Some((file, path)),
            ledger: None,
        };
        lock.check()?;
        if ledger.exists() {
            lock.hold(ledger)?;
        }
        Ok(lock)
    }

    /// The epoch of the process that last took a ledger of this name; 0 if none said.
    pub(in crate::ledger) fn epoch(&self) -> Result<i64, LedgerError> {
        let epoch = self.noted(EPOCH)?;
        Ok(epoch.and_then(|epoch| epoch.parse().ok()).unwrap_or(0))
    }

    /// Takes the lock of the ledger itself, which must be before this process opens it otherwise.
    /// It has to have one name: SQLite keeps what is not in the file yet beside the name.
    pub(in crate::ledger) fn hold(&mut self, ledger: &Path) -> Result<(), LedgerError> {
        if self.ledger.is_some() {
            return Ok(());
        }
        let file = File::open(ledger).map_err(LedgerError::file(ledger))?;
        if !planted!(SecondLinkAllowed) {
            // Where flock and SQLite's own locks are one kind, we would lock SQLite out.
            if cfg!(target_os = "linux") {
                try_lock(&file, ledger)?;
            }
            forget_replaced(ledger, &file)?;
            let found = file.metadata().map_err(LedgerError::file(ledger))?;
            check_names(ledger, &found)?;
        }
        self.ledger = Some((Arc::new(file), ledger.to_owned()));
        Ok(())
    }

    /// The same lock: it is free again when both are dropped.
    pub(super) fn also(&self) -> Result<Lock, LedgerError> {
        let again = |(file, path): &(File, PathBuf)| {
            let again = file.try_clone().map_err(LedgerError::file(path));
            again.map(|again| (again, path.clone()))
        };
        Ok(Lock {
            held: self.held.as_ref().map(again).transpose()?,
            ledger: self.ledger.clone(),
        })
    }

    /// Whether nothing was ever kept beside the ledger.
    pub(super) fn is_blank(&self) -> Result<bool, LedgerError> {
        Ok(self.lines()?.is_empty())
    }

    /// For who opens the ledger in this process and may outlive the lock.
    pub(super) fn held(&self) -> Option<Hold> {
        let (file, _) = self.ledger.as_ref()?;
        Some(Arc::clone(file))
    }

    /// Keeps which process took the ledger; the ledger itself has it already, so that it is not
    /// waited for.
    pub(in crate::ledger) fn note(&self, epoch: i64) -> Result<(), LedgerError> {
        self.keep(EPOCH, &epoch.to_string())
    }

    /// In which start of the machine its clock was how far ahead of its uptime, if anybody said.
    pub(in crate::ledger) fn clock(&self) -> Result<Option<(String, i64)>, LedgerError> {
        let noted = self.noted(CLOCK)?;
        Ok(noted.and_then(|noted| {
            let (boot, lead) = noted.split_once(' ')?;
            Some((boot.to_owned(), lead.parse().ok()?))
        }))
    }

    /// Keeps that for [`Lock::clock`]: it tells of this start of the machine only, so that it need
    /// not outlive its end.
    pub(in crate::ledger) fn note_clock(&self, boot: &str, lead: i64) -> Result<(), LedgerError> {
        self.keep(CLOCK, &format!("{boot} {lead}"))
    }

    /// Keeps what this process says of itself, for people whose run is refused.
    pub(in crate::ledger) fn sign(&self, note: &LockNote) -> Result<(), LedgerError> {
        note.line().map_or(Ok(()), |line| self.keep(HOLDER, &line))
    }

    /// The word that the ledger knows, too.
    pub(super) fn word(&self) -> Result<Option<String>, LedgerError> {
        self.noted(WORD)
    }

    /// Keeps a word for good, before the ledger has it.
    pub(super) fn keep_word(&self, word: &str) -> Result<(), LedgerError> {
        self.keep(WORD, word)?;
        let Some((file, path)) = &self.held else {
            return Ok(());
        };
        file.sync_all().map_err(LedgerError::file(path))
    }

    /// The value on the line of this word. A cut or foreign line has none.
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
        lines(file).map_err(LedgerError::file(path))
    }

    /// Whether the paths still name the files we hold: a deleted lock file lets a second run ask,
    /// and a ledger that was moved away is not the one that the next run finds.
    pub(in crate::ledger) fn check(&self) -> Result<(), LedgerError> {
        if let Some((file, path)) = &self.held
            && !is_named(file, path).map_err(LedgerError::file(path))?
            && !planted!(LockNotLookedAt)
        {
            return Err(LedgerError::LockLost { path: path.clone() });
        }
        if let Some((file, path)) = &self.ledger
            && !is_named(file, path).map_err(LedgerError::file(path))?
        {
            return Err(LedgerError::LedgerLost { path: path.clone() });
        }
        Ok(())
    }
}

fn try_lock(file: &File, path: &Path) -> Result<(), LedgerError> {
    let path = path.to_owned();
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) if planted!(RescueByTime) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let holder = holder_of(&path).ok().flatten();
            let by = holder.map(|holder| words::by(holder.words()));
            Err(LedgerError::Held { path, by })
        }
        Err(TryLockError::Error(source)) => Err(LedgerError::File { path, source }),
    }
}

/// The word of a lock file, for a process that does not hold it.
pub(super) fn word_beside(ledger: &Path) -> Option<String> {
    noted_beside(ledger, WORD)
}

/// As [`Lock::epoch`], for a process that does not hold it.
pub(super) fn epoch_beside(ledger: &Path) -> i64 {
    let epoch = noted_beside(ledger, EPOCH);
    epoch.and_then(|epoch| epoch.parse().ok()).unwrap_or(0)
}

fn noted_beside(ledger: &Path, word: &str) -> Option<String> {
    let file = File::open(beside(ledger, ".lock")).ok()?;
    let lines = lines(&file).ok()?;
    let noted = lines.iter().find_map(|line| rest(line, word));
    noted.map(str::to_owned)
}

fn lines(mut file: &File) -> std::io::Result<Vec<String>> {
    let mut text = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    Ok(text.lines().map(str::to_owned).collect())
}

/// The rest of the line behind the word, where the line is that word's.
fn rest<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix(word)?.strip_prefix(' ')
}
