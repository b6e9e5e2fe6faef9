//! `load`: check a recipients file and write it to the ledger, all or nothing.

use std::path::Path;

use crate::cli::LoadArgs;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{LoadRules, Owner, Terms};
use crate::recipients::{RecipientsError, sha256_of};

use super::context::Context;
use super::intake::{named, stage};

pub(super) fn load(args: &LoadArgs) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign)?;
    let file = args.file.as_deref().unwrap_or(&context.campaign.recipients);
    let rules = LoadRules {
        allow_repeats: args.allow_repeats,
        pay_again: args.pay_again.clone(),
        is_refreeze: args.refreeze,
        is_live: context.is_live(),
    };
    let mut owner = context.own()?;
    if is_loaded(&context, &mut owner, file, args.refreeze)? {
        if args.refreeze {
            eprintln!(
                "the campaign's texts are now those of {}",
                context.path.display()
            );
        }
        eprintln!("{} is already loaded: nothing to do", file.display());
        return Ok(ExitCode::Done);
    }
    let staged = stage(&context, &mut owner, file, &rules).map_err(named(file))?;
    let (rows, total, (new, new_total)) = (staged.rows, staged.total, staged.added());
    staged.commit()?;
    say_loaded(file, (rows, total), (new, new_total));
    eprintln!("next: {}", context.command("plan"));
    Ok(ExitCode::Done)
}

/// One line, after the commit.
pub(super) fn say_loaded(file: &Path, read: (u64, Fen), new: (u64, Fen)) {
    let known = read.0 - new.0;
    let known = if known > 0 {
        format!("; {known} were loaded before")
    } else {
        String::new()
    };
    eprintln!(
        "loaded {}: {} packets, {} yuan{known}",
        file.display(),
        new.0,
        new.1
    );
}

/// Whether exactly this file was loaded into the campaign before. Also compares the campaign
/// file with what was frozen then.
pub(super) fn is_loaded(
    context: &Context,
    owner: &mut Owner,
    file: &Path,
    is_refreeze: bool,
) -> Result<bool, Error> {
    let terms: Terms = context.terms();
    if owner.check_frozen(&terms, is_refreeze)?.is_none() {
        return Ok(false);
    }
    let sha256 = sha256_of(file).map_err(|fault| {
        let fault = std::io::Error::new(fault.kind(), format!("{}: {fault}", file.display()));
        RecipientsError::Io(fault)
    })?;
    Ok(owner.has_file(&terms.id, sha256)?)
}
