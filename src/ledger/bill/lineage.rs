//! Former numbers: those that were given up for a new one. Both are bills of their own; the newest
//! is the packet's live one, and the only one that is counted.
//!
//! No column links a bill to its successor: numbers are derived from row key and generation, so
//! that the next one of a packet is found by its number. Bills of a file have the
//! rows from its first to its last; whatever stands between files, or behind the last, is a new
//! number.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row};

use super::number::Numbers;
use crate::domain::ids::{IdFault, MchBillno, RowKey};
use crate::domain::policy::QUERY_DAYS_MS;
use crate::domain::state::State;
use crate::ledger::fault::Altered;
use crate::words::ledger as words;

/// The new numbers of a campaign, in their order: the rows that no file has.
const REISSUED: &str = "WITH gap AS (
       SELECT last_bill + 1 AS low,
         coalesce(lead(first_bill) OVER (ORDER BY first_bill), 9223372036854775807) - 1 AS high
       FROM file WHERE first_bill <= last_bill)
     SELECT row_key, generation, mch_id, id
     FROM gap CROSS JOIN bill ON bill.bill BETWEEN low AND high
       JOIN campaign USING (campaign)
     WHERE campaign = ?1 ORDER BY bill.bill";

/// The inputs of a bill's number.
#[derive(Debug, Clone)]
pub(in crate::ledger) struct Lineage {
    numbers: Numbers,
    row_key: RowKey,
    generation: u32,
}

impl Lineage {
    /// From the columns row key, generation, merchant and campaign.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let text = |index: usize| row.get::<_, String>(index);
        Ok(Lineage {
            row_key: RowKey::new(&text(0)?).map_err(altered)?,
            generation: row.get(1)?,
            numbers: Numbers::of_row(&text(2)?, &text(3)?).map_err(altered)?,
        })
    }

    /// Of one bill.
    pub(in crate::ledger) fn of(conn: &Connection, bill: i64) -> rusqlite::Result<Self> {
        let sql = "SELECT row_key, generation, mch_id, id FROM bill JOIN campaign USING (campaign)
             WHERE bill = ?1";
        conn.prepare_cached(sql)?.query_row([bill], Lineage::read)
    }

    /// The number before it; `None` for a packet's first.
    pub(in crate::ledger) fn before(&self) -> Option<MchBillno> {
        let generation = self.generation.checked_sub(1).filter(|it| *it > 0)?;
        Some(self.numbers.number(&self.row_key, generation))
    }

    /// The packet's first number.
    pub(in crate::ledger) fn first(&self) -> MchBillno {
        self.numbers.number(&self.row_key, 1)
    }

    /// Whether the number is the one that row key and generation give.
    pub(in crate::ledger) fn is_of(&self, number: &str) -> bool {
        let derived = self.numbers.number(&self.row_key, self.generation);
        derived.as_str() == number
    }

    /// The next number and its generation.
    pub(in crate::ledger) fn next(&self) -> (MchBillno, u32) {
        let generation = self.generation.saturating_add(1);
        (self.numbers.number(&self.row_key, generation), generation)
    }

    /// The packet's earlier bills, the newest first.
    pub(in crate::ledger) fn earlier(
        &self,
        conn: &Connection,
    ) -> rusqlite::Result<Vec<(MchBillno, State)>> {
        let mut earlier = Vec::new();
        for generation in (1..self.generation).rev() {
            let number = self.numbers.number(&self.row_key, generation);
            let sql = "SELECT state FROM bill WHERE mch_billno = ?1";
            let state = conn
                .prepare_cached(sql)?
                .query_row([number.as_str()], |row| {
                    crate::ledger::columns::state(row, 0)
                })?;
            earlier.push((number, state));
        }
        Ok(earlier)
    }

    /// The newest of the packet's earlier numbers that is not proven unpaid any more: no other one
    /// is sent then.
    pub(in crate::ledger) fn paid_before(
        &self,
        conn: &Connection,
    ) -> rusqlite::Result<Option<MchBillno>> {
        let mut earlier = self.earlier(conn)?.into_iter();
        let paid = earlier.find(|(_, state)| *state != State::Refused);
        Ok(paid.map(|(number, _)| number))
    }

    /// The rows of the packet's later bills, the oldest first.
    pub(in crate::ledger) fn later(&self, conn: &Connection) -> rusqlite::Result<Vec<i64>> {
        let (mut later, mut of) = (Vec::new(), self.clone());
        loop {
            let (number, generation) = of.next();
            match find(conn, &number)? {
                Some(bill) => later.push(bill),
                None => return Ok(later),
            }
            of.generation = generation;
        }
    }
}

fn altered(fault: IdFault) -> rusqlite::Error {
    Altered(words::name(fault.words())).into()
}

/// The row of a number.
pub(in crate::ledger) fn find(
    conn: &Connection,
    number: &MchBillno,
) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT bill FROM bill WHERE mch_billno = ?1")?
        .query_row([number.as_str()], |row| row.get(0))
        .optional()
}

/// The bills of a campaign that were given up, in the order in which that was done.
pub(super) fn former(conn: &Connection, campaign: i64) -> rusqlite::Result<Vec<i64>> {
    let mut statement = conn.prepare_cached(REISSUED)?;
    let mut rows = statement.query([campaign])?;
    let mut former = Vec::new();
    while let Some(row) = rows.next()? {
        let before = Lineage::read(row)?.before();
        former.extend(
            before
                .map(|number| find(conn, &number))
                .transpose()?
                .flatten(),
        );
    }
    Ok(former)
}

/// As [`former`], to look bills up.
pub(in crate::ledger) fn given_up(
    conn: &Connection,
    campaign: i64,
) -> rusqlite::Result<HashSet<i64>> {
    Ok(former(conn, campaign)?.into_iter().collect())
}

/// Whether reports leave a bill out: its number was given up. One that turned out to be paid is
/// told of all the same: money left under it.
pub(in crate::ledger) fn is_left_out(bill: i64, state: State, given_up: &HashSet<i64>) -> bool {
    state == State::Refused && given_up.contains(&bill)
}

/// The former bills that WeChat Pay is still asked about: the last request that may have paid is
/// less than 29 days old.
pub(in crate::ledger) fn to_ask(
    conn: &Connection,
    campaign: i64,
    now: i64,
) -> rusqlite::Result<Vec<i64>> {
    if planted!(OldNumberForgotten) {
        return Ok(Vec::new());
    }
    // One that turned out to be paid is asked about as every paid one is.
    let sql = "SELECT state = 'refused', coalesce(max(committed_at) FILTER (WHERE action = 'send'),
           min(committed_at), 0) FROM bill JOIN attempt USING (bill) WHERE bill = ?1";
    let mut to_ask = Vec::new();
    for bill in former(conn, campaign)? {
        let (is_refused, last): (bool, i64) = conn
            .prepare_cached(sql)?
            .query_row([bill], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if is_refused && now < last.saturating_add(QUERY_DAYS_MS) {
            to_ask.push(bill);
        }
    }
    Ok(to_ask)
}

/// Whether a bill that leaves this state is in the counters: a number that was given up is not,
/// even if it turns out to be paid.
pub(in crate::ledger) fn is_counted(
    conn: &Connection,
    bill: i64,
    from: State,
) -> rusqlite::Result<bool> {
    let may_be_former = match from {
        // A withdrawn bill is `refused` once another number is in its place.
        State::Ready | State::InFlight | State::InDoubt | State::Processing | State::Withdrawn => {
            false
        }
        // Only a broken proof leads there from `refused`: to `review` where another payment was
        // seen.
        State::Sent | State::Received | State::Refunding | State::Refunded | State::Review => {
            let sql = "SELECT breaks > 0 FROM bill JOIN campaign USING (campaign) WHERE bill = ?1";
            conn.prepare_cached(sql)?
                .query_row([bill], |row| row.get(0))?
        }
        State::Refused => true,
    };
    if !may_be_former {
        return Ok(true);
    }
    let (next, _) = Lineage::of(conn, bill)?.next();
    Ok(find(conn, &next)?.is_none())
}
