//! Rows of earlier bills that a newer one outdoes, for it should have them and does not.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::kept::GivenBill;
use super::merge::{BillDay, Merging, NamedAgain};
use super::row_table::BOOKING;
use crate::ledger::columns::state;

/// Accounts that red packets are paid from: 基本账户 and 运营账户.
const ACCOUNTS: usize = 2;

/// One row in so many may be missing in a newer bill, and one where there are at least so many.
const FEW_OF: u64 = 10;
const ONE_OF: u64 = 4;

impl Merging<'_> {
    /// The rows of these bills are all there: rows of earlier matches that they should have and do
    /// not have are over. How many those are.
    pub(super) fn end(&mut self) -> rusqlite::Result<u64> {
        if planted!(OtherAccountReplaced) {
            self.end_rows("bill_no < ?1", params![self.first])?;
        }
        let complete = self.complete_days();
        let mut ended = 0;
        for (((of, day), by), met) in std::mem::take(&mut self.met) {
            let Some(bill) = self.bill(by - self.first + 1).cloned() else {
                continue;
            };
            if of >= self.first || met.ways.is_empty() {
                continue;
            }
            let which = "bill_no = ?1 AND day = ?2";
            if bill.fetched_day() == Some(day) && complete.contains(&day) {
                ended += self.end_rows(which, params![of, day])?;
            } else if bill.is_whole() {
                ended += self.end_few((of, day), (&bill, &met))?;
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

    /// Ends what a newer bill does not name again of an earlier one's day, if it is little, within
    /// the time that it tells of, and of a way of which it has movements again. Packets that the
    /// ledger does not count as paid, and strange numbers, stay: a bill that calls them paid is not
    /// outdone by one that is silent.
    fn end_few(
        &self,
        (of, day): BillDay,
        (newer, met): (&GivenBill, &NamedAgain),
    ) -> rusqlite::Result<u64> {
        let all = self.rows.get(&(of, day)).copied().unwrap_or(0);
        let few = (all / FEW_OF).max(u64::from(all >= ONE_OF));
        if all.saturating_sub(met.rows) > few {
            return Ok(0);
        }
        let sql = "SELECT rowid, bill, booked_at, direction FROM booking
             WHERE bill_no = ?1 AND day = ?2 AND NOT is_over";
        let mut statement = self.scratch.conn.prepare_cached(sql)?;
        let mut rows = statement.query([of, day])?;
        let mut left = Vec::new();
        while let Some(row) = rows.next()? {
            let is_way = met.ways.contains(row.get_ref(3)?.as_str()?);
            if is_way && newer.tells_of(row.get(2)?) && self.is_paid(row.get(1)?)? {
                left.push(row.get::<_, i64>(0)?);
            }
        }
        let mut ended = 0;
        for rowid in left {
            ended += self.end_in(&BOOKING, "rowid = ?1", params![rowid])?;
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
