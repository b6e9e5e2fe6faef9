//! The list: whether it can be loaded, or is the one that was.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use super::told::{Check, CheckName};
use crate::commands::console::one_line;
use crate::commands::setup::check::check as check_list;
use crate::commands::setup::context::Context;
use crate::commands::setup::loaded::{list_at, was_loaded};
use crate::domain::met::EVERY;
use crate::error::Error;
use crate::ledger::{LedgerError, LoadRules};
use crate::recipients::{Fault, Faults, RecipientsError};
use crate::words::{Lang, Words, doctor as words, load, plan};

pub(super) fn check(context: &Context) -> Check {
    let name = CheckName::Recipients;
    let path = &context.campaign.recipients;
    let found = match readable(path) {
        Ok(found) => found,
        Err(fault) => {
            let found = words::unread(path.display(), &fault);
            return Check::fail(name, found, words::mend_recipients());
        }
    };
    match refused(context, &found) {
        Ok(None) => Check::fine(name, words::recipients(path.display(), found.len())),
        Ok(Some(why)) => Check::fail(name, why, load::mend_list(context.command("load --check"))),
        // The check of the ledger says why.
        Err(_) => Check::left_out(name),
    }
}

/// What the file system says of it, where it can be read. A pipe is not opened for this: it may
/// have no writer yet.
fn readable(path: &Path) -> io::Result<Metadata> {
    let found = fs::metadata(path)?;
    if found.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if found.is_file() {
        File::open(path)?;
    }
    Ok(found)
}

/// Why a run would not pay it, if so. A pipe is not read for this.
fn refused(context: &Context, found: &Metadata) -> Result<Option<Words>, Error> {
    if !found.is_file() {
        return Ok(None);
    }
    let list = list_at(&context.campaign.recipients, None)?;
    if let Some((reader, _)) = context.loaded()? {
        let is_loaded = was_loaded(context, &reader, &list)?;
        let check = context.command("load --check");
        return Ok((!is_loaded).then(|| plan::changed(list.path().display(), check)));
    }
    // Whether people may be paid again is said by those who load it.
    let rules = LoadRules {
        pay_again: vec![EVERY.to_owned()],
        is_live: context.is_live(),
        ..LoadRules::default()
    };
    match check_list(context, &list, &rules, |_, _| Ok(())) {
        Ok(()) => Ok(None),
        Err(Error::Recipients(RecipientsError::Refused(faults))) => {
            Ok(faults.listed().first().map(|first| {
                let told = |lang| at_fault(context, (&faults, first), lang);
                Words {
                    zh: told(Lang::Zh).zh,
                    ..told(Lang::En)
                }
            }))
        }
        Err(fault @ (Error::Recipients(_) | Error::Ledger(LedgerError::Refused(_)))) => {
            Ok(Some(one_line(&fault)))
        }
        Err(fault) => Err(fault),
    }
}

/// How many rows are at fault, and the first of them: `load --check` lists them.
fn at_fault(context: &Context, (faults, first): (&Faults, &Fault), lang: Lang) -> Words {
    let path = context.campaign.recipients.display();
    load::at_fault(path, faults.total(), first.within(lang))
}
