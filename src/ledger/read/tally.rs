//! The counters by state, which must add up to what was loaded; and what was refused, by code.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::campaign::CampaignRow;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::domain::tally::{PaidOtherwise, Tally, TallyRow, WithoutPackage};
use crate::ledger::bill::lineage::{given_up, is_left_out};
use crate::ledger::bill::picks::AT_END;
use crate::ledger::columns::{fen, state};
use crate::ledger::fault::{Altered, LedgerError};
use crate::ledger::open::reader::Reader;
use crate::words::audit as words;

impl Reader {
    /// The counters, after a check that they add up to what was loaded.
    ///
    /// # Errors
    /// Where they do not, or the ledger cannot be read.
    pub fn tally(&self, campaign: &CampaignRow) -> Result<Tally, LedgerError> {
        // One transaction: counters and totals of the same moment.
        let (tally, rows, total) = self.read(|conn| {
            let _moment = self.moment()?;
            let totals = "SELECT loaded_rows, loaded_fen FROM campaign WHERE campaign = ?1";
            let (rows, total) = conn.query_row(totals, [campaign.campaign], |row| {
                Ok((row.get(0)?, fen(row, 1)?))
            })?;
            Ok((read_tally(conn, campaign.campaign)?, rows, total))
        })?;
        let sum = tally.sum(|_| true);
        if (sum.count, sum.fen) == (rows, total) {
            return Ok(tally);
        }
        Err(LedgerError::Unbalanced {
            path: self.path.clone(),
            loaded: TallyRow {
                count: rows,
                fen: total,
            },
            held: sum,
        })
    }

    /// Paid packets whose package is missing.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn without_package(&self, campaign: &CampaignRow) -> Result<WithoutPackage, LedgerError> {
        let sql = "SELECT count(*), count(due) FROM bill
             WHERE campaign = ?1 AND state = 'sent' AND has_package = 0";
        self.read(|conn| {
            conn.query_row(sql, [campaign.campaign], |row| {
                Ok(WithoutPackage {
                    count: row.get(0)?,
                    open: row.get(1)?,
                })
            })
        })
    }

    /// Packets whose number was paid, but not as was owed.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn paid_otherwise(&self, campaign: &CampaignRow) -> Result<PaidOtherwise, LedgerError> {
        // Added up here: what a gateway says was paid may be more than SQLite adds up.
        let sql = "SELECT amount_fen, paid_fen FROM paid CROSS JOIN bill USING (bill)
             WHERE campaign = ?1";
        self.read(|conn| {
            let mut statement = conn.prepare_cached(sql)?;
            let read = |row: &rusqlite::Row<'_>| Ok((fen(row, 0)?, fen(row, 1)?));
            let mut sums = PaidOtherwise::default();
            for found in statement.query_map([campaign.campaign], read)? {
                let (owed, paid) = found?;
                sums.count += 1;
                sums.owed = [sums.owed, owed].into_iter().sum();
                sums.paid = [sums.paid, paid].into_iter().sum();
            }
            Ok(sums)
        })
    }
}

/// Refused packets of a campaign by the code that they were refused with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedWith {
    /// `None`: a query called them FAILED, and no code was ever told.
    pub code: Option<String>,
    /// How many, and their money.
    pub row: TallyRow,
}

/// As many as show whether any of them can be given up.
const SOME: usize = 100;

impl Reader {
    /// Some of the bills that were refused with this code, by row.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn refused_bills(
        &self,
        campaign: &CampaignRow,
        code: Option<&str>,
    ) -> Result<Vec<i64>, LedgerError> {
        let sql = format!(
            "SELECT bill FROM bill WHERE campaign = ?1 AND {AT_END} AND state = 'refused'
               AND coalesce(err_code, '') = ?2 LIMIT {SOME}"
        );
        let code = code.unwrap_or_default();
        self.read(|conn| {
            let mut statement = conn.prepare_cached(&sql)?;
            let bills = statement.query_map((campaign.campaign, code), |row| row.get(0))?;
            bills.collect()
        })
    }

    /// The refused packets by code, the commonest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn refused_with(&self, campaign: &CampaignRow) -> Result<Vec<RefusedWith>, LedgerError> {
        let sql = format!(
            "SELECT bill, coalesce(err_code, ''), amount_fen FROM bill
             WHERE campaign = ?1 AND {AT_END} AND state = 'refused'"
        );
        let by_code = self.read(|conn| {
            let _moment = self.moment()?;
            let former = given_up(conn, campaign.campaign)?;
            let mut by_code = BTreeMap::<String, (u64, Vec<Fen>)>::new();
            let mut statement = conn.prepare_cached(&sql)?;
            let mut rows = statement.query([campaign.campaign])?;
            while let Some(row) = rows.next()? {
                if !is_left_out(row.get(0)?, State::Refused, &former) {
                    let (count, sum) = by_code.entry(row.get(1)?).or_default();
                    *count += 1;
                    sum.push(fen(row, 2)?);
                }
            }
            Ok(by_code)
        })?;
        let with = |(code, (count, sum)): (String, (u64, Vec<Fen>))| RefusedWith {
            code: Some(code).filter(|code| !code.is_empty()),
            row: TallyRow {
                count,
                fen: sum.into_iter().sum(),
            },
        };
        let mut found: Vec<RefusedWith> = by_code.into_iter().map(with).collect();
        found.sort_by_key(|with| std::cmp::Reverse(with.row.count));
        Ok(found)
    }
}

fn read_tally(conn: &Connection, campaign: i64) -> rusqlite::Result<Tally> {
    let mut tally = Tally([TallyRow::default(); State::ALL.len()]);
    let sql = "SELECT state, count, fen FROM tally WHERE campaign = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([campaign])?;
    while let Some(row) = rows.next()? {
        let found = state(row, 0)?;
        for (known, slot) in State::ALL.into_iter().zip(&mut tally.0) {
            if known == found {
                *slot = TallyRow {
                    count: row.get(1)?,
                    fen: fen(row, 2)?,
                };
            }
        }
    }
    Ok(tally)
}

/// The sums by state of packets as they are read, which must be those that are counted: a state or
/// an amount that somebody changed shows in them.
pub(super) struct CountedSums(Tally);

impl Default for CountedSums {
    fn default() -> Self {
        CountedSums(Tally([TallyRow::default(); State::ALL.len()]))
    }
}

impl CountedSums {
    /// A packet that is counted: a number that was given up is not.
    pub(super) fn add(&mut self, state: State, amount: Fen) {
        for (known, sum) in State::ALL.into_iter().zip(&mut self.0.0) {
            if known == state {
                sum.add(amount);
            }
        }
    }

    /// Refuses sums that are not the counters of the campaign, as they stand at the same moment.
    pub(super) fn check(&self, conn: &Connection, campaign: i64) -> rusqlite::Result<()> {
        if read_tally(conn, campaign)? == self.0 {
            return Ok(());
        }
        Err(Altered(words::counters()).into())
    }
}
