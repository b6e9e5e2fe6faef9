//! What must hold, of every image that a crash leaves and in the end.

use std::collections::BTreeMap;

use hongbao::domain::packet::Packet;
use hongbao::domain::state::State;
use hongbao::ledger::{LedgerError, Reader, ReportRow};
use hongbao::simulator::Books;
use rusqlite::Connection;

use super::life::{RULES, packets, terms};
use super::plan::Plan;
use super::world::World;

/// What the ledger says.
fn rows(world: &World) -> Result<Vec<ReportRow>, String> {
    let told = |fault: LedgerError| fault.to_string();
    let Some(reader) = Reader::open(&world.ledger()).map_err(told)? else {
        return Ok(Vec::new());
    };
    let Some(row) = reader.campaign(&terms().id).map_err(told)? else {
        return Ok(Vec::new());
    };
    // Counters that do not add up are an error of their own.
    reader.tally(&row).map_err(told)?;
    let mut rows = Vec::new();
    let each = |heap: Vec<ReportRow>| {
        rows.extend(heap);
        Ok::<_, LedgerError>(Vec::new())
    };
    reader.report(&row, each).map_err(told)?;
    Ok(rows)
}

/// Holds at any time.
pub(super) fn image(world: &World, plan: &Plan) -> Result<(), String> {
    let (books, rows) = (world.books(), rows(world)?);
    let twice = books.paid_twice();
    if !twice.is_empty() {
        return Err(format!("paid twice: {twice:?}"));
    }
    if books.clashes > 0 {
        return Err("a resend was not the same to the byte".to_owned());
    }
    if books.counters.hasty_resends > 0 {
        return Err("a resend came within a second".to_owned());
    }
    let by_number: BTreeMap<&str, &ReportRow> = rows
        .iter()
        .map(|row| (row.mch_billno.as_str(), row))
        .collect();
    for (number, booked) in &books.orders {
        let Some(row) = by_number.get(number.as_str()) else {
            return Err(format!("{number} is nobody's"));
        };
        if (&booked.order.openid, booked.order.amount_fen) != (&row.openid, row.amount.fen()) {
            return Err(format!(
                "{number} went to somebody else, or was another amount"
            ));
        }
    }
    let owed: Vec<Packet> = packets(plan);
    if !rows.is_empty() && rows.len() != owed.len() {
        return Err(format!("{} packets of {}", rows.len(), owed.len()));
    }
    for row in &rows {
        truthful(&books, row)?;
    }
    busiest(&books, plan)?;
    if rows.is_empty() {
        return Ok(());
    }
    audited(world)?;
    replays(world)
}

/// The ledger is what its own journal says it is.
fn audited(world: &World) -> Result<(), String> {
    let told = |fault: LedgerError| fault.to_string();
    let reader = Reader::open(&world.ledger()).map_err(told)?;
    let reader = reader.ok_or("the ledger is gone")?;
    let audit = reader.audit(None).map_err(told)?;
    if audit.findings.is_empty() {
        return Ok(());
    }
    Err(format!("an audit finds {:?}", audit.findings))
}

/// What a state claims is so.
fn truthful(books: &Books, row: &ReportRow) -> Result<(), String> {
    let booked = books.orders.get(&row.mch_billno);
    let is_paid = booked.is_some_and(|booked| booked.order.is_paid());
    let is_true = match row.state {
        State::Sent | State::Received | State::Refunding | State::Refunded => is_paid,
        State::Refused => !is_paid,
        State::Ready => booked.is_none(),
        State::InFlight | State::InDoubt | State::Processing | State::Review => true,
    };
    let sends = booked.map_or(0, |booked| booked.requests.sends);
    if !is_true {
        return Err(format!(
            "{} is called {}, paid: {is_paid}",
            row.mch_billno, row.state
        ));
    }
    if sends > u64::from(row.attempts) + 1 {
        return Err(format!(
            "{}: {sends} sends, {} recorded",
            row.mch_billno, row.attempts
        ));
    }
    Ok(())
}

fn busiest(books: &Books, plan: &Plan) -> Result<(), String> {
    // A process can only know from the ledger's times what the one before it sent: where its
    // clock was wrong by more than the window, it cannot.
    let Some(limit) = plan.per_second.filter(|_| plan.is_in_time()) else {
        return Ok(());
    };
    let most = books.busiest(1000);
    let limit = usize::try_from(limit.get()).unwrap();
    if most > limit {
        return Err(format!("{most} requests in a second, {limit} are allowed"));
    }
    Ok(())
}

/// The journal tells how each state came about, and every request has its attempt.
fn replays(world: &World) -> Result<(), String> {
    let conn = Connection::open(world.ledger()).map_err(|fault| fault.to_string())?;
    let count = |sql: &str| -> Result<i64, String> {
        conn.query_row(sql, [], |row| row.get(0))
            .map_err(|fault| fault.to_string())
    };
    let unexplained = count(
        "SELECT count(*) FROM bill WHERE state <> coalesce((SELECT state_to FROM journal
         WHERE journal.bill = bill.bill ORDER BY seq DESC LIMIT 1), 'ready')",
    )?;
    if unexplained > 0 {
        return Err(format!("the journal does not lead to {unexplained} states"));
    }
    let attempts = count("SELECT count(*) FROM attempt")?;
    let books = world.books();
    packages(&conn, &books)?;
    let requests = books.arrivals_ms.len();
    if i64::try_from(requests).unwrap() > attempts {
        return Err(format!("{requests} requests, {attempts} attempts"));
    }
    Ok(())
}

/// What is kept to open a packet is what the gateway gave for it.
fn packages(conn: &Connection, books: &Books) -> Result<(), String> {
    let told = |fault: rusqlite::Error| fault.to_string();
    let sql = "SELECT mch_billno, package, has_package FROM bill LEFT JOIN receipt USING (bill)
         WHERE package IS NOT NULL OR has_package";
    let mut statement = conn.prepare(sql).map_err(told)?;
    let mut rows = statement.query([]).map_err(told)?;
    while let Some(row) = rows.next().map_err(told)? {
        let number: String = row.get(0).map_err(told)?;
        let (package, is_kept): (Option<String>, bool) =
            (row.get(1).map_err(told)?, row.get(2).map_err(told)?);
        let given = books
            .orders
            .get(&number)
            .map(|booked| &booked.order.package);
        if package.as_ref() != given || !is_kept {
            return Err(format!("{number} keeps {package:?}, was given {given:?}"));
        }
    }
    Ok(())
}

/// Holds once the gateway has been right for long enough.
pub(super) fn settled(world: &World) -> Result<(), String> {
    for row in rows(world)? {
        let is_settled = match row.state {
            State::Sent
            | State::Received
            | State::Refunding
            | State::Refunded
            | State::Refused
            | State::Review => true,
            // It may be queried for 29 days; sent again it is not any more.
            State::InDoubt => is_window_closed(world, row.bill)?,
            State::Processing | State::Ready | State::InFlight => false,
        };
        if !is_settled {
            return Err(format!(
                "{} is still {} ({:?} {:?})",
                row.mch_billno, row.state, row.err_code, row.err_code_des
            ));
        }
    }
    Ok(())
}

fn is_window_closed(world: &World, bill: i64) -> Result<bool, String> {
    let conn = Connection::open(world.ledger()).map_err(|fault| fault.to_string())?;
    // A doubt dated in the future was dated by a wrong clock: nobody knows how old it is.
    let sql = "SELECT is_window_closed OR doubt_since + ?2 <= ?3 OR doubt_since > ?3 + 60000
         FROM bill WHERE bill = ?1";
    let values = (bill, RULES.resend_window_ms, world.true_ms());
    conn.query_row(sql, values, |row| row.get(0))
        .map_err(|fault| fault.to_string())
}
