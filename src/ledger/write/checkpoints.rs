//! Checkpoints beside the run. Left to itself, SQLite copies thousands of pages from the WAL into
//! the ledger inside a commit, and nothing that waits for that commit leaves meanwhile. Here a
//! thread with a connection of its own copies most of them. The writer itself copies those that
//! were written in the meantime, between two commits, so that SQLite begins the WAL anew.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, MAIN_DB};

use crate::ledger::fault::LedgerError;
use crate::ledger::open::connect::open_file;

/// So many pages of the WAL are worth a checkpoint: most are written several times until then.
const PAGES: i32 = 3_000;

/// The writer's side.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Pages of the WAL after the last commit.
    written: Arc<AtomicI32>,
    /// With how many the next one begins.
    next: i32,
    /// How many are worth one.
    every: i32,
    begin: Option<SyncSender<()>>,
    over: Receiver<()>,
    is_under_way: bool,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Takes the checkpoints of the ledger at `path` from the writer's connection.
    pub(super) fn beside(conn: &mut Connection, path: &Path) -> Result<Self, LedgerError> {
        Checkpoints::every(PAGES, conn, path)
    }

    fn every(every: i32, conn: &mut Connection, path: &Path) -> Result<Self, LedgerError> {
        let (begin, calls) = sync_channel(1);
        let (ended, over) = sync_channel(1);
        let own = open_file(path)?;
        let copy = move || {
            while calls.recv().is_ok() {
                checkpoint(&own);
                if ended.send(()).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(copy)
            .map_err(LedgerError::NoThread)?;
        let written = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&written);
        // It takes the place of SQLite's own.
        let hook = move |_: &mut Wal, pages| {
            seen.store(pages, Ordering::Relaxed);
            Ok(())
        };
        conn.wal_hook(Some(hook))
            .map_err(LedgerError::sqlite(path, "opening"))?;
        Ok(Checkpoints {
            written,
            next: every,
            every,
            begin: Some(begin),
            over,
            is_under_way: false,
            thread: Some(thread),
        })
    }

    /// After a commit, once everybody was told of it.
    pub(super) fn after_commit(&mut self, conn: &Connection) {
        let written = self.written.load(Ordering::Relaxed);
        if self.is_under_way {
            match self.over.try_recv() {
                Err(TryRecvError::Empty) => return,
                Ok(()) | Err(TryRecvError::Disconnected) => checkpoint(conn),
            }
            self.is_under_way = false;
            // Where somebody still reads what is in the WAL, it goes on.
            self.next = written + self.every;
        } else if written < self.next - self.every {
            // It began anew.
            self.next = self.every;
        }
        if written >= self.next
            && let Some(begin) = &self.begin
        {
            self.is_under_way = begin.try_send(()).is_ok();
        }
    }
}

/// Waits for the one that is under way.
impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.begin = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Copies what nobody else is copying, and waits for nobody. What is not copied stays in the WAL
/// for the next one: nothing is lost, and a disk that is full or broken fails the next commit,
/// which tells.
fn checkpoint(conn: &Connection) {
    let _ = conn.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::PASSIVE);
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;
    use crate::ledger::open::connect::{connect, create_private, use_wal};

    /// A ledger's file with one table, its writer, and checkpoints of a few pages.
    struct Written {
        _dir: TempDir,
        path: PathBuf,
        conn: Connection,
        checkpoints: Checkpoints,
        rows: i64,
    }

    impl Written {
        fn new() -> Written {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("ledger.db");
            create_private(&path).unwrap();
            let mut conn = connect(&path).unwrap();
            use_wal(&conn, &path).unwrap();
            conn.execute_batch("CREATE TABLE it (line TEXT) STRICT")
                .unwrap();
            let checkpoints = Checkpoints::every(20, &mut conn, &path).unwrap();
            Written {
                _dir: dir,
                path,
                conn,
                checkpoints,
                rows: 0,
            }
        }

        /// Commits a row; how many pages the WAL has.
        fn commit(&mut self) -> i32 {
            self.conn
                .execute("INSERT INTO it VALUES (hex(zeroblob(500)))", [])
                .unwrap();
            self.rows += 1;
            self.checkpoints.after_commit(&self.conn);
            self.checkpoints.written.load(Ordering::Relaxed)
        }

        /// Commits until the WAL began anew, or for ever so often.
        fn begins_anew(&mut self) -> bool {
            let mut before = 0;
            (0..5_000).any(|_| {
                let pages = self.commit();
                std::mem::replace(&mut before, pages) > pages
            })
        }

        fn is_all_there(&self) -> bool {
            let Written {
                path, conn, rows, ..
            } = self;
            conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
                .unwrap();
            let count = |conn: &Connection| {
                conn.query_row("SELECT count(*) FROM it", [], |row| row.get::<_, i64>(0))
                    .unwrap()
            };
            count(&connect(path).unwrap()) == *rows
        }
    }

    #[test]
    fn the_wal_begins_anew_while_the_writer_goes_on() {
        let mut written = Written::new();
        assert!((0..3).all(|_| written.begins_anew()));
        assert!(written.is_all_there());
    }

    #[test]
    fn who_reads_keeps_the_wal_and_loses_nothing() {
        let mut written = Written::new();
        let reader = connect(&written.path).unwrap();
        reader
            .execute_batch("BEGIN; SELECT count(*) FROM it;")
            .unwrap();
        let pages: Vec<i32> = (0..200).map(|_| written.commit()).collect();
        assert!(pages.is_sorted(), "{pages:?}");
        drop(reader);
        assert!(written.begins_anew());
        assert!(written.is_all_there());
    }
}
