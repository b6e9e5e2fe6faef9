//! A transaction in which bills move. The counters of states are written once, when it ends: a
//! group of moves changes each of them a few times over.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::columns::to_sql;
use crate::domain::money::Fen;
use crate::domain::state::State;

/// An open transaction with the moves that its counters do not show yet.
pub(super) struct Page<'a> {
    tx: Transaction<'a>,
    moved: RefCell<Moves>,
}

/// Packets and fen to add, by campaign and state.
type Moves = BTreeMap<(i64, &'static str), (i64, i64)>;

impl<'a> Page<'a> {
    /// Begins to write.
    pub(super) fn open(conn: &'a mut Connection) -> rusqlite::Result<Self> {
        Ok(Page {
            tx: conn.transaction_with_behavior(TransactionBehavior::Immediate)?,
            moved: RefCell::default(),
        })
    }

    /// Counts a bill that moved from one state to another.
    pub(super) fn count(&self, campaign: i64, amount: Fen, from: State, to: State) {
        let mut moved = self.moved.borrow_mut();
        for (state, sign) in [(from, -1), (to, 1)] {
            let (count, fen) = moved.entry((campaign, state.name())).or_default();
            *count += sign;
            *fen += sign * to_sql(amount);
        }
    }

    /// Writes the counters and makes everything durable.
    pub(super) fn commit(self) -> rusqlite::Result<()> {
        for ((campaign, state), (count, fen)) in self.moved.take() {
            if (count, fen) != (0, 0) {
                add_to_tally(&self.tx, campaign, state, (count, fen))?;
            }
        }
        self.tx.commit()
    }
}

impl Deref for Page<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.tx
    }
}

/// Adds to the counters of one state.
pub(super) fn add_to_tally(
    tx: &Connection,
    campaign: i64,
    state: &str,
    (count, fen): (i64, i64),
) -> rusqlite::Result<()> {
    let changed = tx
        .prepare_cached(
            "UPDATE tally SET count = count + ?3, fen = fen + ?4
             WHERE campaign = ?1 AND state = ?2",
        )?
        .execute((campaign, state, count, fen))?;
    one_row(changed)
}

/// Anything but one row means that the ledger is not what this process believes it to be.
pub(super) fn one_row(changed: usize) -> rusqlite::Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(rusqlite::Error::StatementChangedRows(changed))
    }
}
