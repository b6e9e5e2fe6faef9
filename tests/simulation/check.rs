//! What must hold, of every image that a crash leaves and in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hongbao::domain::money::Fen;
use hongbao::domain::state::State;
use hongbao::ledger::{LedgerError, Reader, ReportRow};
use hongbao::simulator::{Booked, Books, ClaimRules, OrderStanding, Status};
use rusqlite::{Connection, Params};

use super::deed::STRANGER;
use super::life::{RULES, fen, nth, terms};
use super::plan::Plan;
use super::world::World;
use super::{clerk, former, proof};

/// The ledger as the program reads it, and as it is.
pub(super) struct Eyes {
    reader: Reader,
    pub(super) conn: Connection,
}

impl Eyes {
    pub(super) fn open(ledger: &Path) -> Result<Option<Eyes>, String> {
        let reader = Reader::open(ledger).map_err(|fault| fault.to_string())?;
        let eyes = |reader| {
            let conn = Connection::open(ledger).map_err(|fault| fault.to_string())?;
            conn.set_prepared_statement_cache_capacity(64);
            Ok(Eyes { reader, conn })
        };
        reader.map(eyes).transpose()
    }

    /// When the open attempt about this number was made durable.
    pub(super) fn open_since(&self, number: &str) -> Option<i64> {
        let sql = "SELECT committed_at FROM attempt JOIN bill USING (bill)
             WHERE mch_billno = ?1 AND ended_at IS NULL";
        let mut statement = self.conn.prepare_cached(sql).ok()?;
        statement.query_row([number], |row| row.get(0)).ok()
    }
}

/// What the ledger says.
pub(super) fn rows(world: &World) -> Result<Vec<ReportRow>, String> {
    Ok(world.look(|eyes| read(&eyes.reader))?.unwrap_or_default())
}

fn read(reader: &Reader) -> Result<Vec<ReportRow>, String> {
    let told = |fault: LedgerError| fault.to_string();
    let Some(row) = reader.campaign(&terms().id).map_err(told)? else {
        return Ok(Vec::new());
    };
    // Counters that do not add up are an error of their own.
    reader.tally(&row).map_err(told)?;
    let mut rows = Vec::new();
    let each = |batch: Vec<ReportRow>| {
        rows.extend(batch);
        Ok::<_, LedgerError>(Vec::new())
    };
    reader.report(&row, each).map_err(told)?;
    Ok(rows)
}

/// Holds at any time.
pub(super) fn image(world: &World, plan: &Plan) -> Result<(), String> {
    let (books, rows) = (world.books(), rows(world)?);
    let mut twice = books.paid_twice();
    if plan.remembers_ms.is_some() && !was_noticed(world)? {
        twice.retain(|number| !world.is_missed(number));
    }
    if !twice.is_empty() {
        return Err(format!("paid twice: {twice:?}"));
    }
    // Only who does not know what was sent, or is not told, sends a corrected amount; or who mends
    // a list beside a copy: WeChat Pay refuses the other amount, and a query finds the payment.
    let is_blind = plan.forgets_unnoticed() || !plan.finds_orders();
    let is_corrected = plan.is_corrected && world.is_again() && is_blind;
    let is_mended = plan.mends() && world.is_put_back();
    if books.clashes > 0 && !is_corrected && !is_mended {
        return Err("a resend was not the same to the byte".to_owned());
    }
    if books.counters.hasty_resends > 0 {
        return Err("a resend came within a second".to_owned());
    }
    if rows.is_empty() {
        return Ok(());
    }
    every_packet(world.loaded(plan), &rows)?;
    let bills = world.look(bills)?.unwrap_or_default();
    let is_corrected = plan.is_corrected && world.is_again();
    let is_mended = world.is_put_back() && plan.mends();
    right_people(
        &books,
        &bills,
        world.is_put_back(),
        (is_mended, is_corrected),
    )?;
    for row in &rows {
        truthful(world, plan, &books, row)?;
    }
    busiest(&books, plan)?;
    let forgotten = world.forgotten();
    let held = world.look(|eyes| {
        proof::holds(&eyes.conn, plan, &books, forgotten)?;
        former::holds(world, eyes)?;
        clerk::holds(world, eyes)
    })?;
    held.ok_or_else(|| "there is no ledger".to_owned())
}

/// Where another amount was paid under it, or to somebody else, it is for a person.
fn is_known_paid(state: State) -> bool {
    state.is_paid() || state == State::Review
}

/// Every packet stands in the report once, by its newest number, and with each number that was
/// given up and is known to be paid after all.
fn every_packet(loaded: u64, rows: &[ReportRow]) -> Result<(), String> {
    let mut newest: BTreeMap<&str, &ReportRow> = BTreeMap::new();
    for row in rows {
        let known = newest.insert(&row.row_key, row);
        if let Some(known) = known
            && !(is_known_paid(known.state) && known.generation < row.generation)
        {
            return Err(format!("{} stands in the report twice", row.row_key));
        }
    }
    if newest.len() as u64 != loaded {
        return Err(format!("{} packets of {loaded}", newest.len()));
    }
    Ok(())
}

/// Whom each number is for, and how much.
type Bills = BTreeMap<String, (String, u64)>;

fn bills(eyes: &Eyes) -> Result<Bills, String> {
    let sql = "SELECT mch_billno, openid, amount_fen FROM bill";
    let read = || -> rusqlite::Result<Bills> {
        eyes.conn
            .prepare_cached(sql)?
            .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
            .collect()
    };
    read().map_err(|fault| fault.to_string())
}

/// A copy knows nothing of what was mended after it was made, and paid.
fn right_people(
    books: &Books,
    bills: &Bills,
    is_put_back: bool,
    (is_mended, is_corrected): (bool, bool),
) -> Result<(), String> {
    for (number, booked) in &books.orders {
        let Some((openid, owed)) = bills.get(number) else {
            // A number that was given after the copy was made is found by asking.
            if is_put_back {
                continue;
            }
            return Err(format!("{number} is nobody's"));
        };
        let order = &booked.order;
        let n = nth(openid);
        let is_either = [fen(n, false), fen(n, true)].contains(&order.amount_fen);
        let is_right = owed == &order.amount_fen || is_mended || is_corrected && is_either;
        if &order.openid != openid || !is_right {
            return Err(format!(
                "{number} went to somebody else, or was another amount"
            ));
        }
    }
    Ok(())
}

/// The ledger is what its own journal says it is.
pub(super) fn audited(world: &World) -> Result<(), String> {
    let told = |fault: LedgerError| fault.to_string();
    let audit = world.look(|eyes| eyes.reader.audit(None).map_err(told))?;
    match audit {
        Some(audit) if !audit.findings.is_empty() => {
            Err(format!("an audit finds {:?}", audit.findings))
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether an audit tells that a packet was a stranger's when it was taken. It must, where the
/// stranger was sent for.
pub(super) fn is_betrayed(world: &World) -> Result<bool, String> {
    let told = |fault: LedgerError| fault.to_string();
    let audit = world.look(|eyes| eyes.reader.audit(None).map_err(told))?;
    let is_found = audit.is_some_and(|audit| !audit.findings.is_empty());
    let orders = world.books().orders;
    let is_sent_for = orders.values().any(|it| it.order.openid == STRANGER);
    if is_sent_for && !is_found {
        return Err("a stranger was sent for, and an audit finds nothing".to_owned());
    }
    Ok(is_found)
}

/// What a state claims is so.
fn truthful(world: &World, plan: &Plan, books: &Books, row: &ReportRow) -> Result<(), String> {
    let booked = books.orders.get(&row.mch_billno);
    let is_paid = booked.is_some_and(|booked| booked.order.is_paid());
    let is_as_owed = booked.is_none_or(|it| it.order.amount_fen == row.amount.fen());
    let is_true = match row.state {
        State::Sent | State::Received | State::Refunding | State::Refunded => {
            is_paid && (is_as_owed || world.is_excused(&row.mch_billno))
        }
        State::Refused => {
            let number = &row.mch_billno;
            let is_known = world.is_excused(number) || world.was_turned_away(number);
            let is_stale =
                world.is_stale_refusal(number) || world.is_put_back() && is_behind(world)?;
            // A stray refusal, and then a gateway that does not find its own order.
            let may_mislead = plan.strays.any() && !plan.finds_orders();
            let is_misled = may_mislead && was_refused_by_nobody(world, row.bill)?;
            is_stale
                || is_misled
                || is_refused(plan, booked, row)
                || is_known && !is_paid
                || world.is_excused(number)
        }
        // Of what another ledger sent, this one learns when it asks. A gateway that does not find
        // its own order frees its number: the same number goes again.
        State::Ready | State::Withdrawn => !is_paid || plan.loses_ledger() || !plan.finds_orders(),
        State::InFlight | State::InDoubt | State::Processing | State::Review => true,
    };
    if !is_true {
        return Err(format!(
            "{} is called {}, paid: {is_paid}",
            row.mch_billno, row.state
        ));
    }
    if !is_fate_true(booked, row) {
        return Err(format!("{} is told of as {:?}", row.mch_billno, row.fate));
    }
    let sends = booked.map_or(0, |booked| booked.requests.sends);
    if sends > u64::from(row.attempts) + 1 && !plan.loses_ledger() {
        return Err(format!(
            "{}: {sends} sends, {} recorded",
            row.mch_billno, row.attempts
        ));
    }
    Ok(())
}

/// Whether what is told of a claim or a refund is in the books.
fn is_fate_true(booked: Option<&Booked>, row: &ReportRow) -> bool {
    let rules = ClaimRules::default();
    let (mut claimed, mut back, mut fen) = (None, None, None);
    if let Some(booked) = booked
        && let OrderStanding::Paid { issued_ms, .. } = booked.order.standing
    {
        // On the wire times are whole seconds.
        let seconds = |at: i64| at / 1000 * 1000;
        claimed = rules.claimed_at(&row.mch_billno, issued_ms).map(seconds);
        back = Some(seconds(rules.refunded_at(issued_ms))).filter(|_| claimed.is_none());
        fen = back.map(|_| booked.order.amount_fen);
    }
    let fate = &row.fate;
    let refunded = fate.refunded.map(Fen::fen);
    (fate.received_at.is_none() || fate.received_at == claimed)
        && (fate.refunded_at.is_none() || fate.refunded_at == back)
        && (refunded.is_none() || refunded == fen)
}

/// Whether nothing was paid, nothing is being worked on, and there is a cause for it.
fn is_refused(plan: &Plan, booked: Option<&Booked>, row: &ReportRow) -> bool {
    let is_scripted = || plan.refusals.contains_key(&nth(&row.openid));
    // A refusal of nobody is believed of a number that nobody knows: it was not paid.
    let is_cause = || is_scripted() || plan.strays.any();
    booked.map_or_else(is_cause, |booked| booked.status == Status::Failed)
}

fn busiest(books: &Books, plan: &Plan) -> Result<(), String> {
    // A process knows from the ledger alone what the one before it sent; where that is gone, it
    // cannot. However the clock was set between them, it can.
    let Some(limit) = plan.per_second.filter(|_| !plan.loses_ledger()) else {
        return Ok(());
    };
    let most = books.busiest(1000);
    let limit = usize::try_from(limit.get()).unwrap();
    if most > limit {
        return Err(format!("{most} requests in a second, {limit} are allowed"));
    }
    Ok(())
}

/// Whether any packet waits for its first send.
pub(super) fn has_ready(world: &World) -> Result<bool, String> {
    Ok(rows(world)?.iter().any(|row| row.state == State::Ready))
}

/// Whether a refusal of it named no number.
fn was_refused_by_nobody(world: &World, bill: i64) -> Result<bool, String> {
    let sql = "SELECT EXISTS (SELECT 1 FROM attempt
         WHERE bill = ?1 AND answer GLOB 'unnamed_refused*')";
    says(world, sql, [bill])
}

/// Whether the ledger, if there is one, says yes.
fn says(world: &World, sql: &str, values: impl Params) -> Result<bool, String> {
    let found = world.look(|eyes| {
        let found = eyes.conn.query_row(sql, values, |row| row.get(0));
        found.map_err(|fault| fault.to_string())
    })?;
    Ok(found.unwrap_or(false))
}

/// Whether the ledger says of itself that it may be behind the truth.
fn is_behind(world: &World) -> Result<bool, String> {
    let sql = "SELECT behind_since IS NOT NULL FROM ledger";
    says(world, sql, [])
}

/// Whether the ledger ever knew that it may be behind.
fn was_noticed(world: &World) -> Result<bool, String> {
    let sql = "SELECT EXISTS (SELECT 1 FROM journal WHERE event = 'behind')";
    says(world, sql, [])
}

/// Whatever was put back: nobody was paid under two numbers, and every number that was paid is
/// known, but for those that the gateway lied about or a person ruled on.
fn whole_again(world: &World, plan: &Plan) -> Result<(), String> {
    let (books, bills) = (world.books(), world.look(bills)?.unwrap_or_default());
    let mut paid: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    let is_lied_about = |(number, _): &(&String, &Booked)| world.is_excused(number);
    // Whose number the gateway lied about may have got another one, which a copy cannot know.
    let excused: BTreeSet<&str> = books
        .orders
        .iter()
        .filter(is_lied_about)
        .map(|(_, booked)| booked.order.openid.as_str())
        .collect();
    // A copy whose last write is 29 days ago leaves what it could not settle to a person.
    let left: BTreeSet<String> = rows(world)?
        .into_iter()
        .filter(|row| row.state == State::Review)
        .filter_map(|row| bills.get(&row.mch_billno).map(|(openid, _)| openid.clone()))
        .collect();
    for (number, booked) in &books.orders {
        if !booked.order.is_paid() || excused.contains(booked.order.openid.as_str()) {
            continue;
        }
        // Whom the ledger calls refused, and nobody asked about since.
        if world.is_stale_refusal(&booked.order.openid) {
            continue;
        }
        if !bills.contains_key(number) && !left.contains(&*booked.order.openid) {
            return Err(format!("{number} was paid, and is nobody's"));
        }
        paid.entry(&booked.order.openid).or_default().push(number);
    }
    let twice = paid
        .values()
        .find(|numbers| numbers.len() > 1 && plan.each == 1);
    match twice {
        Some(numbers) => Err(format!("one person was paid under {numbers:?}")),
        None => Ok(()),
    }
}

/// Holds once the gateway has been right for long enough.
pub(super) fn settled(world: &World, plan: &Plan) -> Result<(), String> {
    if world.is_put_back() {
        whole_again(world, plan)?;
    }
    for row in rows(world)? {
        let is_settled = match row.state {
            State::Sent
            | State::Received
            | State::Refunding
            | State::Refunded
            | State::Refused
            | State::Withdrawn
            | State::Review => true,
            // It may be queried for 29 days; sent again it is not any more.
            State::InDoubt => is_refused_for_ever(plan, &row) || is_window_closed(world, row.bill)?,
            State::Processing | State::Ready | State::InFlight => false,
        };
        let is_refused = row.state == State::Refused && row.attempts < 2;
        if is_refused && world.is_owed(&row.mch_billno) && !world.is_excused(&row.mch_billno) {
            return Err(format!(
                "{} is refused for the set-up's fault",
                row.mch_billno
            ));
        }
        if !is_settled {
            return Err(format!(
                "{} is still {} ({:?} {:?})",
                row.mch_billno, row.state, row.err_code, row.err_code_des
            ));
        }
    }
    Ok(())
}

/// Whether every answer to a send of it is a refusal that leaves no order: it stays in doubt until
/// its window closes.
fn is_refused_for_ever(plan: &Plan, row: &ReportRow) -> bool {
    let scripted = plan.refusals.get(&nth(&row.openid));
    scripted.is_some_and(|code| row.err_code.as_deref() == Some(code))
}

fn is_window_closed(world: &World, bill: i64) -> Result<bool, String> {
    // A doubt dated in the future was dated by a wrong clock: nobody knows how old it is.
    let sql = "SELECT is_window_closed OR doubt_since + ?2 <= ?3 OR doubt_since > ?3 + 60000
         FROM bill WHERE bill = ?1";
    let values = (bill, RULES.resend_window_ms, world.true_ms());
    says(world, sql, values)
}
