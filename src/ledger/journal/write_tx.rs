//! A transaction that writes. It goes on where the journal's chain ended. The counters of states,
//! the sums of days and the ledger's own row are written when it ends: a group of moves changes
//! each of them a few times over.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Deref;

use rusqlite::{Connection, Params, Transaction, TransactionBehavior};

use super::chain::{Behind, Entry, Home, LedgerRow, RequestMark};
use super::counters;
use super::counters::add_to_tally;
use super::seal::campaign_mark;
use super::statements::Statements;
use crate::domain::caps::days_of;
use crate::domain::heard::day_time;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::ledger::columns::to_sql;

/// An open transaction with what its counters and the ledger's own row do not show yet.
#[derive(Debug)]
pub(in crate::ledger) struct WriteTx<'a> {
    tx: Transaction<'a>,
    moved: RefCell<Moves>,
    row: RefCell<LedgerRow>,
    held: Cell<bool>,
    sent: RefCell<Sent>,
    epoch: Cell<i64>,
    statements: Statements<'a>,
}

/// Packets and fen that were sent, by day and campaign.
type Sent = BTreeMap<(i64, i64), (i64, i64)>;

/// Packets and fen to add, by campaign and state.
type Moves = BTreeMap<(i64, &'static str), (i64, i64)>;

impl<'a> WriteTx<'a> {
    /// Begins to write. Nobody opens a second one on the same connection: SQLite refuses it.
    pub(in crate::ledger) fn open(conn: &'a Connection) -> rusqlite::Result<Self> {
        if planted!(AnswersBeforeCommit) || planted!(IntentAfterSend) {
            end_late(conn)?;
        }
        let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        let row = LedgerRow::read(&tx)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        Ok(WriteTx {
            tx,
            moved: RefCell::default(),
            held: Cell::new(false),
            sent: RefCell::default(),
            epoch: Cell::new(row.epoch),
            row: RefCell::new(row),
            statements: Statements::on(conn),
        })
    }

    /// Executes a statement that changes rows; how many.
    pub(in crate::ledger) fn change(
        &self,
        sql: &'static str,
        params: impl Params,
    ) -> rusqlite::Result<usize> {
        self.statements.change(sql, params)
    }

    /// The process that took the ledger last.
    pub(in crate::ledger) fn epoch(&self) -> i64 {
        self.epoch.get()
    }

    /// Rows of the journal, those of this transaction included: the place of the last one.
    pub(in crate::ledger) fn entries(&self) -> i64 {
        self.row.borrow().entries
    }

    /// The last time that the ledger knows of.
    pub(in crate::ledger) fn highest_time(&self) -> i64 {
        self.row.borrow().highest_time
    }

    /// Makes a process with this epoch the one that took the ledger, which is at home there.
    pub(in crate::ledger) fn settle(&self, epoch: i64, home: Home) {
        let mut row = self.row.borrow_mut();
        (row.epoch, row.home) = (epoch, Some(home));
        self.epoch.set(epoch);
    }

    /// Where the ledger may be behind the truth: from where on.
    pub(in crate::ledger) fn behind(&self) -> Option<Behind> {
        self.row.borrow().behind
    }

    /// Marks the ledger as behind, or ends that. The caller tells the journal. Written at once:
    /// what follows in the same transaction reads it, too.
    pub(in crate::ledger) fn set_behind(&self, behind: Option<Behind>) -> rusqlite::Result<()> {
        self.row.borrow_mut().behind = behind;
        self.row.borrow().write(&self.tx)
    }

    /// Keeps that the clock was there.
    pub(in crate::ledger) fn saw(&self, now: i64) {
        let mut row = self.row.borrow_mut();
        row.highest_time = row.highest_time.max(now);
    }

    /// Keeps the time of WeChat Pay's latest answer.
    pub(in crate::ledger) fn heard(&self, at: Option<i64>) {
        let mut row = self.row.borrow_mut();
        row.heard_at = at.or(row.heard_at);
    }

    /// The time by which days are counted.
    pub(in crate::ledger) fn day_time(&self, now: i64) -> i64 {
        day_time(now, self.row.borrow().heard_at)
    }

    /// Lets the clock stand where it is.
    pub(in crate::ledger) fn trust_clock(&self, now: i64) {
        self.row.borrow_mut().highest_time = now;
    }

    /// Writes a row of the journal.
    pub(in crate::ledger) fn append(&self, entry: &Entry<'_>) -> rusqlite::Result<()> {
        entry.append(&self.statements, &mut self.row.borrow_mut())
    }

    /// Writes a row of the journal about a campaign as a whole. Whatever changes a campaign's row,
    /// or its files', ends with one.
    pub(in crate::ledger) fn note(
        &self,
        campaign: i64,
        event: &str,
        at: i64,
        note: Option<&str>,
    ) -> rusqlite::Result<()> {
        self.append(&Entry {
            at,
            epoch: self.epoch.get(),
            campaign,
            bill: None,
            told: None,
            event,
            states: None,
            note,
            mark: campaign_mark(&self.tx, campaign)?,
        })
    }

    /// As [`WriteTx::note`], about a request that is no step of a bill: one about this number.
    pub(in crate::ledger) fn tell(
        &self,
        campaign: i64,
        told: RequestMark,
        at: i64,
        number: Option<&str>,
    ) -> rusqlite::Result<()> {
        self.append(&Entry {
            at,
            epoch: self.epoch.get(),
            campaign,
            bill: None,
            told: Some(told),
            event: "checked",
            states: None,
            note: number,
            mark: campaign_mark(&self.tx, campaign)?,
        })
    }

    /// Counts a bill that moved from one state to another.
    pub(in crate::ledger) fn count(&self, campaign: i64, amount: Fen, from: State, to: State) {
        let mut moved = self.moved.borrow_mut();
        for (state, sign) in [(from, -1), (to, 1)] {
            let (count, fen) = moved.entry((campaign, state.name())).or_default();
            *count += sign;
            *fen += sign * to_sql(amount);
        }
    }

    /// Counts that what stands in a state is worth more, or less.
    pub(in crate::ledger) fn count_more(&self, campaign: i64, fen: i64, state: State) {
        if !planted!(FrozenAnewKeepsSum) {
            let mut moved = self.moved.borrow_mut();
            moved.entry((campaign, state.name())).or_default().1 += fen;
        }
    }

    /// Lets no first send begin any more: the merchant's cap is reached.
    pub(in crate::ledger) fn hold(&self) {
        self.held.set(true);
    }

    /// Whether no first send may begin any more.
    pub(in crate::ledger) fn is_held(&self) -> bool {
        self.held.get()
    }

    /// Counts a first send at `at`, or takes one back where `sign` is -1.
    pub(in crate::ledger) fn count_send(&self, campaign: i64, amount: Fen, (at, sign): (i64, i64)) {
        let mut sent = self.sent.borrow_mut();
        for day in days_of(at) {
            let (packets, fen) = sent.entry((day, campaign)).or_default();
            *packets += sign;
            *fen += sign * to_sql(amount);
        }
    }

    /// Writes the daily sums.
    pub(in crate::ledger) fn write_days(&self) -> rusqlite::Result<()> {
        for (day, sum) in self.sent.take() {
            counters::add_to_day(&self.tx, day, sum)?;
        }
        Ok(())
    }

    /// Writes the counters and the ledger's own row, and makes everything durable.
    pub(in crate::ledger) fn commit(self) -> rusqlite::Result<()> {
        let begins = |((_, state), (count, _)): (&(i64, &str), &(i64, i64))| {
            *state == State::InFlight.name() && *count > 0
        };
        let is_intent = planted!(IntentAfterSend) && self.moved.borrow().iter().any(begins);
        for ((campaign, state), (count, fen)) in self.moved.take() {
            if (count, fen) != (0, 0) {
                add_to_tally(&self.tx, campaign, state, (count, fen))?;
            }
        }
        self.write_days()?;
        self.row.borrow().write(&self.tx)?;
        if planted!(AnswersBeforeCommit) || is_intent {
            std::mem::forget(self.tx);
            return Ok(());
        }
        self.tx.commit()
    }
}

impl Deref for WriteTx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.tx
    }
}

/// Makes durable what a mistake of the tests' own build left for later.
fn end_late(conn: &Connection) -> rusqlite::Result<()> {
    if conn.is_autocommit() {
        return Ok(());
    }
    conn.execute_batch("COMMIT")
}

/// Writes all of it, or nothing.
pub(in crate::ledger) fn write(
    conn: &Connection,
    write: impl FnOnce(&WriteTx<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let tx = WriteTx::open(conn)?;
    write(&tx)?;
    tx.commit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::open::schema::in_memory;

    #[test]
    fn who_reads_in_the_transaction_that_falls_behind_knows_of_it() {
        let conn = in_memory().unwrap();
        LedgerRow::new("live", 1).write(&conn).unwrap();
        let tx = WriteTx::open(&conn).unwrap();
        let behind = Some(Behind {
            since: 5,
            attempt: 0,
        });
        for behind in [behind, None] {
            tx.set_behind(behind).unwrap();
            let told = LedgerRow::read(&tx).unwrap().unwrap().behind;
            assert_eq!((told, tx.behind()), (behind, behind));
        }
        tx.commit().unwrap();
    }
}
