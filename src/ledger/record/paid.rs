//! Payments under a number that differ from the debt: another amount, or another recipient. Such a
//! bill is for a person. The payment stands in a row of its own, in the mark of its bill, and in
//! the sums of the day in place of the debt.

use super::ended::Ended;
use crate::domain::bill::Bill;
use crate::domain::ids::Openid;
use crate::domain::outcome::{Answer, Paid, Sighting};
use crate::ledger::bill::paid_otherwise::find;
use crate::ledger::columns::to_sql;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// Keeps what a query tells was paid, and counts it; what there is to say if that is new.
pub(super) fn keep_paid(
    tx: &WriteTx<'_>,
    ended: &Ended,
    after: &mut Bill,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<Option<String>> {
    let bill = ended.key.bill;
    let Some(paid) = answer
        .paid
        .as_ref()
        .filter(|_| !planted!(AnotherPaymentNotBooked))
    else {
        return Ok(None);
    };
    let before = find(tx, bill)?;
    if before.as_ref() == Some(paid) {
        return Ok(None);
    }
    // It left on some day: where this ledger sent nothing, today, when that is first known.
    let at = *after.first_sent.get_or_insert(ended.moment.now);
    let owed = Some(ended.key.amount).filter(|_| ended.before.counts_at().is_some());
    if let Some(counted) = before.map(|before| before.amount).or(owed) {
        tx.count_send(ended.key.campaign, counted, (at, -1));
    }
    tx.count_send(ended.key.campaign, paid.amount, (at, 1));
    let openid = paid.openid.as_ref().map(Openid::as_str);
    tx.prepare_cached(
        "INSERT INTO paid (bill, to_openid, paid_fen) VALUES (?1, ?2, ?3)
         ON CONFLICT (bill) DO UPDATE SET to_openid = ?2, paid_fen = ?3",
    )?
    .execute((bill, openid, to_sql(paid.amount)))?;
    Ok(Some(words(paid)))
}

fn words(paid: &Paid) -> String {
    match &paid.openid {
        None => note::paid_other(paid.amount).en,
        Some(openid) => note::paid_another(paid.amount, openid.as_str()).en,
    }
}
