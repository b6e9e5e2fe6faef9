//! `status`: counts and money by state.

use std::time::Duration;

use crate::cli::StatusArgs;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::Lang;

use crate::commands::console::{say, say_json};
use crate::commands::setup::context::Context;

/// Between two looks of `--watch`.
const EVERY: Duration = Duration::from_secs(2);

pub(in crate::commands) async fn status(args: &StatusArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    loop {
        let loaded = context.must_be_loaded()?;
        let standing = context.standing_of(Some(&loaded))?;
        let is_read = if args.json {
            say_json(&standing.json())?
        } else {
            let pause = standing.pause_words();
            let pause = pause.as_ref().map_or("", |words| words.within(lang));
            let standing = standing.words(lang);
            let lines = [standing.trim_end(), pause].join("\n");
            say(lines.trim_end())?
        };
        let is_open = |state: State| state == State::Ready || state.is_unresolved();
        let is_over = standing.campaign.is_some() && standing.tally.sum(is_open).count == 0;
        if !args.watch || is_over || !is_read {
            return Ok(ExitCode::Done);
        }
        tokio::time::sleep(EVERY).await;
    }
}
