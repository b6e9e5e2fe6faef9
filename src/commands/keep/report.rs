//! `report`: the result of every packet, as files or on stdout.

use std::fmt::{self, Formatter};
use std::io::IsTerminal;
use std::path::Path;

use crate::cli::{Format, ReportArgs};
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::{Lang, Part, both, output, report as words, usage};

use crate::commands::finish::moment::LedgerMoment;
use crate::commands::finish::report_file::{ReportForm, language, write_form};
use crate::commands::output::folder;
use crate::commands::output::place::{FileKind, Output};
use crate::commands::setup::context::Context;
use crate::commands::setup::met::warn_unasked;

pub(in crate::commands) fn report(
    args: &ReportArgs,
    typed: Option<Lang>,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let context = Context::open_to_look(&args.campaign, lang)?;
    let states = states(&args.state)?;
    let folder = args.out.as_deref();
    let folder = folder.filter(|out| folder::is_meant(out, args.format.len() > 1));
    let formats = formats(&context, args, folder.is_some())?;
    // Their sums are of the whole campaign, and somebody signs them.
    let are_whole = |format: &Format| matches!(format, Format::Xlsx | Format::Html);
    if !states.is_empty() && formats.iter().any(are_whole) {
        return Err(Error::Usage(usage::states_of_whole()));
    }
    let (reader, row) = context.must_be_loaded()?;
    warn_unasked(&context, (&reader, &row), |_| true)?;
    let mut moment = LedgerMoment::now(&context)?;
    if let Some(folder) = folder
        && folder::make(folder)?
    {
        context.tell(&output::made(folder.display()));
    }
    for format in formats {
        let form = ReportForm {
            states: states.clone(),
            is_full: args.full,
            is_raw: args.raw,
            ..ReportForm::of(format, language(format, typed))
        };
        let named = folder.map(|folder| folder.join(name(&context, format)));
        // A list that somebody may be mending stays, and is no reason to stop.
        let is_kept = args.format.is_empty() && format == Format::Failed && !args.force;
        if is_kept && named.as_deref().is_some_and(Path::exists) {
            continue;
        }
        let path = named.as_deref().or(args.out.as_deref());
        one(&context, &mut moment, (path, args), &form)?;
    }
    Ok(ExitCode::Done)
}

/// The name of a report in a folder.
fn name(context: &Context, format: Format) -> String {
    let name = context.report_name(format.ending());
    match format {
        Format::Failed => name.replace("-report.failed.csv", "-failed.csv"),
        Format::Csv | Format::Json | Format::Xlsx | Format::Html => name,
    }
}

/// Writes one report, and says so.
fn one(
    context: &Context,
    moment: &mut LedgerMoment,
    (path, args): (Option<&Path>, &ReportArgs),
    form: &ReportForm,
) -> Result<(), Error> {
    let path = path.unwrap_or(Path::new("-"));
    let output = Output {
        context,
        path,
        kind: match form.format {
            // Somebody may have mended it.
            Format::Failed => FileKind::Export,
            Format::Csv | Format::Json | Format::Xlsx | Format::Html => FileKind::Report,
        },
        is_forced: args.force,
    };
    let command = context.command("report") + " --out";
    let place = output.place(&command)?;
    let typed = form.format;
    if Format::of_name(path).is_some_and(|named| named != typed) {
        let ending = words::ending(path.display(), typed.name(), command, typed.ending());
        return Err(Error::Usage(ending));
    }
    if args.format.is_empty() && place.is_file() && Format::is_unknown(path) {
        let (known, command) = (Format::endings(), context.command("report"));
        let words = words::unknown_ending(path.display(), known, command);
        return Err(Error::Usage(words));
    }
    if place.is_stdout() && form.format == Format::Xlsx && std::io::stdout().is_terminal() {
        return Err(Error::Usage(words::to_a_terminal(command)));
    }
    let is_stdout = place.is_stdout();
    let Some(count) = write_form(context, moment, place, form)? else {
        return Ok(());
    };
    context.tell(&if is_stdout {
        words::written_to_stdout(count)
    } else {
        words::written(path.display(), count)
    });
    Ok(())
}

/// The formats that are asked for: those that were typed, else the one that the file's name says.
fn formats(context: &Context, args: &ReportArgs, is_folder: bool) -> Result<Vec<Format>, Error> {
    let mut formats: Vec<Format> = Vec::new();
    for format in &args.format {
        if !formats.contains(format) {
            formats.push(*format);
        }
    }
    if is_folder {
        let default = [Format::Csv, Format::Xlsx, Format::Failed];
        return Ok(if formats.is_empty() {
            default.into()
        } else {
            formats
        });
    }
    if formats.len() > 1 {
        let command = context.command("report");
        return Err(Error::Usage(words::several(command)));
    }
    let named = args.out.as_deref().and_then(Format::of_name);
    let typed = formats.first().copied();
    Ok(vec![typed.or(named).unwrap_or(Format::Csv)])
}

/// The names of all states.
struct StateNames;

impl Part for StateNames {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> fmt::Result {
        let names = State::ALL.map(|state| state.label().within(lang));
        f.write_str(&names.join(both(", ", "、").within(lang)))
    }
}

/// The states that are asked for.
fn states(typed: &[String]) -> Result<Vec<State>, Error> {
    let state = |name: &String| {
        State::typed(name).ok_or_else(|| Error::Usage(usage::no_state(name.as_str(), StateNames)))
    };
    typed.iter().map(state).collect()
}
