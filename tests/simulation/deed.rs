//! What others do to the ledger of a living process.

use std::path::Path;

use hongbao::ledger::{Pause, Reader};
use rusqlite::Connection;

use super::life::terms;
use super::own_row::raise_epoch;
use super::plan::Deed;
use crate::seals::seal_bill;

/// A COMMIT that fails, by SQLite itself: references that are looked at when the transaction ends
/// lead nowhere. No trigger would do: the program's connections run none.
const COMMITS_FAIL: &str = "
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(replace(sql,
        'committed_at INTEGER NOT NULL', 'committed_at INTEGER NOT NULL' || leads),
        'ended_at     INTEGER', 'ended_at     INTEGER' || leads)
      FROM (SELECT ' REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED' AS leads)
      WHERE name = 'attempt';";
const COMMITS_WORK: &str = "
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema
      SET sql = replace(sql, ' REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED', '')
      WHERE name = 'attempt';";

/// Whom nobody owes anything.
pub(super) const STRANGER: &str = "oSEEDSTRANGERSTRANGER0000001";

/// A deed that was done, and what it takes to look at it afterwards.
pub(super) struct Done {
    pub(super) deed: Deed,
    attempts: i64,
    /// Whose packet a stranger has, and whose it is.
    swapped: Option<(i64, String)>,
}

/// Does it.
pub(super) fn commit(deed: Deed, ledger: &Path, now: i64) -> Done {
    let mut lock = ledger.as_os_str().to_owned();
    lock.push(".lock");
    let mut swapped = None;
    match deed {
        Deed::LockDeleted => std::fs::remove_file(lock).unwrap(),
        Deed::Taken => {
            std::fs::remove_file(lock).unwrap();
            raise_epoch(ledger);
        }
        Deed::CommitsFail => reword(ledger, COMMITS_FAIL),
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
        Deed::Swapped => swapped = swap(ledger),
    }
    let attempts = attempts(ledger);
    Done {
        deed,
        attempts,
        swapped,
    }
}

impl Done {
    /// Undoes it; what our process did after it that it may not.
    pub(super) fn undo(self, ledger: &Path) -> Result<(), String> {
        match self.deed {
            Deed::CommitsFail => reword(ledger, COMMITS_WORK),
            Deed::Taken if attempts(ledger) > self.attempts => {
                return Err("attempts were made in a ledger that another process holds".to_owned());
            }
            Deed::Swapped => {
                if let Some((bill, openid)) = self.swapped {
                    give(&connect(ledger), bill, &openid);
                }
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
            Deed::Paused | Deed::Swapped => false,
        }
    }
}

fn connect(ledger: &Path) -> Connection {
    let conn = Connection::open(ledger).unwrap();
    conn.execute_batch("PRAGMA synchronous = OFF").unwrap();
    conn
}

/// Makes the first packet that was never sent a stranger's.
fn swap(ledger: &Path) -> Option<(i64, String)> {
    let conn = connect(ledger);
    let sql = "SELECT bill, openid FROM bill WHERE state = 'ready' ORDER BY bill LIMIT 1";
    let found = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
    let (bill, openid) = found.ok()?;
    give(&conn, bill, STRANGER);
    Some((bill, openid))
}

fn give(conn: &Connection, bill: i64, openid: &str) {
    let sql = "UPDATE bill SET openid = ?1 WHERE bill = ?2";
    conn.execute(sql, (openid, bill)).unwrap();
    seal_bill(conn, bill);
}

/// Changes how a table is made, and lets every connection read that anew.
fn reword(ledger: &Path, sql: &str) {
    let conn = connect(ledger);
    conn.execute_batch(sql).unwrap();
    let version = "schema_version";
    let seen: i64 = conn
        .pragma_query_value(None, version, |row| row.get(0))
        .unwrap();
    conn.pragma_update(None, version, seen + 1).unwrap();
}

fn attempts(ledger: &Path) -> i64 {
    let sql = "SELECT coalesce(max(attempt), 0) FROM attempt";
    connect(ledger)
        .query_row(sql, [], |row| row.get(0))
        .unwrap()
}
