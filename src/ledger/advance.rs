//! Writes the state of a bill: the only place that does. The bill, the counters and the
//! journal move together or not at all.

use rusqlite::{Connection, params};

use super::columns::{next_word, to_sql};
use crate::domain::bill::Bill;
use crate::domain::money::Fen;
use crate::domain::state::{Event, State};

/// A bill in the ledger.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) bill: i64,
    pub(super) campaign: i64,
    pub(super) amount: Fen,
}

/// What moved a bill, for the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause<'a> {
    pub(super) event: Event,
    pub(super) attempt: Option<i64>,
    pub(super) at: i64,
    pub(super) epoch: i64,
    pub(super) note: Option<&'a str>,
}

/// Moves the bill from `before` to `after`.
pub(super) fn advance(
    tx: &Connection,
    key: Key,
    before: &Bill,
    after: &Bill,
    cause: &Cause<'_>,
) -> rusqlite::Result<()> {
    write_bill(tx, key, before.state, after, cause.at)?;
    if before.state != after.state {
        move_tally(tx, key, before.state, after.state)?;
    }
    let is_news = before.state != after.state || cause.note.is_some();
    if is_news {
        write_journal(tx, key, before.state, after.state, cause)
    } else {
        Ok(())
    }
}

fn write_bill(
    tx: &Connection,
    key: Key,
    from: State,
    after: &Bill,
    at: i64,
) -> rusqlite::Result<()> {
    let settled_at = after.state.is_final().then_some(at);
    let changed = tx
        .prepare_cached(
            "UPDATE bill SET state = ?3, confirming = ?4, confirming_since = ?5, doubt_since = ?6,
               is_window_closed = ?7, sends = ?8, doubtful_sends = ?9, idle_queries = ?10,
               not_found = ?11, first_sent_at = ?12, next_action = ?13, due = ?14,
               settled_at = CASE WHEN ?15 IS NULL THEN NULL ELSE coalesce(settled_at, ?15) END
             WHERE bill = ?1 AND state = ?2",
        )?
        .execute(params![
            key.bill,
            from.name(),
            after.state.name(),
            after.confirming.map(crate::domain::bill::Confirming::name),
            after.confirming_since,
            after.doubt_since,
            after.is_window_closed,
            after.sends,
            after.doubtful_sends,
            after.idle_queries,
            after.not_found,
            after.first_sent,
            next_word(after),
            after.next.map(|next| next.due),
            settled_at,
        ])?;
    one_row(changed)
}

/// Anything but one row means that the bill is not where this process believes it to be.
fn one_row(changed: usize) -> rusqlite::Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(rusqlite::Error::StatementChangedRows(changed))
    }
}

fn move_tally(tx: &Connection, key: Key, from: State, to: State) -> rusqlite::Result<()> {
    add_to_tally(tx, key.campaign, from, -1, -to_sql(key.amount))?;
    add_to_tally(tx, key.campaign, to, 1, to_sql(key.amount))
}

/// Adds to the counters of one state.
pub(super) fn add_to_tally(
    tx: &Connection,
    campaign: i64,
    state: State,
    count: i64,
    fen: i64,
) -> rusqlite::Result<()> {
    let changed = tx
        .prepare_cached(
            "UPDATE tally SET count = count + ?3, fen = fen + ?4
             WHERE campaign = ?1 AND state = ?2",
        )?
        .execute((campaign, state.name(), count, fen))?;
    one_row(changed)
}

fn write_journal(
    tx: &Connection,
    key: Key,
    from: State,
    to: State,
    cause: &Cause<'_>,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO journal
           (at, epoch, campaign, bill, attempt, event, state_from, state_to, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        cause.at,
        cause.epoch,
        key.campaign,
        key.bill,
        cause.attempt,
        cause.event.name(),
        from.name(),
        to.name(),
        cause.note,
    ])?;
    Ok(())
}
