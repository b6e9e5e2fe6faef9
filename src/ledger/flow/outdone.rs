//! Rows of earlier bills that a newer one outdoes, for it should have them and does not.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::kept::GivenBill;
use super::merge::{BillDay, Merging};
use super::row_table::BOOKING;
use crate::ledger::columns::state;

/// Accounts that red packets are paid from: 基本账户 and 运营账户.
const ACCOUNTS: usize = 2;

/// So few rows may be missing in a newer bill, or one in so many.
const FEW: u64 = 1;
const FEW_OF: u64 = 10;

impl Merging<'_> {
    /// The rows of these bills are all there: rows of earlier matches that they should have and do
    /// not have are over. How many those are.
    pub(super) fn end(&mut self) -> rusqlite::Result<u64> {
        if planted!(OtherAccountReplaced) {
            self.end_rows("bill_no < ?1", params![self.first])?;
        }
        let complete = self.complete_days();
        let mut ended = 0;
        for ((of, day), by) in std::mem::take(&mut self.met) {
            let Some(bill) = self.bill(by - self.first + 1).cloned() else {
                continue;
            };
            if of >= self.first {
                continue;
            }
            let which = "bill_no = ?1 AND day = ?2";
            if bill.fetched_day() == Some(day) && complete.contains(&day) {
                ended += self.end_rows(which, params![of, day])?;
            } else if bill.is_whole() {
                ended += self.end_few((of, day), &bill)?;
            }
        }
        for (number, bill) in (self.first..).zip(&self.bills) {
            let known = self.known.entry(bill.sha256.clone()).or_default();
            known.push(number);
        }
        self.first += i64::try_from(self.bills.len()).unwrap_or(i64::MAX);
        Ok(ended)
    }

    /// Days of which all accounts were fetched whole.
    fn complete_days(&self) -> BTreeSet<i64> {
        let mut accounts = BTreeMap::<i64, BTreeSet<Option<&str>>>::new();
        for bill in self.bills.iter().filter(|bill| bill.is_whole()) {
            if let Some(day) = bill.fetched_day() {
                let of_day = accounts.entry(day).or_default();
                of_day.insert(bill.account.as_deref());
            }
        }
        let complete = accounts.into_iter().filter(|(_, of)| of.len() == ACCOUNTS);
        complete.map(|(day, _)| day).collect()
    }

    /// Ends what is left of an earlier bill's day, if it is little, within the time that the newer
    /// bill tells of. Packets that the ledger does not count as paid, and strange numbers, stay: a
    /// bill that calls them paid is not outdone by one that is silent.
    fn end_few(&self, (of, day): BillDay, newer: &GivenBill) -> rusqlite::Result<u64> {
        let sql = "SELECT bill, min(booked_at), max(booked_at), count(*) FROM booking
             WHERE bill_no = ?1 AND day = ?2 AND NOT is_over GROUP BY bill";
        let mut statement = self.scratch.conn.prepare_cached(sql)?;
        let left: Vec<(i64, i64, i64, u64)> = statement
            .query_map([of, day], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let count: u64 = left.iter().map(|(.., count)| count).sum();
        let all = self.rows.get(&(of, day)).copied().unwrap_or(0);
        if count > FEW.max(all / FEW_OF) {
            return Ok(0);
        }
        let mut ended = 0;
        for (bill, from, until, _) in left {
            if newer.tells_of(from, until) && self.is_paid(bill)? {
                let which = "bill_no = ?1 AND day = ?2 AND bill = ?3";
                ended += self.end_in(&BOOKING, which, params![of, day, bill])?;
            }
        }
        Ok(ended)
    }

    fn is_paid(&self, bill: i64) -> rusqlite::Result<bool> {
        let mut statement = self
            .ledger
            .prepare_cached("SELECT state FROM bill WHERE bill = ?1")?;
        statement.query_row([bill], |row| Ok(state(row, 0)?.is_paid()))
    }
}
