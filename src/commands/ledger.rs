//! `ledger`: the ledger as a file: a backup of it, and a backup in its place.

use crate::cli::{BackupArgs, CopyArgs, LedgerAction, LedgerArgs};
use crate::clock::beijing_words;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::restore as put_back;
use crate::words::{Lang, copy as words, next};

use super::context::Context;
use super::output::{Kind, Output};

pub(super) fn ledger(args: &LedgerArgs, lang: Lang) -> Result<ExitCode, Error> {
    match &args.action {
        LedgerAction::Backup(args) => backup(args, lang),
        LedgerAction::Restore(args) => restore(args, lang),
    }
}

fn backup(args: &BackupArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let (reader, _) = context.must_be_loaded()?;
    let output = Output {
        context: &context,
        path: &args.file,
        kind: Kind::Backup,
        is_forced: args.force,
    };
    let place = output.place(&context.command("ledger backup"))?;
    let now = context.clock.now_ms();
    place.write_named(&context.campaign.ledger, |copy| {
        Ok(reader.backup(copy, now)?)
    })?;
    let ledger = context.campaign.ledger.display();
    context.tell(&words::made(args.file.display(), ledger));
    Ok(ExitCode::Done)
}

fn restore(args: &CopyArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let ledger = &context.campaign.ledger;
    let restored = put_back(
        ledger,
        &args.file,
        context.campaign.gateway.mode,
        &context.rules(),
        context.clock.now_ms(),
    )?;
    let until = beijing_words(restored.known_until);
    context.tell(&words::restored(
        ledger.display(),
        args.file.display(),
        until,
    ));
    if let Some(replaced) = &restored.replaced {
        context.tell(&words::replaced(replaced.display()));
    }
    context.tell(&words::to_ask(restored.to_ask));
    context.tell(&words::later_files());
    context.tell(&next::command(context.command("reconcile")));
    Ok(ExitCode::Done)
}
