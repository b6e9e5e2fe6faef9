//! The end of an attempt: its answer in its row, in the words that the ledger has for answers.

use std::borrow::Cow;

use rusqlite::params;

use crate::domain::outcome::{Answer, Doubt, Outcome, Sighting};
use crate::ledger::bill::advance::filled;
use crate::ledger::columns::{outcome_word, sighting_word};
use crate::ledger::journal::chain::RequestMark;
use crate::ledger::journal::statements::one_row;
use crate::ledger::journal::write_tx::WriteTx;

/// The words of an answer as an attempt keeps them: why it told nothing, if it did not, and
/// what WeChat Pay said.
struct AnswerWords<'a> {
    answer: &'static str,
    err_code: &'a str,
    err_code_des: Cow<'a, str>,
}

fn worded<'a, T>(
    answer: &'a Answer<T>,
    word: &'static str,
    cause: Option<String>,
) -> AnswerWords<'a> {
    let said = answer.err_code_des.as_str();
    let err_code_des = match cause {
        Some(cause) if said.is_empty() => Cow::Owned(cause),
        Some(cause) => Cow::Owned(format!("{cause}; {said}")),
        None => Cow::Borrowed(said),
    };
    AnswerWords {
        answer: word,
        err_code: &answer.err_code,
        err_code_des,
    }
}

/// WeChat Pay's code beside a success. It says nothing that the answer's own word does not, and
/// would be the same bytes in every paid packet's row.
const SUCCESS: &str = "SUCCESS";
/// And its words: none, or those of its documentation.
const SAID: [&str; 2] = ["", "发放成功"];

fn outcome_words(answer: &Answer<Outcome>) -> AnswerWords<'_> {
    let cause = match &answer.verdict {
        Outcome::InDoubt(doubt) => Some(doubt.to_string()),
        Outcome::NotSent(cause) => Some(cause.to_string()),
        _ => None,
    };
    let word = outcome_word(&answer.verdict);
    let is_usual = answer.err_code == SUCCESS && SAID.contains(&&*answer.err_code_des);
    if matches!(answer.verdict, Outcome::Accepted(_)) && is_usual {
        return AnswerWords {
            answer: word,
            err_code: "",
            err_code_des: Cow::Borrowed(""),
        };
    }
    worded(answer, word, cause)
}

fn sighting_words(answer: &Answer<Sighting>) -> AnswerWords<'_> {
    let cause = match &answer.verdict {
        Sighting::Unclear(doubt) => Some(doubt.to_string()),
        Sighting::NotSent(cause) => Some(cause.to_string()),
        _ => None,
    };
    worded(answer, sighting_word(&answer.verdict), cause)
}

/// Closes a send.
pub(super) fn close_send(
    tx: &WriteTx<'_>,
    attempt: i64,
    at: i64,
    answer: &Answer<Outcome>,
) -> rusqlite::Result<RequestMark> {
    close_attempt(tx, attempt, at, &outcome_words(answer))
}

fn close_attempt(
    tx: &WriteTx<'_>,
    attempt: i64,
    at: i64,
    words: &AnswerWords<'_>,
) -> rusqlite::Result<RequestMark> {
    let (code, said) = (filled(words.err_code), filled(&words.err_code_des));
    let changed = tx.change(
        "UPDATE attempt SET ended_at = ?2, answer = ?3, err_code = ?4,
               err_code_des = ?5 WHERE attempt = ?1 AND ended_at IS NULL",
        params![attempt, at, words.answer, code, said],
    )?;
    one_row(changed)?;
    Ok(RequestMark::ended(
        attempt,
        at,
        [Some(words.answer), code, said],
    ))
}

/// Closes an attempt that moves no bill by itself.
pub(in crate::ledger) fn close_check(
    tx: &WriteTx<'_>,
    campaign: i64,
    attempt: i64,
    at: i64,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<()> {
    let told = close_query(tx, attempt, at, answer)?;
    tx.tell(campaign, told, at, None)
}

/// Closes a query, whatever it is about.
pub(super) fn close_query(
    tx: &WriteTx<'_>,
    attempt: i64,
    at: i64,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<RequestMark> {
    close_attempt(tx, attempt, at, &sighting_words(answer))
}

/// Why the bill is not sent. Of a reply that cannot be trusted, or is about another bill, only
/// that: its own words would mislead.
pub(super) fn code(answer: &Answer<Outcome>) -> (&str, Cow<'_, str>) {
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
    use crate::domain::outcome::Receipt;

    #[test]
    fn the_code_of_a_success_is_kept_only_where_it_says_more() {
        let said = |verdict: Outcome, code: &str| {
            let answer = Answer {
                err_code: code.to_owned(),
                err_code_des: "发放成功".to_owned(),
                ..Answer::wordless(verdict)
            };
            let words = outcome_words(&answer);
            (words.err_code.to_owned(), words.err_code_des.into_owned())
        };
        let kept = |code: &str| (code.to_owned(), "发放成功".to_owned());
        let accepted = || Outcome::Accepted(Receipt::default());
        assert_eq!(said(accepted(), SUCCESS), (String::new(), String::new()));
        assert_eq!(said(accepted(), "ODD"), kept("ODD"));
        // Where it contradicts the rest, it is the evidence.
        assert_eq!(said(Outcome::RefusedToConfirm, SUCCESS), kept(SUCCESS));
    }
}
