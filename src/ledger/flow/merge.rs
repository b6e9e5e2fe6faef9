//! The rows of all bills given so far, as one set. Bills overlap: one day's is given twice,
//! exported anew, or once for each account; a payment stands in the set once however many have it.
//!
//! - A bill that was given before brings nothing new.
//! - A movement with a number is one: the bill that names it last has the word on it. A row without
//!   a number is the same as one of that amount about that packet in that minute, unless their
//!   orders differ.
//! - That a bill does not have a row ends it only here: a whole bill that names an earlier one's
//!   movements of a day again, all but very few, is that account's newer word about packets that
//!   the ledger counts as paid; a day that was fetched of both accounts is it about all. And where
//!   a person says so, with `--instead`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, ToSql, params};

use super::kept::GivenBill;
use super::row_table::{BOOKING, RowTable, STRANGE};
use super::scratch::FlowScratch;
use crate::domain::caps::day_of;
use crate::domain::flow::row::{FlowRow, NumberColumn, exact_number};

/// The subject of a row.
pub(super) enum About {
    Packet(i64, NumberColumn),
    OtherCampaign,
    /// Ours, and unknown.
    Strange(String),
    Nothing,
}

/// What a row brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowNews {
    New,
    /// Another bill of its match has it.
    Repeated,
    /// Its bill was given before.
    Known,
}

/// Rows of one bill on one day: the bill's number and the day.
pub(super) type BillDay = (i64, i64);

/// A row that is over, since another bill says it again.
#[derive(Debug, Default)]
struct RowOver {
    /// That of a bill which is given now.
    is_given: bool,
    movement: String,
    order: String,
}

/// What one bill names again of another's day.
#[derive(Debug, Default)]
pub(super) struct NamedAgain {
    /// Rows.
    pub(super) rows: u64,
    /// The ways in which a movement with a number is among them.
    pub(super) ways: BTreeSet<&'static str>,
}

/// The set, as far as it came.
pub(super) struct Merging<'a> {
    pub(super) ledger: &'a Connection,
    pub(super) scratch: &'a FlowScratch,
    /// Numbers of the bills given before, by digest.
    pub(super) known: HashMap<String, Vec<i64>>,
    /// How many rows there were.
    pub(super) rows: HashMap<BillDay, u64>,
    /// How many of them a bill of this match names again: by the day, its number and the way.
    pub(super) met: BTreeMap<(BillDay, i64), NamedAgain>,
    /// Numbers that several movements of one bill share: they tell none of them.
    shared: HashSet<(i64, String)>,
    /// The bills whose rows come, the first of which has this number.
    pub(super) bills: Vec<GivenBill>,
    pub(super) first: i64,
    /// They are those that are given now.
    is_given: bool,
    /// Some row has no number of its movement.
    has_unnumbered: bool,
}

impl<'a> Merging<'a> {
    pub(super) fn new(ledger: &'a Connection, scratch: &'a FlowScratch) -> Merging<'a> {
        Merging {
            ledger,
            scratch,
            known: HashMap::new(),
            rows: HashMap::new(),
            met: BTreeMap::new(),
            shared: HashSet::new(),
            bills: Vec::new(),
            first: 1,
            is_given: false,
            has_unnumbered: false,
        }
    }

    /// The rows of these bills come. A person may say that they are all that there is of their
    /// days.
    pub(super) fn begin(&mut self, bills: &[GivenBill], is_given: bool) -> rusqlite::Result<()> {
        self.bills = bills.to_vec();
        self.is_given = is_given;
        for bill in bills.iter().filter(|bill| bill.is_instead) {
            if let Some((first, last)) = bill.day_numbers() {
                let which = "day BETWEEN ?1 AND ?2 AND bill_no < ?3";
                self.end_rows(which, params![first, last, self.first])?;
            }
        }
        Ok(())
    }

    /// Adds a row of this bill.
    pub(super) fn add(
        &mut self,
        about: &About,
        (row, file): (&FlowRow, i64),
    ) -> rusqlite::Result<RowNews> {
        match about {
            About::Packet(bill, _) => self.keep(&BOOKING, bill, (row, file)),
            About::Strange(number) => self.keep(&STRANGE, number, (row, file)),
            About::OtherCampaign | About::Nothing => Ok(RowNews::New),
        }
    }

    fn keep(
        &mut self,
        table: &RowTable,
        subject: &dyn ToSql,
        (row, file): (&FlowRow, i64),
    ) -> rusqlite::Result<RowNews> {
        let (direction, fen) = (row.direction.name(), row.amount.fen());
        for before in self.known(file) {
            let of: [&dyn ToSql; 7] = [
                subject,
                &direction,
                &fen,
                &row.booked_at,
                &row.movement,
                &row.order,
                &before,
            ];
            let conn = &self.scratch.conn;
            if conn.prepare_cached(table.exact)?.exists(of)? {
                conn.prepare_cached(table.again)?.execute(&of[..4])?;
                return Ok(RowNews::Known);
            }
        }
        let (bill_no, day) = (self.first + file - 1, self.day(row, file));
        let number = self.own_number((bill_no, &row.movement))?.to_owned();
        let (order, is_given) = (exact_number(&row.order).to_owned(), self.is_given);
        self.has_unnumbered |= number.is_empty();
        let numbers = (number, order);
        let mut kept = numbers.clone();
        let mut values: [&dyn ToSql; 11] = [
            subject,
            &direction,
            &fen,
            &row.booked_at,
            &row.movement,
            &row.order,
            &bill_no,
            &day,
            &numbers.0,
            &numbers.1,
            &is_given,
        ];
        let mut is_repeated = false;
        if !self.rows.is_empty() && !planted!(RowGivenAgainIsNew) {
            let ended = self.end_same(table, (&values, bill_no, direction))?;
            is_repeated = ended.is_given;
            // What it does not say of itself, the other one said.
            let inherit = |own: &mut String, theirs: String| {
                if own.is_empty() {
                    *own = theirs;
                }
            };
            inherit(&mut kept.0, ended.movement);
            inherit(&mut kept.1, ended.order);
        }
        values[8] = &kept.0;
        values[9] = &kept.1;
        let mut add = self.scratch.conn.prepare_cached(table.add)?;
        add.execute(values)?;
        *self.rows.entry((bill_no, day)).or_default() += 1;
        Ok(if is_repeated {
            RowNews::Repeated
        } else {
            RowNews::New
        })
    }

    pub(super) fn bill(&self, file: i64) -> Option<&GivenBill> {
        let place = usize::try_from(file - 1).ok()?;
        self.bills.get(place)
    }

    /// The numbers under which this bill was given before, unless a person says that it is newer.
    fn known(&self, file: i64) -> Vec<i64> {
        let bill = self.bill(file).filter(|bill| !bill.is_instead);
        let bill = bill.filter(|bill| !bill.sha256.is_empty());
        let known = bill.and_then(|bill| self.known.get(&bill.sha256));
        known.cloned().unwrap_or_default()
    }

    /// The day in whose bill it stands: that may have a row of the next one's first second.
    fn day(&self, row: &FlowRow, file: i64) -> i64 {
        let day = day_of(row.booked_at);
        let days = self.bill(file).and_then(GivenBill::day_numbers);
        days.map_or(day, |(first, last)| day.clamp(first, last))
    }

    /// The number of a movement, where no other one of its bill has it.
    fn own_number<'n>(&mut self, (bill_no, movement): (i64, &'n str)) -> rusqlite::Result<&'n str> {
        let number = exact_number(movement);
        if number.is_empty() || self.shared.contains(&(bill_no, number.to_owned())) {
            return Ok("");
        }
        let mut others = 0;
        for table in [BOOKING, STRANGE] {
            let mut unname = self.scratch.conn.prepare_cached(table.unname)?;
            others += unname.execute((number, bill_no))?;
        }
        if others == 0 {
            return Ok(number);
        }
        self.shared.insert((bill_no, number.to_owned()));
        self.has_unnumbered = true;
        Ok("")
    }

    /// Ends the rows of other bills that are this one, and notes whose they are.
    fn end_same(
        &mut self,
        table: &RowTable,
        (values, bill_no, way): (&[&dyn ToSql; 11], i64, &'static str),
    ) -> rusqlite::Result<RowOver> {
        let conn = &self.scratch.conn;
        let (mut ended, mut is_live) = (RowOver::default(), false);
        let mut statement = conn.prepare_cached(table.named)?;
        let mut rows = statement.query(&values[..10])?;
        while let Some(row) = rows.next()? {
            let of: BillDay = (row.get(0)?, row.get(1)?);
            // Also where it is over it tells that its bill had it.
            let met = self.met.entry((of, bill_no)).or_default();
            met.rows += 1;
            met.ways.insert(way);
            if !row.get::<_, bool>(2)? {
                is_live = true;
                ended.is_given |= row.get::<_, bool>(3)?;
                ended.order = row.get(4)?;
            }
        }
        drop(rows);
        if is_live {
            conn.prepare_cached(table.end_named)?
                .execute(&values[..10])?;
        } else if self.has_unnumbered {
            let mut statement = conn.prepare_cached(table.end_unnumbered)?;
            let mut rows = statement.query(&values[..10])?;
            while let Some(row) = rows.next()? {
                let of: BillDay = (row.get(0)?, row.get(1)?);
                self.met.entry((of, bill_no)).or_default().rows += 1;
                ended = RowOver {
                    is_given: row.get(2)?,
                    movement: row.get(3)?,
                    order: row.get(4)?,
                };
            }
        }
        Ok(ended)
    }

    pub(super) fn end_rows(&self, which: &str, values: &[&dyn ToSql]) -> rusqlite::Result<u64> {
        Ok(self.end_in(&BOOKING, which, values)? + self.end_in(&STRANGE, which, values)?)
    }

    pub(super) fn end_in(
        &self,
        table: &RowTable,
        which: &str,
        values: &[&dyn ToSql],
    ) -> rusqlite::Result<u64> {
        let name = table.name;
        let sql = format!("UPDATE {name} SET is_over = 1 WHERE {which} AND NOT is_over");
        let ended = self.scratch.conn.prepare_cached(&sql)?.execute(values)?;
        Ok(ended as u64)
    }
}
