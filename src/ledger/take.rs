//! Taking what may be done now: a due bill becomes an [`Attempt`] in the transaction that makes
//! its row durable, and nowhere else.

use rusqlite::{Connection, params};

use super::advance::{Cause, advance};
use super::attempt::{Attempt, assemble, insert_attempt};
use super::candidate::{Candidate, candidates};
use crate::domain::bill::Action;
use crate::domain::packet::Texts;
use crate::domain::policy::{Moment, Rules};
use crate::domain::state::{Event, State};

/// What may be begun now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// First sends.
    pub sends: bool,
    /// Resends of numbers in doubt.
    pub resends: bool,
    /// Queries of what is due.
    pub queries: bool,
}

/// What [`take`] needs to know of the campaign and the time.
#[derive(Debug, Clone)]
pub(super) struct Taker {
    pub(super) campaign: i64,
    pub(super) texts: Texts,
    pub(super) rules: Rules,
    pub(super) epoch: i64,
}

/// Makes up to `limit` attempts of what is due at `now`. Doubt is cleared up before new packets
/// are sent: queries first, then resends, then first sends.
pub(super) fn take(
    tx: &Connection,
    taker: &Taker,
    allowed: Allowed,
    now: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Attempt>> {
    let mut attempts = Vec::new();
    let kinds = [
        (allowed.queries, "query"),
        (allowed.resends, "resend"),
        (allowed.sends, "send"),
    ];
    for (is_allowed, word) in kinds {
        let room = limit - attempts.len();
        if !is_allowed || room == 0 {
            continue;
        }
        let filter = "bill.campaign = ?1 AND bill.next_action = ?2 AND bill.due <= ?3
             ORDER BY bill.due, bill.bill LIMIT ?4";
        let room = i64::try_from(room).unwrap_or(i64::MAX);
        let found = candidates(tx, filter, params![taker.campaign, word, now, room])?;
        for candidate in found {
            attempts.extend(begin(tx, taker, candidate, allowed, now)?);
        }
    }
    Ok(attempts)
}

/// Makes a query of each of the next bills, by row, that a query may still change.
pub(super) fn take_unsettled(
    tx: &Connection,
    taker: &Taker,
    after: i64,
    now: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Attempt>> {
    let filter = "bill.campaign = ?1 AND bill.bill > ?2 AND bill.state IN
           ('in_doubt', 'processing', 'sent', 'refunding', 'review')
         ORDER BY bill.bill LIMIT ?3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = candidates(tx, filter, params![taker.campaign, after, limit])?;
    let query = |candidate| attempt(tx, taker, candidate, Action::Query, now);
    found.into_iter().map(query).collect()
}

/// Makes a query of each of these bills that a query may still change.
pub(super) fn take_bills(
    tx: &Connection,
    taker: &Taker,
    bills: &[i64],
    now: i64,
) -> rusqlite::Result<Vec<Attempt>> {
    let filter = "bill.campaign = ?1 AND bill.bill = ?2 AND bill.state IN
           ('in_doubt', 'processing', 'sent', 'refunding', 'review')";
    let mut attempts = Vec::new();
    for bill in bills {
        for candidate in candidates(tx, filter, params![taker.campaign, bill])? {
            attempts.push(attempt(tx, taker, candidate, Action::Query, now)?);
        }
    }
    Ok(attempts)
}

/// The attempt that is due, if there still is one: a bill too old to be asked about goes to
/// review, and one past its resend window is queried instead.
fn begin(
    tx: &Connection,
    taker: &Taker,
    candidate: Candidate,
    allowed: Allowed,
    now: i64,
) -> rusqlite::Result<Option<Attempt>> {
    let bill = &candidate.bill;
    let is_open = matches!(bill.state, State::InDoubt | State::Processing);
    if is_open && bill.is_past_queries(now) && allowed.resends {
        give_up(tx, taker, &candidate, now)?;
        return Ok(None);
    }
    let may_send = bill.may_send(now, &taker.rules);
    let wants_send = bill.next.is_some_and(|next| next.action == Action::Send);
    let action = if wants_send && may_send {
        Action::Send
    } else {
        Action::Query
    };
    attempt(tx, taker, candidate, action, now).map(Some)
}

fn give_up(
    tx: &Connection,
    taker: &Taker,
    candidate: &Candidate,
    now: i64,
) -> rusqlite::Result<()> {
    let mut after = candidate.bill.clone();
    let moment = Moment::at(now);
    after
        .rule(Event::GivenUp, &moment, &taker.rules)
        .map_err(illegal)?;
    let note = Some("29 days have passed: queries reach back 30");
    let cause = Cause {
        event: Event::GivenUp,
        attempt: None,
        at: now,
        epoch: taker.epoch,
        note,
    };
    advance(tx, candidate.key, &candidate.bill, &after, &cause)
}

/// An illegal move inside a transaction aborts it; the writer gives it back as what it is.
pub(super) fn illegal(source: crate::domain::state::IllegalMove) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(source))
}

fn attempt(
    tx: &Connection,
    taker: &Taker,
    candidate: Candidate,
    action: Action,
    now: i64,
) -> rusqlite::Result<Attempt> {
    let key = candidate.key;
    let id = insert_attempt(tx, Some(key.bill), action, now)?;
    let mut after = candidate.bill.clone();
    let event = match action {
        Action::Send => after.dispatch(now).map_err(illegal)?,
        Action::Query => {
            after.next = None;
            Event::SeenNothing
        }
    };
    let cause = Cause {
        event,
        attempt: Some(id),
        at: now,
        epoch: taker.epoch,
        note: None,
    };
    advance(tx, key, &candidate.bill, &after, &cause)?;
    Ok(assemble(taker, candidate, id, action, now))
}
