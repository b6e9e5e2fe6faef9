//! `report`: the result of every packet, as a file or on stdout.

use std::io::Write;

use crate::cli::{Format, ReportArgs};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::Lang;

use crate::commands::finish::report_file::fill;
use crate::commands::output::place::{FileKind, Output};
use crate::commands::output::stream::{StreamKind, stream};
use crate::commands::setup::context::Context;

pub(in crate::commands) fn report(
    args: &ReportArgs,
    typed: Option<Lang>,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    // Programs read the headers: no variable of the environment changes them.
    let headers = typed.unwrap_or_default();
    let kind = match args.format {
        Format::Csv => StreamKind::Lines,
        Format::Json => StreamKind::Json,
    };
    let fill = |to: &mut dyn Write| fill(&context, to, args.format, headers);
    let Some(path) = &args.out else {
        stream(kind, fill)?;
        return Ok(ExitCode::Done);
    };
    let output = Output {
        context: &context,
        path,
        kind: FileKind::Report,
        is_forced: args.force,
    };
    let command = context.command("report") + " --out";
    output.place(&command)?.write(kind, fill)?;
    Ok(ExitCode::Done)
}
