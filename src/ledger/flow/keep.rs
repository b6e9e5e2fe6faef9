//! A match is kept: the journal holds a digest of it, and what follows from it is done at once.

use std::collections::BTreeMap;
use std::iter::once;

use rusqlite::{Error, params, params_from_iter};

use super::billed::hold;
use super::compare::FlowOutcome;
use super::kept::GivenBill;
use super::scratch::FlowScratch;
use crate::domain::policy::RetryRules;
use crate::ledger::columns::to_sql;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::flow_seal::{MATCHED, match_note, match_seal};
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
        (at, bills, days): (i64, &[GivenBill], &[String]),
        (outcome, scratch): (&FlowOutcome, &FlowScratch),
        rules: &RetryRules,
    ) -> Result<(), LedgerError> {
        let kinds: BTreeMap<&str, u64> = outcome
            .breaks
            .iter()
            .map(|(kind, count)| (kind.name(), *count))
            .collect();
        let (mut breaks, mut room) = (Vec::new(), KEPT_MAX);
        scratch.breaks(|it| {
            if it.decides() || room > 0 {
                room -= usize::from(!it.decides());
                breaks.push(it.clone());
            }
            Ok::<(), LedgerError>(())
        })?;
        let unwritable = |fault: serde_json::Error| Error::ToSqlConversionFailure(fault.into());
        self.change("keeping a match", |tx| {
            let id: i64 = tx.query_row(
                "SELECT coalesce(max(flow_match), 0) + 1 FROM flow_match",
                [],
                |row| row.get(0),
            )?;
            tx.change(
                "INSERT INTO flow_match (flow_match, campaign, at, bills, days, matched,
                   matched_fen, not_covered, in_doubt, foreign_rows, other_rows, breaks)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    id,
                    campaign.campaign,
                    at,
                    serde_json::to_string(bills).map_err(unwritable)?,
                    serde_json::to_string(days).map_err(unwritable)?,
                    outcome.matched,
                    to_sql(outcome.matched_fen),
                    outcome.not_covered,
                    outcome.in_doubt,
                    outcome.whose.foreign,
                    outcome.whose.of_others,
                    serde_json::to_string(&kinds).map_err(unwritable)?,
                ],
            )?;
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
