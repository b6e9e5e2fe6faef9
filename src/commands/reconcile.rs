//! `reconcile`: query every bill that is not settled.

use std::num::NonZeroU64;
use std::sync::Arc;

use jiff::{Span, SpanRelativeTo};

use crate::cli::ReconcileArgs;
use crate::clock::beijing_words;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::runner::{
    Gate, Reconciled, Shut, Survey, on_signals, reconcile as query_all, start_of_clock,
};
use crate::words::{Lang, run as words, usage};

use super::console::{despite, say};
use super::finish::ending::{by_state, of_signal, say_halt};
use super::finish::progress::Progress;
use super::setup::context::Context;
use super::setup::gateway::OpenGateway;

pub(super) async fn reconcile(args: &ReconcileArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let survey = survey(args, &context)?;
    let (reader, row) = context.must_be_loaded()?;
    let owner = context.own()?;
    owner.check_account(&context.terms())?;
    let (now, highest_time) = (context.clock.now_ms(), owner.highest_time());
    let writer = Arc::new(owner.into_writer(&context.terms(), context.rules())?);
    if let Some(halt) = start_of_clock(now, highest_time) {
        say_halt(&context, &halt);
        return Ok(ExitCode::Halted);
    }
    writer.recover(now).await?;
    let gateway = OpenGateway::open(&context).await?;
    let gate = Arc::new(Gate::default());
    on_signals(Arc::clone(&gate), context.lang)?;
    let shared = gateway.shared(&context, &reader, (gate, writer), row.is_clock_right)?;
    if let Some(since) = reader.reconciling_since(&row, now)?
        && survey.older_than_ms.is_none()
    {
        context.tell(&words::goes_on(beijing_words(since)));
    }
    let mut shown = None;
    let tell = |total, glance| {
        shown
            .get_or_insert_with(|| Progress::begin(total, lang))
            .show(glance);
    };
    let done = query_all(&Arc::new(shared), &reader, &survey, tell).await?;
    if let Some(progress) = shown {
        progress.end();
    }
    gateway.close().await;
    conclude(&context, &done)
}

fn survey(args: &ReconcileArgs, context: &Context) -> Result<Survey, Error> {
    let older_than_ms = args.older_than.as_deref().map(age_ms).transpose()?;
    Ok(Survey {
        campaign: context.campaign.id.clone(),
        in_flight: context.in_flight(),
        older_than_ms,
        limit: args.limit.map(NonZeroU64::get),
    })
}

/// A duration as it was typed, in milliseconds: days have 24 hours.
fn age_ms(typed: &str) -> Result<i64, Error> {
    let wrong = || Error::Usage(usage::duration("--older-than", format!("{typed:?}")));
    let span: Span = typed.parse().map_err(|_| wrong())?;
    let days = SpanRelativeTo::days_are_24_hours();
    let age = span.to_duration(days).map_err(|_| wrong())?.as_millis();
    i64::try_from(age)
        .ok()
        .filter(|age| *age >= 0)
        .ok_or_else(wrong)
}

fn conclude(context: &Context, done: &Reconciled) -> Result<ExitCode, Error> {
    let Reconciled {
        asked,
        moved,
        unanswered,
        shut,
        outage,
    } = done;
    context.tell(&words::asked(*asked, *moved, *unanswered));
    if let Some(why) = outage {
        let url = context.campaign.gateway.base_url.as_str();
        context.tell(&words::unreachable(url, why.clone()));
    }
    let standing = context.standing()?;
    let said = say(standing.words(context.lang).trim_end());
    let by_state = by_state(&standing);
    let exit = match shut {
        Some(Shut::Halt(halt) | Shut::WrongClock(halt)) => {
            say_halt(context, halt);
            ExitCode::Halted
        }
        Some(Shut::Signal(signal)) => of_signal(*signal),
        Some(Shut::LedgerFailed) => ExitCode::Unexpected,
        Some(Shut::Paused(_) | Shut::Deferred(_) | Shut::Throttled) | None
            if by_state != ExitCode::Halted && (*unanswered > 0 || outage.is_some()) =>
        {
            ExitCode::SomeUnresolved
        }
        Some(Shut::Paused(_) | Shut::Deferred(_) | Shut::Throttled) | None => by_state,
    };
    Ok(despite(context.lang, said, exit))
}
