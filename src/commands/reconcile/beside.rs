//! The match itself: told, kept, and turned into an exit code.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::clock::beijing;
use crate::domain::flow::breaks::BreakKind;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, FlowBreak, FlowOutcome, Reader};
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
    let outcome = reader.match_flow((row, now), (&mut bills.scratch, &bills.covered), labels)?;
    let days: Vec<String> = bills.covered.iter().map(date_of).collect();
    let about = (now, &*bills.given, &*days);
    reader.keep_match(row, about, (&outcome, &bills.scratch), &context.rules())?;
    keep(context, bills, (&outcome, &days));
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
fn tell(context: &Context, bills: &TakenBills, outcome: &FlowOutcome) -> Result<(), Error> {
    let is_json = context.stdout.has_document();
    let result = |words: &Words| -> Result<(), Error> {
        if is_json {
            context.tell(words);
        } else {
            say(words.within(context.lang))?;
        }
        Ok(())
    };
    result(&words::matched(outcome.matched, outcome.matched_fen))?;
    if outcome.came_back > 0 {
        result(&words::came_back(outcome.came_back, outcome.came_back_fen))?;
    }
    let whose = &outcome.whose;
    if outcome.not_covered > 0 {
        result(&words::not_covered(outcome.not_covered))?;
    }
    if outcome.back_not_covered > 0 {
        result(&words::back_not_covered(outcome.back_not_covered))?;
    }
    result(&words::foreign(whose.foreign))?;
    if whose.of_others > 0 {
        result(&words::of_others(whose.of_others))?;
    }
    if whose.called_packets > 0 {
        context.tell(&words::called_packets(whose.called_packets));
    }
    for (kind, count) in &outcome.breaks {
        result(&words::kind(kind.name(), *count, kind.meaning()))?;
    }
    let mut told = 0;
    // Kinds, and whether the ledger has the packet.
    let mut kinds = BTreeSet::new();
    bills.scratch.breaks(|it| {
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
    if told == 0 {
        context.tell(&if outcome.matched == 0 {
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
    let none = || "-".to_owned();
    let yuan = |fen: Option<_>| fen.map_or_else(none, |fen: Fen| fen.to_string());
    words::broken(
        it.kind.name(),
        it.mch_billno.clone().unwrap_or_else(none),
        yuan(it.ledger),
        yuan(it.booked),
    )
}

fn fen(of: Option<Fen>) -> Value {
    of.map_or(Value::Null, |fen| fen.fen().into())
}

/// Keeps the match for the object at the end, but for its breaks.
fn keep(context: &Context, bills: &TakenBills, (outcome, days): (&FlowOutcome, &[String])) {
    let whose = &outcome.whose;
    let labels = whose.by_label.iter().map(|((business, kind, way), sum)| {
        json!({"business": business, "kind": kind, "direction": way, "rows": sum.0, "fen": sum.1})
    });
    let columns = whose.by_column.iter();
    let columns = columns.map(|(column, rows)| (column.name().to_owned(), Value::from(*rows)));
    let kinds = BreakKind::ALL.into_iter().map(|kind| {
        let count = outcome.breaks.get(&kind).copied().unwrap_or(0);
        (kind.name().to_owned(), Value::from(count))
    });
    let head = json!({
        "bills": bills.given,
        "days": days,
        "matched": outcome.matched,
        "matched_fen": outcome.matched_fen.fen(),
        "came_back": outcome.came_back,
        "came_back_fen": outcome.came_back_fen.fen(),
        "not_covered": outcome.not_covered,
        "back_not_covered": outcome.back_not_covered,
        "in_doubt": outcome.in_doubt,
        "foreign": whose.foreign,
        "foreign_labels": labels.collect::<Vec<_>>(),
        "other_campaigns": whose.of_others,
        "repeated": whose.repeated,
        "matched_by": columns.collect::<serde_json::Map<_, _>>(),
        "counts": kinds.collect::<serde_json::Map<_, _>>(),
    });
    if let Value::Object(head) = head {
        for (name, fact) in head {
            context.stdout.keep(&name, fact);
        }
    }
}

/// Writes the breaks one by one: a bill of the wrong account makes one of each packet.
pub(super) fn write_breaks(bills: &TakenBills, to: &mut dyn Write) -> Result<(), Error> {
    let failed = |fault| unwritten(Path::new(STDOUT))(fault);
    write!(to, ",\"breaks\":[").map_err(failed)?;
    let mut comma = "";
    bills.scratch.breaks(|it| {
        let document = json!({
            "type": it.kind.name(),
            "mch_billno": it.mch_billno,
            "send_listid": it.send_listid,
            "ledger_fen": fen(it.ledger),
            "bill_fen": fen(it.booked),
            "booked_at": it.booked_at.map(beijing),
        });
        write!(to, "{comma}{document}").map_err(failed)?;
        comma = ",";
        Ok::<(), Error>(())
    })?;
    write!(to, "]").map_err(failed)
}
