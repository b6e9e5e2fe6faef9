//! The writer as a task in virtual time, where everything happens in one order, and where a
//! process can die before or after any commit.

use std::future::pending;

use tokio::sync::mpsc;

use super::job::Job;
use super::writer::Writer;
use super::writer_thread::{WriterThread, gather};
use crate::domain::policy::RetryRules;
use crate::domain::terms::Terms;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::owner::Owner;

impl Owner {
    /// As [`Owner::into_writer`], with a task in place of the thread: in virtual time everything
    /// happens in one order. `goes_on` is asked before and after each commit whether the process
    /// still lives.
    ///
    /// # Errors
    /// Where the campaign was never loaded.
    pub fn into_played_writer(
        self,
        terms: &Terms,
        rules: RetryRules,
        goes_on: impl Fn() -> bool + Send + 'static,
    ) -> Result<Writer, LedgerError> {
        let (writer, thread, jobs) = self.into_thread(terms, rules)?;
        tokio::spawn(thread.play(jobs, goes_on));
        Ok(writer)
    }
}

impl WriterThread {
    /// As [`WriterThread::serve`], as a task in virtual time. `goes_on` is asked before and after
    /// each commit: where it says no, the process is dead, and nobody learns of anything any more.
    async fn play(mut self, mut jobs: mpsc::UnboundedReceiver<Job>, goes_on: impl Fn() -> bool) {
        while let Some(first) = jobs.recv().await {
            let mut group = vec![first];
            // Company comes in the same turn.
            tokio::task::yield_now().await;
            gather(&mut group, &mut jobs);
            if !goes_on() {
                std::mem::forget(group);
                return pending().await;
            }
            match self.commit(group) {
                Ok(answers) if goes_on() => answers.into_iter().for_each(|answer| answer()),
                Ok(answers) => {
                    std::mem::forget(answers);
                    return pending().await;
                }
                Err(failure) => {
                    let _ = self.failure.set(failure);
                    return;
                }
            }
        }
    }
}
