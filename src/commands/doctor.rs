//! `doctor`: whether this campaign can be run from here, check by check, each with its remedy. It
//! works beside a run, takes no lock and never sends money.

mod allowed;
mod backups;
mod credentials;
mod disk;
mod gateway;
mod ledger;
mod list;
mod notify;
mod report;
mod told;

use crate::cli::JsonArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::{Lang, doctor as words, schedule};

use super::console::{one_line, say, say_json};
use super::setup::check::{above_default, check_budget};
use super::setup::context::Context;
use super::setup::gateway::OpenGateway;
use told::{Check, CheckName};

pub(super) async fn doctor(args: &JsonArgs, lang: Lang) -> Result<ExitCode, Error> {
    let checks = match Context::open(&args.campaign, lang) {
        Ok(context) => all(&context).await,
        // The list is for those whose campaign file is refused, too.
        Err(fault @ Error::Config(_)) => without_campaign(&fault),
        Err(fault) => return Err(fault),
    };
    if args.json {
        say_json(&told::document(&checks, lang))?;
    } else {
        for line in checks.iter().flat_map(Check::lines) {
            say(line.within(lang))?;
        }
    }
    Ok(if checks.iter().any(Check::has_failed) {
        ExitCode::Configuration
    } else {
        ExitCode::Done
    })
}

/// Nothing but proxies of the environment can be looked at without a campaign file; the list is
/// whole all the same.
fn without_campaign(fault: &Error) -> Vec<Check> {
    let check = |name| match name {
        CheckName::Campaign => Check::fail(name, one_line(fault), words::mend_campaign()),
        CheckName::Proxy => gateway::proxy(None),
        name => Check::left_out(name),
    };
    CheckName::ALL.map(check).into()
}

async fn all(context: &Context) -> Vec<Check> {
    let mut checks = vec![campaign(context), list::check(context)];
    let opened = OpenGateway::apart(context).await;
    checks.extend(credentials::check(context, opened.as_ref().err()));
    checks.extend(ledger::check(context));
    checks.extend(allowed::check(context));
    checks.push(disk::check(context));
    checks.push(backups::check(context));
    checks.push(report::check(context));
    checks.push(limits(context));
    checks.push(open(context));
    checks.push(gateway::proxy(Some(&context.campaign.gateway)));
    checks.extend(gateway::check(context, opened).await);
    checks.push(notify::check(context).await);
    checks
}

/// A campaign file that is not as it was when the list was loaded is refused by a run.
fn campaign(context: &Context) -> Check {
    let name = CheckName::Campaign;
    let id = context.campaign.id.as_str();
    // The check of the ledger says what is wrong with it.
    if let Ok(Some((_, row))) = context.loaded() {
        let frozen = row.check_frozen(&context.terms()).map_err(Error::from);
        if let Err(fault) = frozen.and_then(|()| check_budget(context, row.total)) {
            return Check::fail(name, one_line(&fault), words::mend_campaign());
        }
    }
    Check::fine(name, words::campaign(id))
}

fn limits(context: &Context) -> Check {
    let pace = &context.campaign.pace;
    let above = above_default(context);
    if above.is_empty() {
        let per_second = pace.per_second.map_or(0, std::num::NonZero::get);
        let found = words::limits(per_second, pace.in_flight.get());
        return Check::fine(CheckName::Limits, found);
    }
    let found = words::limits_high(above.join(", "));
    Check::warn(CheckName::Limits, found, words::mend_limits())
}

fn open(context: &Context) -> Check {
    let now = context.clock.now_ms();
    let windows = &context.campaign.windows;
    match windows.next(now) {
        Some(opening) if opening.holds(now) => Check::fine(CheckName::Schedule, words::open()),
        Some(opening) => {
            let at = crate::clock::zoned_words(opening.from, &windows.timezone);
            let found = schedule::closed(at, windows.zone());
            Check::warn(CheckName::Schedule, found, words::mend_schedule())
        }
        None => Check::fail(
            CheckName::Schedule,
            schedule::over("[schedule]"),
            words::mend_schedule(),
        ),
    }
}
