//! Recording what a request told us: the attempt, the bill, the counters and the journal at
//! once.

use std::borrow::Cow;

use rusqlite::params;

use super::advance::{Cause, Fresh, Key, advance, filled};
use super::attempt::Step;
use super::behind;
use super::chain::Told;
use super::notes::{outcome_word, sighting_word};
use super::page::Page;
use super::paid::keep_paid;
use super::receipt::{keep_detail_id, keep_receipt, package};
use super::reissue::withdraw_later;
use super::statements::one_row;
use super::take::illegal;
use super::walk::was_known_before;
use crate::domain::bill::Bill;
use crate::domain::outcome::{Answer, Doubt, Outcome, Sighting};
use crate::domain::policy::{Moment, Rules};
use crate::domain::state::{Event, State};
use crate::words::note;

/// What breaks are called in the journal: two words of WeChat Pay that cannot both be true, or one
/// number that paid twice.
pub(super) const BREAKS: [&str; 3] = [
    "WeChat Pay paid twice under one number",
    "paid by its reply, FAILED by a query",
    "proven unpaid, and now seen paid",
];

/// An attempt that got its answer.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub(super) attempt: i64,
    pub(super) key: Key,
    pub(super) moment: Moment,
    pub(super) before: Bill,
    /// No attempt about the bill has ended before.
    pub(super) is_fresh: bool,
}

impl Ended {
    pub(super) fn new(attempt: i64, step: Step, moment: Moment) -> Self {
        Ended {
            attempt,
            key: step.key,
            moment,
            before: step.bill,
            is_fresh: step.is_fresh,
        }
    }

    fn cause<'a>(&self, event: Event, told: Told, note: Option<&'a str>) -> Cause<'a> {
        Cause {
            event,
            told: Some(told),
            at: self.moment.now,
            note,
            code: None,
            fresh: None,
        }
    }
}

/// Records a send's outcome: the attempt, the bill, the counters and the journal together. The
/// bill before and after.
pub(super) fn record_send(
    tx: &Page<'_>,
    rules: &Rules,
    ended: Ended,
    answer: &Answer<Outcome>,
) -> rusqlite::Result<(Bill, Bill)> {
    let told = close_attempt(tx, ended.attempt, ended.moment.now, &outcome_words(answer))?;
    let mut after = ended.before.clone();
    let event = after
        .record_send(&answer.verdict, &ended.moment, rules)
        .map_err(illegal)?;
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
    let cause = Cause {
        code,
        fresh: ended.is_fresh.then_some(fresh),
        ..ended.cause(event, told, note.as_deref())
    };
    advance(tx, ended.key, &ended.before, &after, &cause)?;
    let is_first = ended.before.state == State::InFlight && ended.before.sends == 1;
    if is_first && answer.verdict == Outcome::Clash {
        notice(tx, &ended)?;
    }
    Ok((ended.before, after))
}

/// Records what a query said.
pub(super) fn record_query(
    tx: &Page<'_>,
    rules: &Rules,
    ended: Ended,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<(Bill, Bill)> {
    let told = close_attempt(tx, ended.attempt, ended.moment.now, &sighting_words(answer))?;
    let is_stale = behind::is_stale(tx, ended.key.bill, ended.before.state)?;
    let mut after = ended.before.clone();
    let moment = Moment {
        send_time: answer.send_time,
        unanswered_until: unanswered_until(tx, rules, &ended, answer)?,
        ..ended.moment
    };
    let event = after
        .record_query(&answer.verdict, &moment, rules)
        .map_err(illegal)?;
    let mut double = None;
    // A landed refusal has a number too; only a payment's goes into reports.
    if event.is_payment_seen() {
        double = keep_detail_id(tx, ended.key.bill, answer)?;
    }
    let contradiction = contradiction(ended.before.state, event);
    let contradiction = contradiction.filter(|_| !is_stale);
    let otherwise = keep_paid(tx, &ended, &mut after, answer)?;
    let contradiction = double.or(contradiction).or(otherwise);
    let is_break = |words: &&String| BREAKS.iter().any(|known| words.starts_with(known));
    if let Some(words) = contradiction.as_ref().filter(is_break) {
        count_break(tx, &ended, words)?;
    }
    let cause = ended.cause(event, told, contradiction.as_deref());
    advance(tx, ended.key, &ended.before, &after, &cause)?;
    if ended.before.state == State::Refused && after.state != State::Refused {
        withdraw_later(tx, &ended, rules)?;
    }
    if was_known_before(&ended.before, answer) {
        notice(tx, &ended)?;
    }
    Ok((ended.before, after))
}

/// WeChat Pay knew the number before this ledger sent it.
fn notice(tx: &Page<'_>, ended: &Ended) -> rusqlite::Result<()> {
    let Key { bill, campaign, .. } = ended.key;
    let sql = "SELECT mch_billno FROM bill WHERE bill = ?1";
    let number: String = tx.query_row(sql, [bill], |row| row.get(0))?;
    behind::notice(tx, campaign, ended.moment.now, &number)
}

/// Until when the last send about the bill that nobody answered could have been answered. Looked up
/// only where it decides: for NOT_FOUND about a doubt of a day.
fn unanswered_until(
    tx: &Page<'_>,
    rules: &Rules,
    ended: &Ended,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<Option<i64>> {
    let is_asked = answer.verdict == Sighting::NotFound && ended.before.doubt_since.is_some();
    if !is_asked {
        return Ok(None);
    }
    let sql = "SELECT max(committed_at) + ?2 FROM attempt WHERE bill = ?1 AND action = 'send'
           AND (answer IN ('in_doubt', 'processing') OR answer GLOB 'unnamed_*')";
    tx.prepare_cached(sql)?
        .query_row((ended.key.bill, rules.answer_ms), |row| row.get(0))
}

/// What a query says against what the ledger has as proven.
fn contradiction(before: State, event: Event) -> Option<String> {
    let was_paid = before.is_paid();
    match event {
        Event::SeenFailed if was_paid => Some(note::paid_then_failed().en),
        _ if before == State::Refused && event.is_payment_seen() => {
            Some(note::unpaid_then_paid().en)
        }
        _ => None,
    }
}

/// Two words of WeChat Pay that cannot both be true are a break: counted once for each bill,
/// and never hidden. Only a row about a request has such words: what a person said of a bill may
/// begin with the same ones.
pub(super) fn count_break(tx: &Page<'_>, ended: &Ended, words: &str) -> rusqlite::Result<()> {
    let Key { bill, campaign, .. } = ended.key;
    let changed = tx.execute(
        "UPDATE campaign SET breaks = breaks + 1 WHERE campaign = ?1 AND NOT EXISTS
           (SELECT 1 FROM journal WHERE bill = ?2 AND attempt IS NOT NULL
              AND note LIKE ?3 || '%')",
        (campaign, bill, words.split(':').next()),
    )?;
    if changed == 1 {
        tx.note(campaign, "broken_proof", ended.moment.now, Some(words))?;
    }
    Ok(())
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
    tx: &Page<'_>,
    attempt: i64,
    at: i64,
    words: &Words<'_>,
) -> rusqlite::Result<Told> {
    let changed = tx.change(
        "UPDATE attempt SET ended_at = ?2, answer = ?3, err_code = nullif(?4, ''),
               err_code_des = nullif(?5, '') WHERE attempt = ?1 AND ended_at IS NULL",
        params![
            attempt,
            at,
            words.answer,
            words.err_code,
            words.err_code_des.as_ref()
        ],
    )?;
    one_row(changed)?;
    let (code, said) = (filled(words.err_code), filled(&words.err_code_des));
    Ok(Told::ended(attempt, at, [Some(words.answer), code, said]))
}

/// Closes an attempt that moves no bill by itself.
pub(super) fn close_check(
    tx: &Page<'_>,
    campaign: i64,
    attempt: i64,
    at: i64,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<()> {
    let told = close_about(tx, attempt, at, answer)?;
    tx.tell(campaign, told, at, None)
}

/// Closes an attempt about a number without a row.
pub(super) fn close_about(
    tx: &Page<'_>,
    attempt: i64,
    at: i64,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<Told> {
    close_attempt(tx, attempt, at, &sighting_words(answer))
}

/// Why the bill is not sent. Of a reply that cannot be trusted, or is about another bill, only
/// that: its own words would mislead.
fn code(answer: &Answer<Outcome>) -> (&str, Cow<'_, str>) {
    match &answer.verdict {
        Outcome::InDoubt(doubt @ (Doubt::SystemError | Doubt::UnknownCode)) => {
            (answer.err_code.as_str(), Cow::Owned(doubt.to_string()))
        }
        Outcome::InDoubt(doubt) => ("", Cow::Owned(doubt.to_string())),
        _ => (
            answer.err_code.as_str(),
            Cow::Borrowed(answer.err_code_des.as_str()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_is_found_by_the_head_of_its_note() {
        let [twice, failed, paid] = BREAKS;
        assert_eq!(note::double_payment().en, twice);
        assert!(
            note::paid_twice("1", "2")
                .en
                .starts_with(&format!("{twice}:"))
        );
        assert_eq!(note::paid_then_failed().en, failed);
        assert_eq!(note::unpaid_then_paid().en, paid);
    }
}
