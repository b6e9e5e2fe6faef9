//! Where a ledger is at home: in one file. A copy of it, by whatever means, is another file, and
//! what it calls unsent may have been sent from the one that it was copied from. Neither the name
//! nor the machine counts: a folder may be renamed, and a container begins with another host name
//! and other devices each time.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::UNIX_EPOCH;

use rusqlite::Connection;

use super::lock::{Lock, word_beside};
use crate::domain::hex::hex;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::{Home, LedgerRow};
#[cfg(test)]
use tests::has_births;

impl Home {
    /// Makes a file the home of the ledger that it holds; the lock file may get a word for it.
    pub(in crate::ledger) fn settle(file: &Path, lock: &Lock) -> Result<Home, LedgerError> {
        let mut home = Home::at(file)?;
        if home.born_ns.is_none() {
            home.word = lock.word()?;
        }
        if home.born_ns.is_none() && home.word.is_none() {
            let word = fresh_word().map_err(LedgerError::file(file))?;
            lock.keep_word(&word)?;
            home.word = Some(word);
        }
        Ok(home)
    }

    /// The place of a file in its file system.
    fn at(file: &Path) -> Result<Home, LedgerError> {
        let found = std::fs::metadata(file).map_err(LedgerError::file(file))?;
        let born = found.created().ok().filter(|_| has_births());
        let born = born.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Ok(Home {
            inode: found.ino().cast_signed(),
            born_ns: born.and_then(|at| i64::try_from(at.as_nanos()).ok()),
            word: None,
        })
    }

    /// Whether the ledger is still there, `found` being the file that it is in now.
    fn is(&self, found: &Home, word: Option<&str>) -> bool {
        let is_born = match self.born_ns {
            Some(born) => found.born_ns == Some(born),
            None => self.word.is_some() && self.word.as_deref() == word,
        };
        self.inode == found.inode && is_born
    }
}

/// Refuses a ledger that is not at home: somebody copied it. One without a home gets one when a
/// process takes it.
pub(super) fn check_home(conn: &Connection, path: &Path) -> Result<(), LedgerError> {
    let row = LedgerRow::read(conn).map_err(LedgerError::sqlite(path, "taking the ledger"))?;
    let Some(home) = row.and_then(|row| row.home) else {
        return Ok(());
    };
    if home.is(&Home::at(path)?, word_beside(path).as_deref()) || planted!(CopyUnnoticed) {
        return Ok(());
    }
    Err(LedgerError::Copied {
        path: path.to_owned(),
    })
}

fn fresh_word() -> std::io::Result<String> {
    let mut word = [0; 16];
    getrandom::fill(&mut word).map_err(|fault| std::io::Error::other(fault.to_string()))?;
    Ok(hex(&word))
}

#[cfg(not(test))]
const fn has_births() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::config::Mode;
    use crate::domain::policy::RetryRules;
    use crate::ledger::{FirstSent, Owner, Reader, adopt};

    thread_local! {
        static HAS_BIRTHS: Cell<bool> = const { Cell::new(true) };
    }

    /// Whether the file system keeps births, as far as this test is told.
    pub(super) fn has_births() -> bool {
        HAS_BIRTHS.get()
    }

    const RULES: RetryRules = RetryRules::PLAYED;

    /// Two folders, a ledger in the first, and a name for one in the second.
    struct Place {
        dir: tempfile::TempDir,
    }

    impl Place {
        fn new(has_births: bool) -> Place {
            HAS_BIRTHS.set(has_births);
            let dir = tempfile::tempdir().unwrap();
            for folder in ["one", "two"] {
                fs::create_dir(dir.path().join(folder)).unwrap();
            }
            let place = Place { dir };
            open(&place.ledger("one")).unwrap();
            place
        }

        fn ledger(&self, folder: &str) -> PathBuf {
            self.dir.path().join(folder).join("hongbao.db")
        }

        /// Copies these files of the ledger; those that there are.
        fn copy(&self, tails: &[&str]) {
            for tail in tails {
                let [from, to] = ["one", "two"].map(|folder| {
                    let name = format!("hongbao.db{tail}");
                    self.dir.path().join(folder).join(name)
                });
                fs::copy(from, to).unwrap();
            }
        }
    }

    /// Another test of this process may start a child just now, which has every lock for a moment.
    fn open(ledger: &Path) -> Result<(), LedgerError> {
        let open = || Owner::open(ledger, Mode::Live, 1_000).map(drop);
        let is_held =
            |found: &Result<(), LedgerError>| matches!(found, Err(LedgerError::Held { .. }));
        let tries = std::iter::repeat_with(open).inspect(|found| {
            if is_held(found) {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        let found = tries.take(100).find(|found| !is_held(found));
        found.unwrap_or_else(open)
    }

    fn is_copied(ledger: &Path) -> bool {
        matches!(open(ledger), Err(LedgerError::Copied { .. }))
    }

    #[test]
    fn a_ledger_stays_at_home_and_a_copy_of_it_is_not() {
        for has_births in [true, false] {
            let place = Place::new(has_births);
            open(&place.ledger("one")).unwrap();
            place.copy(&[""]);
            assert!(is_copied(&place.ledger("two")), "{has_births}");
            place.copy(&["", ".lock"]);
            assert!(is_copied(&place.ledger("two")), "{has_births}");
            open(&place.ledger("one")).unwrap();
        }
    }

    /// As at the next start of a container, or where a folder gets another name.
    #[test]
    fn a_ledger_whose_folder_is_renamed_is_at_home() {
        for has_births in [true, false] {
            let place = Place::new(has_births);
            fs::remove_dir(place.dir.path().join("two")).unwrap();
            fs::rename(place.dir.path().join("one"), place.dir.path().join("two")).unwrap();
            open(&place.ledger("two")).unwrap();
        }
    }

    /// The number of a file that was removed is that of the next one, on many file systems.
    #[test]
    fn a_copy_with_the_same_number_has_another_birth() {
        let place = Place::new(true);
        let ledger = place.ledger("one");
        let at = Home::at(&ledger).unwrap();
        let younger = Home {
            born_ns: at.born_ns.map(|at| at + 1),
            ..at.clone()
        };
        assert!(at.is(&at, None) && !at.is(&younger, None));
        let unborn = Home {
            born_ns: None,
            ..at.clone()
        };
        assert!(!at.is(&unborn, Some("word")), "it cannot be told");
    }

    fn adopt_here(ledger: &Path) {
        let now = 2_000;
        let first_sent = FirstSent::Guessed(now);
        adopt(ledger, (Mode::Live, None), &RULES, (first_sent, now)).unwrap();
    }

    #[test]
    fn without_births_the_lock_file_has_a_word_that_belongs_to_the_ledger() {
        let place = Place::new(false);
        let ledger = place.ledger("one");
        assert!(word_beside(&ledger).is_some_and(|word| word.len() == 32));
        fs::write(place.dir.path().join("one/hongbao.db.lock"), "epoch 1\n").unwrap();
        assert!(is_copied(&ledger));
        adopt_here(&ledger);
        open(&ledger).unwrap();
        HAS_BIRTHS.set(true);
        open(&ledger).unwrap();
        assert!(word_beside(&ledger).is_some(), "it is kept");
    }

    #[test]
    fn an_adopted_copy_is_at_home_and_what_needs_no_lock_is_refused_before() {
        for has_births in [true, false] {
            let place = Place::new(has_births);
            place.copy(&["", ".lock"]);
            let ledger = place.ledger("two");
            let reader = Reader::open(&ledger).unwrap().unwrap();
            reader.head().unwrap();
            let change = reader.change("pausing", |_| Ok(()));
            assert!(matches!(change, Err(LedgerError::Copied { .. })));
            adopt_here(&ledger);
            reader.change("pausing", |_| Ok(())).unwrap();
            drop(reader);
            open(&ledger).unwrap();
            open(&place.ledger("one")).unwrap();
        }
    }
}
