//! The statements of one transaction, each looked up once: the cache of a connection hashes the
//! text of a statement every time, and a packet is a dozen of them.

use std::cell::RefCell;
use std::fmt;

use rusqlite::{CachedStatement, Connection, Params};

/// Statements that change rows.
pub(in crate::ledger) struct Statements<'a> {
    conn: &'a Connection,
    kept: RefCell<Vec<(&'static str, CachedStatement<'a>)>>,
}

impl<'a> Statements<'a> {
    pub(in crate::ledger) fn on(conn: &'a Connection) -> Self {
        Statements {
            conn,
            kept: RefCell::default(),
        }
    }

    /// Executes one; how many rows it changed. It is told from others by where its text stands.
    pub(super) fn change(&self, sql: &'static str, params: impl Params) -> rusqlite::Result<usize> {
        let mut kept = self.kept.borrow_mut();
        let is_it = |(known, _): &(&'static str, _)| std::ptr::eq(*known, sql);
        let index = if let Some(index) = kept.iter().position(is_it) {
            index
        } else {
            kept.push((sql, self.conn.prepare_cached(sql)?));
            kept.len() - 1
        };
        kept[index].1.execute(params)
    }
}

impl fmt::Debug for Statements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statements").finish_non_exhaustive()
    }
}

/// Anything but one row means that the ledger is not what this process believes it to be.
pub(in crate::ledger) fn one_row(changed: usize) -> rusqlite::Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(rusqlite::Error::StatementChangedRows(changed))
    }
}
