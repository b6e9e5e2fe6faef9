//! Which numbers WeChat Pay is asked about before they are sent, and which it was.

use rusqlite::{OptionalExtension, Row};

use super::run_state::RunState;
use crate::domain::bill::Bill;
use crate::domain::caps::DAY_MS;
use crate::domain::policy::QUERY_DAYS_MS;
use crate::domain::state::State;
use crate::ledger::bill::candidate::Candidate;
use crate::ledger::bill::picks::LEFT_NO_ORDER;
use crate::ledger::journal::write_tx::WriteTx;

/// The newest send of a bill that left this machine.
struct LastSend {
    attempt: i64,
    committed: i64,
}

/// Whether WeChat Pay is asked about a number before it is sent: where the ledger may be behind,
/// where an earlier start of the process left it in doubt, where it was on the wire over a day ago,
/// and where it was asked about for a reason once and that answer is old.
pub(super) fn must_ask(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: &Candidate,
    now: i64,
) -> rusqlite::Result<bool> {
    let Candidate { key, bill, .. } = candidate;
    // A paid packet is sent again for its package alone, in the window of the payment.
    if bill.state == State::Sent || run.asked.borrow().is_good(key.bill) {
        return Ok(false);
    }
    let is_ready = bill.state == State::Ready;
    if bill.sends == 0 {
        let was_asked = bill.not_found > 0;
        return Ok(tx.behind().is_some() || was_asked || !is_ready);
    }
    let Some(last) = last_send(tx, key.bill)? else {
        return Ok(true);
    };
    let is_of_this_start = last.attempt > run.first_attempt || planted!(LastStartIsTrusted);
    let is_behind = tx.behind().is_some_and(|it| last.attempt <= it.attempt);
    let is_old = now >= last.committed.saturating_add(DAY_MS);
    // A bill that was answered and is `ready` again was never in doubt: the merchant's trouble, a
    // limit or the rate. An order that it left is refused by nobody's word as long as it is sent
    // again soon.
    let wants_word = if is_ready {
        is_old || bill.not_found > 0
    } else {
        !is_of_this_start
    };
    Ok(is_behind || wants_word)
}

/// Whether no question about a packet decides any more: queries do not reach back to its last send,
/// or, in a ledger that is behind, to what was sent right after its last write.
pub(super) fn is_too_late(
    tx: &WriteTx<'_>,
    candidate: &Candidate,
    now: i64,
) -> rusqlite::Result<bool> {
    // A paid packet is sent again for its package alone, in the window of the payment.
    if candidate.bill.state == State::Sent || planted!(LateAnswerFrees) {
        return Ok(false);
    }
    if candidate.bill.state == State::Ready && candidate.bill.sends > 0 {
        let last = last_order(tx, candidate.key.bill)?;
        if last.is_some_and(|last| now >= last.saturating_add(QUERY_DAYS_MS)) {
            return Ok(true);
        }
    }
    let Some(behind) = tx.behind() else {
        return Ok(false);
    };
    let is_late = now >= behind.reached_until();
    let Bill { sends, .. } = candidate.bill;
    if !is_late || sends == 0 {
        return Ok(is_late);
    }
    let last = last_send(tx, candidate.key.bill)?;
    Ok(last.is_none_or(|last| last.attempt <= behind.attempt))
}

/// When a send that may have left an order was committed last.
fn last_order(tx: &WriteTx<'_>, bill: i64) -> rusqlite::Result<Option<i64>> {
    let sql = format!(
        "SELECT max(committed_at) FROM attempt
         WHERE bill = ?1 AND action = 'send' AND answer IS NOT NULL AND NOT {LEFT_NO_ORDER}"
    );
    tx.prepare_cached(&sql)?.query_row([bill], |row| row.get(0))
}

fn last_send(tx: &WriteTx<'_>, bill: i64) -> rusqlite::Result<Option<LastSend>> {
    let sql = "SELECT attempt, committed_at FROM attempt
         WHERE bill = ?1 AND action = 'send' AND answer IS NOT 'not_sent'
         ORDER BY attempt DESC LIMIT 1";
    let read = |row: &Row<'_>| {
        Ok(LastSend {
            attempt: row.get(0)?,
            committed: row.get(1)?,
        })
    };
    tx.prepare_cached(sql)?.query_row([bill], read).optional()
}
