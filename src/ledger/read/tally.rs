//! The counters by state, which must add up to what was loaded.

use rusqlite::Connection;

use super::campaign::CampaignRow;
use crate::domain::state::State;
use crate::domain::tally::{Tally, TallyRow, WithoutPackage};
use crate::ledger::columns::{fen, state};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;

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
