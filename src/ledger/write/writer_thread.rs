//! The one thread that writes while a campaign runs. It carries out jobs in groups,
//! one transaction a group, and answers after COMMIT. After any error it answers nobody again.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::checkpoints::Checkpoints;
use super::heard::Heard;
use super::job::{Answerer, Job};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::take::run_state::RunState;

/// Most jobs of one group. All that 32 in flight have open fit; more would only make the first
/// in it wait longer.
const GROUP: usize = 512;

/// A smaller group of answers that nobody waits for waits for more: every commit writes a dozen
/// pages and waits for the disk, whatever it holds. A job that somebody awaits ends that. Only a
/// moment: a kill leaves in doubt what is not recorded yet.
const ENOUGH: usize = 256;
const LINGER: Duration = Duration::from_millis(4);

/// The thread's side.
pub(super) struct WriterThread {
    pub(super) conn: Connection,
    pub(super) path: PathBuf,
    /// `None`: SQLite's own.
    pub(super) checkpoints: Option<Checkpoints>,
    pub(super) run: RunState,
    pub(super) heard: Heard,
    pub(super) failure: Arc<OnceLock<LedgerError>>,
}

impl WriterThread {
    /// Works until nobody can ask any more, or until something failed.
    pub(super) fn serve(&mut self, mut jobs: mpsc::UnboundedReceiver<Job>) {
        while let Some(first) = jobs.blocking_recv() {
            let mut group = vec![first];
            let until = Instant::now() + LINGER;
            gather(&mut group, &mut jobs);
            while group.len() < ENOUGH && group.iter().all(|job| job.can_wait) {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() || jobs.is_closed() {
                    break;
                }
                // Woken by whoever waits.
                std::thread::park_timeout(left);
                gather(&mut group, &mut jobs);
            }
            match self.commit(group) {
                Ok(answers) => {
                    for answer in answers {
                        answer();
                    }
                    if let Some(checkpoints) = &mut self.checkpoints {
                        checkpoints.after_commit(&self.conn);
                    }
                }
                Err(failure) => {
                    // Nobody knows whether the group is durable: no answer, no retry.
                    tracing::error!(%failure, "the ledger failed");
                    let _ = self.failure.set(failure);
                    return;
                }
            }
        }
        self.checkpoints = None;
        let _ = self.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    pub(super) fn commit(&mut self, group: Vec<Job>) -> Result<Vec<Answerer>, LedgerError> {
        let path = self.path.clone();
        let failed = |source| LedgerError::sqlite(&path, "committing")(source);
        let WriterThread {
            conn, run, heard, ..
        } = self;
        let tx = WriteTx::open(conn).map_err(failed)?;
        if tx.epoch() != run.epoch && !planted!(EpochUnchecked) {
            return Err(LedgerError::Stale { path });
        }
        tx.heard(heard.latest());
        let (begun, jobs) = (Instant::now(), group.len());
        let mut answers = Vec::with_capacity(jobs);
        for job in group {
            tx.saw(job.at);
            answers.push(job.carry_out(&tx, run).map_err(failed)?);
        }
        let done = tx.commit().map_err(failed);
        if !planted!(GoesOnAfterCommitError) {
            done?;
        }
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::debug!(jobs, micros, "committed");
        Ok(answers)
    }
}

/// Takes what else is waiting.
pub(super) fn gather(group: &mut Vec<Job>, jobs: &mut mpsc::UnboundedReceiver<Job>) {
    while group.len() < GROUP
        && let Ok(job) = jobs.try_recv()
    {
        group.push(job);
    }
}
