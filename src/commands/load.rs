//! `load`: check a recipients file and write it to the ledger, all or nothing.

use std::path::Path;

use serde_json::json;

use crate::cli::LoadArgs;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{LoadRules, Owner, Reader};
use crate::recipients::ListFile;
use crate::wechat::err_code::ErrCode;
use crate::words::{Lang, Words, load as words};

use super::finish::document::end;
use super::finish::next::NextSteps;
use super::setup::check::check;
use super::setup::context::Context;
use super::setup::intake::{Intake, Staged, named, stage};
use super::setup::loaded::{is_other_list, list_at, loaded_file};
use super::setup::met::check_named;
use super::setup::stdout::Stdout;
use super::setup::typed::load_options;

pub(super) fn load(args: &LoadArgs, lang: Lang) -> Result<ExitCode, Error> {
    let mut context = Context::open(&args.campaign, lang)?;
    context.stdout = Stdout::of(args.json);
    let context = context;
    let file = args.file.as_deref().unwrap_or(&context.campaign.recipients);
    let list = list_at(file, args.sheet.as_ref())?;
    check_named(&context, &args.pay_again)?;
    let refreeze = args.refreeze.then_some(ErrCode::MAY_LEAVE_ORDER);
    let rules = LoadRules {
        allow_repeats: args.allow_repeats,
        pay_again: args.pay_again.clone(),
        bring_back: args.bring_back,
        refreeze,
        is_live: context.is_live(),
    };
    if args.check {
        return only_check(&context, args, &list, &rules);
    }
    let mut owner = context.own("load")?;
    let frozen = owner.check_frozen(&context.terms(), refreeze)?;
    let loaded = match frozen {
        Some(_) => loaded_file(&context, &owner, &list)?,
        None => None,
    };
    if let Some(frozen) = frozen
        && loaded.is_some()
        && !may_come_again(&context, rules.bring_back)?
    {
        if args.refreeze {
            owner.refreeze(frozen, &context.terms())?;
            context.tell(&words::refrozen(context.path.display()));
        }
        context.tell(&words::already(file.display()));
        keep(&context, file, None);
        say_other_list(&context, (file, &list))?;
        say_next(&context)?;
        return Ok(end(&context, "load", ExitCode::Done));
    }
    let intake = Intake {
        list: &list,
        rules: &rules,
        keeps_rejects: true,
        loaded,
        beside: None,
    };
    let staged = stage(&context, &mut owner, &intake).map_err(named(file, context.lang))?;
    keep(&context, file, Some((staged.rows, staged.total)));
    say_columns(&context, &staged.columns);
    staged.commit(&context, &list)?;
    if args.refreeze && frozen.is_some() {
        context.tell(&words::refrozen(context.path.display()));
    }
    owner.share();
    say_other_list(&context, (file, &list))?;
    context.next(context.command("plan"));
    Ok(end(&context, "load", ExitCode::Done))
}

/// Whether packets of a list that was loaded before may come again: some were taken back, or a
/// person says so.
fn may_come_again(context: &Context, bring_back: Option<u64>) -> Result<bool, Error> {
    Ok(bring_back.is_some() || context.standing()?.tally.of(State::Withdrawn).count > 0)
}

/// After a list that was loaded before: its plan while packets of it wait, else what is due.
fn say_next(context: &Context) -> Result<(), Error> {
    let standing = context.standing()?;
    if standing.tally.of(State::Ready).count > 0 {
        context.next(context.command("plan"));
    } else {
        NextSteps::of(context, &standing).say(context);
    }
    Ok(())
}

/// Reads the file and the ledger, and writes to neither: all that a load would refuse is refused.
fn only_check(
    context: &Context,
    args: &LoadArgs,
    list: &ListFile,
    rules: &LoadRules,
) -> Result<ExitCode, Error> {
    let file = list.path();
    context.say_foreign();
    let is_known = context.loaded()?.is_some();
    let ledger = Reader::open(&context.campaign.ledger)?;
    let is_loaded = if let Some(ledger) = ledger.filter(|_| is_known) {
        check_on_copy(context, &ledger, list, rules)?
    } else {
        check(context, list, rules, |staged, _| {
            tell_checked(context, file, staged);
            Ok(())
        })?;
        false
    };
    if is_loaded && !args.refreeze {
        say_next(context)?;
    } else {
        context.next(context.command("load") + &load_options(args));
    }
    Ok(end(context, "load", ExitCode::Done))
}

/// Loads the file into a copy of the ledger that nobody sees, and forgets it. Whether it was there
/// already.
fn check_on_copy(
    context: &Context,
    ledger: &Reader,
    list: &ListFile,
    rules: &LoadRules,
) -> Result<bool, Error> {
    let file = list.path();
    let mode = context.campaign.gateway.mode;
    let mut copy = Owner::scratch_of(ledger, mode, context.clock.now_ms())?;
    copy.check_frozen(&context.terms(), rules.refreeze)?;
    let loaded = loaded_file(context, &copy, list)?;
    if loaded.is_some() && !may_come_again(context, rules.bring_back)? {
        context.tell(&words::already(file.display()));
        keep(context, file, None);
        return Ok(true);
    }
    let intake = Intake {
        list,
        rules,
        keeps_rejects: false,
        loaded,
        beside: None,
    };
    let staged = stage(context, &mut copy, &intake).map_err(named(file, context.lang))?;
    tell_checked(context, file, &staged);
    let (count, total) = staged.added();
    context.tell(&words::has_packets(count, total));
    Ok(false)
}

/// A run pays from the list that the campaign file names: where that is not loaded, what to write
/// there.
fn say_other_list(context: &Context, (file, list): (&Path, &ListFile)) -> Result<(), Error> {
    let named = &context.campaign.recipients;
    let Some((reader, _)) = context.loaded()? else {
        return Ok(());
    };
    if list.is_of_pipe() {
        if !named.is_file() || is_other_list(context, &reader) {
            context.tell(&words::of_pipe(context.path.display()));
        }
        return Ok(());
    }
    if file != named && is_other_list(context, &reader) {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let campaign = real(&context.path);
        let folder = campaign.parent().unwrap_or(Path::new("/"));
        let list = real(file);
        let list = list.strip_prefix(folder).unwrap_or(&list);
        let list = format!("{:?}", list.display().to_string());
        context.tell(&words::other_list(
            context.path.display(),
            named.display(),
            list,
        ));
    }
    Ok(())
}

fn tell_checked(context: &Context, file: &Path, staged: &Staged<'_>) {
    keep(context, file, Some((staged.rows, staged.total)));
    say_columns(context, &staged.columns);
    context.tell(&words::checked(file.display(), staged.rows, staged.total));
}

/// Which columns are read as what.
fn say_columns(context: &Context, columns: &[Words]) {
    for line in columns {
        context.tell(line);
    }
    context.stdout.keep("columns", json!(columns));
}

/// The file, and what is in it where it was read.
fn keep(context: &Context, file: &Path, read: Option<(u64, Fen)>) {
    let stdout = &context.stdout;
    stdout.keep("file", file.display().to_string());
    stdout.keep("was_loaded", read.is_none());
    stdout.keep("file_rows", read.map(|(rows, _)| rows));
    stdout.keep("file_fen", read.map(|(_, total)| total.fen()));
}
