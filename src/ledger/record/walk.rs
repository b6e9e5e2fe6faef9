//! The walk up: what WeChat Pay called `FAILED` is refused for good only once it does not know the
//! number after it. Where it does, another ledger gave the packet that number, and it becomes the
//! live one here too. Numbers have no gaps, so that a walk up finds the live one.

use super::behind;
use super::closed::close_query;
use crate::domain::bill::Bill;
use crate::domain::caps::CLOCKS_DIFFER_MS;
use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Answer, Sighting};
use crate::domain::policy;
use crate::domain::policy::{Moment, RetryRules};
use crate::domain::rules::Provable;
use crate::domain::state::{Event, State};
use crate::ledger::bill::advance::{Key, MoveCause, advance};
use crate::ledger::bill::candidate::candidates;
use crate::ledger::bill::lineage::find;
use crate::ledger::bill::picks::AT_END;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::load::rows::insert_again;
use crate::ledger::take::attempt::NextNumber;
use crate::words::note;

/// Records what a query said about the number after a bill's; the bill before and after.
pub(in crate::ledger) fn record_next(
    tx: &WriteTx<'_>,
    rules: &RetryRules,
    (attempt, next): (i64, &NextNumber),
    answer: &Answer<Sighting>,
    moment: &Moment,
) -> rusqlite::Result<Option<(Bill, Bill)>> {
    let told = close_query(tx, attempt, moment.now, answer)?;
    let Key { bill, campaign, .. } = next.key;
    let filter = format!("campaign = ?1 AND bill = ?2 AND ({AT_END} OR confirming = 'failed')");
    let found = candidates(tx, &filter, (campaign, bill), 1)?
        .into_iter()
        .next();
    // Another answer may have come first.
    let is_there = find(tx, &next.number)?.is_some();
    let Some(candidate) = found.filter(|_| !is_there) else {
        tx.tell(campaign, told, moment.now, Some(next.number.as_str()))?;
        return Ok(None);
    };
    let (before, mut after) = (candidate.bill.clone(), candidate.bill.clone());
    let moment = &Moment {
        provable: if before.state.is_unpaid_at_end() {
            behind::provable(tx, bill, moment.committed)?
        } else {
            Provable::Either
        },
        ..*moment
    };
    let event = after.record_next(&answer.verdict, moment, rules)?;
    if event == Event::GivenUp {
        tx.tell(campaign, told, moment.now, Some(next.number.as_str()))?;
        let note = note::too_old().en;
        let cause = MoveCause::noted(event, moment.now, &note);
        advance(tx, next.key, &before, &after, &cause)?;
        return Ok(Some((before, after)));
    }
    let is_known = event == Event::NextKnown;
    let note = if is_known {
        note::next_known(next.number.as_str()).en
    } else {
        next.number.to_string()
    };
    let cause = MoveCause {
        told: Some(told),
        ..MoveCause::noted(event, moment.now, &note)
    };
    let new = if is_known {
        Some(insert_again(tx, bill, (&next.number, next.generation))?)
    } else {
        None
    };
    advance(tx, next.key, &before, &after, &cause)?;
    if let Some(new) = new {
        let key = Key {
            bill: new,
            ..next.key
        };
        make_live(tx, rules, key, &candidate.mch_billno, moment)?;
        let seen = (moment.now, answer.send_time);
        behind::notice(tx, campaign, seen, next.number.as_str())?;
    }
    Ok(Some((before, after)))
}

/// The packet is where its highest known number is: asked about, and never sent by itself.
fn make_live(
    tx: &WriteTx<'_>,
    rules: &RetryRules,
    key: Key,
    old: &MchBillno,
    moment: &Moment,
) -> rusqlite::Result<()> {
    let begun = Bill::new(moment.now);
    let mut live = begun.clone();
    live.apply(Event::Remembered, moment, rules)?;
    tx.count(key.campaign, key.amount, State::Refused, State::Ready);
    let note = note::found_after(old.as_str()).en;
    let cause = MoveCause::noted(Event::Remembered, moment.now, &note);
    advance(tx, key, &begun, &live, &cause)
}

/// Whether an answer about a bill shows that WeChat Pay knew its number before this ledger sent it.
pub(super) fn was_known_before(
    tx: &WriteTx<'_>,
    (bill, before): (i64, &Bill),
    answer: &Answer<Sighting>,
) -> rusqlite::Result<bool> {
    if !policy::is_known(&answer.verdict) {
        return Ok(false);
    }
    if matches!(before.state, State::Ready | State::Withdrawn) && before.sends == 0 {
        return Ok(true);
    }
    let Some(at) = answer.send_time else {
        return Ok(false);
    };
    // A send that was put off left no day with the bill, but may have left an order.
    let sql = "SELECT min(committed_at) FROM attempt
         WHERE bill = ?1 AND action = 'send' AND answer IS NOT 'not_sent'";
    let first: Option<i64> = match before.first_sent {
        None => tx
            .prepare_cached(sql)?
            .query_row([bill], |row| row.get(0))?,
        known => known,
    };
    Ok(at < first.unwrap_or(i64::MAX).saturating_sub(EARLIER_MS))
}

/// By so much the clocks of two machines may differ, with a second that WeChat Pay rounds off.
const EARLIER_MS: i64 = 2 * CLOCKS_DIFFER_MS + 1000;
