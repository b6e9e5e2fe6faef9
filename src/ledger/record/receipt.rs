//! A bill's receipt from a reply or a query: the red packet's number and the package.

use rusqlite::{Connection, OptionalExtension, params};

use super::ended::Ended;
use crate::domain::outcome::{Answer, Receipt, Sighting};
use crate::domain::state::State;
use crate::ledger::bill::advance::filled;
use crate::ledger::bill::breaks::{BREAKS, count_break};
use crate::ledger::bill::picks::SAW_PAID;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// Stores what opens the packet. A second, different package is kept in the journal: which of
/// them works is not documented, and nothing that was ever received is thrown away. A second red
/// packet is a break.
pub(super) fn keep_receipt(
    tx: &WriteTx<'_>,
    ended: &Ended,
    receipt: &Receipt,
) -> rusqlite::Result<Option<String>> {
    let bill = ended.key.bill;
    // Not RETURNING below: it makes SQLite open a temporary table for each packet.
    let stored = if ended.is_fresh {
        None
    } else {
        stored(tx, bill)?
    };
    let package = package(ended, receipt);
    // A reply without either leaves no row: one of nothing could not be told from none.
    if package.is_some() || !receipt.send_listid.is_empty() {
        tx.change(
            "INSERT INTO receipt (bill, send_listid, package) VALUES (?1, ?2, ?3)
             ON CONFLICT (bill) DO UPDATE SET
               send_listid = coalesce(send_listid, excluded.send_listid),
               package = coalesce(package, excluded.package)",
            params![bill, filled(&receipt.send_listid), package],
        )?;
    }
    let Some((listid, kept)) = stored else {
        return Ok(None);
    };
    if let Some(words) = double(listid.as_deref(), &receipt.send_listid) {
        count_break(tx, ended.key, ended.moment.now, &words)?;
        return Ok(Some(words));
    }
    Ok(match (&kept, &receipt.package) {
        (Some(stored), Some(package)) if stored != package => {
            Some(note::another_package(package.as_str()).en)
        }
        _ => None,
    })
}

/// The package that is kept of a reply: all of them, but for mistakes of the tests' own build.
pub(super) fn package<'a>(ended: &Ended, receipt: &'a Receipt) -> Option<&'a str> {
    let is_lost = planted!(LostPackage)
        || planted!(PackageKeptFromFirstSendOnly) && ended.before.state != State::InFlight;
    receipt.package.as_deref().filter(|_| !is_lost)
}

/// The bill's receipt so far: the red packet's number and the package.
type Stored = (Option<String>, Option<String>);

fn stored(tx: &Connection, bill: i64) -> rusqlite::Result<Option<Stored>> {
    tx.prepare_cached("SELECT send_listid, package FROM receipt WHERE bill = ?1")?
        .query_row([bill], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Two red packets under one number: WeChat Pay itself has paid twice.
fn double(stored: Option<&str>, told: &str) -> Option<String> {
    let stored = stored.filter(|stored| !told.is_empty() && *stored != told)?;
    Some(note::paid_twice(stored, told).en)
}

/// Keeps the red packet's number; what there is to say if there is more than one.
pub(super) fn keep_detail_id(
    tx: &Connection,
    bill: i64,
    answer: &Answer<Sighting>,
) -> rusqlite::Result<Option<String>> {
    let told = answer.detail_id.as_str();
    let stored = stored(tx, bill)?.and_then(|(listid, _)| listid);
    let differs = double(stored.as_deref(), told);
    if stored.is_none() && !told.is_empty() {
        tx.prepare_cached(
            "INSERT INTO receipt (bill, send_listid) VALUES (?1, ?2)
             ON CONFLICT (bill) DO UPDATE
             SET send_listid = coalesce(send_listid, excluded.send_listid)",
        )?
        .execute((bill, told))?;
    }
    let several = answer.is_double.then(|| note::double_payment().en);
    if several.is_some() || differs.is_none() {
        return Ok(several.map(|words| differs.unwrap_or(words)));
    }
    // A reply and a query call the packet by one number, the documents say. Where that was not seen
    // yet, it is not held against this one.
    let are_one: bool = tx
        .prepare_cached(&are_one())?
        .query_row((bill, BREAKS[0]), |row| row.get(0))?;
    let only_noted = || note::another_name(told).en;
    Ok(if are_one { differs } else { Some(only_noted()) })
}

/// Whether a query called another packet, of the last fifty, by the number of its reply.
fn are_one() -> String {
    format!(
        "SELECT EXISTS (
           SELECT 1 FROM (SELECT bill FROM attempt
             WHERE action = 'query' AND bill <> ?1 AND {SAW_PAID}
             ORDER BY attempt DESC LIMIT 50) AS asked
           JOIN bill USING (bill)
           WHERE has_package AND sends > 0 AND NOT EXISTS
             (SELECT 1 FROM journal WHERE journal.bill = asked.bill AND attempt IS NOT NULL
               AND (note LIKE ?2 || '%' OR note LIKE '%a query calls it %')))"
    )
}
