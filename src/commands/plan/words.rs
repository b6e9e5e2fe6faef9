//! A plan for a person who is to look at it.

use std::fmt::Write;
use std::num::NonZeroU32;

use crate::clock::beijing_words;
use crate::ledger::{Facts, Past, Schedule};

use super::super::context::Context;
use super::{Plan, date};

pub(super) fn words(context: &Context, plan: &Plan) -> String {
    let (id, all, to_send) = (&context.campaign.id, plan.all, plan.to_send);
    let preview = &plan.preview;
    let mut words = format!(
        "campaign {id}: {} packets, {} yuan\n  to send    {:>9}{:>15}\n",
        all.count, all.fen, to_send.count, to_send.fen
    );
    words.push_str(&fact_words(&preview.facts));
    words.push_str(&past_words(&preview.past));
    words.push_str(&pace_words(context));
    // Writing to a String cannot fail.
    let _ = writeln!(
        words,
        "  takes      {} s, until {} (Beijing) if begun now",
        plan.seconds,
        beijing_words(plan.finish_at)
    );
    words.push_str(&schedule_words(&preview.schedule));
    let _ = writeln!(
        words,
        "  balance    at least {} yuan needed\n  digest     {}",
        to_send.fen, preview.digest
    );
    let run = context.command("run");
    let _ = if context.is_live() {
        writeln!(words, "next: {run} --live --confirm-total {}", all.fen)
    } else {
        writeln!(words, "next: {run}")
    };
    words
}

fn fact_words(facts: &Facts) -> String {
    let (Some((least, _)), Some((most, _))) = (facts.amounts.first(), facts.amounts.last()) else {
        return String::new();
    };
    let several = match facts.several {
        0 => "one packet each".to_owned(),
        several => format!(
            "{several} of them with several packets, {} at most",
            facts.most
        ),
    };
    format!(
        "  amounts    {least} to {most} yuan, {} different\n  people     {}, {several}\n",
        facts.amounts.len(),
        facts.people
    )
}

/// Nothing where the ledger knows neither the list nor its people.
fn past_words(past: &Past) -> String {
    let mut words = String::new();
    if !past.also_under.is_empty() {
        let under = past.also_under.join(", ");
        let _ = writeln!(words, "  again      the same list is loaded under {under}");
    }
    if past.lately.people > 0 {
        let (people, days) = (past.lately.people, past.days);
        let _ = writeln!(
            words,
            "  again      {people} of the people were sent a packet within the last {days} days"
        );
    }
    words
}

fn pace_words(context: &Context) -> String {
    let pace = &context.campaign.pace;
    let limit = |n: Option<NonZeroU32>| n.map_or_else(|| "no limit".to_owned(), |n| n.to_string());
    format!(
        "  pace       {} a second, {} a minute, {} in flight\n",
        limit(pace.per_second),
        limit(pace.per_minute),
        pace.in_flight
    )
}

/// Nothing where all leaves on one day.
fn schedule_words(schedule: &Schedule) -> String {
    let mut words = String::new();
    for (cap, count) in &schedule.held {
        let key = cap.key();
        let _ = writeln!(words, "  held back  {count:>9} on the first day by {key}");
    }
    if schedule.is_merchant_capped {
        words.push_str("  held back  what is above merchant_yuan_per_day\n");
    }
    if schedule.too_large > 0 {
        let count = schedule.too_large;
        let _ = writeln!(
            words,
            "  too large  {count:>9} above max_packet_yuan: they never leave"
        );
    }
    if schedule.days.len() > 1 || schedule.later > 0 {
        for day in &schedule.days {
            let (date, rows, fen) = (date(day), day.rows, day.fen);
            let _ = writeln!(words, "  {date} {rows:>9}{fen:>15}");
        }
        if schedule.later > 0 {
            let _ = writeln!(words, "  later      {:>9} after a year", schedule.later);
        }
    }
    words
}
