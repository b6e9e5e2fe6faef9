//! A bill about which a request may be made, with all that the request needs.

use rusqlite::Error::QueryReturnedNoRows;
use rusqlite::{Connection, OptionalExtension, Row};

use super::advance::Key;
use crate::domain::bill::Bill;
use crate::domain::ids::{MchBillno, Openid};
use crate::domain::packet::RowTexts;
use crate::ledger::columns::{
    BILL, BILL_WIDTH, bill as read_bill, fen, mch_billno, openid as read_openid, row_texts,
};
use crate::ledger::fault::Altered;
use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, Hash, Mark, bill_mark, frozen, short};
use crate::words::{audit, ledger as words};

/// A bill with what a request about it needs, read from its rows and not yet taken: no request is
/// durable. Taking it makes an `Attempt`.
pub(in crate::ledger) struct Candidate {
    pub(in crate::ledger) key: Key,
    pub(in crate::ledger) bill: Bill,
    pub(in crate::ledger) mch_billno: MchBillno,
    /// 1 for a packet's first number.
    pub(in crate::ledger) generation: u32,
    pub(in crate::ledger) openid: Openid,
    pub(in crate::ledger) texts: RowTexts,
    /// All that is fixed about the bill, from the same row.
    pub(in crate::ledger) frozen: Hash,
}

impl Candidate {
    /// It was never taken up: there is no attempt about it, and no reply.
    pub(in crate::ledger) fn is_fresh(&self) -> bool {
        self.bill.next.is_some_and(|next| next.due == 0)
    }
}

/// The first candidates that `filter` picks, `limit` at most. One that is not as it was loaded, or
/// not as the journal left it, is an error: a payment is never made from a row that somebody, or a
/// failing disk, has changed, and no move makes such a change part of the journal.
pub(in crate::ledger) fn candidates(
    tx: &Connection,
    filter: &str,
    params: impl rusqlite::Params,
    limit: usize,
) -> rusqlite::Result<Vec<Candidate>> {
    // No LIMIT in SQL: SQLite plans a statement anew whenever a bound limit changes.
    let sql = format!("SELECT {BILL}, campaign, bill, seal, {FROZEN} FROM bill WHERE {filter}");
    let found: Vec<Candidate> = tx
        .prepare_cached(&sql)?
        .query_map(params, candidate)?
        .take(limit)
        .collect::<Result<_, _>>()?;
    if let Some(other) = found_otherwise(tx, &found)? {
        return Err(Altered(audit::as_told(other.mch_billno.as_str())).into());
    }
    Ok(found)
}

/// This bill, by row.
pub(in crate::ledger) fn candidate_of(tx: &Connection, bill: i64) -> rusqlite::Result<Candidate> {
    let found = candidates(tx, "bill = ?1", [bill], 1)?;
    found.into_iter().next().ok_or(QueryReturnedNoRows)
}

/// The first that is not as the journal left it: one that was never taken up has no row there.
fn found_otherwise<'a>(
    tx: &Connection,
    found: &'a [Candidate],
) -> rusqlite::Result<Option<&'a Candidate>> {
    // First sends are taken in the order of their rows: one look tells of all of them.
    let fresh = || found.iter().filter(|it| it.is_fresh());
    let rows = |it: &Candidate| it.key.bill;
    let is_any_told = match (fresh().map(rows).min(), fresh().map(rows).max()) {
        (Some(first), Some(last)) => tx
            .prepare_cached("SELECT 1 FROM journal WHERE bill BETWEEN ?1 AND ?2")?
            .exists([first, last])?,
        _ => false,
    };
    let newest = "SELECT mark FROM journal WHERE bill = ?1 ORDER BY seq DESC LIMIT 1";
    for it in found.iter().filter(|it| is_any_told || !it.is_fresh()) {
        let bill = it.key.bill;
        let told: Option<Mark> = tx
            .prepare_cached(newest)?
            .query_row([bill], |row| row.get(0))
            .optional()?;
        let is_as_told = match told {
            Some(_) if it.is_fresh() => false,
            Some(mark) => mark == bill_mark(tx, bill)?,
            None => it.is_fresh(),
        };
        if !is_as_told {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

/// What is fixed about a packet, by its columns `seal` and [`FROZEN`] from `first` on: refused
/// where it is not as it was loaded. People are paid, and told, by it.
pub(in crate::ledger) fn frozen_checked(row: &Row<'_>, first: usize) -> rusqlite::Result<Hash> {
    let frozen = frozen(row, first + 1)?;
    if short(&frozen) == row.get::<_, i64>(first)? {
        return Ok(frozen);
    }
    let line: i64 = row.get(first + 1)?;
    let number: String = row.get(first + FROZEN_WIDTH)?;
    Err(Altered(words::packet(number, line)).into())
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let at = |index: usize| BILL_WIDTH + 3 + index;
    let frozen = frozen_checked(row, BILL_WIDTH + 2)?;
    Ok(Candidate {
        key: Key {
            campaign: row.get(BILL_WIDTH)?,
            bill: row.get(BILL_WIDTH + 1)?,
            amount: fen(row, at(3))?,
        },
        bill: read_bill(row)?,
        mch_billno: mch_billno(row, at(11))?,
        generation: row.get(at(10))?,
        openid: read_openid(row, at(2))?,
        texts: row_texts(row, at(4))?,
        frozen,
    })
}
