//! `plan`: what `run` would do. It reads, and writes nothing.

mod document;
mod lines;
mod planned;

use crate::cli::JsonArgs;
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{Course, LoadRules, Preview};
use crate::words::Lang;

use super::console::{say, say_json};
use super::setup::check::{check, check_budget, refuse_lately};
use super::setup::context::{Context, course};
use document::document;
use lines::lines;
use planned::Plan;

pub(super) fn plan(args: &JsonArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let course = course(&context);
    let (all, to_send, preview) = if let Some((reader, row)) = context.loaded()? {
        check_budget(&context, row.total)?;
        let tally = reader.tally(&row)?;
        let preview = reader.preview(&row, &course)?;
        (tally.sum(|_| true), tally.of(State::Ready), preview)
    } else {
        let (read, preview) = of_file(&context, &course)?;
        (read, read, preview)
    };
    let plan = Plan {
        all,
        to_send,
        seconds: seconds(&context, to_send.count),
        finish_at: finish_at(&context, &preview),
        preview,
    };
    if args.json {
        say_json(&document(&context, &plan))?;
    } else {
        for line in lines(&context, &plan) {
            say(line.within(lang))?;
        }
    }
    Ok(ExitCode::Done)
}

/// The plan of a file that is not loaded yet.
fn of_file(context: &Context, course: &Course) -> Result<(TallyRow, Preview), Error> {
    let file = &context.campaign.recipients;
    check(context, file, &LoadRules::default(), |staged, ledger| {
        let preview = staged.preview(ledger, course)?;
        refuse_lately(context, &preview.paid_before)?;
        let read = TallyRow {
            count: staged.rows,
            fen: staged.total,
        };
        Ok((read, preview))
    })
}

/// At the configured pace, replies taking no time.
fn seconds(context: &Context, count: u64) -> u64 {
    let pace = &context.campaign.pace;
    let by_second = pace
        .per_second
        .map_or(0, |n| count.div_ceil(n.get().into()));
    let by_minute = pace
        .per_minute
        .map_or(0, |n| (count * 60).div_ceil(n.get().into()));
    by_second.max(by_minute)
}

/// When the last packet leaves, if `run` is given again on each of the days.
fn finish_at(context: &Context, preview: &Preview) -> i64 {
    let last = preview.schedule.days.last();
    let (from, rows) = last.map_or((context.clock.now_ms(), 0), |day| (day.from, day.rows));
    from + i64::try_from(seconds(context, rows) * 1000).unwrap_or(i64::MAX)
}
