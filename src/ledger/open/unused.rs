//! A ledger that a process made and loaded nothing into: it goes with the process, as if it had
//! never been. Else a slip in `ledger.path` leaves a file that looks like a ledger in good health.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use super::connect::open_file;
use super::lock::Lock;
use crate::ledger::fault::LedgerError;
use crate::ledger::paths::beside;

/// What SQLite keeps beside a ledger.
const SIDES: [&str; 3] = ["-journal", "-wal", "-shm"];

/// The files of a ledger that this process made. Dropped after the connection; the lock keeps
/// others out until they are gone.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Unused {
    made: Option<Made>,
    goes: Cell<bool>,
}

#[derive(Debug)]
struct Made {
    ledger: PathBuf,
    lock: Lock,
    /// The epoch that the lock remembered of a ledger that is lost; `None` where it was blank.
    noted: Option<i64>,
}

impl Unused {
    /// Under the lock, of a file that was made under it: one that somebody else made meanwhile is
    /// theirs. Of a ledger that is lost the lock file stays, and what it remembers.
    pub(super) fn made(
        ledger: &Path,
        lock: &Lock,
        noted: Option<i64>,
    ) -> Result<Unused, LedgerError> {
        let made = Made {
            ledger: ledger.to_owned(),
            lock: lock.also()?,
            noted,
        };
        Ok(Unused {
            made: Some(made),
            goes: Cell::new(false),
        })
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
        if let Some(made) = self.made.take().filter(|_| self.goes.get()) {
            made.remove();
        }
    }
}

impl Made {
    /// What may not be removed is no reason to fail.
    fn remove(&self) {
        if self.lock.check().is_err() || !is_empty(&self.ledger) {
            return;
        }
        if fs::remove_file(&self.ledger).is_err() {
            return;
        }
        for side in SIDES {
            let _ = fs::remove_file(beside(&self.ledger, side));
        }
        if let Some(epoch) = self.noted {
            let _ = self.lock.note(epoch);
        } else {
            let _ = fs::remove_file(beside(&self.ledger, ".lock"));
        }
    }
}

/// Whether nothing was ever loaded into it; not where that cannot be read.
fn is_empty(ledger: &Path) -> bool {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM campaign) AND NOT EXISTS (SELECT 1 FROM journal)";
    let read = open_file(ledger).ok();
    read.is_some_and(|conn| conn.query_row(sql, [], |row| row.get(0)).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Mode;
    use crate::ledger::Owner;

    fn lines(ledger: &Path) -> String {
        fs::read_to_string(beside(ledger, ".lock")).unwrap_or_default()
    }

    #[test]
    fn what_was_made_goes_and_what_another_process_made_stays() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        let open = || Owner::open(&ledger, Mode::Live, 1_000).unwrap();
        let mine = open();
        mine.goes_if_unused();
        drop(mine);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        drop(open());
        let theirs = open();
        theirs.goes_if_unused();
        drop(theirs);
        assert!(ledger.exists());
    }

    #[test]
    fn a_file_that_came_before_the_lock_was_taken_is_not_made_here() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        drop(Owner::open(&ledger, Mode::Live, 1_000).unwrap());
        let lock = Lock::take(&ledger).unwrap();
        assert!(!super::super::connect::create_private(&ledger).unwrap());
        drop(lock);
        assert!(ledger.exists());
    }

    #[test]
    fn one_that_something_was_kept_in_stays() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        let owner = Owner::open(&ledger, Mode::Live, 1_000).unwrap();
        owner.goes_if_unused();
        owner
            .conn
            .execute_batch(
                "INSERT INTO journal (at, epoch, campaign, event, mark, hash)
                 VALUES (1, 1, 1, 'loaded', zeroblob(16), zeroblob(32))",
            )
            .unwrap();
        drop(owner);
        assert!(ledger.exists());
    }

    #[test]
    fn the_lock_remembers_of_a_lost_ledger_what_it_did() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        fs::write(beside(&ledger, ".lock"), "epoch 7\n").unwrap();
        // Of real money a lost ledger is not made anew.
        let gone = Owner::open(&ledger, Mode::Live, 1_000).unwrap_err();
        assert!(matches!(gone, LedgerError::Gone { .. }), "{gone}");
        let owner = Owner::open(&ledger, Mode::Simulator, 1_000).unwrap();
        owner.goes_if_unused();
        assert_eq!(owner.epoch, 8);
        assert!(lines(&ledger).contains("epoch 8\n"));
        drop(owner);
        assert!(!ledger.exists());
        assert!(lines(&ledger).contains("epoch 7\n"), "{}", lines(&ledger));
    }
}
