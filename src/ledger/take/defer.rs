//! The effect of a daily cap on due packets: a packet above one waits for the next day, and where
//! the merchant's is reached, its whole campaign waits.

use std::cell::RefMut;
use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::run_state::RunState;
use super::spent_by_day::SpentByDay;
use crate::domain::caps::{Cap, end_of_day};
use crate::domain::state::{Event, State};
use crate::ledger::bill::advance::{MoveCause, advance};
use crate::ledger::bill::candidate::Candidate;
use crate::ledger::bill::unasked::unasked;
use crate::ledger::journal::write_tx::WriteTx;

/// Whether a daily limit of the merchant holds the campaign back.
pub(super) fn is_deferred(tx: &Connection, campaign: i64, now: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT deferred_until FROM campaign WHERE campaign = ?1";
    let until: Option<i64> = tx
        .prepare_cached(sql)?
        .query_row([campaign], |row| row.get(0))?;
    Ok(until.is_some_and(|until| until > now))
}

/// Counts a first send, or tells which cap it would exceed.
pub(super) fn spend(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: &Candidate,
    now: i64,
) -> rusqlite::Result<Option<Cap>> {
    let mut spent = known_sums(tx, run, now)?;
    let (openid, amount) = (candidate.openid.as_str(), candidate.key.amount);
    Ok(spent.spend(openid, amount, now))
}

/// The packets to ask about before anything is sent, by row: a cap would be exceeded, had another
/// ledger sent today what nobody asked about since this one may be behind.
pub(in crate::ledger) fn to_ask(
    tx: &WriteTx<'_>,
    run: &RunState,
    now: i64,
) -> rusqlite::Result<Vec<i64>> {
    // Today's sends are read only where something is to be sent.
    if tx.behind().is_none() {
        return Ok(Vec::new());
    }
    let spent = known_sums(tx, run, tx.day_time(now))?;
    Ok(spent.wanted_by_caps())
}

/// The packets of other campaigns that count as sent today, since nobody asked about them: how many
/// of each.
pub(in crate::ledger) fn counted_elsewhere(
    tx: &WriteTx<'_>,
    run: &RunState,
    now: i64,
) -> rusqlite::Result<BTreeMap<String, u64>> {
    let mut counted = BTreeMap::new();
    if tx.behind().is_none() {
        return Ok(counted);
    }
    let sql =
        "SELECT id FROM bill JOIN campaign USING (campaign) WHERE bill = ?1 AND campaign <> ?2";
    let mut statement = tx.prepare_cached(sql)?;
    for bill in known_sums(tx, run, tx.day_time(now))?.unasked() {
        let id = statement.query_row((bill, run.campaign), |row| row.get(0));
        if let Some(id) = id.optional()? {
            *counted.entry(id).or_default() += 1;
        }
    }
    Ok(counted)
}

/// The sums of the days that matter, read where they are not known yet.
fn known_sums<'a>(
    tx: &WriteTx<'_>,
    run: &'a RunState,
    now: i64,
) -> rusqlite::Result<RefMut<'a, SpentByDay>> {
    let mut spent = run.spent.borrow_mut();
    let is_same = spent.follows(tx.behind().map(|behind| behind.attempt));
    if !is_same || spent.lacks(now) {
        tx.write_days()?;
        spent.read((tx, Some(tx)), run.campaign, now)?;
        if let Some(behind) = tx.behind() {
            unasked(tx, behind, now, |packet| spent.doubt(&packet, now))?;
        }
    }
    Ok(spent)
}

/// Holds a packet back until the next Beijing day; where the merchant's cap is reached, the
/// whole campaign, but for what a restored copy calls in doubt: those wait one by one.
pub(super) fn defer(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: &Candidate,
    cap: Cap,
    now: i64,
) -> rusqlite::Result<()> {
    let until = end_of_day(tx.day_time(now));
    if cap == Cap::MerchantYuan && candidate.bill.state == State::Ready {
        tx.hold();
        // A refused packet gives its money back: the day is over once nothing is on its way.
        if is_any_on_its_way(tx)? {
            run.waits_for_answers.set(true);
        } else {
            defer_all(tx, run.campaign, (until, now), Some(cap))?;
        }
        return put_back(tx, candidate);
    }
    let mut after = candidate.bill.clone();
    after.defer(until)?;
    let cause = MoveCause::noted(Event::Deferred, now, cap.key());
    advance(tx, candidate.key, &candidate.bill, &after, &cause)
}

fn is_any_on_its_way(tx: &Connection) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT 1 FROM attempt WHERE ended_at IS NULL AND action = 'send'")?
        .exists([])
}

/// Holds a whole campaign back until a limit of the merchant's ends: one of our caps, or one that
/// WeChat Pay named.
pub(in crate::ledger) fn defer_all(
    tx: &WriteTx<'_>,
    campaign: i64,
    (until, now): (i64, i64),
    cap: Option<Cap>,
) -> rusqlite::Result<()> {
    let sql = "UPDATE campaign SET deferred_until = ?2 WHERE campaign = ?1";
    tx.execute(sql, (campaign, until))?;
    tx.note(campaign, Event::Deferred.name(), now, cap.map(Cap::key))
}

/// Leaves the packet where it was: a campaign that is held back has no row to write for each.
pub(super) fn put_back(tx: &Connection, candidate: &Candidate) -> rusqlite::Result<()> {
    if candidate.bill.next.is_some_and(|next| next.due == 0) {
        tx.prepare_cached(
            "UPDATE file SET untried_from = ?1
             WHERE ?1 BETWEEN first_bill AND last_bill AND untried_from > ?1",
        )?
        .execute([candidate.key.bill])?;
    }
    Ok(())
}
