//! The same person's packet elsewhere: a list that was loaded after a packet was refused, or a
//! packet that another campaign reissued since, may stand in its place. Both would be paid, by a
//! reissue or by a second send.
//!
//! No index finds an openid: the bills are read once, as a load reads them for the people it meets.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row};

use super::lineage::{Lineage, find};
use super::picks::{AT_END, OWED_AGAIN};
use super::unasked::each_unasked;
use crate::domain::ids::MchBillno;
use crate::domain::met::EVERY;
use crate::ledger::columns::mch_billno;

/// A refused packet, and since when it is: its refusal may be about to be confirmed.
struct Refused {
    bill: i64,
    campaign: i64,
    row_key: String,
    since: i64,
}

/// A packet of somebody who has a refused one.
struct Other {
    campaign: i64,
    id: String,
    row_key: String,
    number: MchBillno,
    /// When its list was loaded.
    loaded_at: i64,
    /// When a person last wanted it paid.
    wanted_at: i64,
}

/// A packet that may stand in the place of a refused one.
pub(in crate::ledger) struct Elsewhere {
    /// Its campaign.
    pub(in crate::ledger) campaign: String,
    /// Its number.
    pub(in crate::ledger) number: MchBillno,
}

/// The packets that may stand in the places of these refused bills, by bill, but for those of
/// campaigns that are named.
pub(in crate::ledger) fn elsewhere(
    conn: &Connection,
    bills: &[i64],
    pay_again: &[String],
    now: i64,
) -> rusqlite::Result<HashMap<i64, Elsewhere>> {
    let mut found = HashMap::new();
    if pay_again.iter().any(|id| id == EVERY) {
        return Ok(found);
    }
    let people = people(conn, bills)?;
    // What was paid, may be, or is to be.
    let rows = format!("SELECT bill, openid FROM bill WHERE NOT {AT_END} OR {OWED_AGAIN}");
    let paid = "SELECT bill, to_openid FROM paid WHERE to_openid IS NOT NULL";
    let mut theirs: Vec<(i64, String)> = Vec::new();
    for sql in [rows.as_str(), paid] {
        let mut statement = conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let openid = row.get_ref(1)?.as_str()?;
            if people.contains_key(openid) {
                theirs.push((row.get(0)?, openid.to_owned()));
            }
        }
    }
    // What a ledger that may be behind calls unpaid may be paid, until WeChat Pay is asked.
    each_unasked(conn, now, |it| {
        if people.contains_key(&*it.openid) {
            theirs.push((it.bill, it.openid.into()));
        }
    })?;
    for (bill, openid) in theirs {
        let other = other(conn, bill)?;
        let refused = people.get(&openid).into_iter().flatten();
        let is_named = pay_again.contains(&other.id);
        for packet in refused.filter(|packet| !is_named && other.is_in_place_of(packet)) {
            found.entry(packet.bill).or_insert_with(|| Elsewhere {
                campaign: other.id.clone(),
                number: other.number.clone(),
            });
        }
    }
    Ok(found)
}

impl Other {
    fn is_in_place_of(&self, refused: &Refused) -> bool {
        if self.campaign != refused.campaign {
            return self.wanted_at >= refused.since;
        }
        // One list may have several rows of a person, each of its own right.
        self.row_key != refused.row_key && self.loaded_at >= refused.since
    }
}

/// The refused packets by their people.
fn people(conn: &Connection, bills: &[i64]) -> rusqlite::Result<HashMap<String, Vec<Refused>>> {
    let mut people: HashMap<String, Vec<Refused>> = HashMap::new();
    let sql = "SELECT openid, campaign, row_key FROM bill WHERE bill = ?1";
    for &bill in bills {
        let since = refused_since(conn, bill)?;
        let read = |row: &Row<'_>| {
            let packet = Refused {
                bill,
                campaign: row.get(1)?,
                row_key: row.get(2)?,
                since,
            };
            Ok((row.get(0)?, packet))
        };
        let (openid, packet) = conn.prepare_cached(sql)?.query_row([bill], read)?;
        people.entry(openid).or_default().push(packet);
    }
    Ok(people)
}

/// When the packet was first refused, under its first number.
fn refused_since(conn: &Connection, bill: i64) -> rusqlite::Result<i64> {
    let first = find(conn, &Lineage::of(conn, bill)?.first())?;
    let sql = "SELECT min(at) FROM journal
         WHERE bill = ?1 AND (state_to = 'refused' OR event IN ('refused_maybe', 'excused'))";
    let at: Option<i64> = conn
        .prepare_cached(sql)?
        .query_row([first.unwrap_or(bill)], |row| row.get(0))
        .optional()?
        .flatten();
    Ok(at.unwrap_or(0))
}

fn other(conn: &Connection, bill: i64) -> rusqlite::Result<Other> {
    let sql = "SELECT bill.campaign, id, row_key, mch_billno, loaded_at,
           max(loaded_at, coalesce((SELECT max(at) FROM journal WHERE journal.bill = ?1
             AND event IN ('brought_back', 'frozen_anew', 'freed', 'reissued')), 0))
         FROM bill JOIN campaign USING (campaign) JOIN file USING (file) WHERE bill = ?1";
    conn.prepare_cached(sql)?.query_row([bill], |row| {
        Ok(Other {
            campaign: row.get(0)?,
            id: row.get(1)?,
            row_key: row.get(2)?,
            number: mch_billno(row, 3)?,
            loaded_at: row.get(4)?,
            wanted_at: row.get(5)?,
        })
    })
}
