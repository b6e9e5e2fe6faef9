//! Packets of a ledger that may be behind, about which WeChat Pay was not asked since. Each may
//! have been sent today by another ledger, so that it counts as sent today for the daily caps until
//! it is asked about.

use std::collections::HashSet;

use rusqlite::{Connection, Row};

use super::candidate::frozen_checked;
use super::lineage::given_up;
use super::picks::{AT_END, REMEMBERED, TELLS_NOTHING, UNSETTLED};
use crate::domain::money::Fen;
use crate::domain::policy::QUERY_DAYS_MS;
use crate::domain::reissue::REST_MS;
use crate::domain::state::Event;
use crate::ledger::columns::fen;
use crate::ledger::journal::chain::{Behind, LedgerRow};
use crate::ledger::journal::seal::FROZEN;

/// The journal's word for a ledger that may be behind.
pub(in crate::ledger) const BEHIND: &str = "behind";

/// What [`read`] reads.
const ROW: &str = "bill, openid, amount_fen, first_sent_at, campaign";

/// A packet that nobody asked about.
pub(in crate::ledger) struct Unasked {
    pub(in crate::ledger) campaign: i64,
    pub(in crate::ledger) bill: i64,
    pub(in crate::ledger) openid: Box<str>,
    pub(in crate::ledger) amount: Fen,
    /// When it was first sent, as far as this ledger knows; a refusal gave that day back.
    pub(in crate::ledger) first_sent: Option<i64>,
}

/// Every one of the ledger, of all campaigns.
pub(in crate::ledger) fn unasked(
    conn: &Connection,
    behind: Behind,
    now: i64,
    mut each: impl FnMut(Unasked),
) -> rusqlite::Result<()> {
    // An answer that told nothing leaves the question open, and so does one that found nothing
    // where queries reach back no more; a send began after its own question.
    let sql = format!(
        "SELECT {ROW}, seal, {FROZEN} FROM bill
         WHERE ({UNSETTLED} OR state = 'review')
           AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill
             AND attempt > ?1 AND (action = 'send' OR answer IS NOT NULL AND NOT {TELLS_NOTHING}
               AND NOT (answer = 'not_found' AND committed_at >= ?2)))"
    );
    let mut statement = conn.prepare(&sql)?;
    let known = (behind.attempt, behind.reached_until());
    for found in statement.query_map(known, read)? {
        each(found?);
    }
    for campaign in campaigns(conn)? {
        for bill in unwalked(conn, Some(behind), campaign, now)? {
            each(one(conn, bill)?);
        }
    }
    Ok(())
}

/// The same of a ledger by what it says of itself: none where it is not behind.
pub(in crate::ledger) fn each_unasked(
    conn: &Connection,
    now: i64,
    each: impl FnMut(Unasked),
) -> rusqlite::Result<()> {
    match LedgerRow::read(conn)?.and_then(|row| row.behind) {
        Some(behind) => unasked(conn, behind, now, each),
        None => Ok(()),
    }
}

fn one(conn: &Connection, bill: i64) -> rusqlite::Result<Unasked> {
    let sql = format!("SELECT {ROW}, seal, {FROZEN} FROM bill WHERE bill = ?1");
    conn.prepare_cached(&sql)?.query_row([bill], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Unasked> {
    frozen_checked(row, 5)?;
    Ok(Unasked {
        bill: row.get(0)?,
        openid: row.get(1)?,
        amount: fen(row, 2)?,
        first_sent: row.get(3)?,
        campaign: row.get(4)?,
    })
}

/// To whom a bill is owed.
pub(in crate::ledger) fn openid(conn: &Connection, bill: i64) -> rusqlite::Result<Box<str>> {
    one(conn, bill).map(|found| found.openid)
}

/// The packets of a ledger that is behind that are refused or taken back, and were not asked about
/// since it is, by row: another number may have been paid in their place.
pub(in crate::ledger) fn unwalked(
    conn: &Connection,
    behind: Option<Behind>,
    campaign: i64,
    now: i64,
) -> rusqlite::Result<Vec<i64>> {
    let Some(behind) = behind else {
        return Ok(Vec::new());
    };
    // Its own number first: it may have been sent again under that. Of a withdrawn bill, which was
    // never sent here, an answer about its own number is enough, but for FAILED.
    let from = unknown_from(conn)?;
    let told =
        format!("NOT {TELLS_NOTHING} AND NOT (answer = 'not_found' AND committed_at < {from})");
    let own = if planted!(OwnNumberPassedOver) {
        "answer IS NOT NULL"
    } else {
        &format!("answer IS NOT NULL AND {told}")
    };
    let walked = format!(
        "AND NOT (
           EXISTS (SELECT 1 FROM journal JOIN attempt AS asked USING (attempt)
             WHERE journal.bill = bill.bill AND event = '{}' AND journal.attempt > {since}
               AND asked.committed_at >= {from})
           AND EXISTS (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill
             AND attempt > {since} AND {own}))
         AND NOT (state = 'withdrawn' AND EXISTS (SELECT 1 FROM attempt
           WHERE attempt.bill = bill.bill AND attempt > {since}
             AND answer <> 'failed' AND {told}))",
        Event::NextUnknown.name(),
        since = behind.attempt
    );
    // After its last write a number was freed that was still known then, and sent at any age; what
    // was taken back comes back at any age; so does who was refused among the last, and is owed a
    // second chance, or was owed one later.
    let known_then = behind.since.saturating_sub(QUERY_DAYS_MS);
    let from = now.saturating_sub(2 * QUERY_DAYS_MS).min(known_then);
    let excused = format!(
        "doubt_since IS NULL AND NOT is_window_closed
           AND coalesce((SELECT word = 'owed' FROM again WHERE again.bill = bill.bill),
             EXISTS (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill
               AND action = 'send' AND attempt > {} - {REMEMBERED}))",
        behind.attempt
    );
    let from = ended_after(from);
    let which = format!("({from} OR state = 'withdrawn' OR {excused}) {walked}");
    at_end(conn, (campaign, now), &which)
}

/// From when on a question finds what a lost ledger sent, of a ledger that is behind: WeChat Pay
/// may not know for some minutes what it was just sent, and the lost one may have gone on until
/// this one was put in its place. One that was begun anew was put there before its first load.
pub(in crate::ledger) fn unknown_from(conn: &Connection) -> rusqlite::Result<i64> {
    if planted!(FreshNotFoundBelieved) {
        return Ok(i64::MIN);
    }
    let sql = "SELECT coalesce(max(at) FILTER (WHERE event = ?1), min(at)) FROM journal
         WHERE bill IS NULL";
    let taken: Option<i64> = conn.query_row(sql, [BEHIND], |row| row.get(0))?;
    Ok(taken.map_or(i64::MIN, |taken| taken.saturating_add(REST_MS)))
}

/// The packets whose newest number is refused or taken back and may still be asked about, by row.
pub(in crate::ledger) fn refused(
    conn: &Connection,
    campaign: i64,
    now: i64,
    and: &str,
) -> rusqlite::Result<Vec<i64>> {
    let from = ended_after(now.saturating_sub(QUERY_DAYS_MS));
    at_end(conn, (campaign, now), &format!("{from} {and}"))
}

/// Those that may have another number by now, which WeChat Pay still knows: it was made while it
/// knew the first one, and is known for as long again.
pub(in crate::ledger) fn overtaken(
    conn: &Connection,
    campaign: i64,
    now: i64,
    and: &str,
) -> rusqlite::Result<Vec<i64>> {
    let from = ended_after(now.saturating_sub(2 * QUERY_DAYS_MS));
    at_end(conn, (campaign, now), &format!("{from} {and}"))
}

/// Picks what was first sent after that time, or came to its end unsent.
fn ended_after(from: i64) -> String {
    format!("coalesce(first_sent_at, settled_at, ?2) > {from}")
}

fn at_end(conn: &Connection, (campaign, now): (i64, i64), and: &str) -> rusqlite::Result<Vec<i64>> {
    let former: HashSet<i64> = given_up(conn, campaign)?;
    let which = if planted!(WithdrawnForgotten) {
        "state = 'refused'"
    } else {
        AT_END
    };
    let found: Vec<i64> = conn
        .prepare(&at_end_sql(which, and))?
        .query_map((campaign, now), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(found
        .into_iter()
        .filter(|bill| !former.contains(bill))
        .collect())
}

fn at_end_sql(which: &str, and: &str) -> String {
    format!("SELECT bill FROM bill WHERE campaign = ?1 AND {which} AND {and} ORDER BY bill")
}

/// Every campaign of the ledger, by row.
pub(in crate::ledger) fn campaigns(conn: &Connection) -> rusqlite::Result<Vec<i64>> {
    conn.prepare("SELECT campaign FROM campaign ORDER BY campaign")?
        .query_map([], |row| row.get(0))?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::open::schema::in_memory;

    /// A run asks for them at its start: of ten million packets it reads those few.
    #[test]
    fn who_is_refused_is_found_by_an_index() {
        let conn = in_memory().unwrap();
        let sql = at_end_sql(AT_END, &format!("{} AND state = 'refused'", ended_after(1)));
        let plan: String = conn
            .query_row(&format!("EXPLAIN QUERY PLAN {sql}"), (1, 2), |row| {
                row.get(3)
            })
            .unwrap();
        assert!(plan.contains("bill_at_end"), "{plan}");
    }
}
