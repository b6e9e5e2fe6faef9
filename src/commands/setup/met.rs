//! Other campaigns that paid the people of a list, or are to pay them: told, and as a document.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::domain::met::{EVERY, Met, MetPeople, Same};
use crate::error::Error;
use crate::ledger::{CampaignRow, LedgerError, LoadRefusal, LoadRules, Reader};
use crate::words::{met as words, status};

use super::context::Context;
use super::found::named_campaigns;

/// Refuses a campaign to be paid again that no ledger has: a slip would pass for a person's word. A
/// rehearsal may name those of the live ledger.
///
/// # Errors
/// With those that there are.
pub(in crate::commands) fn check_named(context: &Context, named: &[String]) -> Result<(), Error> {
    let campaign = &context.campaign;
    let mut others = BTreeSet::new();
    for ledger in [&campaign.ledger, &campaign.live_ledger] {
        if named.iter().any(|id| id != EVERY)
            && let Some(reader) = Reader::open(ledger)?
        {
            others.extend(reader.campaigns()?.into_iter().map(|row| row.id));
        }
    }
    others.remove(campaign.id.as_str());
    let is_known = |id: &&String| *id == EVERY || others.contains(*id);
    let Some(unknown) = named.iter().find(|id| !is_known(id)) else {
        return Ok(());
    };
    let (unknown, ledger) = (unknown.as_str(), campaign.ledger.display());
    Err(Error::Usage(if others.is_empty() {
        words::no_others(unknown, ledger)
    } else {
        words::unknown(unknown, ledger, named_campaigns(others))
    }))
}

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

/// Whether [`check_paid_since`] would refuse a run without a word about other campaigns.
pub(in crate::commands) fn is_paid_since(
    context: &Context,
    reader: &Reader,
    row: &CampaignRow,
) -> bool {
    let met = || Ok(reader.met(row, context.clock.now_ms())?);
    check_paid_since(context, (reader, row), (met, &[])).is_err()
}

/// Refuses a live campaign where a load would refuse those now who still wait: since it was loaded,
/// or ran last, other campaigns may have come to its people, whom `met` reads where it must. One
/// packet more of a campaign that met few of them is no reason.
pub(in crate::commands) fn check_paid_since(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    (met, pay_again): (impl FnOnce() -> Result<MetPeople, Error>, &[String]),
) -> Result<(), Error> {
    if !context.is_live() {
        return Ok(());
    }
    let now = context.clock.now_ms();
    let (mut met, since) = if reader.has_sent(row)? {
        let since = reader.met_since_last_run(row, now)?;
        if since.by.is_empty() {
            return Ok(());
        }
        (met()?.unnamed(pay_again), since)
    } else {
        let met = met()?;
        if met.by.is_empty() {
            return Ok(());
        }
        (met, reader.met_since_load(row, now)?.unnamed(pay_again))
    };
    let is_since = |met: &Met| since.by.iter().any(|it| it.campaign == met.campaign);
    met.by.retain(is_since);
    if met.by.is_empty() {
        return Ok(());
    }
    Err(LedgerError::from(LoadRefusal::PaidAgain(met)).into())
}

/// Other campaigns of the people of a list, for a program.
pub(in crate::commands) fn document(met: &MetPeople) -> Vec<Value> {
    let same = |met: &Met| met.same.map(Same::name);
    let by = met.by.iter().map(|met| {
        json!({
            "campaign": met.campaign,
            "same": same(met),
            "sent": met.sent,
            "unasked": met.unasked,
            "owed": met.owed,
            "of": met.of,
        })
    });
    by.collect()
}

/// Tells how many of these packets, by row, nobody asked about since the ledger may be behind: what
/// it says of them may not be so.
pub(in crate::commands) fn warn_unasked(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    is_meant: impl Fn(i64) -> bool,
) -> Result<(), Error> {
    let unasked = reader.unasked(row, context.clock.now_ms())?;
    let count = unasked.into_iter().filter(|bill| is_meant(*bill)).count();
    if count > 0 {
        context.warn(&status::unasked(count));
    }
    Ok(())
}
