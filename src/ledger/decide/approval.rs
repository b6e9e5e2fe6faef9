//! Approvals: rows of the journal, which nobody can change or take away unseen. The newest come
//! first; a campaign has few.

use rusqlite::OptionalExtension;

use crate::domain::approval::{Approval, Stale, Today};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// The journal's name for an approval.
const APPROVED: &str = "approved";

impl Reader {
    /// Keeps an approval, without the lock: the next run finds it.
    ///
    /// # Errors
    /// Where the row cannot be written.
    pub fn approve(&self, campaign: &CampaignRow, approval: &Approval) -> Result<(), LedgerError> {
        let (at, line) = (approval.approved_at, approval.line());
        self.change("recording the approval", |tx| {
            tx.note(campaign.campaign, APPROVED, at, Some(&line))
        })
    }

    /// The newest approval, good or not.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn last_approval(&self, campaign: &CampaignRow) -> Result<Option<Approval>, LedgerError> {
        let sql = "SELECT note FROM journal WHERE campaign = ?1 AND event = ?2 AND bill IS NULL
             ORDER BY seq DESC LIMIT 1";
        let note: Option<String> = self.read(|conn| {
            conn.query_row(sql, (campaign.campaign, APPROVED), |row| row.get(0))
                .optional()
        })?;
        Ok(note.as_deref().and_then(Approval::parse))
    }

    /// Looks for an approval that is good today; if there is none, why the newest one of an
    /// approver is not. Reads the journal backwards until it finds one.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn approved(
        &self,
        campaign: &CampaignRow,
        today: &Today<'_>,
    ) -> Result<Result<Approval, Stale>, LedgerError> {
        let sql = "SELECT note FROM journal WHERE campaign = ?1 AND event = ?2 AND bill IS NULL
             ORDER BY seq DESC";
        self.read(|conn| {
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query((campaign.campaign, APPROVED))?;
            let mut why = Stale::Nobody;
            while let Some(row) = rows.next()? {
                let note: String = row.get(0)?;
                let Some(approval) = Approval::parse(&note) else {
                    continue;
                };
                match approval.check(today) {
                    Ok(()) => return Ok(Ok(approval)),
                    Err(found) if !why.is_of_approver() => {
                        let is_better = why == Stale::Nobody || found.is_of_approver();
                        why = if is_better { found } else { why };
                    }
                    Err(_) => {}
                }
            }
            Ok(Err(why))
        })
    }
}
