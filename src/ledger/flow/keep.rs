//! A match is kept: the journal holds a digest of it, and what follows from it is done at once.

use std::iter::once;

use rusqlite::types::Value;
use rusqlite::{Error, params, params_from_iter};

use super::billed::hold;
use super::kept::GivenBill;
use super::outcome::FlowOutcome;
use super::scratch::{BreakStanding, FlowBreak, FlowScratch};
use crate::domain::policy::RetryRules;
use crate::ledger::columns::to_sql;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::flow_seal::{MATCHED, match_note, match_seal};
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// So many breaks of a match are kept beside those that decide: a bill of the wrong account makes
/// one of each packet. How many there were is kept whole.
const KEPT_MAX: usize = 10_000;

impl Reader {
    /// Keeps what a match came to: sealed, and in the journal. What it calls paid and the ledger
    /// does not is not sent under any number. The process holds the ledger.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn keep_match(
        &self,
        campaign: &CampaignRow,
        (at, given, days): (i64, &[GivenBill], &[String]),
        (outcome, scratch): (&FlowOutcome, &FlowScratch),
        rules: &RetryRules,
    ) -> Result<(), LedgerError> {
        let bills = bills(outcome, given);
        let rows =
            |count: fn(&GivenBill) -> Option<u64>| -> u64 { bills.iter().filter_map(count).sum() };
        let (foreign, others) = (rows(|bill| bill.foreign), rows(|bill| bill.others));
        let breaks = kept_breaks(scratch)?;
        let unwritable = |fault: serde_json::Error| Error::ToSqlConversionFailure(fault.into());
        self.change("keeping a match", |tx| {
            let id: i64 = tx.query_row(
                "SELECT coalesce(max(flow_match), 0) + 1 FROM flow_match",
                [],
                |row| row.get(0),
            )?;
            let kept_rows: u64 =
                scratch
                    .conn
                    .query_row("SELECT count(*) FROM ours", [], |row| row.get(0))?;
            let so_far = &outcome.so_far;
            tx.change(
                "INSERT INTO flow_match (flow_match, campaign, at, bills, days, matched,
                   matched_fen, not_covered, in_doubt, foreign_rows, other_rows, breaks, kept_rows)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                params![
                    id,
                    campaign.campaign,
                    at,
                    serde_json::to_string(&bills).map_err(unwritable)?,
                    serde_json::to_string(days).map_err(unwritable)?,
                    so_far.matched,
                    to_sql(so_far.matched_fen),
                    so_far.not_covered,
                    so_far.in_doubt,
                    foreign,
                    others,
                    serde_json::to_string(&outcome.all_breaks()).map_err(unwritable)?,
                    kept_rows,
                ],
            )?;
            keep_rows(tx, id, scratch)?;
            for it in &breaks {
                tx.change(
                    "INSERT INTO flow_break (flow_match, type, bill, mch_billno, send_listid,
                       ledger_fen, bill_fen, booked_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params_from_iter(once(id.into()).chain(it.written())),
                )?;
            }
            let hash = match_seal(tx, id)?.unwrap_or_default();
            let note = match_note(id, &hash);
            tx.note(campaign.campaign, MATCHED, at, Some(&note))?;
            hold(tx, campaign.campaign, (rules, at))
        })
    }
}

/// All bills so far, the given ones with what their rows were.
fn bills(outcome: &FlowOutcome, given: &[GivenBill]) -> Vec<GivenBill> {
    let by_file = outcome.whose.by_file.iter();
    let given = given.iter().zip(by_file);
    let given = given.map(|(bill, (foreign, others))| GivenBill {
        foreign: Some(*foreign),
        others: Some(*others),
        ..bill.clone()
    });
    outcome.before.iter().cloned().chain(given).collect()
}

/// The breaks that are kept one by one, the grave kinds first.
fn kept_breaks(scratch: &FlowScratch) -> Result<Vec<FlowBreak>, LedgerError> {
    let (mut breaks, mut room) = (Vec::new(), KEPT_MAX);
    // What a person explained is known to be kept.
    for how in BreakStanding::ALL.into_iter().rev() {
        scratch.breaks(how, |it| {
            if it.decides() || room > 0 {
                room -= usize::from(!it.decides());
                breaks.push(it.clone());
            }
            Ok::<(), LedgerError>(())
        })?;
    }
    breaks.sort_by_key(|it| it.kind);
    Ok(breaks)
}

/// Keeps the rows of the given bills that are about the campaign.
fn keep_rows(tx: &WriteTx<'_>, flow_match: i64, scratch: &FlowScratch) -> rusqlite::Result<()> {
    let sql = "SELECT file, booked_at, direction, fen, voucher, wx_order, movement, business, kind
         FROM ours JOIN raw USING (raw) ORDER BY raw";
    let mut statement = scratch.conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut values = vec![Value::from(flow_match)];
        for index in 0..row.as_ref().column_count() {
            values.push(row.get(index)?);
        }
        tx.change(
            "INSERT INTO flow_row (flow_match, file, booked_at, direction, fen, voucher, wx_order,
               movement, business, kind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params_from_iter(values),
        )?;
    }
    Ok(())
}
