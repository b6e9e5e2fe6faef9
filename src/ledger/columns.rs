//! How domain types stand in columns.

use rusqlite::Row;
use rusqlite::types::Type;

use crate::domain::bill::{Action, Again, Bill, Confirming, Next};
use crate::domain::ids::{MchBillno, Openid};
use crate::domain::money::Fen;
use crate::domain::outcome::{Outcome, Sighting};
use crate::domain::packet::RowTexts;
use crate::domain::state::State;

/// The columns that [`bill`] reads, in its order.
pub(super) const BILL: &str = "bill.state, bill.confirming, bill.confirming_since, \
     bill.doubt_since, bill.is_window_closed, bill.sends, bill.doubtful_sends, \
     bill.idle_queries, bill.not_found, bill.first_sent_at, bill.has_package, \
     bill.next_action, bill.due, \
     (SELECT word FROM again WHERE again.bill = bill.bill)";
/// How many they are.
pub(super) const BILL_WIDTH: usize = 14;

/// Reads a [`Bill`] from the first [`BILL_WIDTH`] columns.
pub(super) fn bill(row: &Row<'_>) -> rusqlite::Result<Bill> {
    let action: Option<String> = row.get(11)?;
    let due: Option<i64> = row.get(12)?;
    Ok(Bill {
        state: state(row, 0)?,
        confirming: confirming(row, 1)?,
        confirming_since: row.get(2)?,
        doubt_since: row.get(3)?,
        is_window_closed: row.get(4)?,
        sends: row.get(5)?,
        doubtful_sends: row.get(6)?,
        idle_queries: row.get(7)?,
        not_found: row.get(8)?,
        first_sent: row.get(9)?,
        has_package: row.get(10)?,
        again: again(row, 13)?,
        next: match (action, due) {
            (Some(action), Some(due)) => {
                let action = if action == "query" {
                    Action::Query
                } else {
                    Action::Send
                };
                Some(Next { action, due })
            }
            _ => None,
        },
    })
}

/// The word of the next step: a first send and a resend are told apart, so that doubt is
/// cleared up before new packets are sent.
pub(super) fn next_word(bill: &Bill) -> Option<&'static str> {
    bill.next.map(|next| match next.action {
        Action::Query => "query",
        Action::Send if bill.state == State::Ready => "send",
        Action::Send => "resend",
    })
}

/// Reads a state.
pub(super) fn state(row: &Row<'_>, index: usize) -> rusqlite::Result<State> {
    let word = row.get_ref(index)?.as_str()?;
    State::named(word).ok_or_else(|| unknown(index, word))
}

fn confirming(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Confirming>> {
    let Some(word) = row.get::<_, Option<String>>(index)? else {
        return Ok(None);
    };
    let cause = Confirming::ALL
        .into_iter()
        .find(|cause| cause.name() == word);
    cause.map(Some).ok_or_else(|| unknown(index, &word))
}

fn again(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Again>> {
    let Some(word) = row.get::<_, Option<String>>(index)? else {
        return Ok(None);
    };
    let known = Again::ALL.into_iter().find(|again| again.name() == word);
    known.map(Some).ok_or_else(|| unknown(index, &word))
}

fn unknown(index: usize, word: &str) -> rusqlite::Error {
    let what = format!("unknown word {word:?}").into();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, what)
}

/// Reads a bill number.
pub(super) fn mch_billno(row: &Row<'_>, index: usize) -> rusqlite::Result<MchBillno> {
    let text: String = row.get(index)?;
    MchBillno::new(&text).map_err(|_| unknown(index, &text))
}

/// Reads an openid.
pub(super) fn openid(row: &Row<'_>, index: usize) -> rusqlite::Result<Openid> {
    let text: String = row.get(index)?;
    checked_openid(&text, index)
}

/// The openid that was read from a column.
pub(super) fn checked_openid(text: &str, index: usize) -> rusqlite::Result<Openid> {
    Openid::new(text).map_err(|_| unknown(index, text))
}

/// Reads money.
pub(super) fn fen(row: &Row<'_>, index: usize) -> rusqlite::Result<Fen> {
    let fen: i64 = row.get(index)?;
    let fen =
        u64::try_from(fen).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(index, fen))?;
    Ok(Fen::new(fen))
}

/// Money for a column. The ledger's sums are bounded far below 2^63 by what can be loaded.
pub(super) fn to_sql(fen: Fen) -> i64 {
    i64::try_from(fen.fen()).unwrap_or(i64::MAX)
}

/// The columns that [`row_texts`] reads, in its order.
pub(super) const ROW_TEXTS: &str = "act_name, send_name, wishing, remark, scene_id";

/// Reads a row's own texts from the columns from `first` on.
pub(super) fn row_texts(row: &Row<'_>, first: usize) -> rusqlite::Result<RowTexts> {
    Ok(RowTexts {
        act_name: row.get(first)?,
        send_name: row.get(first + 1)?,
        wishing: row.get(first + 2)?,
        remark: row.get(first + 3)?,
        scene_id: row.get(first + 4)?,
    })
}

/// The word of an outcome in `attempt.answer`.
pub(super) fn outcome_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Unnamed(said) => unnamed_word(said),
        Outcome::Accepted(_) => "accepted",
        Outcome::Processing => "processing",
        Outcome::Throttled => "throttled",
        Outcome::RefusedWithoutOrder => "refused",
        Outcome::RefusedUnlessKnown => "refused_unless_known",
        Outcome::RefusedToConfirm => "refused_to_confirm",
        Outcome::Halted => "halted",
        Outcome::Deferred(_) => "deferred",
        Outcome::Clash => "clash",
        Outcome::NotSent(_) => "not_sent",
        Outcome::InDoubt(_) => "in_doubt",
    }
}

/// The same of an answer that named no number.
fn unnamed_word(said: &Outcome) -> &'static str {
    match said {
        Outcome::Processing => "unnamed_processing",
        Outcome::Throttled => "unnamed_throttled",
        Outcome::RefusedWithoutOrder => "unnamed_refused",
        Outcome::RefusedUnlessKnown => "unnamed_refused_unless_known",
        Outcome::RefusedToConfirm => "unnamed_refused_to_confirm",
        Outcome::Halted => "unnamed_halted",
        Outcome::Deferred(_) => "unnamed_deferred",
        Outcome::Clash => "unnamed_clash",
        Outcome::Accepted(_) | Outcome::NotSent(_) | Outcome::InDoubt(_) | Outcome::Unnamed(_) => {
            "in_doubt"
        }
    }
}

/// The word of a sighting in `attempt.answer`.
pub(super) const fn sighting_word(sighting: &Sighting) -> &'static str {
    match sighting {
        Sighting::Sending { has_reason: false } => "sending",
        Sighting::Sending { has_reason: true } => "sending_with_reason",
        Sighting::Sent => "sent",
        Sighting::Failed => "failed",
        Sighting::Received => "received",
        Sighting::Refunding => "refunding",
        Sighting::Refunded => "refunded",
        Sighting::NotFound => "not_found",
        Sighting::Expired => "expired",
        Sighting::Clash => "clash",
        Sighting::Throttled => "throttled",
        Sighting::Halted => "halted",
        Sighting::NotSent(_) => "not_sent",
        Sighting::Unclear(_) => "unclear",
    }
}
