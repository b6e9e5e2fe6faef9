//! `status`: counts and money by state.

use std::time::Duration;

use crate::cli::StatusArgs;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::Lang;

use super::context::Context;
use super::out::say;

/// Between two looks of `--watch`.
const EVERY: Duration = Duration::from_secs(2);

pub(super) async fn status(args: &StatusArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    loop {
        let standing = context.standing()?;
        if args.json {
            say(standing.json())?;
        } else {
            say(standing.words(lang).trim_end())?;
            if let Some(words) = standing.pause_words() {
                say(words.within(lang))?;
            }
        }
        let is_open = |state: State| state == State::Ready || state.is_unresolved();
        let is_over = standing.campaign.is_some() && standing.tally.sum(is_open).count == 0;
        if !args.watch || is_over {
            return Ok(ExitCode::Done);
        }
        tokio::time::sleep(EVERY).await;
    }
}
