//! `pause` and `unpause`: without the lock, so that they reach a running process.

use crate::cli::{PauseArgs, UnpauseArgs};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::Pause;
use crate::words::{Lang, next, pause as words, recall};

use crate::commands::finish::next::NextSteps;
use crate::commands::setup::context::Context;

pub(in crate::commands) fn pause(args: &PauseArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let (reader, row) = context.must_be_loaded()?;
    let at = context.clock.now_ms();
    let pause = Pause {
        at,
        is_halt: false,
        because: args.because.clone(),
    };
    reader.set_pause(&row, Some(&pause), at, false)?;
    context.tell(&words::paused());
    context.tell(&next::command(context.command("unpause")));
    Ok(ExitCode::Done)
}

pub(in crate::commands) fn unpause(args: &UnpauseArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let (reader, row) = context.must_be_loaded()?;
    reader.set_pause(&row, None, context.clock.now_ms(), args.clock_is_right)?;
    context.tell(&match &row.pause {
        Some(pause) => words::unpaused(recall(&pause.because)),
        None if row.deferred_until.is_some() => words::limit_forgotten(),
        None => words::not_paused(),
    });
    NextSteps::of(&context, &context.standing()?).say(&context);
    Ok(ExitCode::Done)
}
