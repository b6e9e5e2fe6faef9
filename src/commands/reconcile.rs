//! `reconcile`: query every bill that is not settled.

use std::sync::Arc;

use crate::cli::CampaignArgs;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::runner::{Gate, Reconciled, Shut, Signal, on_signals, reconcile as query_all};

use super::context::Context;
use super::gateway::Gateway;

pub(super) async fn reconcile(args: &CampaignArgs) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign)?;
    let (reader, row) = context.must_be_loaded()?;
    let mut owner = context.own()?;
    owner.check_frozen(&context.terms(), false)?;
    let writer = Arc::new(owner.into_writer(&context.terms(), context.rules())?);
    writer.recover(context.clock.now_ms()).await?;
    let gateway = Gateway::open(&context).await?;
    let gate = Arc::new(Gate::default());
    on_signals(Arc::clone(&gate))?;
    let crew = gateway.crew(&context, &reader, (gate, writer), row.is_clock_right)?;
    let in_flight = usize::try_from(context.campaign.pace.in_flight.get()).unwrap_or(1);
    let done = query_all(&Arc::new(crew), in_flight, |_| {}).await?;
    gateway.close().await;
    conclude(&context, &done)
}

fn conclude(context: &Context, done: &Reconciled) -> Result<ExitCode, Error> {
    let Reconciled {
        asked,
        moved,
        unanswered,
        shut,
    } = done;
    eprintln!("asked about {asked} packets: {moved} moved, {unanswered} without a usable answer");
    let standing = context.standing()?;
    print!("{}", standing.words());
    if standing.breaks() > 0 {
        println!(
            "  {} packets proven unpaid were seen paid later",
            standing.breaks()
        );
        return Ok(ExitCode::Halted);
    }
    Ok(match shut {
        Some(Shut::Halt(halt)) => {
            eprintln!(
                "halted: {}\n  evidence: {}\n  remedy: {}",
                halt.cause, halt.evidence, halt.remedy
            );
            ExitCode::Halted
        }
        Some(Shut::Signal(Signal::Interrupt)) => ExitCode::Interrupted,
        Some(Shut::Signal(Signal::Terminate)) => ExitCode::Terminated,
        Some(Shut::LedgerFailed) => ExitCode::Unexpected,
        Some(Shut::Paused(_) | Shut::Deferred(_)) | None => by_state(&standing, *unanswered),
    })
}

fn by_state(standing: &crate::report::Standing, unanswered: u64) -> ExitCode {
    let is_unresolved = standing.tally.sum(State::is_unresolved).count > 0
        || standing.without_package.open > 0
        || unanswered > 0;
    if is_unresolved {
        ExitCode::SomeUnresolved
    } else if standing.tally.of(State::Refused).count > 0 {
        ExitCode::SomeRefused
    } else {
        ExitCode::Done
    }
}
