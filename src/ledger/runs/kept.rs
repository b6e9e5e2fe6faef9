//! A run as the journal keeps it: two rows, whatever it sent. They are written beside the process's
//! own writer, and by no other process.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::LedgerRow;
use crate::ledger::journal::run_note::{RUN_BEGUN, RUN_ENDED, RunBegin, end_note, parse_end};
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRun {
    /// When it began.
    pub at: i64,
    /// What is known of it from then on.
    pub begin: RunBegin,
    /// When it ended, and its exit code; `None` where it has not, or was killed.
    pub end: Option<(i64, u8)>,
    /// Whether no process took the ledger since: without an end it may be going on.
    pub is_last: bool,
}

/// A run that has begun and not ended: its campaign, and its place in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunMark {
    campaign: i64,
    seq: i64,
}

impl Reader {
    /// Keeps that a run begins. The process holds the ledger.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn begin_run(
        &self,
        campaign: &CampaignRow,
        begin: &RunBegin,
        at: i64,
    ) -> Result<RunMark, LedgerError> {
        let (campaign, seq) = (campaign.campaign, Cell::new(0));
        self.change("recording the run", |tx| {
            tx.note(campaign, RUN_BEGUN, at, Some(&begin.note()))?;
            seq.set(tx.entries());
            Ok(())
        })?;
        Ok(RunMark {
            campaign,
            seq: seq.get(),
        })
    }

    /// Keeps that it has ended. Another process may have taken the ledger meanwhile.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn end_run(&self, run: RunMark, exit: u8, at: i64) -> Result<(), LedgerError> {
        self.change("recording the end of the run", |tx| {
            let note = end_note(run.seq, exit);
            tx.note(run.campaign, RUN_ENDED, at, Some(&note))
        })
    }

    /// The runs of a campaign, the oldest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn runs(&self, campaign: &CampaignRow) -> Result<Vec<RecordedRun>, LedgerError> {
        let sql = "SELECT seq, at, epoch, event, note FROM journal
             WHERE campaign = ?1 AND event IN (?2, ?3) AND bill IS NULL ORDER BY seq";
        self.read(|conn| {
            let epoch = LedgerRow::read(conn)?.map(|row| row.epoch);
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query((campaign.campaign, RUN_BEGUN, RUN_ENDED))?;
            let mut runs: BTreeMap<i64, RecordedRun> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let (seq, at, event): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
                let note: String = row.get(4)?;
                if event == RUN_ENDED {
                    let Some((begun, exit)) = parse_end(&note) else {
                        continue;
                    };
                    if let Some(run) = runs.get_mut(&begun) {
                        run.end = Some((at, exit));
                    }
                } else if let Some(begin) = RunBegin::parse(&note) {
                    let is_last = epoch == row.get(2)?;
                    let run = RecordedRun {
                        at,
                        begin,
                        end: None,
                        is_last,
                    };
                    runs.insert(seq, run);
                }
            }
            Ok(runs.into_values().collect())
        })
    }
}
