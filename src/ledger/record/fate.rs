//! A query's word on the payment under a number: kept beside its bill, with the time of the answer,
//! and sealed in its bill's mark.

use rusqlite::params;

use super::ended::Ended;
use crate::domain::fate::{Fate, Otherwise};
use crate::domain::outcome::{Answer, Sighting, is_known};
use crate::ledger::bill::fate::find;
use crate::ledger::bill::paid_otherwise;
use crate::ledger::columns::to_sql;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// Keeps it, but for what `contradicts` what is proven of the bill; what there is to say where it
/// tells otherwise than before.
pub(super) fn keep_fate(
    tx: &WriteTx<'_>,
    ended: &Ended,
    answer: &Answer<Sighting>,
    contradicts: bool,
) -> rusqlite::Result<Option<String>> {
    if !is_known(&answer.verdict) {
        return Ok(None);
    }
    let bill = ended.key.bill;
    let mut fate = find(tx, bill)?.unwrap_or_default();
    let otherwise = if contradicts {
        None
    } else {
        let paid = paid_otherwise::find(tx, bill)?;
        let sent = paid.map_or(ended.key.amount, |paid| paid.amount);
        fate.learn(&answer.fate, sent)
    };
    write(tx, bill, ended.moment.now, &fate)?;
    otherwise.map(|it| words(tx, it)).transpose()
}

fn write(tx: &WriteTx<'_>, bill: i64, asked_at: i64, fate: &Fate) -> rusqlite::Result<()> {
    tx.change(
        "INSERT INTO fate (bill, asked_at, received_at, refunded_at, refunded_fen, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (bill) DO UPDATE SET asked_at = ?2, received_at = ?3, refunded_at = ?4,
           refunded_fen = ?5, reason = ?6",
        params![
            bill,
            asked_at,
            fate.received_at,
            fate.refunded_at,
            fate.refunded.map(to_sql),
            fate.reason,
        ],
    )?;
    Ok(())
}

fn words(tx: &WriteTx<'_>, otherwise: Otherwise) -> rusqlite::Result<String> {
    let note = match otherwise {
        Otherwise::Received(was, is) => {
            note::another_claim_time(beijing(tx, was)?, beijing(tx, is)?)
        }
        Otherwise::Refunded(was, is) => {
            note::another_refund_time(beijing(tx, was)?, beijing(tx, is)?)
        }
        Otherwise::Refund(was, is) => note::another_refund(was, is),
    };
    Ok(note.en)
}

/// A time as WeChat Pay says it.
fn beijing(tx: &WriteTx<'_>, at: i64) -> rusqlite::Result<String> {
    let sql = "SELECT datetime(?1 / 1000 + 28800, 'unixepoch')";
    tx.query_row(sql, [at], |row| row.get(0))
}
