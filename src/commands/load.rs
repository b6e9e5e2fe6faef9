//! `load`: check a recipients file and write it to the ledger, all or nothing.

use std::path::Path;

use crate::cli::LoadArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{LoadRules, Owner};
use crate::recipients::{RecipientsError, Stamp, sha256_of};
use crate::words::Lang;

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
            eprintln!(
                "the campaign's texts are now those of {}",
                context.path.display()
            );
        }
        eprintln!("{} is already loaded: nothing to do", file.display());
        return Ok(ExitCode::Done);
    }
    let intake = Intake {
        file,
        rules: &rules,
        keeps_rejects: true,
    };
    let staged = stage(&context, &mut owner, &intake).map_err(named(file))?;
    staged.commit(file)?;
    owner.share();
    eprintln!("next: {}", context.command("plan"));
    Ok(ExitCode::Done)
}

/// Reads the file and the ledger, and writes to neither.
fn only_check(context: &Context, file: &Path, rules: &LoadRules) -> Result<ExitCode, Error> {
    let is_known = context.loaded()?.is_some();
    check(context, file, rules, |staged, ledger| {
        let (name, rows, total) = (file.display(), staged.rows, staged.total);
        if !is_known {
            refuse_lately(context, &staged.past(ledger, &course(context))?)?;
        }
        eprintln!("checked {name}: {rows} packets, {total} yuan; nothing was written");
        Ok(())
    })?;
    if is_known {
        eprintln!("the campaign has packets already: `load` compares the file with them");
    }
    let load = context.command("load");
    if file == context.campaign.recipients {
        eprintln!("next: {load}");
    } else {
        eprintln!("next: {load} {}", file.display());
    }
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
