//! Taking a ledger of which nobody knows what happened since its last write.

use rusqlite::Connection;

use crate::domain::policy::RetryRules;
use crate::ledger::bill::picks::{AT_END, UNSETTLED};
use crate::ledger::bill::unasked::{BEHIND, campaigns};
use crate::ledger::decide::pause;
use crate::ledger::journal::chain::Home;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::read::campaign::Pause;
use crate::ledger::record::behind::fall_behind;
use crate::ledger::record::recover::recover;
use crate::words::note;

/// Marks a ledger of which nobody knows what happened `since` then; how many packets are asked
/// about before they are sent.
pub(super) fn mark_behind(
    tx: &WriteTx<'_>,
    rules: &RetryRules,
    (since, now): (i64, i64),
) -> rusqlite::Result<u64> {
    let campaigns = campaigns(tx)?;
    for campaign in &campaigns {
        recover(tx, *campaign, rules, now)?;
    }
    fall_behind(tx, since)?;
    let note = note::all_copied().en;
    for campaign in campaigns {
        tx.note(campaign, BEHIND, now, Some(&note))?;
    }
    let sql = format!("SELECT coalesce(sum(count), 0) FROM tally WHERE {UNSETTLED} OR {AT_END}");
    // The counters of bills that `recover` moved change when the transaction ends: from one of
    // these states to another.
    tx.query_row(&sql, [], |row| row.get(0))
}

/// When the ledger whose place is taken may have sent something for the first time that is not in
/// the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstSent {
    /// As a person says.
    Typed(i64),
    /// As far as can be told; of a copy, its own last write tells more.
    Guessed(i64),
}

/// What there was to take.
pub(super) struct Taken {
    /// Packets that are asked about before they are sent.
    pub(super) to_ask: u64,
    /// The last time that it knows of.
    pub(super) known_until: i64,
    /// Whether there is no packet in it.
    pub(super) is_empty: bool,
}

/// Takes a ledger that may be behind the truth: what may have been sent since it was written is
/// asked about, and what a person decided since is not in it, so that every campaign is paused. How
/// many packets are asked about, and until when the ledger knows.
pub(super) fn take_behind(
    conn: &Connection,
    rules: &RetryRules,
    (epoch, home): (i64, Home),
    (first_sent, now): (Option<FirstSent>, i64),
) -> rusqlite::Result<Taken> {
    let tx = WriteTx::open(conn)?;
    tx.settle(epoch, home);
    // Whoever sends raises the one, and whoever loads or decides writes the other.
    let sql = "SELECT coalesce((SELECT at FROM journal ORDER BY seq DESC LIMIT 1), 0)";
    let told: i64 = tx.query_row(sql, [], |row| row.get(0))?;
    let since = tx.highest_time().max(told.min(now));
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM bill)";
    let is_empty: bool = tx.query_row(sql, [], |row| row.get(0))?;
    let since = match first_sent {
        Some(FirstSent::Typed(at) | FirstSent::Guessed(at)) if is_empty => since.min(at),
        Some(_) | None => since,
    };
    let count = mark_behind(&tx, rules, (since, now))?;
    let pause = Pause {
        at: now,
        is_halt: false,
        because: note::paused_copy().en,
    };
    for campaign in campaigns(&tx)? {
        pause::pause(&tx, campaign, &pause)?;
    }
    // Of an empty one an earlier word may have said an earlier day.
    let said = tx.behind().filter(|_| is_empty);
    let known_until = said.map_or(since, |behind| behind.since);
    tx.commit()?;
    Ok(Taken {
        to_ask: count,
        known_until,
        is_empty,
    })
}
