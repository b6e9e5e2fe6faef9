//! `plan`: what `run` would do. It reads, and writes nothing.

use serde_json::json;

use crate::cli::JsonArgs;
use crate::clock::{beijing, beijing_words};
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{LoadRules, TallyRow};
use crate::words::Lang;

use super::check::check;
use super::context::Context;
use super::out::say;

/// What is to be paid, and how long that takes.
struct Plan {
    rows: u64,
    total_fen: u64,
    to_send: TallyRow,
    seconds: u64,
    finish_at: i64,
}

pub(super) fn plan(args: &JsonArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let (all, to_send) = if let Some((reader, row)) = context.loaded()? {
        let tally = reader.tally(&row)?;
        (tally.sum(|_| true), tally.of(State::Ready))
    } else {
        let checked = check(
            &context,
            &context.campaign.recipients,
            &LoadRules::default(),
        )?;
        let read = TallyRow {
            count: checked.rows,
            fen: checked.total,
        };
        (read, read)
    };
    let seconds = seconds(&context, to_send.count);
    let finish_at = context.clock.now_ms() + i64::try_from(seconds * 1000).unwrap_or(i64::MAX);
    let (rows, total_fen) = (all.count, all.fen.fen());
    let plan = Plan {
        rows,
        total_fen,
        to_send,
        seconds,
        finish_at,
    };
    if args.json {
        print_json(&context, &plan)?;
    } else {
        print_words(&context, &plan)?;
    }
    Ok(ExitCode::Done)
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

fn print_words(context: &Context, plan: &Plan) -> Result<(), Error> {
    let total = crate::domain::money::Fen::new(plan.total_fen);
    say(format!(
        "campaign {}: {} packets, {total} yuan",
        context.campaign.id, plan.rows
    ))?;
    say(format!(
        "  to send    {:>9}{:>15}",
        plan.to_send.count, plan.to_send.fen
    ))?;
    let pace = &context.campaign.pace;
    let limit = |n: Option<std::num::NonZeroU32>| {
        n.map_or_else(|| "no limit".to_owned(), |n| n.to_string())
    };
    let (second, minute) = (limit(pace.per_second), limit(pace.per_minute));
    say(format!(
        "  pace       {second} a second, {minute} a minute, {} in flight",
        pace.in_flight
    ))?;
    let finish = beijing_words(plan.finish_at);
    say(format!(
        "  takes      {} s, until {finish} (Beijing) if begun now",
        plan.seconds
    ))?;
    say(format!(
        "  balance    at least {} yuan needed",
        plan.to_send.fen
    ))?;
    if context.is_live() {
        let run = context.command("run");
        say(format!("next: {run} --live --confirm-total {total}"))
    } else {
        say(format!("next: {}", context.command("run")))
    }
}

fn print_json(context: &Context, plan: &Plan) -> Result<(), Error> {
    let plan = json!({
        "campaign": context.campaign.id.as_str(),
        "mode": context.campaign.gateway.mode.name(),
        "rows": plan.rows,
        "total_fen": plan.total_fen,
        "to_send": {"count": plan.to_send.count, "fen": plan.to_send.fen.fen()},
        "seconds": plan.seconds,
        "finish_at": beijing(plan.finish_at),
    });
    say(plan)
}
