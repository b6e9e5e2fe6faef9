//! A match is kept: the journal holds a digest of it, and what follows from it is done at once.

use std::iter::once;

use rusqlite::types::Value;
use rusqlite::{Error, params, params_from_iter};

use super::billed::hold;
use super::kept::GivenBill;
use super::outcome::FlowOutcome;
use super::scratch::{BreakStanding, FlowBreak, FlowScratch};
use crate::domain::flow::breaks::BreakKind;
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
                    serde_json::to_string(given).map_err(unwritable)?,
                    serde_json::to_string(days).map_err(unwritable)?,
                    so_far.matched,
                    to_sql(so_far.matched_fen),
                    so_far.not_covered,
                    so_far.in_doubt,
                    outcome.foreign_so_far,
                    outcome.others_so_far,
                    serde_json::to_string(&outcome.all_breaks()).map_err(unwritable)?,
                    kept_rows,
                ],
            )?;
            keep_rows(tx, id, scratch)?;
            for it in &breaks {
                tx.change(
                    "INSERT INTO flow_break (flow_match, type, bill, mch_billno, send_listid,
                       ledger_fen, bill_fen, booked_at, movements)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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

/// The breaks that are kept one by one, the grave kinds first.
fn kept_breaks(scratch: &FlowScratch) -> Result<Vec<FlowBreak>, LedgerError> {
    let (mut breaks, mut room) = (Vec::new(), KEPT_MAX);
    let standings = [
        // What a person explained, and what was kept before, is known to be kept.
        BreakStanding::Explained,
        BreakStanding::Carried,
        BreakStanding::Given,
    ];
    for kind in BreakKind::ALL {
        for how in standings {
            scratch.breaks_of((kind, how), |it| {
                if it.decides() || room > 0 {
                    room -= usize::from(!it.decides());
                    breaks.push(it.clone());
                }
                Ok::<(), LedgerError>(())
            })?;
        }
    }
    Ok(breaks)
}

/// Keeps the rows of the given bills that are about the campaign, or may turn out to be.
fn keep_rows(tx: &WriteTx<'_>, flow_match: i64, scratch: &FlowScratch) -> rusqlite::Result<()> {
    let sql = "SELECT file, booked_at, direction, fen, voucher, wx_order, movement, business, kind,
           is_ours
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
               movement, business, kind, is_ours)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params_from_iter(values),
        )?;
    }
    Ok(())
}
