//! What others do to the ledger of a living process.

use std::path::Path;

use hongbao::config::Mode;
use hongbao::ledger::{Owner, Pause, Reader};
use rusqlite::Connection;

use super::life::terms;
use super::plan::Deed;

/// A COMMIT that fails, by SQLite itself: a reference that is looked at when the transaction ends
/// leads nowhere.
const COMMITS_FAIL: &str = "
    CREATE TABLE leads_nowhere (id INTEGER REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER begun_fails AFTER INSERT ON attempt
    BEGIN INSERT INTO leads_nowhere VALUES (7); END;
    CREATE TRIGGER ended_fails AFTER UPDATE ON attempt
    BEGIN INSERT INTO leads_nowhere VALUES (7); END;";
const COMMITS_WORK: &str = "
    DROP TRIGGER begun_fails; DROP TRIGGER ended_fails; DROP TABLE leads_nowhere;";

/// A deed that was done, and what it takes to look at it afterwards.
pub(super) struct Done {
    pub(super) deed: Deed,
    /// The process that holds the ledger in place of ours.
    thief: Option<Owner>,
    attempts: i64,
}

/// Does it.
pub(super) fn commit(deed: Deed, ledger: &Path, now: i64) -> Done {
    let mut lock = ledger.as_os_str().to_owned();
    lock.push(".lock");
    let mut thief = None;
    match deed {
        Deed::LockDeleted => std::fs::remove_file(lock).unwrap(),
        Deed::Taken => {
            std::fs::remove_file(lock).unwrap();
            thief = Some(Owner::open(ledger, Mode::Live, now).unwrap());
        }
        Deed::CommitsFail => connect(ledger).execute_batch(COMMITS_FAIL).unwrap(),
        Deed::Paused => {
            let reader = Reader::open(ledger).unwrap().unwrap();
            let row = reader.campaign(&terms().id).unwrap().unwrap();
            let because = "somebody called".to_owned();
            let pause = Pause {
                at: now,
                is_halt: false,
                because,
            };
            reader.set_pause(&row, Some(&pause), now, false).unwrap();
        }
    }
    let attempts = attempts(ledger);
    Done {
        deed,
        thief,
        attempts,
    }
}

impl Done {
    /// Undoes it; what our process did after it that it may not.
    pub(super) fn undo(self, ledger: &Path) -> Result<(), String> {
        drop(self.thief);
        match self.deed {
            Deed::CommitsFail => connect(ledger).execute_batch(COMMITS_WORK).unwrap(),
            Deed::Taken if attempts(ledger) > self.attempts => {
                return Err("attempts were made in a ledger that another process holds".to_owned());
            }
            Deed::Taken | Deed::LockDeleted | Deed::Paused => {}
        }
        Ok(())
    }

    /// Whether a process may end with this error because of it.
    pub(super) fn explains(&self, error: &str) -> bool {
        match self.deed {
            Deed::LockDeleted => error.contains("lock file was removed"),
            Deed::Taken => error.contains("lock file was removed") || error.contains("took"),
            Deed::CommitsFail => error.contains("FOREIGN KEY"),
            Deed::Paused => false,
        }
    }
}

fn connect(ledger: &Path) -> Connection {
    let conn = Connection::open(ledger).unwrap();
    conn.execute_batch("PRAGMA synchronous = OFF").unwrap();
    conn
}

fn attempts(ledger: &Path) -> i64 {
    let sql = "SELECT coalesce(max(attempt), 0) FROM attempt";
    connect(ledger)
        .query_row(sql, [], |row| row.get(0))
        .unwrap()
}
