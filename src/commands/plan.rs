//! `plan`: what `run` would do. It reads, and writes nothing.

mod document;
mod lines;
mod obstacle;
mod planned;

use crate::cli::PlanArgs;
use crate::config::SecretSources;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Course, LoadRules, Preview, Reader};
use crate::recipients::{ListFile, ListTold};
use crate::words::{Lang, Words, load, plan as words};

use super::console::{say, say_json};
use super::finish::next::NextSteps;
use super::setup::approval::PlannedApproval;
use super::setup::check::{check, check_budget};
use super::setup::context::{Context, course, is_running};
use super::setup::intake::row_rules;
use super::setup::loaded::{list_at, was_loaded};
use super::setup::met::{check_named, check_paid_since, warn_unasked};
use super::setup::typed::list_options;
use document::document;
use lines::lines;
use obstacle::Obstacle;
use planned::Plan;

pub(super) fn plan(args: &PlanArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open_to_look(&args.campaign, lang)?;
    check_named(&context, &args.pay_again)?;
    if context.is_live() {
        context
            .campaign
            .check_credentials(&SecretSources::from_env())?;
    }
    let course = course(&context);
    let loaded = context.loaded()?;
    let list = list_at(&context.campaign.recipients, args.sheet.as_ref())?;
    let mut is_changed = false;
    let (all, to_send, preview, columns) = if let Some((reader, row)) = &loaded {
        row.check_frozen(&context.terms())?;
        check_budget(&context, row.total)?;
        let told = told_of_loaded(&context, reader, &list)?;
        is_changed = told.is_none();
        let tally = reader.tally(row)?;
        let preview = reader.preview(row, &course)?;
        let columns = told.unwrap_or_default();
        (tally.owed(), tally.of(State::Ready), preview, columns)
    } else {
        say_empty(&context)?;
        let (read, preview, columns) = of_file(&context, args, &course, &list)?;
        (read, read, preview, columns)
    };
    if let Some((reader, row)) = loaded.as_ref().filter(|_| !is_changed) {
        let met = || Ok(preview.paid_before.met.clone());
        check_paid_since(&context, (reader, row), (met, &args.pay_again))?;
    }
    say_unasked(&context, loaded.as_ref())?;
    let run = run_command(&context, args, all.fen);
    let obstacle = Obstacle::of(&context, &run)?;
    if let Some(obstacle) = &obstacle {
        context.tell(&obstacle.why);
    }
    let known = loaded.as_ref().map(|(_, row)| preview.digests.content(row));
    let asked = loaded.as_ref().map(|(reader, row)| (reader, row));
    let approval = PlannedApproval::of(&context, asked, known)?;
    let plan = Plan {
        all,
        to_send,
        seconds: seconds(&context, to_send.count),
        finish_at: preview
            .schedule
            .finish_at(&course, |count| seconds(&context, count)),
        preview,
        next: next(
            &context,
            loaded.as_ref(),
            (all, to_send),
            approval.as_ref(),
            (is_changed, obstacle.as_ref(), args),
        )?,
        obstacle,
        approval,
        is_changed,
        columns,
    };
    if args.json {
        say_json(&document(&context, &plan))?;
    } else {
        for line in lines(&context, &plan) {
            say(line.within(lang))?;
        }
    }
    Ok(ExitCode::Done)
}

/// The command that goes on from the plan; of a campaign with nothing left to send, as it stands.
fn next(
    context: &Context,
    loaded: Option<&(Reader, CampaignRow)>,
    (all, to_send): (TallyRow, TallyRow),
    approval: Option<&PlannedApproval>,
    (is_changed, obstacle, args): (bool, Option<&Obstacle>, &PlanArgs),
) -> Result<NextSteps, Error> {
    let (ledger, id) = (&context.campaign.ledger, context.campaign.id.as_str());
    let is_paused = loaded.is_some_and(|(_, row)| row.pause.is_some());
    let options = list_options(args.sheet.as_deref(), &args.pay_again);
    Ok(match approval {
        _ if is_running(ledger, id) => NextSteps::only(context.command("status") + " --watch"),
        _ if let Some(adopt) = context.due_adopt() => NextSteps::only(adopt),
        // What it would add is seen before it is added.
        _ if is_changed => NextSteps::only(context.command("load --check") + &options),
        _ if loaded.is_some() && (is_paused || to_send.count == 0) => {
            NextSteps::of(context, &context.standing_of(loaded)?)
        }
        _ if let Some(obstacle) = obstacle => NextSteps::only(obstacle.next.clone()),
        Some(PlannedApproval::NotLoaded) => NextSteps::only(context.command("load") + &options),
        Some(PlannedApproval::Missing(_, command)) => NextSteps::only(command.clone()),
        Some(PlannedApproval::WhenLive | PlannedApproval::Good(..)) | None => {
            let run = run_command(context, args, all.fen);
            // As the run itself would say.
            let now = context.clock.now_ms();
            let Some(opening) = context.campaign.windows.next(now) else {
                return Ok(NextSteps::default());
            };
            let wait = if opening.holds(now) { "" } else { " --wait" };
            NextSteps::only(run + wait)
        }
    })
}

/// The run of this plan, as a person would type it.
fn run_command(context: &Context, args: &PlanArgs, total: Fen) -> String {
    let options = list_options(args.sheet.as_deref(), &args.pay_again);
    let money = context.is_live();
    let money = money.then(|| format!(" --live --confirm-total {total}"));
    context.command("run") + &options + &money.unwrap_or_default()
}

/// How the columns of the loaded list were read. `None` where the list is another one than was
/// loaded, which a run would refuse: said beside the plan, which is of what is loaded.
fn told_of_loaded(
    context: &Context,
    reader: &Reader,
    list: &ListFile,
) -> Result<Option<Vec<Words>>, Error> {
    let file = list.path();
    let words = match was_loaded(context, reader, list) {
        Ok(true) => {
            // What is loaded stays so, whatever is thought of its list today.
            let Ok(told) = ListTold::of(list, row_rules(&context.campaign)) else {
                return Ok(Some(Vec::new()));
            };
            let encoding = told.encoding.iter();
            encoding.for_each(|words| context.tell(words));
            return Ok(Some(told.columns));
        }
        Ok(false) => words::changed(file.display(), context.command("load --check")),
        Err(Error::Io(fault)) => words::unreadable(file.display(), &fault),
        Err(fault) => return Err(fault),
    };
    context.tell(&words);
    Ok(None)
}

/// Tells of packets that are not among those to be sent, and may cost money all the same or none:
/// those in doubt, and those that may have been paid since the ledger is behind.
fn say_unasked(context: &Context, loaded: Option<&(Reader, CampaignRow)>) -> Result<(), Error> {
    if let Some((reader, row)) = loaded {
        let is_doubted = |state| matches!(state, State::InFlight | State::InDoubt);
        let doubted = reader.tally(row)?.sum(is_doubted);
        if doubted.count > 0 {
            context.tell(&words::in_doubt(doubted.count, doubted.fen));
        }
        warn_unasked(context, (reader, row), |_| true)?;
    }
    Ok(())
}

/// A ledger without a campaign is what a load leaves that was cut off.
fn say_empty(context: &Context) -> Result<(), Error> {
    let ledger = &context.campaign.ledger;
    if let Some(reader) = Reader::open(ledger)?
        && reader.campaigns()?.is_empty()
    {
        context.tell(&load::empty_ledger(ledger.display()));
    }
    Ok(())
}

/// The plan of a file that is not loaded yet.
fn of_file(
    context: &Context,
    args: &PlanArgs,
    course: &Course,
    list: &ListFile,
) -> Result<(TallyRow, Preview, Vec<Words>), Error> {
    let rules = LoadRules {
        pay_again: args.pay_again.clone(),
        is_live: context.is_live(),
        ..LoadRules::default()
    };
    check(context, list, &rules, |staged, ledger| {
        let preview = staged.preview(ledger, course)?;
        let read = TallyRow {
            count: staged.rows,
            fen: staged.total,
        };
        Ok((read, preview, staged.columns.clone()))
    })
}

/// At the configured pace, replies taking no time.
fn seconds(context: &Context, count: u64) -> u64 {
    let pace = &context.campaign.pace;
    let by_second = pace
        .per_second
        .map_or(0, |n| count.div_ceil(n.get().into()));
    let by_minute = pace
        .per_minute
        .map_or(0, |n| (count * 60).div_ceil(n.get().into()));
    by_second.max(by_minute)
}
