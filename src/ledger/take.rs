//! Making attempts: a due bill becomes an [`Attempt`] in the transaction that makes its row
//! durable, and nowhere else.

use std::time::Instant;

use rusqlite::{Connection, Row, params};

use super::advance::{Cause, Key, advance};
use super::columns::{BILL, BILL_WIDTH, bill as read_bill, fen};
use crate::domain::bill::{Action, Bill};
use crate::domain::ids::{MchBillno, Openid};
use crate::domain::money::Fen;
use crate::domain::packet::{RowTexts, Texts};
use crate::domain::policy::{Moment, Rules};
use crate::domain::state::{Event, State};

/// One request, durable and not yet sent. It can be sent once: sending takes it by value.
#[derive(Debug)]
pub struct Attempt {
    pub(super) id: i64,
    pub(super) purpose: Purpose,
    pub(super) committed: i64,
    action: Action,
    since: Instant,
    is_resend: bool,
    mch_billno: MchBillno,
    openid: Option<Openid>,
    amount: Fen,
    texts: Option<Texts>,
}

/// What an attempt is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// It is a step in a bill's life.
    Bill(Key),
    /// It asks whether WeChat Pay knows a number before the first send; moves nothing itself.
    Check,
}

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

impl Attempt {
    /// Send or query.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// The row of its bill, to tell bills apart; `None` for a number of nothing.
    #[must_use]
    pub fn bill(&self) -> Option<i64> {
        match self.purpose {
            Purpose::Bill(key) => Some(key.bill),
            Purpose::Check => None,
        }
    }

    /// Whether the number was on the wire before.
    #[must_use]
    pub fn is_resend(&self) -> bool {
        self.is_resend
    }

    /// When it became durable, at the latest.
    #[must_use]
    pub fn since(&self) -> Instant {
        self.since
    }

    /// The number it is about.
    #[must_use]
    pub fn mch_billno(&self) -> &MchBillno {
        &self.mch_billno
    }

    /// Who is paid; `None` for a number of nothing.
    #[must_use]
    pub fn openid(&self) -> Option<&Openid> {
        self.openid.as_ref()
    }

    /// How much.
    #[must_use]
    pub fn amount(&self) -> Fen {
        self.amount
    }

    /// The frozen texts; `None` for a number of nothing.
    #[must_use]
    pub fn texts(&self) -> Option<&Texts> {
        self.texts.as_ref()
    }
}

/// What [`take`] needs to know of the campaign and the time.
#[derive(Debug, Clone)]
pub(super) struct Taker {
    pub(super) campaign: i64,
    pub(super) texts: Texts,
    pub(super) rules: Rules,
    pub(super) epoch: i64,
}

/// A bill with what a request about it needs.
struct Candidate {
    key: Key,
    bill: Bill,
    mch_billno: MchBillno,
    openid: Openid,
    texts: RowTexts,
}

const CANDIDATE: &str = "bill.bill, bill.mch_billno, packet.openid, packet.amount_fen, \
     packet.act_name, packet.send_name, packet.wishing, packet.remark, packet.scene_id \
     FROM bill JOIN packet USING (packet)";

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

/// Makes a query about a number before the campaign's first send; it moves no bill.
pub(super) fn take_probe(
    tx: &Connection,
    number: MchBillno,
    now: i64,
) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        id: insert_attempt(tx, None, Action::Query, now)?,
        purpose: Purpose::Check,
        committed: now,
        action: Action::Query,
        since: Instant::now(),
        is_resend: false,
        mch_billno: number,
        openid: None,
        amount: Fen::ZERO,
        texts: None,
    })
}

fn candidates(
    tx: &Connection,
    filter: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<Candidate>> {
    let sql = format!("SELECT {BILL}, bill.campaign, {CANDIDATE} WHERE {filter}");
    tx.prepare_cached(&sql)?
        .query_map(params, candidate)?
        .collect()
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let at = |index: usize| BILL_WIDTH + index;
    let number: String = row.get(at(2))?;
    let openid: String = row.get(at(3))?;
    let damaged = |index: usize| {
        move |fault: crate::domain::ids::IdFault| {
            let kind = rusqlite::types::Type::Text;
            rusqlite::Error::FromSqlConversionFailure(BILL_WIDTH + index, kind, fault.into())
        }
    };
    let amount = fen(row, at(4))?;
    Ok(Candidate {
        key: Key {
            campaign: row.get(at(0))?,
            bill: row.get(at(1))?,
            amount,
        },
        bill: read_bill(row)?,
        mch_billno: MchBillno::new(&number).map_err(damaged(2))?,
        openid: Openid::new(&openid).map_err(damaged(3))?,
        texts: RowTexts {
            act_name: row.get(at(5))?,
            send_name: row.get(at(6))?,
            wishing: row.get(at(7))?,
            remark: row.get(at(8))?,
            scene_id: row.get(at(9))?,
        },
    })
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
    let moment = Moment {
        now,
        committed: now,
        dice: 0,
        has_accepted: false,
    };
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

fn assemble(taker: &Taker, from: Candidate, id: i64, action: Action, now: i64) -> Attempt {
    Attempt {
        id,
        purpose: Purpose::Bill(from.key),
        committed: now,
        action,
        since: Instant::now(),
        is_resend: from.bill.state != State::Ready || from.bill.sends > 0,
        mch_billno: from.mch_billno,
        openid: Some(from.openid),
        amount: from.key.amount,
        texts: Some(from.texts.over(&taker.texts)),
    }
}

fn insert_attempt(
    tx: &Connection,
    bill: Option<i64>,
    action: Action,
    now: i64,
) -> rusqlite::Result<i64> {
    tx.prepare_cached("INSERT INTO attempt (bill, action, committed_at) VALUES (?1, ?2, ?3)")?
        .execute((bill, action.name(), now))?;
    Ok(tx.last_insert_rowid())
}
