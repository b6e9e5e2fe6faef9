//! `pause` and `unpause`: without the lock, so that they reach a running process.

use crate::cli::{PauseArgs, UnpauseArgs};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::Pause;

use super::context::Context;

pub(super) fn pause(args: &PauseArgs) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign)?;
    let (reader, row) = context.must_be_loaded()?;
    let at = context.clock.now_ms();
    let pause = Pause {
        at,
        is_halt: false,
        because: args.because.clone(),
    };
    reader.set_pause(&row, Some(&pause), at, false)?;
    eprintln!("paused; a running process stops sending within a second");
    eprintln!("next: {}", context.command("unpause"));
    Ok(ExitCode::Done)
}

pub(super) fn unpause(args: &UnpauseArgs) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign)?;
    let (reader, row) = context.must_be_loaded()?;
    reader.set_pause(&row, None, context.clock.now_ms(), args.clock_is_right)?;
    match &row.pause {
        Some(pause) => eprintln!("unpaused; it was paused because: {}", pause.because),
        None if row.deferred_until.is_some() => {
            eprintln!("the daily limit that was reached is forgotten: the next run tries again");
        }
        None => eprintln!("the campaign was not paused"),
    }
    eprintln!("next: {}", context.run_command());
    Ok(ExitCode::Done)
}
