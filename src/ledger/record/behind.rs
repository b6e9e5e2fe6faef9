//! A ledger that may be behind the truth: packets that it calls unsent may have been sent since its
//! last write, and under numbers that it does not have. No row says so: while the ledger's own row
//! does, every packet is asked about before it is sent, in the order of sending. Refused
//! packets are asked about too, up to the number that WeChat Pay does not know.

use rusqlite::OptionalExtension;

use crate::domain::caps::DAY_MS;
use crate::domain::reissue::REST_MS;
use crate::domain::rules::Provable;
use crate::domain::state::State;
use crate::ledger::bill::lineage::is_counted;
use crate::ledger::bill::picks::UNSETTLED;
use crate::ledger::bill::unasked::{BEHIND, campaigns, refused, unknown_from, unwalked};
use crate::ledger::journal::chain::Behind;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// The journal's word for its end.
const CAUGHT_UP: &str = "caught_up";

/// A time of sending that is older than this is not believed.
const TOLD_DAYS: i64 = 90;

/// Marks the ledger where an answer shows that WeChat Pay knew a number before this ledger sent it:
/// whatever was written before this process may be missing what came after. A ledger that was lost
/// wrote before that: no later than it sent this number, where WeChat Pay says when that was.
pub(in crate::ledger) fn notice(
    tx: &WriteTx<'_>,
    campaign: i64,
    (now, sent): (i64, Option<i64>),
    number: &str,
) -> rusqlite::Result<()> {
    if planted!(RememberedIsSent) {
        return Ok(());
    }
    // Queries reach back 30 days: what is said to be far older is no time of an order.
    let told = sent.filter(|sent| *sent > now - TOLD_DAYS * DAY_MS && !planted!(LostLedgerIsNew));
    let sent = told.unwrap_or(now);
    if let Some(known) = tx.behind() {
        // Somebody else sends still: what else it just sent is not known yet.
        let is_fresh = told.is_some_and(|told| told > now - REST_MS);
        if known.since <= sent && !is_fresh {
            return Ok(());
        }
        let since = known.since.min(sent);
        tx.set_behind(Some(Behind { since, ..known }))?;
    } else {
        let sql = "SELECT at FROM journal WHERE epoch < ?1 ORDER BY seq DESC LIMIT 1";
        let before: Option<i64> = tx
            .query_row(sql, [tx.epoch()], |row| row.get(0))
            .optional()?;
        fall_behind(tx, before.unwrap_or(now).min(now).min(sent))?;
    }
    let note = note::remembered(number).en;
    tx.note(campaign, BEHIND, now, Some(&note))
}

pub(in crate::ledger) fn fall_behind(tx: &WriteTx<'_>, since: i64) -> rusqlite::Result<()> {
    let sql = "SELECT coalesce(max(attempt), 0) FROM attempt";
    let attempt = tx.query_row(sql, [], |row| row.get(0))?;
    // A copy that was behind already knows even less.
    let since = tx.behind().map_or(since, |known| known.since.min(since));
    tx.set_behind(Some(Behind { since, attempt }))
}

/// Ends it, where each packet is settled or was sent after its own question, nobody who was refused
/// is still to be asked about, and WeChat Pay knows what was sent last; whether it is behind.
pub(in crate::ledger) fn catch_up(
    tx: &WriteTx<'_>,
    campaign: i64,
    now: i64,
) -> rusqlite::Result<bool> {
    let Some(behind) = tx.behind() else {
        return Ok(false);
    };
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM bill
           WHERE {UNSETTLED} AND NOT EXISTS
             (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill AND action = 'send'
                AND answer IS NOT 'not_sent' AND attempt > ?1)),
         NOT EXISTS (SELECT 1 FROM bill)"
    );
    let (is_open, is_empty): (bool, bool) =
        tx.query_row(&sql, [behind.attempt], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let is_over = !is_open && !is_empty && now >= unknown_from(tx)?;
    for campaign in campaigns(tx)? {
        if !is_over || !unwalked(tx, tx.behind(), campaign, now)?.is_empty() {
            return Ok(true);
        }
    }
    tx.set_behind(None)?;
    tx.note(campaign, CAUGHT_UP, now, None)?;
    Ok(false)
}

/// The refused packets that a reconciliation asks about: once a day, as long as queries reach back,
/// and in a ledger that is behind until each was asked about.
pub(in crate::ledger) fn to_ask(
    tx: &WriteTx<'_>,
    campaign: i64,
    now: i64,
) -> rusqlite::Result<Vec<i64>> {
    let not_today = format!(
        "AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill
           AND action = 'query' AND committed_at > {})",
        now.saturating_sub(DAY_MS)
    );
    let mut to_ask = refused(tx, campaign, now, &not_today)?;
    to_ask.extend(unwalked(tx, tx.behind(), campaign, now)?);
    to_ask.sort_unstable();
    to_ask.dedup();
    Ok(to_ask)
}

/// What a question begun then can prove of a bill that is refused or taken back: another ledger may
/// have sent it again right after the last write of this one, and queries may not reach back so
/// far. Where WeChat Pay still knows its number, it knows a later one as well.
pub(super) fn provable(tx: &WriteTx<'_>, bill: i64, began: i64) -> rusqlite::Result<Provable> {
    let Some(behind) = tx.behind().filter(|it| began >= it.reached_until()) else {
        return Ok(Provable::Either);
    };
    let sql = "SELECT EXISTS (SELECT 1 FROM attempt WHERE bill = ?1 AND attempt > ?2
         AND (action = 'send' AND answer IS NOT 'not_sent'
           OR answer = 'failed' AND committed_at > ?3))";
    let known = (bill, behind.attempt, began.saturating_sub(DAY_MS));
    let is_known: bool = tx.prepare_cached(sql)?.query_row(known, |row| row.get(0))?;
    Ok(if is_known || planted!(UnreachedStaysRefused) {
        Provable::Either
    } else {
        Provable::OnlyKnown
    })
}

/// Whether a bill in this state may have been sent again since the ledger is behind: what is seen
/// of it is no break, unless another number is in its place.
pub(super) fn is_stale(tx: &WriteTx<'_>, bill: i64, state: State) -> rusqlite::Result<bool> {
    let may_be = state == State::Refused && tx.behind().is_some();
    Ok(may_be && is_counted(tx, bill, state)?)
}
