//! `run`: load the recipients file if it is not loaded yet, then send what is due until nothing
//! more can be done now. Running it again is resuming.

mod canary;
mod limits;
mod window;

use std::sync::Arc;

use crate::cli::RunArgs;
use crate::domain::ids::MchBillno;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, LoadRules, Owner, Pause, Reader, Writer};
use crate::runner::{Ending, Gate, Preflight, Shared, Shut};
use crate::runner::{on_signals, preflight, start_of_clock, walk};
use crate::words::{Lang, both, halt, recipients, run as words, usage};

use super::finish::ending::{RunEnd, conclude};
use super::finish::left::check_places;
use super::run::limits::{Sending, TypedLimits};
use super::run::window::{TypedTimes, wait};
use super::setup::approval::{another_file, check_approved, check_still_approved, is_needed};
use super::setup::check::check_budget;
use super::setup::context::Context;
use super::setup::gateway::OpenGateway;
use super::setup::intake::{Intake, named, stage};
use super::setup::loaded::is_loaded;

pub(super) async fn run(
    args: &RunArgs,
    language: Option<Lang>,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let typed = (TypedLimits::read(args)?, TypedTimes::read(args)?);
    let mut context = Context::open(&args.campaign, lang)?;
    context.typed = language;
    loop {
        let ended = once(&context, args, typed).await?;
        let opens = match &ended {
            RunEnd::Closed(closed) if closed.flag.is_none() => closed.opens.filter(|_| args.wait),
            _ => None,
        };
        let Some(opens) = opens else {
            return conclude(&context, &ended);
        };
        if matches!(&ended, RunEnd::Closed(closed) if closed.has_begun) {
            conclude(&context, &ended)?;
        }
        // Everything is read anew afterwards: the campaign, its list, a pause, an approval.
        if let Some(exit) = wait(&context, opens).await? {
            return Ok(exit);
        }
        context = context.anew()?;
    }
}

/// One run within one open time. The ledger's lock is free again afterwards.
async fn once(
    context: &Context,
    args: &RunArgs,
    typed: (TypedLimits, TypedTimes),
) -> Result<RunEnd, Error> {
    let mut owner = context.own()?;
    load_or_compare(context, args, &mut owner)?;
    let reader = owner.reader()?;
    let highest_time = owner.highest_time();
    let writer = Arc::new(owner.into_writer(&context.terms(), context.rules())?);
    attempt_all(context, (&reader, typed), &writer, highest_time).await
}

/// A refused file comes before every other check; the report has its place and the money is
/// confirmed before it is loaded.
fn load_or_compare(context: &Context, args: &RunArgs, owner: &mut Owner) -> Result<(), Error> {
    let file = &context.campaign.recipients;
    if owner.check_frozen(&context.terms(), None)?.is_some() {
        if !is_loaded(context, owner, file)? {
            return Err(if is_needed(context) {
                another_file(context)
            } else {
                not_the_loaded(context)
            });
        }
        let total = owner.campaign_total(&context.campaign.id)?;
        check_budget(context, total)?;
        check_places(context)?;
        return check_money(context, args, total);
    }
    let rules = LoadRules {
        pay_again: args.pay_again.clone(),
        is_live: context.is_live(),
        ..LoadRules::default()
    };
    let intake = Intake {
        file,
        rules: &rules,
        keeps_rejects: true,
    };
    let staged = stage(context, owner, &intake).map_err(named(file, context.lang))?;
    check_places(context)?;
    check_money(context, args, staged.campaign_total())?;
    // A load freezes its list: one whose run cannot begin is not loaded.
    OpenGateway::check_files(context)?;
    staged.commit(context, file)
}

fn not_the_loaded(context: &Context) -> Error {
    let (file, id) = (
        context.campaign.recipients.display(),
        context.campaign.id.as_str(),
    );
    Error::Recipients(crate::recipients::RecipientsError::from(
        crate::recipients::Fault::of_file(crate::recipients::Cause::ledger(
            both("not the file that was loaded", "不是当初载入的文件"),
            recipients::another_file(file, id, context.command("load")),
        )),
    ))
}

/// Real money needs two words for it, and the exact total.
fn check_money(context: &Context, args: &RunArgs, total: Fen) -> Result<(), Error> {
    let given = args.confirm_total.as_deref();
    let is_total = given.is_some_and(|text| Fen::from_yuan(text) == Ok(total));
    let named = match given {
        Some(given) => usage::totals(total, given),
        None => usage::totals(total, usage::missing()),
    };
    let no = |why| Err(Error::Usage(why));
    let command = format!("{} --live --confirm-total {total}", context.command("run"));
    match (context.is_live(), args.live) {
        (false, false) if given.is_none() || is_total => Ok(()),
        (true, true) if is_total => Ok(()),
        (false, true) => no(usage::live_in_simulator(context.path.display(), named)),
        (true, false) => no(usage::live_missing(named, command)),
        (true, true) | (false, false) => no(usage::total_differs(named, command)),
    }
}

/// The order is the point: nothing that needs the gateway comes before the checks that need none,
/// and nothing may be sent before WeChat Pay answered the first questions.
async fn attempt_all(
    context: &Context,
    (reader, (limits, times)): (&Reader, (TypedLimits, TypedTimes)),
    writer: &Arc<Writer>,
    highest_time: i64,
) -> Result<RunEnd, Error> {
    let now = context.clock.now_ms();
    // Windows and caps are counted by the clock: with a wrong one nothing is recovered or sent.
    if let Some(halt) = start_of_clock(now, highest_time) {
        let shut = Shut::WrongClock(halt);
        return halted(context, writer, RunEnd::Ending(Ending::Shut(shut))).await;
    }
    // Requests that a dead process left open are doubts from here on, so that they are asked about.
    let open = writer.recover(now).await?;
    if open > 0 {
        context.tell(&words::left_open(open));
    }
    let row = reader.campaign(&context.campaign.id)?;
    let Some(row) = row else {
        return Ok(RunEnd::NothingToDo);
    };
    if let Some(ended) = ended_before(context, reader, writer, &row, now).await? {
        return Ok(ended);
    }
    // Before a connection is opened: a run that nobody approved makes no request at all.
    let approved = check_approved(context, reader, &row)?;
    let approval = approved.map(|(approval, packets)| {
        writer.send_only(packets);
        approval
    });
    let gate = Arc::new(Gate::default());
    let began = context.clock.now_ms();
    if let Err(closed) = times.open(context, &gate) {
        return Ok(RunEnd::Closed(closed));
    }
    let gateway = OpenGateway::open(context).await?;
    on_signals(Arc::clone(&gate), context.lang)?;
    let shared = gateway.shared(
        context,
        reader,
        (gate, Arc::clone(writer)),
        row.is_clock_right,
    )?;
    let shared = Arc::new(shared);
    if row.is_clock_right {
        // A person's word about the clock is good for one run.
        writer.forget_clock_word(context.clock.now_ms()).await?;
    }
    // A wrong key is found here, and that WeChat Pay knows more than the ledger: no packet is
    // touched before.
    let ours = reader.unattempted_numbers(&row)?;
    if let Some(ended) = ask_first(context, &shared, &ours).await? {
        return halted(context, writer, ended).await;
    }
    // The first answers brought the gateway's time, by which an approval may be over.
    check_still_approved(context, (reader, &row), approval.as_ref())?;
    let sending = Sending {
        context,
        reader,
        shared: &shared,
        limits,
    };
    let ended = match catch_up_and_send(&sending).await? {
        RunEnd::Ending(Ending::Closed) => RunEnd::Closed(times.ended(context, began)),
        ended => ended,
    };
    gateway.close().await;
    halted(context, writer, ended).await
}

/// How the run ends without a request, if it does: paused, nothing due, or a limit of the day.
async fn ended_before(
    context: &Context,
    reader: &Reader,
    writer: &Writer,
    row: &CampaignRow,
    now: i64,
) -> Result<Option<RunEnd>, Error> {
    // A pause is obeyed before anything is looked for: `reconcile` asks meanwhile.
    if let Some(pause) = &row.pause {
        return Ok(Some(RunEnd::Ending(Ending::Shut(Shut::Paused(
            pause.clone(),
        )))));
    }
    let id = &context.campaign.id;
    let due = reader.next_due(id, false)?.or(reader.owed_again(id, now)?);
    // In a ledger that is behind, those who are refused are asked about.
    if due.is_none() && !writer.is_behind(now).await? {
        return Ok(Some(RunEnd::NothingToDo));
    }
    // Doubts are cleared up also on a day on which nothing more is sent.
    let deferred = row.deferred_until.filter(|until| *until > now);
    let deferred = deferred.filter(|until| due.is_some_and(|due| due >= *until));
    Ok(deferred.map(|until| RunEnd::Ending(Ending::Shut(Shut::Deferred(until)))))
}

/// In a ledger that is behind, a refused packet may have been paid since.
async fn catch_up_and_send(sending: &Sending<'_>) -> Result<RunEnd, Error> {
    let Sending {
        context, shared, ..
    } = sending;
    walk(shared, context.in_flight()).await?;
    let ended = sending.send().await?;
    let writer = &shared.writer;
    if !writer.has_failed() && writer.is_behind(context.clock.now_ms()).await? {
        context.tell(&words::still_behind());
    }
    Ok(ended)
}

/// In live mode the first requests are queries.
async fn ask_first(
    context: &Context,
    shared: &Arc<Shared>,
    ours: &[MchBillno],
) -> Result<Option<RunEnd>, Error> {
    if !context.is_live() {
        return Ok(None);
    }
    Ok(
        match preflight(shared, ours, context.campaign.retry.linger).await? {
            Preflight::Clear => None,
            Preflight::Remembered(number) => {
                context.tell(&words::remembered(number));
                None
            }
            Preflight::Unreachable(why) => Some(RunEnd::Unreachable(why)),
            Preflight::Shut(Shut::Halt(halt)) => Some(RunEnd::SetUp(halt)),
            Preflight::Shut(cause) => Some(RunEnd::Ending(Ending::Shut(cause))),
        },
    )
}

/// A halt is kept with the campaign, and a daily limit too: the next run knows.
async fn halted(context: &Context, writer: &Writer, ended: RunEnd) -> Result<RunEnd, Error> {
    let at = context.clock.now_ms();
    match &ended {
        RunEnd::Ending(Ending::Shut(Shut::Halt(halt) | Shut::WrongClock(halt))) => {
            let because = halt::kept(halt.cause.clone(), halt.evidence.clone()).to_keep();
            let pause = Pause {
                at,
                is_halt: true,
                because,
            };
            writer.pause(pause, halt.excused.clone()).await?;
        }
        RunEnd::Ending(Ending::Shut(Shut::Deferred(until))) => {
            writer.defer(*until, context.clock.now_ms()).await?;
        }
        _ => {}
    }
    Ok(ended)
}
