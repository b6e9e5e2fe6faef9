//! Claims as a file, for a backend that hands them out, and for a reminder.

use std::io::Write;
use std::path::Path;

use super::closed::Closed;
use super::signing::Signing;
use crate::cli::{ClaimsArgs, Format, SheetArgs, SheetFormat};
use crate::clock::beijing_words;
use crate::commands::console::say;
use crate::commands::finish::report_file::language;
use crate::commands::output::place::{FileKind, Output, OutputPlace};
use crate::commands::output::stream::{Delivered, StreamKind, stream};
use crate::commands::setup::context::Context;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Claims, Cursor, Reader};
use crate::report::{ClaimSheet, Extra, SheetForm, SheetKind};
use crate::words::{claims as words, names::CommandWords};

/// All claims, or what came since: data to the file, and on stdout nothing but how far that is.
pub(super) fn all(
    context: &Context,
    args: &ClaimsArgs,
    signing: &Signing,
) -> Result<ExitCode, Error> {
    // What a run commits meanwhile is in the next one, and counted as nothing here.
    let (reader, row) = context.must_be_still()?;
    let which = match &args.since {
        Some(given) => Claims::Since(cursor(context, (&reader, &row), given)?),
        None => Claims::All,
    };
    let path = args.sheet.out.as_deref().unwrap_or(Path::new("-"));
    let command = context.command("claims") + " --all --out";
    let place = place(context, &args.sheet, (path, SheetKind::Claims), &command)?;
    if place.is_stdout() {
        return Err(Error::Usage(words::not_to_stdout(command)));
    }
    let form = form(&args.sheet, SheetForm::Jsonl);
    let (mut sums, mut read) = (Sums::default(), None);
    let delivered = place.write(kind(form), |to| {
        let mut sheet = ClaimSheet::of_claims(to, form, signing.names())?;
        let now = context.clock.now_ms();
        read = Some(reader.claims(&row, which, |claim| {
            let Some(end) = sums.add(claim.issued.expires_at(now)) else {
                return Ok(());
            };
            let parameters = signing.parameters(claim, now);
            Ok::<_, Error>(sheet.claim(&parameters.fields(), claim, end)?)
        })?);
        Ok(sheet.end()?)
    })?;
    // What comes after the cursor would leave out what nobody read.
    if delivered == Delivered::ReaderLeft {
        return Ok(ExitCode::Done);
    }
    context.tell(&words::exported(sums.open, path.display()));
    if let Some(end) = sums.first_end {
        context.tell(&words::first_lapses(beijing_words(end)));
    }
    if args.since.is_none() {
        let with_package = sums.open + sums.lapsed;
        Closed::of(&reader, &row, (with_package, sums.lapsed))?.tell(context);
    }
    if let Some(cursor) = read {
        say(cursor)?;
    }
    Ok(ExitCode::Done)
}

/// The cursor, if it is of this ledger as it stands.
fn cursor(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    given: &str,
) -> Result<Cursor, Error> {
    let command = || CommandWords(context.command("claims") + " --all --out FILE");
    let cursor = given.trim().parse::<Cursor>();
    let cursor = cursor.map_err(|_| Error::Usage(words::no_cursor(given, command())))?;
    if reader.knows(row, cursor)? {
        return Ok(cursor);
    }
    Err(Error::Usage(words::other_cursor(given, command())))
}

/// Lists the recipients of unclaimed packets, for a reminder.
pub(super) fn unclaimed(context: &Context, args: &ClaimsArgs) -> Result<ExitCode, Error> {
    let (reader, row) = context.must_be_loaded()?;
    let lang = language(Format::Csv, context.typed);
    let extra = Extra::of(&reader.files(&row)?);
    let form = form(&args.sheet, SheetForm::Csv);
    let mut sums = Sums::default();
    let fill = |to: &mut dyn Write| {
        let mut sheet = ClaimSheet::of_unclaimed(to, form, (&extra, lang))?;
        let now = context.clock.now_ms();
        reader.claims(&row, Claims::SoonestFirst, |claim| {
            let Some(end) = sums.add(claim.issued.expires_at(now)) else {
                return Ok(());
            };
            sums.fen += claim.packet.amount.fen();
            sums.ask(claim.asked_at);
            Ok::<_, Error>(sheet.unclaimed(claim, &extra, (now, end))?)
        })?;
        Ok(sheet.end()?)
    };
    let delivered = match &args.sheet.out {
        Some(path) => {
            let command = context.command("claims") + " --unclaimed --out";
            let place = place(context, &args.sheet, (path, SheetKind::Unclaimed), &command)?;
            place.write(kind(form), fill)?
        }
        None => stream(kind(form), fill)?,
    };
    if delivered == Delivered::Whole {
        sums.tell(context);
    }
    Ok(ExitCode::Done)
}

fn place(
    context: &Context,
    args: &SheetArgs,
    (path, kind): (&Path, SheetKind),
    command: &str,
) -> Result<OutputPlace, Error> {
    let output = Output {
        context,
        path,
        kind: FileKind::Sheet(kind),
        is_forced: args.force,
    };
    output.place(command)
}

/// The form that was typed, else the one that the file's name says.
fn form(args: &SheetArgs, otherwise: SheetForm) -> SheetForm {
    let ending = args.out.as_deref().and_then(Path::extension);
    let is_named = |name| ending.is_some_and(|ending| ending.eq_ignore_ascii_case(name));
    match args.format {
        Some(SheetFormat::Jsonl) => SheetForm::Jsonl,
        Some(SheetFormat::Csv) => SheetForm::Csv,
        None if is_named("jsonl") => SheetForm::Jsonl,
        None if is_named("csv") => SheetForm::Csv,
        None => otherwise,
    }
}

const fn kind(form: SheetForm) -> StreamKind {
    match form {
        SheetForm::Jsonl => StreamKind::Json,
        SheetForm::Csv => StreamKind::Lines,
    }
}

/// Counts of an export, and the age of its data.
#[derive(Debug, Default)]
struct Sums {
    open: u64,
    lapsed: u64,
    fen: u64,
    first_end: Option<i64>,
    never_asked: u64,
    asked: Option<(i64, i64)>,
}

impl Sums {
    /// Counts a packet with a package, and gives its end back.
    fn add(&mut self, end: Option<i64>) -> Option<i64> {
        match end {
            Some(end) => {
                self.open += 1;
                self.first_end = Some(self.first_end.map_or(end, |first| first.min(end)));
            }
            None => self.lapsed += 1,
        }
        end
    }

    fn ask(&mut self, at: Option<i64>) {
        match (at, self.asked) {
            (None, _) => self.never_asked += 1,
            (Some(at), None) => self.asked = Some((at, at)),
            (Some(at), Some((from, until))) => self.asked = Some((from.min(at), until.max(at))),
        }
    }

    fn tell(&self, context: &Context) {
        context.tell(&words::unclaimed(self.open, Fen::new(self.fen)));
        if let Some((from, until)) = self.asked {
            let count = self.open - self.never_asked;
            let (from, until) = (beijing_words(from), beijing_words(until));
            context.tell(&if from == until {
                words::asked_once(count, from)
            } else {
                words::asked(count, from, until)
            });
        }
        let reconcile = context.command("reconcile");
        if self.never_asked > 0 {
            context.tell(&words::never_asked(self.never_asked, reconcile.as_str()));
        }
        if self.lapsed > 0 {
            context.tell(&words::lapsed(self.lapsed, reconcile));
        }
    }
}
