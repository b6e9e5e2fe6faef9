//! A plan for a person who is to look at it.

use std::num::NonZeroU32;

use crate::clock::{beijing_words, zoned_words};
use crate::domain::hex::hex;
use crate::domain::opening::Opening;
use crate::ledger::{Above, Facts, PaidBefore, Schedule};
use crate::words::{Words, plan as words, schedule};

use super::planned::{Plan, caps, date, texts};
use crate::commands::setup::approval::PlannedApproval;
use crate::commands::setup::check::above_default;
use crate::commands::setup::context::Context;

/// Line by line.
pub(in crate::commands) fn lines(context: &Context, plan: &Plan) -> Vec<Words> {
    let (all, to_send, preview) = (plan.all, plan.to_send, &plan.preview);
    let mut lines = plan.columns.clone();
    lines.extend([
        words::campaign(context.campaign.id.as_str(), all.count, all.fen),
        words::to_send(to_send.count, to_send.fen),
    ]);
    lines.extend(of_facts(&preview.facts));
    lines.extend(of_paid_before(&preview.paid_before));
    lines.push(of_pace(context));
    let above = above_default(context);
    if !above.is_empty() {
        lines.push(words::above_default(above.join(", ")));
    }
    let now = context.clock.now_ms();
    let opening = context.campaign.windows.next(now);
    lines.extend(of_windows(context, opening));
    lines.extend(of_time(context, plan, opening));
    lines.extend(of_schedule(&preview.schedule));
    lines.push(words::balance(to_send.fen));
    // What everybody gets who has no texts of their own.
    let texts = texts(context).into_iter();
    let named = texts.map(|(key, text)| format!("{key} {text:?}"));
    lines.push(words::texts(named.collect::<Vec<_>>().join(", ")));
    if plan.approval.is_some() {
        let caps = caps(context);
        let named = caps.iter().map(|(key, value)| format!("{key} {value}"));
        lines.push(words::caps(named.collect::<Vec<_>>().join(", ")));
    }
    lines.push(words::digest(hex(&preview.digests.whole)));
    lines.extend(plan.approval.as_ref().map(of_approval));
    lines.extend(of_short_approval(plan));
    lines.extend(plan.next.words());
    lines
}

fn of_approval(approval: &PlannedApproval) -> Words {
    match approval {
        PlannedApproval::WhenLive => words::approval_when_live(),
        PlannedApproval::NotLoaded => words::approval_not_loaded(),
        PlannedApproval::Missing(why, _) => words::approval_missing(why.clone()),
        PlannedApproval::Good(approver, until) => {
            words::approval_good(*approver, beijing_words(*until))
        }
    }
}

/// Nothing where the approval, if one is needed, lasts.
fn of_short_approval(plan: &Plan) -> Option<Words> {
    let Some(PlannedApproval::Good(_, until)) = &plan.approval else {
        return None;
    };
    let finish = beijing_words(plan.finish_at);
    (*until < plan.finish_at).then(|| words::approval_too_short(finish))
}

fn of_facts(facts: &Facts) -> Vec<Words> {
    let (Some((least, _)), Some((most, _))) = (facts.amounts.first(), facts.amounts.last()) else {
        return Vec::new();
    };
    let people = match facts.several {
        0 => words::people(facts.people),
        several => words::people_with_several(facts.people, several, facts.most),
    };
    let amounts = words::amounts(*least, *most, facts.amounts.len());
    vec![amounts, people]
}

/// Nothing where the ledger knows neither the list nor its people.
fn of_paid_before(paid_before: &PaidBefore) -> Vec<Words> {
    let mut lines = Vec::new();
    let met = paid_before.met.words();
    lines.extend(met.into_iter().map(words::again));
    if paid_before.lately.people > 0 {
        lines.push(words::lately(paid_before.lately.people, paid_before.days));
    }
    lines
}

fn of_pace(context: &Context) -> Words {
    let pace = &context.campaign.pace;
    let limit = |n: Option<NonZeroU32>| n.map_or_else(words::no_limit, |n| words::limit(n.get()));
    let (second, minute) = (limit(pace.per_second), limit(pace.per_minute));
    words::pace(second, minute, pace.in_flight.get())
}

/// How long it takes; nothing where it can never begin.
fn of_time(context: &Context, plan: &Plan, opening: Option<Opening>) -> Option<Words> {
    let finish = beijing_words(plan.finish_at);
    Some(if opening?.holds(context.clock.now_ms()) {
        words::takes(plan.seconds, finish)
    } else {
        let opens = beijing_words(opening?.from);
        words::takes_from(plan.seconds, opens, finish)
    })
}

/// Nothing without `[schedule]`.
fn of_windows(context: &Context, opening: Option<Opening>) -> Option<Words> {
    let windows = &context.campaign.windows;
    let show = |at: i64| zoned_words(at, &windows.timezone);
    match opening {
        None => Some(schedule::never()),
        Some(opening) if opening.until < Opening::NEVER => Some(schedule::opening(
            show(opening.from),
            show(opening.until),
            windows.zone(),
        )),
        Some(opening) if opening.from > context.clock.now_ms() => {
            Some(schedule::opening_on(show(opening.from), windows.zone()))
        }
        Some(_) => None,
    }
}

fn of_above(above: &Above) -> Words {
    let (named, more) = match above.people.split_at_checked(Above::NAMED) {
        Some((named, [_, ..])) => (named, ", …"),
        Some(_) | None => (&above.people[..], ""),
    };
    let who = format!("{}{more}", named.join(", "));
    words::held_back(above.rows, above.cap.key(), who)
}

/// Nothing where all leaves on one day.
fn of_schedule(schedule: &Schedule) -> Vec<Words> {
    let mut lines: Vec<Words> = schedule.held.iter().map(of_above).collect();
    if schedule.is_merchant_capped {
        lines.push(words::merchant_capped());
    }
    if schedule.too_large > 0 {
        lines.push(words::too_large(schedule.too_large));
    }
    if schedule.left_out > 0 {
        lines.push(words::left_out(schedule.left_out));
    }
    if schedule.days.len() > 1 || schedule.later > 0 {
        let days = schedule.days.iter();
        lines.extend(days.map(|day| words::day(date(day), day.rows, day.fen)));
        if schedule.later > 0 {
            lines.push(words::later(schedule.later));
        }
    }
    lines
}
