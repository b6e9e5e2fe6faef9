//! `ledger`: the ledger as a file: a backup of it, and a backup in its place.

use crate::cli::{CopyArgs, LedgerAction, LedgerArgs};
use crate::clock::beijing_words;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::restore as put_back;
use crate::words::Lang;

use super::context::Context;

pub(super) fn ledger(args: &LedgerArgs, lang: Lang) -> Result<ExitCode, Error> {
    match &args.action {
        LedgerAction::Backup(args) => backup(args, lang),
        LedgerAction::Restore(args) => restore(args, lang),
    }
}

fn backup(args: &CopyArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let (reader, _) = context.must_be_loaded()?;
    reader.backup(&args.file, context.clock.now_ms())?;
    eprintln!(
        "{} is a whole copy of {}, audited",
        args.file.display(),
        context.campaign.ledger.display()
    );
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
    eprintln!(
        "{} is now the copy {}, which knows nothing after {} (Beijing)",
        ledger.display(),
        args.file.display(),
        beijing_words(restored.known_until)
    );
    if let Some(replaced) = &restored.replaced {
        eprintln!(
            "the ledger that stood there is kept as {}",
            replaced.display()
        );
    }
    let count = restored.to_ask;
    eprintln!("{count} packets that it would send are asked about before they are sent");
    eprintln!(
        "files that were loaded after the copy was made are not in it: ask before loading them"
    );
    eprintln!("next: {}", context.command("reconcile"));
    Ok(ExitCode::Done)
}
