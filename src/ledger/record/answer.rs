//! Recording what a request told us: the attempt, the bill, the counters and the journal at
//! once.

use std::borrow::Cow;

use rusqlite::OptionalExtension;

use super::behind;
use super::closed::{close_query, close_send, code};
use super::ended::Ended;
use super::fate::keep_fate;
use super::paid::keep_paid;
use super::receipt::{keep_detail_id, keep_receipt, package};
use super::walk::was_known_before;
use crate::domain::bill::Bill;
use crate::domain::contradiction::Contradiction;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::domain::policy::{Moment, RetryRules};
use crate::domain::rules::Provable;
use crate::domain::state::{Event, State};
use crate::ledger::bill::advance::{Fresh, Key, MoveCause, advance};
use crate::ledger::bill::breaks::{count_break, is_break};
use crate::ledger::bill::later::withdraw_later;
use crate::ledger::bill::lineage::Lineage;
use crate::ledger::bill::picks::UNANSWERED;
use crate::ledger::columns::state;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// Records a send's outcome: the attempt, the bill, the counters and the journal together. The
/// bill before and after.
pub(in crate::ledger) fn record_send(
    tx: &WriteTx<'_>,
    rules: &RetryRules,
    ended: Ended,
    answer: &Answer<Outcome>,
) -> rusqlite::Result<(Bill, Bill)> {
    let told = close_send(tx, ended.attempt, ended.moment.now, answer)?;
    let mut after = ended.before.clone();
    let event = after.record_send(&answer.verdict, &ended.moment, rules)?;
    let (mut note, mut fresh) = (None, Fresh::default());
    let code = if let Outcome::Accepted(receipt) = &answer.verdict {
        note = keep_receipt(tx, &ended, receipt)?;
        fresh = Fresh {
            send_listid: &receipt.send_listid,
            package: package(&ended, receipt),
        };
        Some(("", Cow::Borrowed("")))
    } else {
        (ended.before.state != State::Sent).then(|| code(answer))
    };
    let code = code.as_ref().map(|(code, words)| (*code, words.as_ref()));
    let cause = MoveCause {
        code,
        fresh: ended.is_fresh.then_some(fresh),
        ..ended.cause(event, told, note.as_deref())
    };
    advance(tx, ended.key, &ended.before, &after, &cause)?;
    let is_first = ended.before.state == State::InFlight && ended.before.sends == 1;
    if is_first && answer.verdict == Outcome::Clash {
        notice(tx, &ended, None)?;
    }
    Ok((ended.before, after))
}

/// Records what a query said.
pub(in crate::ledger) fn record_query(
    tx: &WriteTx<'_>,
    rules: &RetryRules,
    ended: Ended,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<(Bill, Bill)> {
    let told = close_query(tx, ended.attempt, ended.moment.now, answer)?;
    let is_stale = behind::is_stale(tx, ended.key.bill, ended.before.state)?;
    let mut after = ended.before.clone();
    let moment = Moment {
        send_time: answer.send_time,
        unanswered_until: unanswered_until(tx, rules, &ended, answer)?,
        is_paid_otherwise: answer.paid.is_some(),
        provable: provable(tx, &ended, answer)?,
        ..ended.moment
    };
    let event = after.record_query(&answer.verdict, &moment, rules)?;
    let mut double = None;
    // A landed refusal has a number too; only a payment's goes into reports.
    if event.is_payment_seen() {
        double = keep_detail_id(tx, ended.key.bill, answer)?;
    }
    let before = ended.before.state;
    let proven = proven_before(tx, ended.key.bill, before)?;
    let contradiction = Contradiction::between(proven, event, answer.paid.is_some());
    let contradiction = contradiction.map(words_of).filter(|_| !is_stale);
    let is_known = is_known_after_all(before, event, &answer.verdict);
    let known = is_known.then(|| note::known_after_all().en);
    let too_old = (moment.provable == Provable::OnlyKnown).then(|| note::too_old().en);
    let paid = keep_paid(tx, &ended, &mut after, answer)?;
    let is_other = paid.is_some() && ended.before.state.is_paid();
    let otherwise = is_other.then(|| note::paid_otherwise().en);
    let fate = keep_fate(tx, &ended, answer, contradiction.is_some())?;
    let notes = [double, contradiction, otherwise, fate, paid, too_old, known];
    let note = joined(notes.into_iter().flatten().collect());
    if let Some(words) = note.as_ref().filter(|words| is_break(words)) {
        count_break(tx, ended.key, ended.moment.now, words)?;
    }
    let cause = ended.cause(event, told, note.as_deref());
    advance(tx, ended.key, &ended.before, &after, &cause)?;
    if ended.before.state == State::Refused && after.state != State::Refused {
        let Key { campaign, bill, .. } = ended.key;
        withdraw_later(tx, (campaign, bill), rules, ended.moment.now)?;
    }
    if was_known_before(tx, (ended.key.bill, &ended.before), answer)? {
        notice(tx, &ended, answer.send_time)?;
    }
    Ok((ended.before, after))
}

/// The state that a later payment contradicts: of a bill that is a person's since WeChat Pay had an
/// order of it after all, the one that it was in.
fn proven_before(tx: &WriteTx<'_>, bill: i64, before: State) -> rusqlite::Result<State> {
    if before != State::Review {
        return Ok(before);
    }
    let sql = "SELECT state_from FROM journal
         WHERE bill = ?1 AND event = ?2 AND instr(note, ?3) ORDER BY seq DESC LIMIT 1";
    let known = note::known_after_all().en;
    let left = tx
        .prepare_cached(sql)?
        .query_row((bill, Event::GivenUp.name(), known), |row| state(row, 0))
        .optional()?;
    Ok(left.unwrap_or(before))
}

/// Whether nobody was to know of the number, and WeChat Pay has an order of it.
fn is_known_after_all(before: State, event: Event, said: &Sighting) -> bool {
    let is_at_end = matches!(before, State::Refused | State::Withdrawn);
    let is_order = matches!(said, Sighting::Sending { .. } | Sighting::Expired);
    is_at_end && is_order && event == Event::GivenUp
}

/// One note of all. A break stands first: it is found again by how its note begins.
fn joined(mut notes: Vec<String>) -> Option<String> {
    notes.sort_by_key(|note| !is_break(note));
    Some(notes.join(": ")).filter(|note| !note.is_empty())
}

/// WeChat Pay knew the number before this ledger sent it.
fn notice(tx: &WriteTx<'_>, ended: &Ended, sent: Option<i64>) -> rusqlite::Result<()> {
    let Key { bill, campaign, .. } = ended.key;
    let sql = "SELECT mch_billno FROM bill WHERE bill = ?1";
    let number: String = tx.query_row(sql, [bill], |row| row.get(0))?;
    behind::notice(tx, campaign, (ended.moment.now, sent), &number)
}

/// Until when the last send about the bill that nobody answered could have been answered. Looked up
/// only where it decides: for NOT_FOUND about a doubt of a day.
fn unanswered_until(
    tx: &WriteTx<'_>,
    rules: &RetryRules,
    ended: &Ended,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<Option<i64>> {
    let is_asked = answer.verdict == Sighting::NotFound && ended.before.doubt_since.is_some();
    if !is_asked {
        return Ok(None);
    }
    let sql = format!(
        "SELECT max(committed_at) + ?2 FROM attempt
         WHERE bill = ?1 AND action = 'send' AND {UNANSWERED}"
    );
    tx.prepare_cached(&sql)?
        .query_row((ended.key.bill, rules.answer_ms), |row| row.get(0))
}

/// What can be proven of the bill. Looked up only where it decides: for an order that is known of
/// a refused one, for a number that is unknown of one that was taken back, and for one that is a
/// person's and was called `FAILED`.
fn provable(
    tx: &WriteTx<'_>,
    ended: &Ended,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<Provable> {
    let bill = ended.key.bill;
    let was_failed = || {
        let sql = "SELECT EXISTS (SELECT 1 FROM attempt WHERE bill = ?1 AND answer = 'failed')";
        tx.prepare_cached(sql)?.query_row([bill], |row| row.get(0))
    };
    let has_later =
        || -> rusqlite::Result<bool> { Ok(!Lineage::of(tx, bill)?.later(tx)?.is_empty()) };
    let is_over = match (ended.before.state, &answer.verdict) {
        (State::Refused, Sighting::Sending { .. } | Sighting::Expired) => {
            was_failed()? || has_later()?
        }
        (State::Review, Sighting::Failed) => has_later()?,
        (State::Withdrawn, Sighting::NotFound) => {
            return behind::provable(tx, bill, ended.moment.committed);
        }
        _ => false,
    };
    Ok(if is_over {
        Provable::Nothing
    } else {
        Provable::Either
    })
}

/// The journal's words for it.
fn words_of(contradiction: Contradiction) -> String {
    match contradiction {
        Contradiction::PaidThenFailed => note::paid_then_failed().en,
        Contradiction::UnpaidThenPaid => note::unpaid_then_paid().en,
        Contradiction::ReceivedThenRefunded => note::received_then_refunded().en,
        Contradiction::RefundedThenReceived => note::refunded_then_received().en,
        Contradiction::WithdrawnThenPaid => note::withdrawn_then_paid().en,
    }
}
