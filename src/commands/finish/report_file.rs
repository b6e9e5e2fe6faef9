//! Reports as files or streams, one format at a time.

use std::io::Write;
use std::path::Path;

use crate::cli::Format;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::report::{
    Advice, CsvReport, HtmlPage, InputCsv, JsonReport, RowsDigest, XlsxReport, html_page,
};
use crate::words::{Lang, report as words};

use super::moment::{LedgerMoment, advice};
use crate::commands::console::tell;
use crate::commands::output::place::OutputPlace;
use crate::commands::output::stream::{Delivered, StreamKind};
use crate::commands::setup::context::Context;

/// The form of a report.
#[derive(Debug, Clone)]
pub(in crate::commands) struct ReportForm {
    pub(in crate::commands) format: Format,
    /// The language of headers and of all that is ours.
    pub(in crate::commands) lang: Lang,
    /// Only packets in one of these states; all, where none is named.
    pub(in crate::commands) states: Vec<State>,
    /// Whether ids with Chinese headers have no tab.
    pub(in crate::commands) is_raw: bool,
    /// Whether openids are shown whole on a page.
    pub(in crate::commands) is_full: bool,
    /// The hash of its rows, to be kept in a workbook.
    pub(in crate::commands) digest: Option<[u8; 32]>,
    /// How the process ends if the writer of workbooks gives up.
    pub(in crate::commands) exit: ExitCode,
}

impl ReportForm {
    /// All packets.
    pub(in crate::commands) fn of(format: Format, lang: Lang) -> Self {
        ReportForm {
            format,
            lang,
            states: Vec::new(),
            is_raw: false,
            is_full: false,
            digest: None,
            exit: ExitCode::Unexpected,
        }
    }
}

/// Says which language a report has where none was typed. The system's variables do not: programs
/// read headers.
const VARIABLE: &str = "HONGBAO_LANG";

/// The typed language, or our own variable's; else Chinese where people read, English where
/// programs do.
pub(in crate::commands) fn language(format: Format, typed: Option<Lang>) -> Lang {
    let variable = std::env::var(VARIABLE).ok().filter(|said| !said.is_empty());
    if typed.is_some() || variable.is_some() {
        return Lang::decide(typed, |_| variable.clone());
    }
    match format {
        Format::Csv | Format::Json => Lang::En,
        Format::Xlsx | Format::Html | Format::Failed => Lang::Zh,
    }
}

/// The hash of all rows, as the bare English CSV has them.
pub(super) fn rows_digest(moment: &mut LedgerMoment) -> Result<[u8; 32], Error> {
    let mut digest = RowsDigest::default();
    let form = ReportForm::of(Format::Csv, Lang::En);
    text(moment, &mut digest, &form)?;
    Ok(digest.end())
}

/// Writes a report of this moment; how many packets it has, if it reached its reader.
pub(in crate::commands) fn write_form(
    context: &Context,
    moment: &mut LedgerMoment,
    place: OutputPlace,
    form: &ReportForm,
) -> Result<Option<u64>, Error> {
    let mut count = 0;
    let kind = match form.format {
        Format::Csv | Format::Html | Format::Failed => StreamKind::Lines,
        Format::Json => StreamKind::Json,
        Format::Xlsx => {
            let near = &context.campaign.ledger;
            let delivered = place.write_named(near, |path| {
                count = workbook(context, moment, path, form)?;
                Ok(())
            })?;
            return Ok((delivered == Delivered::Whole).then_some(count));
        }
    };
    let delivered = place.write(kind, |to| {
        count = match form.format {
            Format::Html => page(context, moment, to, form)?,
            Format::Failed => failed(moment, to, form.lang)?,
            Format::Csv | Format::Json | Format::Xlsx => text(moment, to, form)?,
        };
        Ok(())
    })?;
    Ok((delivered == Delivered::Whole).then_some(count))
}

fn text(moment: &mut LedgerMoment, to: &mut dyn Write, form: &ReportForm) -> Result<u64, Error> {
    let (extra, states) = (moment.extra(), &form.states);
    if form.format == Format::Json {
        let mut report = JsonReport::begin(to, extra)?;
        let count = moment.rows(states, |packet| report.row(packet))?;
        report.end()?;
        return Ok(count);
    }
    let mut report = CsvReport::begin(to, extra, (form.lang, form.is_raw))?;
    let count = moment.rows(states, |packet| report.row(packet))?;
    report.end()?;
    Ok(count)
}

/// The campaign as a whole, whatever states were named.
fn page(
    context: &Context,
    moment: &LedgerMoment,
    to: &mut dyn Write,
    form: &ReportForm,
) -> Result<u64, Error> {
    let facts = moment.facts(context, form.lang)?;
    let (figures, first, open) = moment.figures()?;
    let page = HtmlPage {
        facts: &facts,
        figures: &figures,
        first: first.as_ref(),
        open: &open,
        is_full: form.is_full,
    };
    to.write_all(html_page(&page).as_bytes())?;
    Ok(facts.standing.total().count)
}

/// Those that failed, in the list's own form, each with what to do.
fn failed(moment: &LedgerMoment, to: &mut dyn Write, lang: Lang) -> Result<u64, Error> {
    let refused = moment.refused()?;
    let fields = moment.own_fields(&refused)?;
    let has_row_key = moment.has_row_key();
    let mut csv = InputCsv::with_reasons(to, has_row_key, fields, moment.extra())?;
    moment.with_texts(&refused, |packet, texts| {
        let code = packet.err_code.as_deref().unwrap_or_default();
        let Advice { meaning, remedy } = advice(code);
        let told = [meaning.within(lang), remedy.within(lang), code].into_iter();
        let reason: Vec<&str> = told.filter(|text| !text.is_empty()).collect();
        csv.row_because(packet, texts, &reason.join(" · "))
    })?;
    csv.end()?;
    Ok(refused.len().try_into().unwrap_or(u64::MAX))
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
    unless_it_gives_up((context.lang, path), form.exit, || {
        let mut report = XlsxReport::begin(folder, facts, moment.extra())?;
        let count = moment.rows(&form.states, |packet| report.row(packet))?;
        report.end(path, form.digest)?;
        Ok(count)
    })
}

/// The writer of workbooks panics where a row cannot be written, on a full disk for one. A panic
/// ends this process: with the exit code that is due, which nothing may hide.
fn unless_it_gives_up<T>(
    (lang, path): (Lang, &Path),
    exit: ExitCode,
    write: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let path = path.to_owned();
    let exit = match exit {
        ExitCode::Done => ExitCode::Unexpected,
        other => other,
    };
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |_| {
        tell(lang, &words::workbook_failed(path.display()));
        std::process::exit(exit.code().into());
    }));
    let written = write();
    std::panic::set_hook(before);
    written
}
