//! The list that a run pays: loaded, or the one that was loaded; and the money that is confirmed.

use crate::cli::RunArgs;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::ledger::{LoadRules, Owner, Reader};
use crate::words::{both, names::CommandWords, recipients, usage};

use crate::commands::finish::left::check_places;
use crate::commands::setup::approval::{
    another_file, check_approved, is_needed, nothing_to_approve,
};
use crate::commands::setup::check::check_budget;
use crate::commands::setup::context::Context;
use crate::commands::setup::gateway::OpenGateway;
use crate::commands::setup::intake::{Intake, named, stage};
use crate::commands::setup::loaded::{list_at, loaded_file};
use crate::commands::setup::met::{check_paid_since, say_met};
use crate::commands::setup::typed::{list_options, typed_path, typed_word};

/// A refused file comes before every other check; the report has its place and the money is
/// confirmed before it is loaded.
pub(in crate::commands) fn load_or_compare(
    context: &Context,
    args: &RunArgs,
    owner: &mut Owner,
) -> Result<(), Error> {
    let file = &context.campaign.recipients;
    let list = list_at(file, args.sheet.as_ref())?;
    if owner.check_frozen(&context.terms(), None)?.is_some() {
        if loaded_file(context, owner, &list)?.is_none() {
            return Err(if is_needed(context) {
                another_file(context)
            } else {
                not_the_loaded(context)
            });
        }
        let total = owner.campaign_total(&context.campaign.id)?;
        check_budget(context, total)?;
        check_met_since(context, args, &owner.reader()?)?;
        check_places(context, &typed_run(context, args, total))?;
        return check_money(context, args, (total, true)).or_else(|no| {
            check_approval_first(context, args, (total, owner))?;
            Err(no)
        });
    }
    let rules = LoadRules {
        pay_again: args.pay_again.clone(),
        is_live: context.is_live(),
        ..LoadRules::default()
    };
    let intake = Intake {
        list: &list,
        rules: &rules,
        keeps_rejects: true,
        loaded: None,
        beside: None,
    };
    let staged = stage(context, owner, &intake).map_err(named(file, context.lang))?;
    check_places(context, &typed_run(context, args, staged.campaign_total()))?;
    let total = staged.campaign_total();
    check_money(context, args, (total, false)).map_err(|no| {
        let list = list_options(args.sheet.as_deref(), &args.pay_again);
        if is_needed(context) && !is_wrong_total(args, total) {
            nothing_to_approve(context, &list)
        } else {
            no
        }
    })?;
    // A load freezes its list: one whose run cannot begin is not loaded.
    OpenGateway::check_files(context)?;
    staged.commit(context, &list)
}

/// Other campaigns may have paid its people since it was loaded, or ran last: told before its first
/// send, and refused where a load would refuse those who still wait.
fn check_met_since(context: &Context, args: &RunArgs, reader: &Reader) -> Result<(), Error> {
    let row = reader.campaign(&context.campaign.id)?;
    let Some(row) = row else { return Ok(()) };
    let met = || Ok(reader.met(&row, context.clock.now_ms())?);
    if reader.has_sent(&row)? {
        return check_paid_since(context, (reader, &row), (met, &args.pay_again));
    }
    let met = met()?;
    say_met(context, &met, None);
    check_paid_since(context, (reader, &row), (|| Ok(met), &args.pay_again))
}

fn not_the_loaded(context: &Context) -> Error {
    let (file, id) = (
        context.campaign.recipients.display(),
        context.campaign.id.as_str(),
    );
    Error::Recipients(crate::recipients::RecipientsError::from(
        crate::recipients::Fault::of_file(crate::recipients::Cause::ledger(
            both("not the file that was loaded", "不是当初载入的文件"),
            recipients::another_file(file, id, context.command("load --check")),
        )),
    ))
}

/// Real money needs two words for it, and the exact total or an approval, which has it.
fn check_money(
    context: &Context,
    args: &RunArgs,
    (total, is_loaded): (Fen, bool),
) -> Result<(), Error> {
    let given = args.confirm_total.as_deref();
    let is_total = given.is_some_and(|text| Fen::from_yuan(text) == Ok(total));
    let named = match given {
        Some(given) => usage::totals(total, given),
        None => usage::totals(total, usage::missing()),
    };
    let no = |why| Err(Error::Usage(why));
    let command = typed_run(context, args, total);
    match (context.is_live(), args.live) {
        (false, false) if given.is_none() || is_total => Ok(()),
        // The approval, which is looked at before a connection is opened, is of this very total.
        (true, true) if given.is_none() && is_loaded && is_needed(context) => Ok(()),
        (true, true) if is_total => Ok(()),
        (false, true) => no(usage::live_in_simulator(context.path.display(), named)),
        (true, false) => no(usage::live_missing(named, CommandWords(command))),
        (true, true) if given.is_none() => no(usage::total_missing(named, CommandWords(command))),
        (true, true) | (false, false) => no(usage::total_differs(named, CommandWords(command))),
    }
}

/// What a run lacks before the words for real money: nobody is led to a run that would be refused,
/// too. A total that is wrong is told of first, and where nothing is due nobody need approve it.
fn check_approval_first(
    context: &Context,
    args: &RunArgs,
    (total, owner): (Fen, &Owner),
) -> Result<(), Error> {
    if !is_needed(context) || is_wrong_total(args, total) {
        return Ok(());
    }
    let reader = owner.reader()?;
    let id = &context.campaign.id;
    let Some(row) = reader.campaign(id)?.filter(|row| row.pause.is_none()) else {
        return Ok(());
    };
    if reader.next_due(id, false)?.is_none() {
        return Ok(());
    }
    check_approved(context, &reader, &row).map(drop)
}

/// Whether a total was typed that is not the campaign's.
fn is_wrong_total(args: &RunArgs, total: Fen) -> bool {
    let given = args.confirm_total.as_deref();
    given.is_some_and(|text| Fen::from_yuan(text) != Ok(total))
}

/// This run as a person would type it again.
fn typed_run(context: &Context, args: &RunArgs, total: Fen) -> String {
    context.command("run") + &options(context, args, total)
}

/// The options as they were typed, with this total.
fn options(context: &Context, args: &RunArgs, total: Fen) -> String {
    let live = if context.is_live() { " --live" } else { "" };
    let list = list_options(args.sheet.as_deref(), &args.pay_again);
    let given = [
        ("max-rows", args.max_rows.map(|rows| rows.to_string())),
        ("max-amount", args.max_amount.as_deref().map(typed_word)),
        ("canary", args.canary.map(|rows| rows.to_string())),
        ("until", args.until.as_deref().map(typed_word)),
        ("max-duration", args.max_duration.as_deref().map(typed_word)),
        ("events", args.events.as_deref().map(typed_path)),
        ("events-from", args.events_from.map(|seq| seq.to_string())),
    ];
    let option = |(name, value): (&str, Option<String>)| Some(format!(" --{name} {}", value?));
    let given: String = given.into_iter().filter_map(option).collect();
    let wait = if args.wait { " --wait" } else { "" };
    // On the simulator nobody needs to type it.
    let is_wanted = context.is_live() || args.confirm_total.is_some();
    let total = is_wanted.then(|| format!(" --confirm-total {total}"));
    let total = total.unwrap_or_default();
    format!("{live}{total}{list}{given}{wait}")
}
