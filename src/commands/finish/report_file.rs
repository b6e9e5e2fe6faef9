//! The result of every packet, as a file or a stream.

use std::io::Write;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use crate::cli::Format;
use crate::error::Error;
use crate::ledger::{CampaignRow, LedgerError, Reader, ReportRow};
use crate::report::{CsvReport, Extra, JsonReport};
use crate::words::Lang;

use crate::commands::output::place::{FileKind, Output, OutputPlace};
use crate::commands::output::stream::StreamKind;
use crate::commands::setup::context::Context;

/// Batches of rows that may wait to be written.
const BATCHES: usize = 4;

/// Where the report goes that `run` ends with. Asked before anything is sent, so that a run does
/// not end over somebody's file.
pub(in crate::commands) fn place_of_run(context: &Context) -> Result<OutputPlace, Error> {
    let output = Output {
        context,
        path: &context.report_path(),
        kind: FileKind::Report,
        is_forced: false,
    };
    output.place_of_run(&context.run_command())
}

/// The report that `run` ends with.
pub(super) fn write_report(context: &Context) -> Result<(), Error> {
    let fill = |to: &mut dyn Write| fill(context, to, Format::Csv, Lang::En);
    place_of_run(context)?.write(StreamKind::Lines, fill)
}

pub(in crate::commands) fn fill(
    context: &Context,
    to: &mut dyn Write,
    format: Format,
    headers: Lang,
) -> Result<(), Error> {
    let loaded = context.loaded()?;
    let files = match &loaded {
        Some((reader, row)) => reader.files(row)?,
        None => Vec::new(),
    };
    let extra = Extra::of(&files);
    match format {
        Format::Csv => {
            let mut report = CsvReport::begin(to, extra, headers)?;
            if let Some((reader, row)) = loaded {
                write_rows(reader, &row, |packet| report.row(packet))?;
            }
            report.end()?;
        }
        Format::Json => {
            let mut report = JsonReport::begin(to, extra)?;
            if let Some((reader, row)) = loaded {
                write_rows(reader, &row, |packet| report.row(packet))?;
            }
            report.end()?;
        }
    }
    Ok(())
}

/// One thread reads the ledger, in one transaction, and this one writes.
fn write_rows(
    reader: Reader,
    campaign: &CampaignRow,
    mut write: impl FnMut(&ReportRow) -> std::io::Result<()>,
) -> Result<(), Error> {
    std::thread::scope(|scope| {
        let (full, inbox) = sync_channel(BATCHES);
        let (spent, empty) = channel();
        let reading = scope.spawn(move || read_rows(&reader, campaign, &full, &empty));
        for batch in inbox {
            let batch: Vec<ReportRow> = batch;
            batch.iter().try_for_each(&mut write)?;
            // After the last batch nobody wants an empty one.
            let _ = spent.send(batch);
        }
        let read = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok(read?)
    })
}

/// Why reading ended early.
enum Stop {
    Ledger(LedgerError),
    /// The writing side failed, and says why.
    Unwanted,
}

impl From<LedgerError> for Stop {
    fn from(fault: LedgerError) -> Self {
        Stop::Ledger(fault)
    }
}

fn read_rows(
    reader: &Reader,
    campaign: &CampaignRow,
    full: &SyncSender<Vec<ReportRow>>,
    empty: &Receiver<Vec<ReportRow>>,
) -> Result<(), LedgerError> {
    let read = reader.report(campaign, |batch| match full.send(batch) {
        Ok(()) => Ok(empty.try_recv().unwrap_or_default()),
        Err(_) => Err(Stop::Unwanted),
    });
    match read {
        Ok(()) | Err(Stop::Unwanted) => Ok(()),
        Err(Stop::Ledger(fault)) => Err(fault),
    }
}
