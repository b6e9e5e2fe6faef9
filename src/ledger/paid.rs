//! What WeChat Pay says was paid under a number, where that is not what is owed under it: another
//! amount, or another recipient. A bill like that is for a person. What was paid stands in a row of
//! its own, in the mark of its bill, and in the sums of the day in place of what is owed.

use rusqlite::{Connection, OptionalExtension};

use super::columns::{fen, to_sql};
use super::page::Page;
use super::record::Ended;
use crate::domain::bill::Bill;
use crate::domain::ids::Openid;
use crate::domain::outcome::{Answer, Paid, Sighting};
use crate::words::note;

/// Keeps what a query tells was paid, and counts it; what there is to say if that is new.
pub(super) fn keep_paid(
    page: &Page<'_>,
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
    let before = find(page, bill)?;
    if before.as_ref() == Some(paid) {
        return Ok(None);
    }
    // It left on some day: where this ledger sent nothing, today, when that is first known.
    let at = *after.first_sent.get_or_insert(ended.moment.now);
    let counted = before.map_or(ended.key.amount, |before| before.amount);
    page.count_send(ended.key.campaign, counted, (at, -1));
    page.count_send(ended.key.campaign, paid.amount, (at, 1));
    let openid = paid.openid.as_ref().map(Openid::as_str);
    page.prepare_cached(
        "INSERT INTO paid (bill, to_openid, paid_fen) VALUES (?1, ?2, ?3)
         ON CONFLICT (bill) DO UPDATE SET to_openid = ?2, paid_fen = ?3",
    )?
    .execute((bill, openid, to_sql(paid.amount)))?;
    Ok(Some(words(paid)))
}

/// What was paid under the bill's number, where that is known not to be what is owed.
pub(super) fn find(conn: &Connection, bill: i64) -> rusqlite::Result<Option<Paid>> {
    let sql = "SELECT to_openid, paid_fen FROM paid WHERE bill = ?1";
    conn.prepare_cached(sql)?
        .query_row([bill], |row| {
            let openid: Option<String> = row.get(0)?;
            Ok(Paid {
                openid: openid.and_then(|openid| Openid::new(&openid).ok()),
                amount: fen(row, 1)?,
            })
        })
        .optional()
}

/// Whether anything was ever paid that is not what was owed.
pub(super) fn is_any(conn: &Connection) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM paid")?.exists([])
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

fn words(paid: &Paid) -> String {
    match &paid.openid {
        None => note::paid_other(paid.amount).en,
        Some(openid) => note::paid_another(paid.amount, openid.as_str()).en,
    }
}
