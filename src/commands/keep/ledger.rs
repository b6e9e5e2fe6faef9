//! `ledger`: the ledger as a file: a backup of it, a backup in its place, and a copy that is to be
//! the ledger from now on.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::num::NonZeroU32;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::cli::{AdoptArgs, BackupArgs, CopyArgs, LedgerAction, LedgerArgs};
use crate::clock::beijing_words;
use crate::domain::caps::begin_of;
use crate::domain::policy::QUERY_DAYS_MS;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{BackupFolder, FirstSent, Reader, Restored};
use crate::ledger::{adopt as take_over, restore as put_back};
use crate::words::names::CommandWords;
use crate::words::{Lang, copy as words, next};

use crate::commands::console::{say, unwritten};
use crate::commands::output::place::{FileKind, Output};
use crate::commands::output::stream::Delivered;
use crate::commands::setup::context::Context;
use crate::commands::setup::time::beijing_day;

pub(in crate::commands) fn ledger(args: &LedgerArgs, lang: Lang) -> Result<ExitCode, Error> {
    match &args.action {
        LedgerAction::Backup(args) => backup(args, lang),
        LedgerAction::Restore(args) => restore(args, lang),
        LedgerAction::Adopt(args) => adopt(args, lang),
    }
}

fn backup(args: &BackupArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open_to_look(&args.campaign, lang)?;
    let (reader, _) = context.must_be_loaded()?;
    let file = match (&args.file, &args.dir) {
        (Some(file), None) => file,
        (None, Some(dir)) => return backup_into(&context, &reader, dir, args.keep),
        (Some(_), Some(_)) | (None, None) => return Err(Error::Usage(words::file_or_dir())),
    };
    let output = Output {
        context: &context,
        path: file,
        kind: FileKind::Backup,
        is_forced: args.force,
    };
    let place = output.place(&context.command("ledger backup"))?;
    let now = context.clock.now_ms();
    let delivered = place.write_named(&context.campaign.ledger, |copy| {
        Ok(reader.backup(copy, now)?)
    })?;
    // Half a copy is no backup.
    if delivered == Delivered::ReaderLeft {
        return Err(unwritten(file)(ErrorKind::BrokenPipe.into()));
    }
    let ledger = context.campaign.ledger.display();
    context.tell(&words::made(file.display(), ledger));
    Ok(ExitCode::Done)
}

fn backup_into(
    context: &Context,
    reader: &Reader,
    dir: &Path,
    keep: Option<NonZeroU32>,
) -> Result<ExitCode, Error> {
    let ledger = context.campaign.ledger.display();
    let folder = BackupFolder { dir, keep };
    let kept = reader.backup_into(folder, context.clock.now_ms())?;
    let Some(kept) = kept else {
        context.tell(&words::empty(ledger));
        return Ok(ExitCode::Done);
    };
    context.tell(&if kept.is_new {
        words::made(kept.path.display(), ledger)
    } else {
        words::unchanged(kept.path.display(), ledger)
    });
    context.warn_of_old(&kept);
    say(kept.path.display())?;
    Ok(ExitCode::Done)
}

fn restore(args: &CopyArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let ledger = &context.campaign.ledger;
    // A name that was mistyped is no fault of a ledger.
    if let Err(why) = File::open(&args.file) {
        let copy = args.file.display();
        return Err(Error::Usage(words::no_copy(copy, &why)));
    }
    let restored = put_back(
        ledger,
        &args.file,
        (
            context.campaign.gateway.mode,
            Some(&context.lock_note("restore")),
        ),
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
    tell_behind(&context, &restored);
    Ok(ExitCode::Done)
}

fn adopt(args: &AdoptArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let ledger = &context.campaign.ledger;
    let (mode, now) = (context.campaign.gateway.mode, context.clock.now_ms());
    let since = match &args.first_sent {
        Some(typed) => FirstSent::Typed(day_typed(typed, now)?),
        None => FirstSent::Guessed(list_changed(&context).unwrap_or(now)),
    };
    let note = context.lock_note("adopt");
    let adopted = take_over(ledger, (mode, Some(&note)), &context.rules(), (since, now))?;
    let until = beijing_words(adopted.known_until);
    if !adopted.is_empty {
        context.tell(&words::adopted(ledger.display(), until));
        tell_behind(&context, &adopted);
        return Ok(ExitCode::Done);
    }
    let end = beijing_words(adopted.known_until + QUERY_DAYS_MS);
    context.tell(&words::adopted_empty(ledger.display(), end));
    if matches!(since, FirstSent::Guessed(_)) && context.is_live() {
        let again = context.command("ledger adopt") + " --first-sent DATE";
        let again = CommandWords(again);
        context.tell(&words::first_sent(until, ledger.display(), again));
    }
    context.tell(&next::command(context.command("load")));
    Ok(ExitCode::Done)
}

fn day_typed(typed: &str, now: i64) -> Result<i64, Error> {
    let day = beijing_day(typed).ok_or_else(|| Error::Usage(words::no_day(typed)))?;
    let begin = begin_of(day);
    if begin > now {
        return Err(Error::Usage(words::day_ahead(typed)));
    }
    Ok(begin)
}

/// When the list was last changed: its packets were not sent before. A clock that is set from
/// outside has nothing to do with it.
fn list_changed(context: &Context) -> Option<i64> {
    let facts = fs::metadata(&context.campaign.recipients).ok();
    let at = facts.filter(|_| context.is_live())?.modified().ok()?;
    let since = at.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// Tells the operator that the ledger may be behind the truth, and what follows.
fn tell_behind(context: &Context, ledger: &Restored) {
    let (reconcile, unpause) = (context.command("reconcile"), context.command("unpause"));
    context.tell(&words::to_ask(ledger.to_ask));
    context.tell(&words::later_files());
    context.tell(&words::paused(reconcile.as_str(), unpause));
    let is_loaded = matches!(context.loaded(), Ok(Some(_)));
    let load = || context.command("load");
    context.tell(&next::command(if is_loaded { reconcile } else { load() }));
}
