//! A ledger that a process made and loaded nothing into: it goes with the process, as if it had
//! never been. Else a slip in `ledger.path` leaves a file that looks like a ledger in good health.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use crate::ledger::paths::beside;

/// What SQLite keeps beside a ledger.
const SIDES: [&str; 3] = ["-journal", "-wal", "-shm"];

/// The files of a ledger that was not there before. Dropped after the connection and before the
/// lock, which keeps others out until they are gone.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Unused {
    made: Vec<PathBuf>,
    goes: Cell<bool>,
}

impl Unused {
    /// Before the lock is taken: of a ledger that is there nothing goes, and of one that is lost
    /// the lock file stays, which remembers it.
    pub(super) fn before(ledger: &Path) -> Unused {
        let mut made = Vec::new();
        if !ledger.exists() {
            made.push(ledger.to_owned());
            made.extend(SIDES.map(|side| beside(ledger, side)));
            let lock = beside(ledger, ".lock");
            made.extend((!lock.exists()).then_some(lock));
        }
        Unused {
            made,
            goes: Cell::new(false),
        }
    }

    /// It goes, unless something is kept in it.
    pub(super) fn goes(&self) {
        self.goes.set(true);
    }

    /// It stays: something is about to be kept in it.
    pub(in crate::ledger) fn stays(&self) {
        self.goes.set(false);
    }
}

impl Drop for Unused {
    fn drop(&mut self) {
        for file in self.made.iter().filter(|_| self.goes.get()) {
            // What is not there, or may not be removed, is no reason to fail.
            let _ = fs::remove_file(file);
        }
    }
}
