//! A request that is durable and not yet sent.

use std::sync::Arc;

use tokio::time::Instant;

use super::run_state::RunState;
use crate::domain::bill::{Action, Bill};
use crate::domain::ids::{MchBillno, Openid};
use crate::domain::money::Fen;
use crate::domain::outcome::Paid;
use crate::domain::packet::Texts;
use crate::domain::state::State;
use crate::ledger::bill::advance::Key;
use crate::ledger::bill::candidate::Candidate;
use crate::ledger::journal::chain::RequestMark;
use crate::ledger::journal::seal::RequestSeal;
use crate::ledger::journal::write_tx::WriteTx;

/// One request, durable and not yet sent. Only the commit that makes its row durable makes one,
/// it cannot be copied, and recording consumes it: one attempt, one record.
#[derive(Debug)]
pub struct Attempt {
    pub(in crate::ledger) id: i64,
    pub(in crate::ledger) purpose: Purpose,
    pub(in crate::ledger) committed: i64,
    action: Action,
    since: Instant,
    is_resend: bool,
    is_in_doubt: bool,
    is_apart: bool,
    mch_billno: MchBillno,
    openid: Option<Openid>,
    amount: Fen,
    texts: Option<Arc<Texts>>,
}

/// A step in a bill's life.
#[derive(Debug)]
pub(in crate::ledger) struct Step {
    pub(in crate::ledger) key: Key,
    /// The bill as it was committed, which nobody else writes while the attempt is open.
    pub(in crate::ledger) bill: Bill,
    /// It is the first about the bill.
    pub(in crate::ledger) is_fresh: bool,
}

/// The purpose of an attempt.
#[derive(Debug)]
pub(in crate::ledger) enum Purpose {
    /// It moves a bill.
    Bill(Step),
    /// It asks whether WeChat Pay knows a number before the first send; moves nothing itself.
    Check,
    /// It asks whether WeChat Pay knows the number after a bill's, which has no row.
    Next(NextNumber),
}

/// The number after a bill's.
#[derive(Debug)]
pub(in crate::ledger) struct NextNumber {
    /// The bill that it would take the place of.
    pub(in crate::ledger) key: Key,
    pub(in crate::ledger) number: MchBillno,
    pub(in crate::ledger) generation: u32,
}

impl Attempt {
    /// Send or query.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// The row of its bill, to tell bills apart; `None` for a number without a bill.
    #[must_use]
    pub fn bill(&self) -> Option<i64> {
        match &self.purpose {
            Purpose::Bill(step) => Some(step.key.bill),
            Purpose::Next(next) => Some(next.key.bill),
            Purpose::Check => None,
        }
    }

    /// Whether an earlier attempt may have paid: its answer may describe that one.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        self.is_in_doubt
    }

    /// Its bill, where a refusal may accuse the set-up: no earlier attempt may have paid, and it is
    /// no second chance.
    #[must_use]
    pub fn witness(&self) -> Option<i64> {
        let Purpose::Bill(step) = &self.purpose else {
            return None;
        };
        let is_first = !self.is_in_doubt && step.bill.again.is_none();
        is_first.then_some(step.key.bill)
    }

    /// Whether the number was on the wire before.
    #[must_use]
    pub fn is_resend(&self) -> bool {
        self.is_resend
    }

    /// Whether it goes over a connection on which nothing was said yet: the number was on another
    /// one, or the answer may decide.
    #[must_use]
    pub fn is_apart(&self) -> bool {
        let is_kept = planted!(SameConnectionTwice)
            || planted!(UndecidingNotFoundDecides) && self.action == Action::Query;
        self.is_apart && !is_kept
    }

    /// It needs no connection of its own: nothing that is said of the bill frees its number, and
    /// this process never spoke of it before.
    pub(super) fn among_others(mut self) -> Attempt {
        self.is_apart = false;
        self
    }

    /// A question about another payment than the one that is owed.
    #[must_use]
    pub(super) fn about(self, paid: Paid) -> Attempt {
        Attempt {
            openid: paid.openid.or(self.openid),
            amount: paid.amount,
            ..self
        }
    }

    /// When it became durable, at the latest.
    #[must_use]
    pub fn since(&self) -> Instant {
        self.since
    }

    /// The same by the clock of this process.
    #[must_use]
    pub fn committed_at(&self) -> i64 {
        self.committed
    }

    /// The number it is about.
    #[must_use]
    pub fn mch_billno(&self) -> &MchBillno {
        &self.mch_billno
    }

    /// The recipient; `None` for a number without a bill.
    #[must_use]
    pub fn openid(&self) -> Option<&Openid> {
        self.openid.as_ref()
    }

    /// How much.
    #[must_use]
    pub fn amount(&self) -> Fen {
        self.amount
    }

    /// The frozen texts; `None` for a number without a bill.
    #[must_use]
    pub fn texts(&self) -> Option<&Arc<Texts>> {
        self.texts.as_ref()
    }
}

/// Makes a query about a number before the campaign's first send; it moves no bill.
pub(in crate::ledger) fn take_probe(
    tx: &WriteTx<'_>,
    run: &RunState,
    number: MchBillno,
    now: i64,
) -> rusqlite::Result<Attempt> {
    about(tx, run, (Purpose::Check, number), now)
}

/// Makes a query about the number after a bill's, which nobody may have given out: the answer is
/// about that number and no other.
pub(super) fn ask_next(
    tx: &WriteTx<'_>,
    run: &RunState,
    of: Candidate,
    (number, generation): (MchBillno, u32),
    now: i64,
) -> rusqlite::Result<Attempt> {
    let next = NextNumber {
        key: of.key,
        number: number.clone(),
        generation,
    };
    let attempt = about(tx, run, (Purpose::Next(next), number), now)?;
    Ok(Attempt {
        openid: Some(of.openid),
        amount: of.key.amount,
        ..attempt
    })
}

/// A query about a number without a row.
fn about(
    tx: &WriteTx<'_>,
    run: &RunState,
    (purpose, number): (Purpose, MchBillno),
    now: i64,
) -> rusqlite::Result<Attempt> {
    let told = insert_attempt(tx, None, Action::Query, now)?;
    tx.tell(run.campaign, told, now, Some(number.as_str()))?;
    Ok(Attempt {
        id: told.attempt,
        purpose,
        committed: now,
        action: Action::Query,
        since: Instant::now(),
        is_resend: false,
        is_in_doubt: false,
        is_apart: true,
        mch_billno: number,
        openid: None,
        amount: Fen::ZERO,
        texts: None,
    })
}

/// The attempt whose row is `id`, which moved its bill to `after`.
pub(super) fn assemble(
    run: &RunState,
    from: Candidate,
    after: Bill,
    id: i64,
    (action, now): (Action, i64),
) -> Attempt {
    let is_fresh = from.is_fresh();
    let is_resend = from.bill.state != State::Ready || from.bill.sends > 0;
    let (mut mch_billno, mut texts) = (from.mch_billno, from.texts.over(&run.texts));
    if planted!(NewNumberOnRetry) && is_resend {
        mch_billno = MchBillno::new(&mch_billno.nonce()[..28]).unwrap_or(mch_billno);
    }
    if planted!(ResendDiffers) && is_resend {
        Arc::make_mut(&mut texts).remark.push('2');
    }
    Attempt {
        id,
        purpose: Purpose::Bill(Step {
            key: from.key,
            bill: after,
            is_fresh,
        }),
        committed: now,
        action,
        since: Instant::now(),
        is_resend,
        is_in_doubt: from.bill.state != State::Ready,
        is_apart: is_resend || action == Action::Query,
        mch_billno,
        openid: Some(from.openid),
        amount: from.key.amount,
        texts: Some(texts),
    }
}

/// Writes the row of an attempt that is still open, about a bill and what is said of it, or about a
/// number without a bill.
pub(super) fn insert_attempt(
    tx: &WriteTx<'_>,
    about: Option<(i64, &RequestSeal)>,
    action: Action,
    now: i64,
) -> rusqlite::Result<RequestMark> {
    let (bill, said) = about.unzip();
    tx.change(
        "INSERT INTO attempt (bill, action, committed_at) VALUES (?1, ?2, ?3)",
        (bill, action.name(), now),
    )?;
    let attempt = tx.last_insert_rowid();
    Ok(RequestMark::begun(
        attempt,
        (bill, said),
        action.name(),
        now,
    ))
}
