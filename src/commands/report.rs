//! `report`: the result of every packet, as a file or on stdout.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use crate::cli::{Format, ReportArgs};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, LedgerError, Reader, ReportRow};
use crate::report::{CsvReport, Extra, JsonReport};
use crate::words::Lang;

use super::context::Context;
use super::stream::{Kind, stream};

/// Heaps of rows that may wait to be written.
const HEAPS: usize = 4;

pub(super) fn report(
    args: &ReportArgs,
    typed: Option<Lang>,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    // Programs read the headers: no variable of the environment changes them.
    let headers = typed.unwrap_or_default();
    if let Some(path) = &args.out {
        write_file(path, |to| fill(&context, to, args.format, headers))?;
    } else {
        let kind = match args.format {
            Format::Csv => Kind::Lines,
            Format::Json => Kind::Json,
        };
        stream(kind, |to| {
            fill(&context, to, args.format, headers).map(drop)
        })?;
    }
    Ok(ExitCode::Done)
}

/// The report that `run` ends with.
pub(super) fn write_report(context: &Context, path: &Path) -> Result<(), Error> {
    write_file(path, |to| fill(context, to, Format::Csv, Lang::En))
}

/// A reader sees the old file or the whole new one: a temporary file, fsynced and renamed.
fn write_file(
    path: &Path,
    fill: impl FnOnce(BufWriter<File>) -> Result<BufWriter<File>, Error>,
) -> Result<(), Error> {
    sweep(path);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = PathBuf::from(name);
    let failed = |source| Error::Write {
        path: path.to_owned(),
        source,
    };
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let begun = options.open(&temporary).map_err(failed)?;
    let written = fill(BufWriter::new(begun)).and_then(|to| {
        let whole = to
            .into_inner()
            .map_err(|fault| failed(fault.into_error()))?;
        whole.sync_all().map_err(failed)?;
        std::fs::rename(&temporary, path).map_err(failed)?;
        sync_folder(path).map_err(failed)
    });
    if written.is_err() {
        // What could not be written whole is of no use to anyone.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

/// Removes what a killed process left beside `path`: its process number stands in the name.
fn sweep(path: &Path) {
    let Some(name) = path.file_name() else {
        return;
    };
    let name = name.to_string_lossy();
    for entry in std::fs::read_dir(folder(path))
        .into_iter()
        .flatten()
        .flatten()
    {
        let found = entry.file_name();
        let process = found
            .to_str()
            .and_then(|found| found.strip_prefix(name.as_ref())?.strip_prefix('.'))
            .and_then(|rest| rest.strip_suffix(".tmp")?.parse::<u32>().ok());
        // Where the system has no /proc nobody is known to be dead.
        let is_dead = |process: u32| {
            Path::new("/proc/self").exists() && !Path::new(&format!("/proc/{process}")).exists()
        };
        if process.is_some_and(is_dead) {
            // One that stays is in nobody's way.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The rename is durable once the folder is.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    File::open(folder(path))?.sync_all()
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn fill<W: Write>(context: &Context, to: W, format: Format, headers: Lang) -> Result<W, Error> {
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
            Ok(report.end()?)
        }
        Format::Json => {
            let mut report = JsonReport::begin(to, extra)?;
            if let Some((reader, row)) = loaded {
                write_rows(reader, &row, |packet| report.row(packet))?;
            }
            Ok(report.end()?)
        }
    }
}

/// One thread reads the ledger, in one transaction, and this one writes.
fn write_rows(
    reader: Reader,
    campaign: &CampaignRow,
    mut write: impl FnMut(&ReportRow) -> std::io::Result<()>,
) -> Result<(), Error> {
    std::thread::scope(|scope| {
        let (full, inbox) = sync_channel(HEAPS);
        let (spent, empty) = channel();
        let reading = scope.spawn(move || read_rows(&reader, campaign, &full, &empty));
        for heap in inbox {
            let heap: Vec<ReportRow> = heap;
            heap.iter().try_for_each(&mut write)?;
            // After the last heap nobody wants an empty one.
            let _ = spent.send(heap);
        }
        let read = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok(read?)
    })
}

/// Why reading ended early.
enum Stop {
    Ledger(LedgerError),
    /// Who writes failed, and says why.
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
    let read = reader.report(campaign, |heap| match full.send(heap) {
        Ok(()) => Ok(empty.try_recv().unwrap_or_default()),
        Err(_) => Err(Stop::Unwanted),
    });
    match read {
        Ok(()) | Err(Stop::Unwanted) => Ok(()),
        Err(Stop::Ledger(fault)) => Err(fault),
    }
}
