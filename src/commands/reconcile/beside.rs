//! The match itself: told, kept, and turned into an exit code.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::domain::caps::day_of;
use crate::domain::flow::breaks::BreakKind;
use crate::domain::flow::covered::CoveredDays;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{
    BreakStanding, CampaignRow, FlowBreak, FlowFigures, FlowOutcome, GivenBill, Reader,
};
use crate::report::{break_json, or_dash};
use crate::words::{Text, Words, bills as words};

use super::bills::{TakenBills, date_of};
use crate::commands::console::{STDOUT, say, unwritten};
use crate::commands::setup::context::Context;

/// Breaks that are told one by one; `--json` has all.
const TOLD_MAX: u64 = 20;

/// Matches, keeps what it came to, and tells it; the exit code, and the gravest break.
pub(super) fn match_bills(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    bills: &mut TakenBills,
) -> Result<(ExitCode, Option<BreakKind>), Error> {
    let labels = &context.campaign.fund_flow_labels;
    let now = context.clock.now_ms();
    let given = (&*bills.given, &bills.covered);
    let outcome = reader.match_flow((row, now), &mut bills.scratch, given, labels)?;
    let dates = |days: &CoveredDays| -> Vec<String> { days.iter().map(date_of).collect() };
    let (days, so_far) = (dates(&bills.covered), dates(&outcome.days_so_far));
    let about = (now, &*bills.given, &*so_far);
    reader.keep_match(row, about, (&outcome, &bills.scratch), &context.rules())?;
    keep(context, bills, (&outcome, &days, &so_far));
    tell(context, bills, &outcome)?;
    let exit = if outcome.is_grave() {
        ExitCode::Halted
    } else if outcome.breaks.is_empty() {
        ExitCode::Done
    } else {
        ExitCode::SomeUnresolved
    };
    Ok((exit, outcome.breaks.keys().next().copied()))
}

/// The result is for stdout, unless JSON has it there.
fn result(context: &Context, words: &Words) -> Result<(), Error> {
    if context.stdout.has_document() {
        context.tell(words);
        return Ok(());
    }
    say(words.within(context.lang)).map(drop)
}

fn tell_figures(context: &Context, outcome: &FlowOutcome) -> Result<(), Error> {
    let result = |words| result(context, &words);
    let (given, so_far, whose) = (&outcome.given, &outcome.so_far, &outcome.whose);
    result(words::matched(given.matched, given.matched_fen))?;
    if given.came_back > 0 {
        result(words::came_back(given.came_back, given.came_back_fen))?;
    }
    if given.not_covered > 0 {
        result(words::not_covered(given.not_covered))?;
    }
    if given.back_not_covered > 0 {
        result(words::back_not_covered(given.back_not_covered))?;
    }
    if whose.ended > 0 {
        result(words::ended(whose.ended))?;
    }
    if !outcome.before.is_empty() {
        let count = outcome.before.len();
        result(words::so_far(
            count,
            so_far.matched,
            so_far.matched_fen,
            so_far.not_covered,
        ))?;
    }
    result(words::foreign(whose.foreign))?;
    if whose.of_others > 0 {
        result(words::of_others(whose.of_others))?;
    }
    if whose.called_packets > 0 {
        context.tell(&words::called_packets(whose.called_packets));
    }
    Ok(())
}

/// Tells what the match came to, in words.
fn tell(context: &Context, bills: &TakenBills, outcome: &FlowOutcome) -> Result<(), Error> {
    let is_json = context.stdout.has_document();
    tell_figures(context, outcome)?;
    for (kind, count) in &outcome.breaks {
        let kind = words::kind(kind.name(), *count, kind.meaning());
        result(context, &kind)?;
    }
    let mut told = 0;
    // Kinds, and whether the ledger has the packet.
    let mut kinds = BTreeSet::new();
    bills.scratch.breaks(BreakStanding::Given, |it| {
        told += 1;
        kinds.insert((it.kind, it.bill.is_some()));
        if told <= TOLD_MAX && !is_json {
            say(broken(it).within(context.lang))?;
        }
        Ok::<(), Error>(())
    })?;
    if told > TOLD_MAX && !is_json {
        context.tell(&words::more(told - TOLD_MAX));
    }
    if outcome.is_of_another() {
        context.warn(&words::of_another(
            context.campaign.merchant.mch_id.as_str(),
        ));
    }
    say_advice(context, &kinds);
    let carried: u64 = outcome.carried.values().sum();
    if carried > 0 {
        result(context, &words::carried(carried))?;
    }
    let explained: u64 = outcome.explained.values().sum();
    if explained > 0 {
        result(context, &words::explained(explained))?;
    }
    if told == 0 && carried == 0 && !outcome.is_of_another() {
        context.tell(&if outcome.so_far.matched == 0 {
            words::none_matched()
        } else {
            words::agrees()
        });
    }
    Ok(())
}

/// What to do about breaks of these kinds, of packets of the ledger or of strange numbers.
fn say_advice(context: &Context, kinds: &BTreeSet<(BreakKind, bool)>) {
    let advice = kinds
        .iter()
        .map(|(kind, is_known)| (kind.name(), kind.advice(*is_known)));
    let mut advice: Vec<(&str, Text)> = advice.collect();
    advice.dedup_by_key(|(name, text)| (*name, text.en));
    for (name, text) in advice {
        context.tell(&words::advice(name, text));
    }
}

/// One break on one line.
fn broken(it: &FlowBreak) -> Words {
    words::broken(
        it.kind.name(),
        or_dash(it.mch_billno.as_ref()),
        or_dash(it.ledger),
        or_dash(it.booked),
        or_dash(it.booked_at.map(|at| date_of(day_of(at)))),
    )
}

/// Keeps the match for the object at the end, but for its breaks.
fn keep(
    context: &Context,
    bills: &TakenBills,
    (outcome, days, so_far): (&FlowOutcome, &[String], &[String]),
) {
    let whose = &outcome.whose;
    let labels = whose.by_label.iter().map(|((business, kind, way), sum)| {
        json!({"business": business, "kind": kind, "direction": way, "rows": sum.0, "fen": sum.1})
    });
    let columns = whose.by_column.iter();
    let columns = columns.map(|(column, rows)| (column.name().to_owned(), Value::from(*rows)));
    let counts = |of: &BTreeMap<BreakKind, u64>| {
        let kinds = BreakKind::ALL.into_iter().map(|kind| {
            let count = of.get(&kind).copied().unwrap_or(0);
            (kind.name().to_owned(), Value::from(count))
        });
        Value::Object(kinds.collect())
    };
    let mut head = figures(&outcome.given, (&bills.given, days));
    let more = json!({
        "foreign": whose.foreign,
        "foreign_labels": labels.collect::<Vec<_>>(),
        "other_campaigns": whose.of_others,
        "repeated": whose.repeated,
        "matched_by": columns.collect::<serde_json::Map<_, _>>(),
        "counts": counts(&outcome.breaks),
    });
    let all: Vec<GivenBill> = outcome.before.iter().chain(&bills.given).cloned().collect();
    let mut all = figures(&outcome.so_far, (&all, so_far));
    add(
        &mut all,
        json!({"ended": whose.ended, "carried": counts(&outcome.carried)}),
    );
    add(&mut head, more);
    add(&mut head, json!({"so_far": all}));
    if let Value::Object(head) = head {
        for (name, fact) in head {
            context.stdout.keep(&name, fact);
        }
    }
}

/// Some bills, and how the packets stand beside them.
fn figures(of: &FlowFigures, (bills, days): (&[GivenBill], &[String])) -> Value {
    let bills = bills.iter().map(|bill| GivenBill {
        span: None,
        ..bill.clone()
    });
    json!({
        "bills": bills.collect::<Vec<_>>(),
        "days": days,
        "matched": of.matched,
        "matched_fen": of.matched_fen.fen(),
        "came_back": of.came_back,
        "came_back_fen": of.came_back_fen.fen(),
        "not_covered": of.not_covered,
        "back_not_covered": of.back_not_covered,
        "in_doubt": of.in_doubt,
    })
}

/// Adds the members of one object to another.
fn add(to: &mut Value, more: Value) {
    if let (Value::Object(to), Value::Object(more)) = (to, more) {
        to.extend(more);
    }
}

/// Writes the breaks one by one, and those of bills given before: a bill of the wrong account makes
/// one of each packet.
pub(super) fn write_breaks(bills: &TakenBills, to: &mut dyn Write) -> Result<(), Error> {
    let failed = |fault| unwritten(Path::new(STDOUT))(fault);
    for how in BreakStanding::ALL {
        write!(to, ",\"{}\":[", how.name()).map_err(failed)?;
        let mut comma = "";
        bills.scratch.breaks(how, |it| {
            write!(to, "{comma}{}", break_json(it)).map_err(failed)?;
            comma = ",";
            Ok::<(), Error>(())
        })?;
        write!(to, "]").map_err(failed)?;
    }
    Ok(())
}
