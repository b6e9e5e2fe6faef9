//! What stays on record of a process that speaks to WeChat Pay: that it began, by whom, and how it
//! ended. It begins before the first request; what ends before that leaves no row.

use std::cell::Cell;

use crate::account::account;
use crate::commands::console::one_line;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Reader, RunBegin, RunMark};

use crate::commands::setup::context::Context;

/// The record of this process, under way.
pub(in crate::commands) struct RunLog<'a> {
    context: &'a Context,
    reader: &'a Reader,
    verb: &'static str,
    begun: Cell<Option<RunMark>>,
}

impl<'a> RunLog<'a> {
    /// Of a process that carries out this verb. It has not begun.
    pub(in crate::commands) fn of(
        verb: &'static str,
        context: &'a Context,
        reader: &'a Reader,
    ) -> Self {
        RunLog {
            context,
            reader,
            verb,
            begun: Cell::new(None),
        }
    }

    /// Keeps that it begins, durably. The process holds the ledger.
    pub(in crate::commands) fn begin(&self, row: &CampaignRow) -> Result<(), Error> {
        let begin = RunBegin {
            verb: self.verb.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            who: account(),
        };
        let at = self.context.clock.now_ms();
        self.begun
            .set(Some(self.reader.begin_run(row, &begin, at)?));
        Ok(())
    }

    /// Keeps that it ends, if it began, and with which exit code. Not after an error of the ledger:
    /// then nobody writes to it any more, and the run is one without an end. What became of the run
    /// is not hidden by a row that could not be written: that is told, no more.
    pub(in crate::commands) fn ended<T>(
        &self,
        done: Result<T, Error>,
        exit: impl FnOnce(&T) -> Result<ExitCode, Error>,
    ) -> Result<T, Error> {
        let exit = match &done {
            Ok(done) => exit(done),
            Err(fault) => Ok(fault.exit()),
        };
        if let Err(fault) = exit.and_then(|exit| self.keep_end(exit)) {
            self.context.warn(&one_line(&fault));
        }
        done
    }

    fn keep_end(&self, exit: ExitCode) -> Result<(), Error> {
        let begun = self.begun.take().filter(|_| exit != ExitCode::Unexpected);
        let at = self.context.clock.now_ms();
        let kept = begun.map(|run| self.reader.end_run(run, exit.code(), at));
        kept.transpose()?;
        Ok(())
    }
}
