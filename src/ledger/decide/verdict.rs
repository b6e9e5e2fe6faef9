//! A person's word on a bill that the machine must not decide.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::bill::Bill;
use crate::domain::outcome::Paid;
use crate::domain::policy::{Moment, RetryRules};
use crate::domain::state::{Event, State};
use crate::ledger::bill::advance::{MoveCause, advance};
use crate::ledger::bill::candidate::candidate_of;
use crate::ledger::bill::paid_otherwise::find;
use crate::ledger::bill::picks::TELLS_NOTHING;
use crate::ledger::fault::LedgerError;
use crate::ledger::flow::billed::named;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::owner::Owner;
use crate::words::show::against_payment;
use crate::words::{ledger as words, names::AnswerName, note};

/// How long a bill in doubt must have been past its window before a person may rule on it.
const CLOSED_MS: i64 = 72 * 3_600_000;

/// A person's verdict, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Paid or not.
    pub is_paid: bool,
    /// In their own words.
    pub because: String,
    /// When.
    pub at: i64,
}

impl Owner {
    /// Settles the bill with this row by a person's verdict, on record.
    ///
    /// # Errors
    /// Where the bill is not a person's to decide, or the ledger cannot be written.
    pub fn resolve(
        &mut self,
        bill: i64,
        verdict: &Verdict,
        rules: &RetryRules,
    ) -> Result<State, LedgerError> {
        let failed = |source| LedgerError::sqlite(&self.path, "recording the verdict")(source);
        let tx = WriteTx::open(&self.conn).map_err(failed)?;
        let found = candidate_of(&tx, bill).map_err(failed)?;
        let (key, before) = (found.key, found.bill);
        let last_word = last_word(&tx, bill).map_err(failed)?;
        check_is_a_persons(&before, &last_word, verdict, rules)?;
        // FAILED alone takes the word of a payment back: that a number is unknown, or too old to be
        // asked about, does not.
        let is_failed = matches!(&last_word, LastWord::Query(answer) if answer == "failed");
        if !verdict.is_paid
            && !is_failed
            && let Some(paid) = find(&tx, bill).map_err(failed)?
        {
            let why = against_payment(paid.amount);
            return Err(LedgerError::NotForAPerson(why));
        }
        if !verdict.is_paid && named(&tx, key.campaign).map_err(failed)?.contains(&bill) {
            return Err(LedgerError::NotForAPerson(words::verdict_against_bill()));
        }
        let event = if verdict.is_paid {
            Event::RuledPaid
        } else {
            Event::RuledUnpaid
        };
        let at = verdict.at;
        let mut after = before.clone();
        let moment = Moment::at(at);
        after.apply(event, &moment, rules)?;
        let because = verdict.because.as_str();
        let note = if verdict.is_paid {
            ruled(&tx, bill, because).map_err(failed)?
        } else {
            because.to_owned()
        };
        let cause = MoveCause::noted(event, at, &note);
        advance(&tx, key, &before, &after, &cause).map_err(failed)?;
        tx.commit().map_err(failed)?;
        Ok(after.state)
    }
}

/// The newest attempt that told anything, or is still open.
enum LastWord {
    /// Nothing was ever asked or sent.
    None,
    /// A send: what became of it, no query has told yet.
    Send,
    /// A query, and its answer.
    Query(String),
    /// A request that a dead process left open: the next run or reconciliation clears it up.
    Open,
}

fn last_word(conn: &Connection, bill: i64) -> rusqlite::Result<LastWord> {
    let sql = format!(
        "SELECT action, answer FROM attempt
         WHERE bill = ?1 AND (answer IS NULL OR NOT {TELLS_NOTHING})
         ORDER BY ended_at IS NOT NULL, attempt DESC LIMIT 1"
    );
    let found: Option<(String, Option<String>)> = conn
        .query_row(&sql, [bill], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match found {
        None => LastWord::None,
        Some((_, None)) => LastWord::Open,
        Some((action, Some(answer))) if action == "query" => LastWord::Query(answer),
        Some(_) => LastWord::Send,
    })
}

/// A person decides what is in review, or in doubt with its window closed for three days and
/// its last query NOT_FOUND; and never against what a query says.
fn check_is_a_persons(
    bill: &Bill,
    last_word: &LastWord,
    verdict: &Verdict,
    rules: &RetryRules,
) -> Result<(), LedgerError> {
    let no = |why| Err(LedgerError::NotForAPerson(why));
    let last_query = match last_word {
        LastWord::None | LastWord::Send => None,
        LastWord::Query(answer) => Some(answer.as_str()),
        LastWord::Open => {
            return no(words::verdict_while_open());
        }
    };
    let says_paid = matches!(
        last_query,
        Some("sent" | "received" | "refunding" | "refunded")
    );
    let says_open = matches!(last_query, Some("sending" | "sending_with_reason"));
    let says_unpaid = last_query == Some("failed");
    if says_open || (says_paid && !verdict.is_paid) || (says_unpaid && verdict.is_paid) {
        let said = last_query.unwrap_or_default();
        return no(words::verdict_against(AnswerName(said)));
    }
    match bill.state {
        State::Review => Ok(()),
        State::InDoubt => {
            let closed_at = bill.window_closes_at(rules);
            let is_old = closed_at.is_some_and(|closed_at| closed_at + CLOSED_MS <= verdict.at);
            if is_old && last_query == Some("not_found") {
                return Ok(());
            }
            no(words::verdict_too_early())
        }
        State::Ready
        | State::InFlight
        | State::Processing
        | State::Sent
        | State::Received
        | State::Refunding
        | State::Refunded
        | State::Refused
        | State::Withdrawn => no(words::verdict_not_needed(bill.state)),
    }
}

/// A person's word that such a bill is paid books what was paid, not what is owed.
pub(super) fn ruled(conn: &Connection, bill: i64, because: &str) -> rusqlite::Result<String> {
    Ok(match find(conn, bill)? {
        None => because.to_owned(),
        Some(Paid { openid, amount }) => match openid {
            None => note::ruled_paid_other(amount, because).en,
            Some(openid) => note::ruled_paid_another(amount, openid.as_str(), because).en,
        },
    })
}
