//! `run`: load the recipients file if it is not loaded yet, then send what is due until nothing
//! more can be done now. Running it again is resuming.

mod before;
mod canary;
mod events;
mod follower;
mod limits;
mod list;
mod window;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::cli::RunArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{Owner, Pause, Reader, Writer};
use crate::runner::{Ending, Gate, Shut, Signal, Stops, start_of_clock, walk};
use crate::service;
use crate::words::events::one_stdout;
use crate::words::{Lang, halt, run as words};

use super::finish::document::end;
use super::finish::ending::{conclude, exit_code};
use super::finish::notices::RunNotices;
use super::finish::run_end::RunEnd;
use super::finish::run_log::RunLog;
use super::run::before::{ask_first, ended_before};
use super::run::events::Events;
use super::run::limits::{Sending, TypedLimits};
use super::run::list::load_or_compare;
use super::run::window::{TypedTimes, opens_again, own, wait};
use super::setup::approval::{check_approved, check_still_approved};
use super::setup::context::Context;
use super::setup::gateway::OpenGateway;
use super::setup::met::check_named;
use super::setup::stdout::{Stdout, StdoutUse};

type RunBounds = (TypedLimits, TypedTimes);
/// The ledger, or the signal that came before it was this run's.
type Owned = Result<ControlFlow<Signal, Owner>, Error>;

pub(super) async fn run(
    args: &RunArgs,
    language: Option<Lang>,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let typed = (TypedLimits::read(args)?, TypedTimes::read(args)?);
    let mut context = Context::open(&args.campaign, lang)?;
    context.typed = language;
    context.stdout = Stdout::of(args.json);
    check_named(&context, &args.pay_again)?;
    let mut events = Events::of(&context, args)?;
    if events.as_ref().is_some_and(Events::have_stdout) {
        if args.json {
            return Err(Error::Usage(one_stdout()));
        }
        context.stdout.is_for = StdoutUse::Events;
    }
    let ended = run_through(&mut context, args, (typed, &mut events)).await;
    if let Some(mut events) = events {
        events.rest(&context);
    }
    Ok(end(&context, "run", ended?))
}

/// One run after the other, where it waits for windows.
async fn run_through(
    context: &mut Context,
    args: &RunArgs,
    (typed, events): (RunBounds, &mut Option<Events>),
) -> Result<ExitCode, Error> {
    let mut stops = Stops::new(context.lang);
    let mut has_waited = false;
    loop {
        service::works();
        let taken = Box::pin(own(context, args, &mut stops)).await;
        let notices = RunNotices::of_run(context, has_waited);
        let begun = (typed, taken, &mut *events);
        let ended = send_and_conclude(context, args, begun, (&mut stops, &notices)).await;
        notices.ended(&ended);
        let opened = ended.as_ref().ok();
        let Some(opens) = opened.and_then(|(ended, _)| opens_again(ended, args)) else {
            notices.wait().await;
            return ended.map(|(_, exit)| exit);
        };
        // The ledger may be another one afterwards.
        if let Some(events) = events {
            events.rest(context);
        }
        let ended = match wait(context, opens, &mut stops).await {
            Ok(ControlFlow::Continue(read)) => {
                notices.wait().await;
                (*context, has_waited) = (read, true);
                continue;
            }
            Ok(ControlFlow::Break(exit)) => Ok(exit),
            Err(fault) => Err(fault),
        };
        // By the targets of the run before: those of a campaign file that is broken are not known.
        notices.gave_up(&ended);
        notices.wait().await;
        return ended;
    }
}

/// One run within one open time, and what is told of it here. The ledger's lock is free again
/// afterwards.
async fn send_and_conclude(
    context: &Context,
    args: &RunArgs,
    (typed, taken, events): (RunBounds, Owned, &mut Option<Events>),
    (stops, notices): (&mut Stops, &RunNotices<'_>),
) -> Result<(RunEnd, ExitCode), Error> {
    let ended = match taken? {
        ControlFlow::Continue(owner) => {
            once(context, args, (typed, owner, events), stops, notices).await?
        }
        ControlFlow::Break(signal) => RunEnd::Ending(Ending::Shut(Shut::Signal(signal))),
    };
    if opens_again(&ended, args).is_none() {
        service::stopping();
    } else if matches!(&ended, RunEnd::Closed(closed) if !closed.has_begun) {
        return Ok((ended, ExitCode::Limited));
    }
    let exit = conclude(context, &ended)?;
    Ok((ended, exit))
}

async fn once(
    context: &Context,
    args: &RunArgs,
    (typed, mut owner, events): (RunBounds, Owner, &mut Option<Events>),
    stops: &mut Stops,
    notices: &RunNotices<'_>,
) -> Result<RunEnd, Error> {
    notices.begun();
    let (campaign, mode) = (&context.campaign.id, context.campaign.gateway.mode.name());
    tracing::info!(%campaign, mode, "the ledger is taken");
    context.back_up(&owner)?;
    if let Some(events) = events {
        events.begin(context, &owner)?;
    }
    load_or_compare(context, args, &mut owner)?;
    service::ready();
    let reader = owner.reader()?;
    let highest_time = owner.highest_time();
    let writer = Arc::new(owner.into_writer(&context.terms(), context.rules())?);
    let again = args.pay_again.clone();
    writer.pay_again(again, context.clock.now_ms()).await?;
    let log = RunLog::of("run", context, &reader);
    let about = (context, &log, notices);
    let ended = attempt_all(about, (&reader, typed), &writer, highest_time, stops).await;
    log.ended(ended, |ended| Ok(exit_code(ended, &context.standing()?)))
}

/// The order is the point: nothing that needs the gateway comes before the checks that need none,
/// and nothing may be sent before WeChat Pay answered the first questions.
async fn attempt_all(
    (context, log, notices): (&Context, &RunLog<'_>, &RunNotices<'_>),
    (reader, (limits, times)): (&Reader, RunBounds),
    writer: &Arc<Writer>,
    highest_time: i64,
    stops: &mut Stops,
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
        context.warn(&words::left_open(open));
    }
    let Some(row) = reader.campaign(&context.campaign.id)? else {
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
    let (gate, began) = (Arc::new(Gate::default()), context.clock.now_ms());
    if let Err(closed) = times.open(context, &gate) {
        return Ok(RunEnd::Closed(closed));
    }
    log.begin(&row)?;
    let gateway = OpenGateway::open(context).await?;
    stops.shut(&gate)?;
    service::drives(context.longest_answer());
    let parts = (gate, Arc::clone(writer));
    let shared = gateway.shared(context, reader, parts, row.is_clock_right)?;
    let shared = Arc::new(shared);
    if row.is_clock_right {
        // A person's word about the clock is good for one run.
        writer.forget_clock_word(context.clock.now_ms()).await?;
    }
    // A wrong key is found here, and that WeChat Pay knows more than the ledger: no packet is
    // touched before.
    let ours = reader.unattempted_numbers(&row, context.clock.now_ms())?;
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
    let ended = match catch_up_and_send(&sending, notices).await? {
        RunEnd::Ending(Ending::Closed) => RunEnd::Closed(times.ended(context, began)),
        ended => ended,
    };
    gateway.close().await;
    halted(context, writer, ended).await
}

/// In a ledger that is behind, a refused packet may have been paid since.
async fn catch_up_and_send(
    sending: &Sending<'_>,
    notices: &RunNotices<'_>,
) -> Result<RunEnd, Error> {
    notices.started();
    let Sending {
        context, shared, ..
    } = sending;
    let writer = &shared.writer;
    if writer.is_behind(context.clock.now_ms()).await? {
        context.tell(&words::asks_each());
    }
    walk(shared, context.in_flight()).await?;
    let ended = sending.send().await?;
    let now = context.clock.now_ms();
    if writer.has_failed() {
        return Ok(ended);
    }
    if writer.is_behind(now).await? {
        context.warn(&words::still_behind());
        for (campaign, count) in writer.counted_elsewhere(now).await? {
            context.warn(&words::counts_elsewhere(count, campaign));
        }
    }
    Ok(ended)
}

/// A halt is kept with the campaign, and a daily limit too: the next run knows.
async fn halted(context: &Context, writer: &Writer, ended: RunEnd) -> Result<RunEnd, Error> {
    let at = context.clock.now_ms();
    match &ended {
        RunEnd::Ending(Ending::Shut(Shut::Halt(halt) | Shut::WrongClock(halt))) => {
            let (cause, evidence) = (halt.cause.clone(), halt.evidence.clone());
            let because = halt::kept(cause, evidence, halt.remedy.clone()).to_keep();
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
