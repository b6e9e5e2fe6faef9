//! `plan`: what `run` would do. It reads, and writes nothing.

mod document;
mod words;

use crate::cli::JsonArgs;
use crate::clock::beijing_words;
use crate::domain::caps::Caps;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{Course, LoadRules, PlannedDay, Preview, TallyRow};
use crate::words::Lang;

use super::check::{check, check_budget, refuse_lately};
use super::context::Context;
use super::out::{say, say_json};
use document::document;

/// Sends and queries in a second that WeChat Pay allows a merchant without an agreement.
const PER_SECOND: u32 = 30;

/// What is to be paid, and how long that takes.
struct Plan {
    all: TallyRow,
    to_send: TallyRow,
    seconds: u64,
    finish_at: i64,
    preview: Preview,
}

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
        for line in words::lines(&context, &plan) {
            say(line.within(lang))?;
        }
    }
    Ok(ExitCode::Done)
}

/// How a run would go on from now.
pub(super) fn course(context: &Context) -> Course {
    let pace = &context.campaign.pace;
    let by_second = pace.per_second.map(|n| u64::from(n.get()) * 60);
    let by_minute = pace.per_minute.map(|n| u64::from(n.get()));
    Course {
        caps: context.campaign.caps,
        from: context.clock.now_ms(),
        per_minute: by_second.into_iter().chain(by_minute).min(),
    }
}

/// The keys by which the campaign file allows more than WeChat Pay does by itself.
fn above_default(context: &Context) -> Vec<&'static str> {
    let (caps, default) = (&context.campaign.caps, Caps::default());
    let per_second = context.campaign.pace.per_second;
    let above = [
        (
            "per_second",
            per_second.is_none_or(|most| most.get() > PER_SECOND),
        ),
        (
            "openid_per_day",
            caps.openid_packets > default.openid_packets,
        ),
        ("openid_yuan_per_day", caps.openid_fen > default.openid_fen),
        (
            "merchant_yuan_per_day",
            caps.merchant_fen > default.merchant_fen,
        ),
    ];
    let above = above.into_iter().filter(|(_, is_above)| *is_above);
    above.map(|(key, _)| key).collect()
}

/// What a load would make of the file.
fn of_file(context: &Context, course: &Course) -> Result<(TallyRow, Preview), Error> {
    let file = &context.campaign.recipients;
    check(context, file, &LoadRules::default(), |staged, ledger| {
        let preview = staged.preview(ledger, course)?;
        refuse_lately(context, &preview.past)?;
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

fn date(day: &PlannedDay) -> String {
    beijing_words(day.from).chars().take(10).collect()
}
