//! `load`: check a recipients file and write it to the ledger, all or nothing.

use std::path::Path;

use crate::cli::LoadArgs;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::LoadRules;
use crate::wechat::err_code::ErrCode;
use crate::words::{Lang, load as words};

use super::finish::document::end;
use super::setup::check::check;
use super::setup::context::Context;
use super::setup::intake::{Intake, named, stage};
use super::setup::loaded::is_loaded;
use super::setup::stdout::Stdout;

pub(super) fn load(args: &LoadArgs, lang: Lang) -> Result<ExitCode, Error> {
    let mut context = Context::open(&args.campaign, lang)?;
    context.stdout = Stdout::of(args.json);
    let context = context;
    let file = args.file.as_deref().unwrap_or(&context.campaign.recipients);
    let refreeze = args.refreeze.then_some(ErrCode::MAY_LEAVE_ORDER);
    let rules = LoadRules {
        allow_repeats: args.allow_repeats,
        pay_again: args.pay_again.clone(),
        bring_back: args.bring_back,
        refreeze,
        is_live: context.is_live(),
    };
    if args.check {
        return only_check(&context, file, &rules);
    }
    let mut owner = context.own("load")?;
    let is_known = owner.check_frozen(&context.terms(), refreeze)?.is_some();
    if is_known && is_loaded(&context, &owner, file)? {
        if args.refreeze {
            context.tell(&words::refrozen(context.path.display()));
        }
        context.tell(&words::already(file.display()));
        keep(&context, file, None);
        return Ok(end(&context, "load", ExitCode::Done));
    }
    let intake = Intake {
        file,
        rules: &rules,
        keeps_rejects: true,
        beside: None,
    };
    let staged = stage(&context, &mut owner, &intake).map_err(named(file, context.lang))?;
    keep(&context, file, Some((staged.rows, staged.total)));
    staged.commit(&context, file)?;
    owner.share();
    context.next(context.command("plan"));
    Ok(end(&context, "load", ExitCode::Done))
}

/// Reads the file and the ledger, and writes to neither.
fn only_check(context: &Context, file: &Path, rules: &LoadRules) -> Result<ExitCode, Error> {
    let is_known = context.loaded()?.is_some();
    check(context, file, rules, |staged, _| {
        keep(context, file, Some((staged.rows, staged.total)));
        context.tell(&words::checked(file.display(), staged.rows, staged.total));
        Ok(())
    })?;
    if is_known {
        context.tell(&words::has_packets());
    }
    let load = context.command("load");
    context.next(if file == context.campaign.recipients {
        load
    } else {
        format!("{load} {}", file.display())
    });
    Ok(end(context, "load", ExitCode::Done))
}

/// The file, and what is in it where it was read.
fn keep(context: &Context, file: &Path, read: Option<(u64, Fen)>) {
    let stdout = &context.stdout;
    stdout.keep("file", file.display().to_string());
    stdout.keep("was_loaded", read.is_none());
    stdout.keep("file_rows", read.map(|(rows, _)| rows));
    stdout.keep("file_fen", read.map(|(_, total)| total.fen()));
}
