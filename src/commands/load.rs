//! `load`: check a recipients file and write it to the ledger, all or nothing.

use std::path::Path;

use crate::cli::LoadArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{LoadRules, Owner};
use crate::recipients::{RecipientsError, Stamp, sha256_of};
use crate::words::{Lang, load as words, next};

use super::check::{check, refuse_lately};
use super::context::Context;
use super::intake::{Intake, named, stage};
use super::plan::course;

pub(super) fn load(args: &LoadArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let file = args.file.as_deref().unwrap_or(&context.campaign.recipients);
    let rules = LoadRules {
        allow_repeats: args.allow_repeats,
        pay_again: args.pay_again.clone(),
        is_refreeze: args.refreeze,
        is_live: context.is_live(),
    };
    if args.check {
        return only_check(&context, file, &rules);
    }
    let mut owner = context.own()?;
    let is_known = owner
        .check_frozen(&context.terms(), args.refreeze)?
        .is_some();
    if is_known && is_loaded(&context, &owner, file)? {
        if args.refreeze {
            context.tell(&words::refrozen(context.path.display()));
        }
        context.tell(&words::already(file.display()));
        return Ok(ExitCode::Done);
    }
    let intake = Intake {
        file,
        rules: &rules,
        keeps_rejects: true,
    };
    let staged = stage(&context, &mut owner, &intake).map_err(named(file, context.lang))?;
    staged.commit(&context, file)?;
    owner.share();
    context.tell(&next::command(context.command("plan")));
    Ok(ExitCode::Done)
}

/// Reads the file and the ledger, and writes to neither.
fn only_check(context: &Context, file: &Path, rules: &LoadRules) -> Result<ExitCode, Error> {
    let is_known = context.loaded()?.is_some();
    check(context, file, rules, |staged, ledger| {
        if !is_known {
            refuse_lately(context, &staged.past(ledger, &course(context))?)?;
        }
        context.tell(&words::checked(file.display(), staged.rows, staged.total));
        Ok(())
    })?;
    if is_known {
        context.tell(&words::has_packets());
    }
    let load = context.command("load");
    context.tell(&next::command(if file == context.campaign.recipients {
        load
    } else {
        format!("{load} {}", file.display())
    }));
    Ok(ExitCode::Done)
}

/// Whether exactly this file was loaded into the campaign before. Only a file that the file system
/// says has changed since is read for it.
pub(super) fn is_loaded(context: &Context, owner: &Owner, file: &Path) -> Result<bool, Error> {
    let id = &context.campaign.id;
    let before = Stamp::of(file);
    if let Some(stamp) = before.as_ref().and_then(Stamp::settled)
        && owner.has_stamp(id, stamp)?
    {
        return Ok(true);
    }
    let sha256 = sha256_of(file).map_err(|fault| {
        let fault = std::io::Error::new(fault.kind(), format!("{}: {fault}", file.display()));
        RecipientsError::Io(fault)
    })?;
    let is_loaded = owner.has_file(id, sha256)?;
    // Of what was hashed, if it did not change meanwhile.
    let after = Stamp::of(file).filter(|after| is_loaded && before.as_ref() == Some(after));
    if let Some(stamp) = after.as_ref().and_then(Stamp::settled) {
        owner.keep_stamp(id, sha256, stamp)?;
    }
    Ok(is_loaded)
}
