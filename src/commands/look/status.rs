//! `status`: counts and money by state; `--watch` draws them anew in their place.

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::StatusArgs;
use crate::clock::beijing_words;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::report::Standing;
use crate::words::{Lang, Words, shown_lines, status as words};

use crate::commands::console::{say, say_json};
use crate::commands::finish::next::{NextSteps, status_document};
use crate::commands::setup::context::Context;

/// Between two looks of `--watch`.
const EVERY: Duration = Duration::from_secs(2);
/// The rate is that of so many looks.
const LOOKS: usize = 10;

pub(in crate::commands) async fn status(args: &StatusArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open_to_look(&args.campaign, lang)?;
    let is_drawn = args.watch && !args.json && std::io::stdout().is_terminal();
    let drawn = is_drawn.then(drawn);
    let mut looks = Looks::default();
    loop {
        let standing = context.standing_of(Some(&context.must_be_still()?))?;
        let is_open = |state: State| state == State::Ready || state.is_unresolved();
        let is_over = standing.campaign.is_some() && standing.tally.sum(is_open).count == 0;
        let is_last = !args.watch || is_over;
        looks.note(&standing);
        let is_read = if args.json {
            say_json(&status_document(&context, &standing))?
        } else if is_last {
            if let Some(drawn) = &drawn {
                drawn.finish_and_clear();
            }
            say(table(&standing, lang).trim_end())?
        } else if let Some(drawn) = &drawn {
            let look = looks.words(&context, &standing);
            let text = format!("{}\n{}", table(&standing, lang), look.within(lang));
            drawn.set_message(shown_lines(&text).into_owned());
            true
        } else {
            say(looks.words(&context, &standing).within(lang))?
        };
        if is_last || !is_read {
            if !args.json {
                NextSteps::of(&context, &standing).say(&context);
            }
            return Ok(ExitCode::Done);
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn table(standing: &Standing, lang: Lang) -> String {
    let pause = standing.pause_words();
    let pause = pause.as_ref().map_or("", |words| words.within(lang));
    let standing = standing.words(lang);
    let lines = [standing.trim_end(), pause].join("\n");
    lines.trim_end().to_owned()
}

/// Text that takes its own place on a terminal, however wide that is.
fn drawn() -> ProgressBar {
    let drawn = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
    // A template of one name is one.
    if let Ok(style) = ProgressStyle::with_template("{msg}") {
        drawn.set_style(style);
    }
    drawn
}

/// The last looks: when, and how many packets were through.
#[derive(Default)]
struct Looks(VecDeque<(Instant, u64)>);

impl Looks {
    fn note(&mut self, standing: &Standing) {
        let is_open = |state: State| matches!(state, State::Ready | State::InFlight);
        let through = standing.tally.sum(|state| !is_open(state)).count;
        if self.0.len() == LOOKS {
            self.0.pop_front();
        }
        self.0.push_back((Instant::now(), through));
    }

    /// The rate in tenths a second.
    fn tenths(&self) -> u64 {
        let (Some((from, before)), Some((to, after))) = (self.0.front(), self.0.back()) else {
            return 0;
        };
        let ms = u64::try_from((*to - *from).as_millis()).unwrap_or(u64::MAX);
        let moved = after.saturating_sub(*before);
        (moved * 10_000).checked_div(ms).unwrap_or(0)
    }

    /// One line: when, how many are through, how fast, and how long the rest takes.
    fn words(&self, context: &Context, standing: &Standing) -> Words {
        let tenths = self.tenths();
        let count = |state: State| standing.tally.of(state).count;
        let rest = count(State::Ready) + count(State::InFlight);
        let seconds = (rest * 10).checked_div(tenths);
        let left = seconds.map_or_else(|| "?".to_owned(), hours);
        let at = beijing_words(context.clock.now_ms());
        let all = standing.tally.owed().count;
        let through = all - rest;
        let rate = format!("{}.{}", tenths / 10, tenths % 10);
        let unresolved = standing.tally.sum(State::is_unresolved).count;
        words::watched(at, through, all, unresolved, rate, left)
    }
}

/// As a clock has it.
fn hours(seconds: u64) -> String {
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_that_of_the_last_looks() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut looks = Looks::default();
        assert_eq!(looks.tenths(), 0);
        looks.0.push_back((at(0), 100));
        assert_eq!(looks.tenths(), 0);
        looks.0.push_back((at(2), 150));
        looks.0.push_back((at(4), 205));
        assert_eq!(looks.tenths(), 262);
        assert_eq!(hours(3_725), "1:02:05");
    }
}
