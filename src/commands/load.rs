//! `load`: check a recipients file and write it to the ledger, all or nothing.

use std::path::Path;

use crate::cli::LoadArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::LoadRules;
use crate::wechat::err_code::ErrCode;
use crate::words::{Lang, load as words, next};

use super::setup::check::{check, refuse_lately};
use super::setup::context::{Context, course};
use super::setup::intake::{Intake, named, stage};
use super::setup::loaded::is_loaded;

pub(super) fn load(args: &LoadArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
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
            refuse_lately(context, &staged.paid_before(ledger, &course(context))?)?;
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
