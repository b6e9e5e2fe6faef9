//! Other campaigns that paid the people of a list, or are to pay them: told, and as a document.

use serde_json::{Value, json};

use crate::domain::met::{Met, MetPeople, Same};
use crate::ledger::LoadRules;
use crate::words::met as words;

use super::context::Context;

/// Tells of them, and where a list is loaded in a rehearsal of what a live load would want.
pub(in crate::commands) fn say_met(context: &Context, met: &MetPeople, rules: Option<&LoadRules>) {
    context.stdout.keep("met", document(met));
    if met.by.is_empty() {
        return;
    }
    let unnamed = rules.map(|rules| met.unnamed(&rules.pay_again));
    let unnamed = unnamed.filter(|unnamed| !unnamed.by.is_empty());
    context.tell(&match unnamed {
        None => words::noted(met.words()),
        Some(unnamed) => words::noted_for_live(met.words(), unnamed.flags()),
    });
}

/// Other campaigns of the people of a list, for a program.
pub(in crate::commands) fn document(met: &MetPeople) -> Vec<Value> {
    let same = |met: &Met| met.same.map(Same::name);
    let by = met.by.iter().map(|met| {
        json!({
            "campaign": met.campaign,
            "same": same(met),
            "sent": met.sent,
            "owed": met.owed,
            "of": met.of,
        })
    });
    by.collect()
}
