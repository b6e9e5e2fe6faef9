//! Recording what a request told us: the attempt, the bill, the counters and the journal at
//! once.

use std::borrow::Cow;

use rusqlite::{Connection, params};

use super::advance::{Cause, Key, advance};
use super::columns::{BILL, bill as read_bill};
use super::notes::{outcome_word, sighting_word};
use super::take::{Taker, illegal};
use crate::domain::bill::Bill;
use crate::domain::outcome::{Answer, Doubt, Outcome, Receipt, Sighting};
use crate::domain::policy::Moment;
use crate::domain::state::{Event, State};

/// An attempt that got its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub(super) attempt: i64,
    pub(super) key: Key,
    pub(super) moment: Moment,
}

impl Ended {
    fn cause<'a>(&self, taker: &Taker, event: Event, note: Option<&'a str>) -> Cause<'a> {
        Cause {
            event,
            attempt: Some(self.attempt),
            at: self.moment.now,
            epoch: taker.epoch,
            note,
        }
    }
}

/// Records a send's outcome: the attempt, the bill, the counters and the journal together.
pub(super) fn record_send(
    tx: &Connection,
    taker: &Taker,
    ended: &Ended,
    answer: &Answer<Outcome>,
) -> rusqlite::Result<(Bill, Bill)> {
    close_attempt(tx, ended.attempt, ended.moment.now, &outcome_words(answer))?;
    let before = read(tx, ended.key.bill)?;
    let mut after = before.clone();
    let event = after
        .record_send(&answer.verdict, &ended.moment, &taker.rules)
        .map_err(illegal)?;
    let mut note = None;
    if let Outcome::Accepted(receipt) = &answer.verdict {
        note = keep_receipt(tx, ended.key.bill, receipt)?;
    } else if before.state != State::Sent {
        keep_code(tx, ended.key.bill, answer)?;
    }
    let cause = ended.cause(taker, event, note.as_deref());
    advance(tx, ended.key, &before, &after, &cause)?;
    Ok((before, after))
}

/// Records what a query said.
pub(super) fn record_query(
    tx: &Connection,
    taker: &Taker,
    ended: &Ended,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<(Bill, Bill)> {
    close_attempt(tx, ended.attempt, ended.moment.now, &sighting_words(answer))?;
    let before = read(tx, ended.key.bill)?;
    let mut after = before.clone();
    let event = after
        .record_query(&answer.verdict, &ended.moment, &taker.rules)
        .map_err(illegal)?;
    // A landed refusal has a number too; only a payment's goes into reports.
    if event.is_payment_seen() && !answer.detail_id.is_empty() {
        keep_detail_id(tx, ended.key.bill, &answer.detail_id)?;
    }
    let contradiction = contradiction(before.state, event);
    if let Some(words) = contradiction {
        count_break(tx, ended.key, words)?;
    }
    let cause = ended.cause(taker, event, contradiction);
    advance(tx, ended.key, &before, &after, &cause)?;
    Ok((before, after))
}

/// What a query says against what the ledger has as proven.
fn contradiction(before: State, event: Event) -> Option<&'static str> {
    let was_paid = before.is_paid();
    match event {
        Event::SeenFailed if was_paid => Some("paid by its reply, FAILED by a query"),
        _ if before == State::Refused && event.is_payment_seen() => {
            Some("proven unpaid, and now seen paid")
        }
        _ => None,
    }
}

/// Two words of WeChat Pay that cannot both be true are a break: counted once for each bill,
/// and never hidden.
fn count_break(tx: &Connection, key: Key, words: &str) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE campaign SET breaks = breaks + 1 WHERE campaign = ?1 AND NOT EXISTS
           (SELECT 1 FROM journal WHERE bill = ?2 AND note = ?3)",
        (key.campaign, key.bill, words),
    )?;
    Ok(())
}

/// Reads a bill as it stands.
pub(super) fn read(tx: &Connection, bill: i64) -> rusqlite::Result<Bill> {
    let sql = format!("SELECT {BILL} FROM bill WHERE bill = ?1");
    tx.prepare_cached(&sql)?.query_row([bill], read_bill)
}

/// The words of an answer as an attempt keeps them: why it told nothing, if it did not, and
/// what WeChat Pay said.
struct Words<'a> {
    answer: &'static str,
    err_code: &'a str,
    err_code_des: Cow<'a, str>,
}

fn worded<'a, T>(answer: &'a Answer<T>, word: &'static str, cause: Option<String>) -> Words<'a> {
    let said = answer.err_code_des.as_str();
    let err_code_des = match cause {
        Some(cause) if said.is_empty() => Cow::Owned(cause),
        Some(cause) => Cow::Owned(format!("{cause}; {said}")),
        None => Cow::Borrowed(said),
    };
    Words {
        answer: word,
        err_code: &answer.err_code,
        err_code_des,
    }
}

fn outcome_words(answer: &Answer<Outcome>) -> Words<'_> {
    let cause = match &answer.verdict {
        Outcome::InDoubt(doubt) => Some(doubt.to_string()),
        Outcome::NotSent(cause) => Some(cause.to_string()),
        _ => None,
    };
    worded(answer, outcome_word(&answer.verdict), cause)
}

fn sighting_words(answer: &Answer<Sighting>) -> Words<'_> {
    let cause = match &answer.verdict {
        Sighting::Unclear(doubt) => Some(doubt.to_string()),
        Sighting::NotSent(cause) => Some(cause.to_string()),
        _ => None,
    };
    worded(answer, sighting_word(&answer.verdict), cause)
}

fn close_attempt(
    tx: &Connection,
    attempt: i64,
    at: i64,
    words: &Words<'_>,
) -> rusqlite::Result<()> {
    let changed = tx
        .prepare_cached(
            "UPDATE attempt SET ended_at = ?2, answer = ?3, err_code = nullif(?4, ''),
               err_code_des = nullif(?5, '') WHERE attempt = ?1 AND ended_at IS NULL",
        )?
        .execute(params![
            attempt,
            at,
            words.answer,
            words.err_code,
            words.err_code_des.as_ref()
        ])?;
    if changed == 1 {
        Ok(())
    } else {
        Err(rusqlite::Error::StatementChangedRows(changed))
    }
}

/// Closes an attempt that moves no bill by itself.
pub(super) fn close_check(
    tx: &Connection,
    attempt: i64,
    at: i64,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<()> {
    close_attempt(tx, attempt, at, &sighting_words(answer))
}

/// Stores what opens the packet. A second, different package is kept in the journal: which of
/// them works is not documented, and nothing that was ever received is thrown away.
fn keep_receipt(tx: &Connection, bill: i64, receipt: &Receipt) -> rusqlite::Result<Option<String>> {
    // Not RETURNING: it makes SQLite open a temporary table for each packet.
    let stored: Option<String> = tx
        .prepare_cached("SELECT package FROM bill WHERE bill = ?1")?
        .query_row([bill], |row| row.get(0))?;
    tx.prepare_cached(
        "UPDATE bill SET send_listid = coalesce(nullif(?2, ''), send_listid),
           package = coalesce(package, ?3), err_code = NULL, err_code_des = NULL
         WHERE bill = ?1",
    )?
    .execute(params![bill, receipt.send_listid, receipt.package])?;
    Ok(match (&stored, &receipt.package) {
        (Some(stored), Some(package)) if stored != package => {
            Some(format!("a resend brought another package: {package}"))
        }
        _ => None,
    })
}

/// Keeps why the bill is not sent. Of a reply that cannot be trusted, or is about another bill,
/// only that: its own words would mislead.
fn keep_code(tx: &Connection, bill: i64, answer: &Answer<Outcome>) -> rusqlite::Result<()> {
    let (code, words) = match &answer.verdict {
        Outcome::InDoubt(doubt @ (Doubt::SystemError | Doubt::UnknownCode)) => {
            (answer.err_code.as_str(), Cow::Owned(doubt.to_string()))
        }
        Outcome::InDoubt(doubt) => ("", Cow::Owned(doubt.to_string())),
        _ => (
            answer.err_code.as_str(),
            Cow::Borrowed(answer.err_code_des.as_str()),
        ),
    };
    tx.prepare_cached(
        "UPDATE bill SET err_code = nullif(?2, ''), err_code_des = nullif(?3, '')
         WHERE bill = ?1",
    )?
    .execute((bill, code, words))?;
    Ok(())
}

fn keep_detail_id(tx: &Connection, bill: i64, detail_id: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE bill SET send_listid = coalesce(send_listid, ?2) WHERE bill = ?1")?
        .execute((bill, detail_id))?;
    Ok(())
}
