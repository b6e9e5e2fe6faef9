//! `reconcile`: query every bill that is not settled.

use std::sync::Arc;

use crate::cli::CampaignArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::runner::{Gate, Reconciled, Shut, on_signals, reconcile as query_all, start_of_clock};
use crate::words::{Lang, run as words};

use super::console::{despite, say};
use super::finish::ending::{by_state, of_signal, say_halt};
use super::setup::context::Context;
use super::setup::gateway::OpenGateway;

pub(super) async fn reconcile(args: &CampaignArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
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
    let done = query_all(&Arc::new(shared), context.in_flight()).await?;
    gateway.close().await;
    conclude(&context, &done)
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
