//! Reports as files or streams, one format at a time.

use std::io::Write;
use std::path::Path;

use crate::cli::Format;
use crate::domain::state::State;
use crate::error::Error;
use crate::report::{CsvReport, JsonReport, XlsxReport};
use crate::words::Lang;

use super::moment::LedgerMoment;
use crate::commands::output::place::{FileKind, Output, OutputPlace};
use crate::commands::output::stream::StreamKind;
use crate::commands::setup::context::Context;

/// What a report is to be.
#[derive(Debug, Clone)]
pub(in crate::commands) struct ReportForm {
    pub(in crate::commands) format: Format,
    /// The language of headers and of all that is ours.
    pub(in crate::commands) lang: Lang,
    /// Only packets in one of these states; all, where none is named.
    pub(in crate::commands) states: Vec<State>,
}

impl ReportForm {
    /// All packets.
    pub(in crate::commands) fn of(format: Format, lang: Lang) -> Self {
        let states = Vec::new();
        ReportForm {
            format,
            lang,
            states,
        }
    }
}

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
    let form = ReportForm::of(Format::Csv, Lang::En);
    let mut moment = LedgerMoment::now(context)?;
    write_form(context, &mut moment, place_of_run(context)?, &form)?;
    Ok(())
}

/// Writes a report of this moment; how many packets it has.
pub(in crate::commands) fn write_form(
    context: &Context,
    moment: &mut LedgerMoment,
    place: OutputPlace,
    form: &ReportForm,
) -> Result<u64, Error> {
    let mut count = 0;
    let kind = match form.format {
        Format::Csv => StreamKind::Lines,
        Format::Json => StreamKind::Json,
        Format::Xlsx => {
            let near = &context.campaign.ledger;
            place.write_named(near, |path| {
                count = workbook(context, moment, path, form)?;
                Ok(())
            })?;
            return Ok(count);
        }
    };
    place.write(kind, |to| {
        count = text(moment, to, form)?;
        Ok(())
    })?;
    Ok(count)
}

fn text(moment: &mut LedgerMoment, to: &mut dyn Write, form: &ReportForm) -> Result<u64, Error> {
    let (extra, states) = (moment.extra(), &form.states);
    if form.format == Format::Json {
        let mut report = JsonReport::begin(to, extra)?;
        let count = moment.rows(states, |packet| report.row(packet))?;
        report.end()?;
        return Ok(count);
    }
    let mut report = CsvReport::begin(to, extra, form.lang)?;
    let count = moment.rows(states, |packet| report.row(packet))?;
    report.end()?;
    Ok(count)
}

/// Rows wait in files in the folder of the report.
fn workbook(
    context: &Context,
    moment: &mut LedgerMoment,
    path: &Path,
    form: &ReportForm,
) -> Result<u64, Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let facts = moment.facts(context, form.lang)?;
    let mut report = XlsxReport::begin(folder, facts, moment.extra())?;
    let count = moment.rows(&form.states, |packet| report.row(packet))?;
    report.end(path)?;
    Ok(count)
}
