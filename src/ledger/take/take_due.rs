//! Taking what may be done now: a due bill becomes an [`Attempt`] in the transaction that makes
//! its row durable, and nowhere else.

use rusqlite::{Connection, OptionalExtension, params};

use super::attempt::Attempt;
use super::defer::{defer, is_deferred, put_back, spend};
use super::make::{attempt, give_up, give_up_too_late};
use super::question::must_ask;
use super::run_state::RunState;
use super::second_send::free_owed;
use super::survey;
use crate::domain::bill::{Action, Turn};
use crate::domain::state::State;
use crate::ledger::bill::candidate::{Candidate, candidates};
use crate::ledger::bill::later::is_told_paid;
use crate::ledger::bill::picks::UNSENT;
use crate::ledger::bill::untried::untried_after;
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// The steps that may be begun now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// First sends.
    pub sends: bool,
    /// Resends of numbers in doubt.
    pub resends: bool,
    /// Queries of what is due.
    pub queries: bool,
}

impl Allowed {
    /// Sends of both kinds or none, and queries or none.
    #[must_use]
    pub fn of(sends: bool, queries: bool) -> Allowed {
        Allowed {
            sends,
            resends: sends,
            queries,
        }
    }
}

/// Makes up to `limit` attempts of what is due at `now`. Doubt is cleared up before new packets
/// are sent: queries first, then resends, then first sends.
pub(in crate::ledger) fn take(
    tx: &WriteTx<'_>,
    run: &RunState,
    allowed: Allowed,
    now: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Attempt>> {
    let mut attempts = Vec::new();
    let may_begin = allowed.sends && !run.limit_left.is_reached() && !run.waits_for_answers.get();
    let may_send_first = may_begin && !is_deferred(tx, run.campaign, tx.day_time(now))?;
    let kinds = [
        (allowed.queries, "query"),
        (allowed.resends, "resend"),
        (may_send_first, "send"),
    ];
    for (is_allowed, word) in kinds {
        let mut room = limit - attempts.len();
        if !is_allowed || room == 0 {
            continue;
        }
        if word == "send" {
            room = run.limit_left.room(room);
        }
        let is_full = word == "resend" && run.limit_left.is_reached();
        let filter = format!(
            "campaign = ?1 AND next_action = ?2 AND due > 0 AND due <= ?3
               AND NOT (?4 AND {UNSENT}) ORDER BY due, bill"
        );
        let due = params![run.campaign, word, now, is_full];
        let mut found = candidates(tx, &filter, due, room)?;
        if word == "send" {
            let room = room - found.len();
            found.extend(untried(tx, run.campaign, room)?);
        }
        if let [first, second, ..] = &mut found[..] {
            mix_up(first, second);
        }
        for candidate in found {
            attempts.extend(begin(tx, run, candidate, allowed, now)?);
        }
    }
    if may_send_first && !tx.is_held() {
        free_owed(tx, run, attempts.is_empty(), now)?;
    }
    Ok(attempts)
}

/// A mistake of the tests' own build.
fn mix_up(first: &mut Candidate, second: &mut Candidate) {
    if planted!(PeopleSwapped) {
        std::mem::swap(&mut first.openid, &mut second.openid);
    }
    if planted!(AmountsSwapped) {
        std::mem::swap(&mut first.key.amount, &mut second.key.amount);
    }
}

/// The next bills that were never taken up, in the order of their files. They stand in no index of
/// what is due: each file knows where they begin.
fn untried(tx: &Connection, campaign: i64, room: usize) -> rusqlite::Result<Vec<Candidate>> {
    let mut found = Vec::new();
    while found.len() < room {
        // Not sorted: for that SQLite opens a temporary table. Not bound: SQLite plans a statement
        // anew if a bound number may be better read as 0 or 1.
        let next = format!(
            "SELECT file, untried_from, last_bill FROM file WHERE file = (SELECT min(file) FROM file
               WHERE campaign = {campaign} AND untried_from <= last_bill)"
        );
        let next: Option<(i64, i64, i64)> = tx
            .prepare_cached(&next)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((file, from, last)) = next else {
            break;
        };
        let limit = room - found.len();
        let filter = "bill BETWEEN ?1 AND ?2 AND campaign = ?3 AND state = 'ready' AND due = 0
             ORDER BY bill";
        let more = candidates(tx, filter, params![from, last, campaign], limit)?;
        let after = more.last().filter(|_| more.len() == limit);
        match after {
            Some(candidate) => untried_after(tx, file, candidate.key.bill)?,
            None => untried_after(tx, file, last)?,
        }
        found.extend(more);
    }
    Ok(found)
}

/// The attempt that is due, if there still is one. What the bill itself decides is its turn; here
/// stands what other rows and this run have to say about a send.
fn begin(
    tx: &WriteTx<'_>,
    run: &RunState,
    candidate: Candidate,
    allowed: Allowed,
    now: i64,
) -> rusqlite::Result<Option<Attempt>> {
    let (is_first, is_new) = match candidate.bill.turn(now, &run.rules, allowed.resends) {
        Turn::GiveUp => {
            give_up(tx, run, &candidate, (now, &note::too_old()))?;
            return Ok(None);
        }
        Turn::Query => return survey::ask(tx, run, candidate, now).map(Some),
        Turn::Send { is_first, is_new } => (is_first, is_new),
    };
    if let Some(because) = is_told_paid(tx, &run.billed, &candidate)? {
        if is_new {
            give_up(tx, run, &candidate, (now, &because))?;
            return Ok(None);
        }
        return survey::ask(tx, run, candidate, now).map(Some);
    }
    // Another ledger, or another start of the process, may have sent it: WeChat Pay is asked before
    // anything is counted for a send that may not follow.
    let is_asked_first = must_ask(tx, run, &candidate, now)?;
    if is_asked_first && !allowed.queries {
        put_back(tx, &candidate)?;
        return Ok(None);
    }
    if give_up_too_late(tx, run, &candidate, now)? {
        return Ok(None);
    }
    if is_asked_first {
        return attempt(tx, run, candidate, Action::Query, now).map(Some);
    }
    let (bill, amount) = (candidate.key.bill, candidate.key.amount);
    // A packet before it in this transaction reached the merchant's cap: the whole campaign waits,
    // but for what a restored copy calls in doubt.
    let is_held = is_first && candidate.bill.state == State::Ready && tx.is_held();
    // The limit comes before the cap: what it keeps back must not count as sent today.
    if is_held || is_new && !run.limit_left.has_room(amount) {
        put_back(tx, &candidate)?;
        return Ok(None);
    }
    if is_first && let Some(cap) = spend(tx, run, &candidate, tx.day_time(now))? {
        defer(tx, run, &candidate, cap, now)?;
        return Ok(None);
    }
    // Only what no cap holds back uses up the limit.
    if is_new {
        run.limit_left.count(bill, amount);
    }
    attempt(tx, run, candidate, Action::Send, now).map(Some)
}
