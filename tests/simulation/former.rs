//! What must hold of numbers that were given up, and of those in their place.

use std::collections::BTreeMap;

use hongbao::simulator::Books;
use rusqlite::Connection;

use super::check::Eyes;
use super::desk::ANSWER_MS;
use super::life::terms;
use super::world::World;

/// Ten minutes.
const REST_MS: i64 = 600_000;
/// So long WeChat Pay is asked about a number that was given up.
const ASKED_MS: i64 = 29 * 86_400_000;
/// The next numbers of refused packets that a run asks about.
const A_FEW: usize = 3;

/// Each number that was given up, the row of the journal that tells of it, and its time.
const GIVEN_UP: &str = "WITH given_up AS MATERIALIZED (
    SELECT old.bill AS bill, old.mch_billno AS mch_billno, new.bill AS new, journal.seq AS seq,
      journal.at AS at
    FROM bill AS new CROSS JOIN bill AS old
        ON new.generation > 1 AND old.row_key = new.row_key
          AND old.generation = new.generation - 1
      LEFT JOIN journal ON journal.bill = old.bill AND (journal.event = 'next_known'
        OR journal.event = 'reissued' AND journal.state_from = 'refused'))";

/// A number is given up on record.
const UNRECORDED: &str = "SELECT mch_billno FROM given_up WHERE seq IS NULL";

/// What was told of a number before it was given up.
const TOLD: &str = ", told AS MATERIALIZED (
    SELECT attempt.*, given_up.mch_billno FROM given_up JOIN attempt USING (bill)
    WHERE seq > (SELECT max(seq) FROM journal
      WHERE journal.bill = given_up.bill AND journal.attempt = attempt.attempt))";

/// A number is given up by a person on FAILED alone, asked long enough after its last send.
const TOO_EARLY: &str = "SELECT mch_billno FROM given_up
    WHERE (SELECT event FROM journal WHERE journal.seq = given_up.seq) = 'reissued'
    AND NOT EXISTS (SELECT 1 FROM told
      WHERE told.bill = given_up.bill AND action = 'query' AND answer = 'failed'
        AND committed_at >= ?1 + (SELECT
            coalesce(max(max(committed_at + ?2, ended_at)) FILTER (WHERE action = 'send'),
              min(committed_at) + ?2)
          FROM told WHERE told.bill = given_up.bill))";

/// WeChat Pay did not know a new number before it was sent, unless it is sent for the package of
/// what another ledger paid.
const UNASKED: &str = "SELECT mch_billno FROM bill
    WHERE generation > 1 AND EXISTS (SELECT 1 FROM attempt AS sent
      WHERE sent.bill = bill.bill AND sent.action = 'send'
        AND NOT EXISTS (SELECT 1 FROM attempt AS word
          WHERE word.bill = bill.bill AND word.action = 'query'
            AND word.answer IN ('not_found', 'sent')
            AND word.attempt < sent.attempt))";

/// Once a number that was given up is known to be paid, none in its place is sent any more, but for
/// the package of what is paid as well.
const GOES_ON: &str = "SELECT mch_billno FROM given_up
    WHERE EXISTS (SELECT 1 FROM journal AS seen JOIN journal AS sent
      ON seen.bill = given_up.bill AND seen.state_from = 'refused' AND seen.state_to = 'sent'
        AND sent.bill = given_up.new AND sent.seq > seen.seq
        AND sent.event IN ('dispatched', 'resent') AND sent.state_from <> 'sent')";

/// A number that was given up is never sent again.
const SENT_AGAIN: &str = "SELECT mch_billno FROM given_up
    WHERE EXISTS (SELECT 1 FROM journal WHERE journal.bill = given_up.bill
      AND journal.seq > given_up.seq AND event IN ('dispatched', 'resent'))";

/// What WeChat Pay may still be asked about of what was given up before, and was not since then.
/// One that turned out to be paid is asked about as every paid one is.
const FORGOTTEN: &str = "SELECT mch_billno FROM given_up
    WHERE (SELECT state FROM bill WHERE bill.bill = given_up.bill) = 'refused' AND at < ?1
      AND (SELECT max(committed_at) FROM attempt
        WHERE attempt.bill = given_up.bill AND action = 'send') > ?1 - ?2
      AND NOT EXISTS (SELECT 1 FROM attempt
        WHERE attempt.bill = given_up.bill AND action = 'query' AND committed_at >= ?1)";

/// Holds at any time.
pub(super) fn holds(world: &World, eyes: &Eyes) -> Result<(), String> {
    let given_up = |sql: &str| format!("{GIVEN_UP} {sql}");
    let conn = &eyes.conn;
    let found = first(conn, &given_up(UNRECORDED), [])?;
    none("given up without a record:", found)?;
    let found = first(
        conn,
        &given_up(&format!("{TOLD} {TOO_EARLY}")),
        [REST_MS, ANSWER_MS],
    )?;
    none("given up without a proof:", found)?;
    none(
        "a new number was not asked about:",
        first(conn, UNASKED, [])?,
    )?;
    let found = first(conn, &given_up(SENT_AGAIN), [])?;
    none("given up, and sent again:", found)?;
    let found = first(conn, &given_up(GOES_ON), [])?;
    none("paid, and what came in its place was sent:", found)?;
    paid_once(world, conn, &world.books())
}

/// All numbers of a packet together were paid once, but for those that the gateway lied about or a
/// person ruled on.
fn paid_once(world: &World, conn: &Connection, books: &Books) -> Result<(), String> {
    let mut statement = conn
        .prepare_cached("SELECT row_key, mch_billno FROM bill")
        .map_err(told)?;
    let numbers = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(told)?;
    let mut paid: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for number in numbers {
        let (row_key, number): (String, String) = number.map_err(told)?;
        let booked = books.orders.get(&number);
        if booked.is_some_and(|booked| booked.order.is_paid()) {
            paid.entry(row_key).or_default().push(number);
        }
    }
    let is_wrong = |numbers: &&Vec<String>| {
        numbers.len() > 1 && !numbers.iter().any(|number| world.is_excused(number))
    };
    match paid.values().find(is_wrong) {
        Some(numbers) => Err(format!("one packet was paid under {numbers:?}")),
        None => Ok(()),
    }
}

/// A packet that is refused here and known under its next number: a run asks about some of those,
/// and about all where they are few.
pub(super) fn overtaken(world: &World, now: i64) -> Result<Option<String>, String> {
    let sql = format!(
        "SELECT row_key, generation FROM bill AS old WHERE state = 'refused'
           AND coalesce(first_sent_at, settled_at) > {now} - 2 * {ASKED_MS}
           AND NOT EXISTS (SELECT 1 FROM bill AS new WHERE new.row_key = old.row_key
             AND new.generation > old.generation)"
    );
    let refused = world.look(|eyes| {
        let mut statement = eyes.conn.prepare_cached(&sql).map_err(told)?;
        let found = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(told)?;
        found
            .collect::<Result<Vec<(String, u32)>, _>>()
            .map_err(told)
    })?;
    let refused = refused.unwrap_or_default();
    if refused.len() > A_FEW {
        return Ok(None);
    }
    let (terms, orders) = (terms(), world.books().orders);
    let is_next = |number: &&String| {
        refused
            .iter()
            .any(|(key, of)| terms.is_number(key, of + 1, number))
    };
    Ok(orders.keys().find(is_next).cloned())
}

/// A reconciliation that began at `since` asked about every number that was given up.
pub(super) fn were_asked(world: &World, since: i64) -> Result<(), String> {
    let sql = format!("{GIVEN_UP} {FORGOTTEN}");
    let found = world.look(|eyes| first(&eyes.conn, &sql, [since, ASKED_MS]))?;
    none(
        "nobody asked about a number that was given up:",
        found.flatten(),
    )
}

fn first<const N: usize>(
    conn: &Connection,
    sql: &str,
    values: [i64; N],
) -> Result<Option<String>, String> {
    let mut statement = conn.prepare_cached(sql).map_err(told)?;
    let mut rows = statement
        .query(rusqlite::params_from_iter(values))
        .map_err(told)?;
    let row = rows.next().map_err(told)?;
    row.map(|row| row.get(0)).transpose().map_err(told)
}

fn none(says: &str, found: Option<String>) -> Result<(), String> {
    found.map_or(Ok(()), |number| Err(format!("{says} {number}")))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(fault: rusqlite::Error) -> String {
    fault.to_string()
}
