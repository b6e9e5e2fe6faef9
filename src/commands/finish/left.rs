//! The reports that `run` and `reconcile` leave beside the ledger.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::cli::Format;
use crate::config::LeftFormat;
use crate::domain::hex::hex;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::recipients::{sha256_of, workbook_property};
use crate::report::ROWS;
use crate::service;
use crate::words::{Lang, report as words};

use super::moment::LedgerMoment;
use super::report_file::{ReportForm, language, rows_digest, write_form};
use crate::commands::console::{despite, say, tell_text};
use crate::commands::output::place::{FileKind, Output, OutputPlace};
use crate::commands::output::taken::TakenPlace;
use crate::commands::setup::context::Context;
use crate::commands::setup::stdout::StdoutUse;
use crate::commands::setup::typed::typed_path;

/// Packets of a campaign whose workbook is left: it takes a second or two.
const WORKBOOK_PACKETS: u64 = 100_000;

/// Where they go. Asked before anything is sent, so that a run does not end over somebody's file.
/// `run` is the command to type once they are free.
pub(in crate::commands) fn check_places(context: &Context, run: &str) -> Result<(), Error> {
    let mut formats = context.campaign.left.iter();
    formats.try_for_each(|format| place(context, *format, run).map(drop))
}

/// The first place that a run would not take; nothing is written.
pub(in crate::commands) fn taken_place(context: &Context) -> Result<Option<TakenPlace>, Error> {
    for format in &context.campaign.left {
        let path = context.left_path(*format);
        if let Some(taken) = output(context, &path).taken_from_run()? {
            return Ok(Some(taken));
        }
    }
    Ok(None)
}

fn place(context: &Context, format: LeftFormat, run: &str) -> Result<OutputPlace, Error> {
    output(context, &context.left_path(format)).place_of_run(run)
}

fn output<'a>(context: &'a Context, path: &'a Path) -> Output<'a> {
    Output {
        context,
        path,
        kind: FileKind::Report,
        is_forced: false,
    }
}

/// Reports of the campaign as it stands, under way.
pub(in crate::commands) struct LeftReports<'a> {
    context: &'a Context,
    moment: Option<LedgerMoment>,
    digest: Option<[u8; 32]>,
    paths: Vec<PathBuf>,
    exit: ExitCode,
}

impl<'a> LeftReports<'a> {
    /// None yet, of a process that ends with `exit`: whatever becomes of them does not hide it.
    pub(in crate::commands) fn new(context: &'a Context, exit: ExitCode) -> Self {
        service::works();
        LeftReports {
            context,
            moment: None,
            digest: None,
            paths: Vec::new(),
            exit,
        }
    }

    /// Leaves the one of this format, if it is one of them.
    pub(in crate::commands) fn leave(&mut self, format: LeftFormat) {
        if self.context.campaign.left.contains(&format) {
            let left = self.try_leave(format);
            self.exit = despite(self.context.lang, left, self.exit);
        }
    }

    /// Names them on stdout, one a line, or on stderr where stdout is not for them; and gives the
    /// exit code.
    pub(in crate::commands) fn say(self) -> ExitCode {
        let mut exit = self.exit;
        let paths: Vec<String> = self
            .paths
            .iter()
            .map(|it| it.display().to_string())
            .collect();
        for path in &paths {
            let said = match self.context.stdout.is_for {
                StdoutUse::Result => say(path).map(drop),
                StdoutUse::Events => {
                    tell_text(path);
                    Ok(())
                }
                StdoutUse::Document => Ok(()),
            };
            exit = despite(self.context.lang, said, exit);
        }
        self.context.stdout.keep("reports", paths);
        exit
    }

    /// The CSV is for programs, whoever runs.
    fn language(&self, format: LeftFormat) -> Lang {
        match format {
            LeftFormat::Csv => Lang::En,
            LeftFormat::Xlsx => language(kind(format), self.context.typed),
        }
    }

    fn try_leave(&mut self, format: LeftFormat) -> Result<(), Error> {
        let context = self.context;
        let path = context.left_path(format);
        let mut moment = match self.moment.take() {
            Some(moment) => moment,
            None => LedgerMoment::now(context)?,
        };
        let count = moment.count();
        if format == LeftFormat::Xlsx && count > WORKBOOK_PACKETS {
            let command = format!("{} --out {}", context.command("report"), typed_path(&path));
            context.tell(&words::too_many(count, command));
            return Ok(());
        }
        let place = place(context, format, &context.run_command())?;
        let digest = self.digest(format, &path, &mut moment)?;
        if !digest.is_some_and(|digest| is_of(&path, format, &digest)) {
            let form = ReportForm {
                digest,
                exit: self.exit,
                ..ReportForm::of(kind(format), self.language(format))
            };
            write_form(context, &mut moment, place, &form)?;
        }
        self.moment = Some(moment);
        self.paths.push(path);
        Ok(())
    }

    /// The hash that tells whether a file is to be written again; `None` where there is no file and
    /// none is kept in it: then the rows are read once less.
    fn digest(
        &mut self,
        format: LeftFormat,
        path: &Path,
        moment: &mut LedgerMoment,
    ) -> Result<Option<[u8; 32]>, Error> {
        if format == LeftFormat::Csv && !path.exists() {
            return Ok(None);
        }
        let digest = match self.digest {
            Some(digest) => digest,
            None => rows_digest(moment)?,
        };
        self.digest = Some(digest);
        Ok(Some(match format {
            LeftFormat::Csv => digest,
            LeftFormat::Xlsx => moment.with_sheets(&digest)?,
        }))
    }
}

fn kind(format: LeftFormat) -> Format {
    match format {
        LeftFormat::Csv => Format::Csv,
        LeftFormat::Xlsx => Format::Xlsx,
    }
}

/// Whether a file has exactly these rows already: then it is not written again.
fn is_of(path: &Path, format: LeftFormat, digest: &[u8; 32]) -> bool {
    match format {
        LeftFormat::Csv => sha256_of(path).is_ok_and(|found| found == *digest),
        LeftFormat::Xlsx => File::open(path).is_ok_and(|file| {
            let rows = workbook_property(file, ROWS);
            rows.is_some_and(|rows| rows == hex(digest))
        }),
    }
}
