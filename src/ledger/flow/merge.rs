//! The rows of all bills given so far, as one set. Bills overlap: one day's is given twice,
//! exported anew, or once for each account; a payment stands in the set once however many have it.
//!
//! - A bill that is given again takes its own place.
//! - A movement with a number is one: the bill that names it last has the word on it. A row without
//!   a number is the same as one of that amount, about that packet, on that day.
//! - A whole bill that has movements of an earlier one again is that account's newer word on their
//!   days: what it does not have is over. One that has none of them is another account's, and both
//!   stand.
//! - A day of which both accounts were fetched is told whole: what other bills say of it is over.
//!   The same where a person says so.

use std::collections::BTreeSet;

use rusqlite::{ToSql, params};

use super::kept::GivenBill;
use super::scratch::FlowScratch;
use crate::domain::caps::day_of;
use crate::domain::flow::row::{FlowRow, NumberColumn, movement_id};

/// In place of a match's row: the bills that are given now.
pub(super) const GIVEN: i64 = 0;

/// Accounts that red packets are paid from: 基本账户 and 运营账户.
const ACCOUNTS: usize = 2;

/// Where rows are kept, and what is asked there. Of a row: 1 its subject, 2 direction, 3 fen,
/// 4 time, 5 movement, 6 order, 7 bill, 8 match, 9 day, 10 what tells the movement from others.
struct RowTable {
    name: &'static str,
    /// Rows of one match: the bill that has one last takes it, so that a second row there finds
    /// none.
    again: &'static str,
    /// The same movement in earlier matches; also where it is over it tells that its bill had it.
    numbered: &'static str,
    /// As much about the same on the same day in earlier matches, where one has no number.
    unnumbered: &'static str,
    add: &'static str,
}

macro_rules! row_table {
    ($name:literal, $subject:literal) => {
        RowTable {
            name: $name,
            again: concat!(
                "UPDATE ",
                $name,
                " SET file = ?7 WHERE rowid = (SELECT rowid FROM ",
                $name,
                " WHERE ",
                $subject,
                " = ?1 AND direction = ?2 AND fen = ?3 AND booked_at = ?4
                   AND movement = ?5 AND wx_order = ?6 AND file <> ?7 AND flow_match = ?8
                   AND day = ?9 AND movement_id = ?10 AND NOT is_over LIMIT 1)"
            ),
            numbered: concat!(
                "UPDATE ",
                $name,
                " SET is_over = 1 WHERE movement_id = ?10 AND movement_id <> ''
                   AND direction = ?2 AND flow_match <> ?8 AND (fen = ?3 OR day = ?9)
                 RETURNING flow_match, file, day"
            ),
            unnumbered: concat!(
                "UPDATE ",
                $name,
                " SET is_over = 1 WHERE rowid = (SELECT rowid FROM ",
                $name,
                " WHERE ",
                $subject,
                " = ?1 AND direction = ?2 AND flow_match <> ?8
                   AND NOT is_over AND (movement_id = '' OR ?10 = '') AND fen = ?3 AND day = ?9
                   ORDER BY booked_at <> ?4, wx_order <> ?6, file <> ?7 LIMIT 1)
                 RETURNING flow_match, file, day"
            ),
            add: concat!(
                "INSERT INTO ",
                $name,
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)"
            ),
        }
    };
}

const BOOKING: RowTable = row_table!("booking", "bill");
const STRANGE: RowTable = row_table!("strange", "number");

/// The subject of a row.
pub(super) enum About {
    Packet(i64, NumberColumn),
    OtherCampaign,
    /// Ours, and unknown.
    Strange(String),
    Nothing,
}

/// The set, as far as it came.
pub(super) struct Merging<'a> {
    scratch: &'a FlowScratch,
    /// Bills of the matches before: the match, the bill's number in it, and its digest.
    before: Vec<(i64, i64, String)>,
    /// Whose rows come.
    flow_match: i64,
    /// Some row has no number of its movement.
    has_unnumbered: bool,
}

impl<'a> Merging<'a> {
    pub(super) fn new(scratch: &'a FlowScratch) -> Merging<'a> {
        Merging {
            scratch,
            before: Vec::new(),
            flow_match: GIVEN,
            has_unnumbered: false,
        }
    }

    /// The rows of these bills come.
    pub(super) fn begin(&mut self, flow_match: i64, bills: &[GivenBill]) -> rusqlite::Result<()> {
        self.flow_match = flow_match;
        for (before, file, sha256) in &self.before {
            let is_it = |bill: &GivenBill| !sha256.is_empty() && bill.sha256 == *sha256;
            if bills.iter().any(is_it) {
                self.end_rows("flow_match = ?1 AND file = ?2", params![before, file])?;
            }
        }
        Ok(())
    }

    /// Adds a row of this bill; whether no other bill of its match has it.
    pub(super) fn add(
        &mut self,
        about: &About,
        (row, file): (&FlowRow, i64),
    ) -> rusqlite::Result<bool> {
        match about {
            About::Packet(bill, _) => self.keep(&BOOKING, bill, (row, file)),
            About::Strange(number) => self.keep(&STRANGE, number, (row, file)),
            About::OtherCampaign | About::Nothing => Ok(true),
        }
    }

    fn keep(
        &mut self,
        table: &RowTable,
        subject: &dyn ToSql,
        (row, file): (&FlowRow, i64),
    ) -> rusqlite::Result<bool> {
        let number = movement_id(&row.movement);
        let values: [&dyn ToSql; 10] = [
            subject,
            &row.direction.name(),
            &row.amount.fen(),
            &row.booked_at,
            &row.movement,
            &row.order,
            &file,
            &self.flow_match,
            &day_of(row.booked_at),
            &number,
        ];
        let conn = &self.scratch.conn;
        // Rows of one bill are each a movement of its own. Only the numbers of the movement and of
        // the order tell that two rows of one match are one; without any, both count.
        if !(row.movement.is_empty() && row.order.is_empty())
            && conn.prepare_cached(table.again)?.execute(values)? == 1
        {
            return Ok(false);
        }
        if !self.before.is_empty() && !planted!(RowGivenAgainIsNew) {
            for it in [&BOOKING, &STRANGE] {
                self.meet(it.numbered, &values)?;
            }
            if self.has_unnumbered || number.is_empty() {
                self.meet(table.unnumbered, &values)?;
            }
        }
        conn.prepare_cached(table.add)?.execute(values)?;
        self.has_unnumbered |= number.is_empty();
        Ok(true)
    }

    /// Ends rows of earlier bills that are this one, and notes whose they were.
    fn meet(&self, sql: &str, values: &[&dyn ToSql; 10]) -> rusqlite::Result<()> {
        let mut statement = self.scratch.conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            let sql = "INSERT OR IGNORE INTO met VALUES (?1, ?2, ?3, ?4)";
            let (of, file, day): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let mut met = self.scratch.conn.prepare_cached(sql)?;
            met.execute(params![of, file, day, values[6]])?;
        }
        Ok(())
    }

    /// The rows of these bills are all there: earlier ones that are not among them give way.
    pub(super) fn end(&mut self, bills: &[GivenBill]) -> rusqlite::Result<()> {
        let mut complete = BTreeSet::new();
        for bill in bills {
            let Some(day) = bill.fetched_day() else {
                continue;
            };
            let others = bills.iter().filter(|it| it.fetched_day() == Some(day));
            let accounts: BTreeSet<_> = others.map(|it| it.account.as_deref()).collect();
            if accounts.len() == ACCOUNTS {
                complete.insert(day);
            }
        }
        if !self.before.is_empty() {
            for day in complete {
                self.end_rows(
                    "day = ?1 AND flow_match <> ?2",
                    params![day, self.flow_match],
                )?;
            }
        }
        for bill in bills.iter().filter(|bill| bill.is_instead) {
            if let Some((first, last)) = bill.day_numbers() {
                let others = params![first, last, self.flow_match];
                self.end_rows("day BETWEEN ?1 AND ?2 AND flow_match <> ?3", others)?;
            }
        }
        for (file, bill) in (1_i64..).zip(bills) {
            if planted!(OtherAccountReplaced) {
                self.end_rows("flow_match <> ?1", params![self.flow_match])?;
            }
            if bill.is_whole() && self.has_met(file)? {
                self.end_rows(
                    "flow_match <> ?1 AND (flow_match, file, day) IN
                       (SELECT flow_match, file, day FROM met WHERE again = ?2)",
                    params![self.flow_match, file],
                )?;
            }
            let sha256 = bill.sha256.clone();
            self.before.push((self.flow_match, file, sha256));
        }
        self.scratch.conn.execute("DELETE FROM met", []).map(drop)
    }

    /// Whether that bill has rows of earlier ones again.
    fn has_met(&self, file: i64) -> rusqlite::Result<bool> {
        let sql = "SELECT 1 FROM met WHERE again = ?1";
        self.scratch.conn.prepare_cached(sql)?.exists([file])
    }

    fn end_rows(&self, which: &str, values: &[&dyn ToSql]) -> rusqlite::Result<()> {
        for RowTable { name, .. } in [BOOKING, STRANGE] {
            let sql = format!("UPDATE {name} SET is_over = 1 WHERE {which}");
            self.scratch.conn.prepare_cached(&sql)?.execute(values)?;
        }
        Ok(())
    }
}
