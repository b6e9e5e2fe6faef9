//! The walk up: what WeChat Pay called `FAILED` is refused for good only once it does not know the
//! number after it. Where it does, another ledger gave the packet that number, and it becomes the
//! live one here too. Numbers have no gaps, so that whoever walks up finds the live one.

use super::add::insert_again;
use super::advance::{Cause, Key, advance};
use super::attempt::{Attempt, NextNumber, ask_next};
use super::behind;
use super::candidate::{Candidate, candidates};
use super::former::{Lineage, find};
use super::page::Page;
use super::record::close_about;
use super::take::{Taker, illegal};
use crate::domain::bill::{Action, Bill, Confirming, Next};
use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Answer, Sighting};
use crate::domain::policy::{self, Moment, Rules};
use crate::domain::state::{Event, State};
use crate::words::note;

/// When a question about the next number is made again, should nobody hear of the answer.
const AGAIN_MS: i64 = 60_000;

/// Whether the number after the bill's is what is to be asked about.
pub(super) fn is_next_asked(bill: &Bill) -> bool {
    bill.confirming == Some(Confirming::Failed)
}

/// Makes questions about the numbers after these bills', as far as they are at their end.
pub(super) fn take_next(
    page: &Page<'_>,
    taker: &Taker,
    bills: &[i64],
    now: i64,
) -> rusqlite::Result<Vec<Attempt>> {
    let filter = "campaign = ?1 AND bill = ?2 AND (state = 'refused' OR confirming = 'failed')";
    let mut attempts = Vec::new();
    for bill in bills {
        for candidate in candidates(page, filter, (taker.campaign, bill), 1)? {
            let (next, _) = Lineage::of(page, candidate.key.bill)?.next();
            // One that was given up has its successor here.
            if find(page, &next)?.is_none() {
                attempts.push(question(page, taker, candidate, now)?);
            }
        }
    }
    Ok(attempts)
}

/// A question about the number after a bill's. The bill is due again should the process die.
pub(super) fn question(
    page: &Page<'_>,
    taker: &Taker,
    candidate: Candidate,
    now: i64,
) -> rusqlite::Result<Attempt> {
    let (number, generation) = Lineage::of(page, candidate.key.bill)?.next();
    if candidate.bill.state == State::InDoubt {
        let after = Bill {
            next: Some(Next {
                action: Action::Query,
                due: now.saturating_add(AGAIN_MS),
            }),
            ..candidate.bill.clone()
        };
        let note = note::next_asked(number.as_str()).en;
        let cause = Cause::noted(Event::SeenNothing, now, &note);
        advance(page, candidate.key, &candidate.bill, &after, &cause)?;
    }
    ask_next(page, taker, candidate, (number, generation), now)
}

/// Records what a query said about the number after a bill's; the bill before and after.
pub(super) fn record_next(
    page: &Page<'_>,
    rules: &Rules,
    (attempt, next): (i64, &NextNumber),
    answer: &Answer<Sighting>,
    moment: &Moment,
) -> rusqlite::Result<Option<(Bill, Bill)>> {
    let told = close_about(page, attempt, moment.now, answer)?;
    let Key { bill, campaign, .. } = next.key;
    let filter = "campaign = ?1 AND bill = ?2 AND (state = 'refused' OR confirming = 'failed')";
    let found = candidates(page, filter, (campaign, bill), 1)?
        .into_iter()
        .next();
    // Another answer may have come first.
    let is_there = find(page, &next.number)?.is_some();
    let Some(candidate) = found.filter(|_| !is_there) else {
        page.tell(campaign, told, moment.now, Some(next.number.as_str()))?;
        return Ok(None);
    };
    let (before, mut after) = (candidate.bill.clone(), candidate.bill.clone());
    let event = after
        .record_next(&answer.verdict, moment, rules)
        .map_err(illegal)?;
    let is_known = event == Event::NextKnown;
    let note = if is_known {
        note::next_known(next.number.as_str()).en
    } else {
        next.number.to_string()
    };
    let cause = Cause {
        told: Some(told),
        ..Cause::noted(event, moment.now, &note)
    };
    let new = if is_known {
        Some(insert_again(page, bill, (&next.number, next.generation))?)
    } else {
        None
    };
    advance(page, next.key, &before, &after, &cause)?;
    if let Some(new) = new {
        let key = Key {
            bill: new,
            ..next.key
        };
        make_live(page, rules, key, &candidate.mch_billno, moment)?;
        behind::notice(page, campaign, moment.now, next.number.as_str())?;
    }
    Ok(Some((before, after)))
}

/// The packet is where its highest known number is: asked about, and never sent by itself.
fn make_live(
    page: &Page<'_>,
    rules: &Rules,
    key: Key,
    old: &MchBillno,
    moment: &Moment,
) -> rusqlite::Result<()> {
    let begun = Bill::new(moment.now);
    let mut live = begun.clone();
    live.rule(Event::Remembered, moment, rules)
        .map_err(illegal)?;
    page.count(key.campaign, key.amount, State::Refused, State::Ready);
    let note = note::found_after(old.as_str()).en;
    let cause = Cause::noted(Event::Remembered, moment.now, &note);
    advance(page, key, &begun, &live, &cause)
}

/// Whether an answer about a bill shows that WeChat Pay knew its number before this ledger sent it.
pub(super) fn was_known_before(before: &Bill, answer: &Answer<Sighting>) -> bool {
    let is_unsent = before.state == State::Ready && before.sends == 0;
    let sent = before.first_sent.unwrap_or(i64::MAX);
    let is_earlier = answer
        .send_time
        .is_some_and(|at| at < sent.saturating_sub(EARLIER_MS));
    policy::is_known(&answer.verdict) && (is_unsent || is_earlier)
}

/// By so much the clocks of two machines may differ, with a second that WeChat Pay rounds off.
const EARLIER_MS: i64 = 121_000;
