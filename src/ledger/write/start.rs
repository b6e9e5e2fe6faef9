//! How the writer begins: an owner becomes a handle and a thread.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, OnceLock};

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::checkpoints::Checkpoints;
use super::heard::Heard;
use super::job::Job;
use super::writer::Writer;
use super::writer_thread::WriterThread;
use crate::domain::policy::RetryRules;
use crate::domain::terms::Terms;
use crate::ledger::fault::LedgerError;
use crate::ledger::flow::billed::billed;
use crate::ledger::journal::seal::terms_seal;
use crate::ledger::open::owner::Owner;
use crate::ledger::take::run_limit::LimitLeft;
use crate::ledger::take::run_state::RunState;
use crate::ledger::take::spent_by_day::SpentByDay;

/// Bills are taken in their order and answers come soon after, so that few pages are in use. SQLite
/// looks through its whole cache at each commit after which a table has grown by a page.
const CACHE: &str = "PRAGMA cache_size = -2048";

impl Owner {
    /// Starts the writing thread for one campaign.
    ///
    /// # Errors
    /// Where the campaign was never loaded.
    pub fn into_writer(self, terms: &Terms, rules: RetryRules) -> Result<Writer, LedgerError> {
        let (mut writer, mut thread, jobs) = self.into_thread(terms, rules)?;
        thread.checkpoints = Some(Checkpoints::beside(&mut thread.conn, &thread.path)?);
        let handle = std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || thread.serve(jobs))
            .map_err(LedgerError::NoThread)?;
        writer.thread = Some(handle);
        Ok(writer)
    }

    pub(super) fn into_thread(
        self,
        terms: &Terms,
        rules: RetryRules,
    ) -> Result<(Writer, WriterThread, mpsc::UnboundedReceiver<Job>), LedgerError> {
        let row = self.reader_row(terms)?;
        let row = row.ok_or_else(|| LedgerError::NoCampaign(terms.id.to_string()))?;
        let (conn, path, epoch, lock) = self.into_parts()?;
        conn.execute_batch(CACHE)
            .map_err(LedgerError::sqlite(&path, "opening"))?;
        let texts = if planted!(TextsOfToday) {
            terms.texts.clone()
        } else {
            row.texts
        };
        let run = RunState {
            campaign: row.campaign,
            // Merchant and appid go on the wire as the campaign file has them.
            terms: terms_seal(terms.mch_id.as_str(), &terms.wxappid, &texts),
            texts: Arc::new(texts),
            rules,
            spent: RefCell::new(SpentByDay::new(terms.caps)),
            limit_left: LimitLeft::default(),
            approved: Arc::default(),
            billed: billed(&conn, row.campaign).map_err(LedgerError::sqlite(&path, "opening"))?,
            asked: RefCell::default(),
            first_attempt: newest_attempt(&conn).map_err(LedgerError::sqlite(&path, "opening"))?,
            epoch,
            has_accepted: Cell::new(false),
            waits_for_answers: Cell::new(false),
            pay_again: RefCell::default(),
        };
        // Not bounded: who asks waits for the answer, or has an attempt of a bounded number.
        let (queue, jobs) = mpsc::unbounded_channel();
        let failure = Arc::new(OnceLock::new());
        let heard = Heard::default();
        let thread = WriterThread {
            conn,
            path,
            checkpoints: None,
            run,
            heard: heard.clone(),
            failure: Arc::clone(&failure),
        };
        let writer = Writer {
            queue: Some(queue),
            thread: None,
            failure,
            heard,
            is_limit_reached: thread.run.limit_left.reached_flag(),
            approved: Arc::clone(&thread.run.approved),
            lock,
        };
        Ok((writer, thread, jobs))
    }
}

/// The last attempt of the processes before this one.
fn newest_attempt(conn: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(max(attempt), 0) FROM attempt";
    conn.query_row(sql, [], |row| row.get(0))
}
