//! The counters by state, which must add up to what was loaded.

use rusqlite::Connection;

use super::campaign::CampaignRow;
use super::columns::{fen, state};
use super::fault::LedgerError;
use super::query::Reader;
use crate::domain::money::Fen;
use crate::domain::state::State;

/// Packets and money of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TallyRow {
    /// Packets.
    pub count: u64,
    /// Their money.
    pub fen: Fen,
}

/// Paid packets that cannot be opened yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WithoutPackage {
    /// All of them.
    pub count: u64,
    /// Those whose package a resend may still fetch: inside their window.
    pub open: u64,
}

/// The counters of a campaign by state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally(pub [TallyRow; State::ALL.len()]);

impl Tally {
    /// The counters of one state.
    #[must_use]
    pub fn of(&self, state: State) -> TallyRow {
        let index = State::ALL.iter().position(|known| *known == state);
        index.map_or_else(TallyRow::default, |index| self.0[index])
    }

    /// The counters of all states that `pick` picks, added up.
    #[must_use]
    pub fn sum(&self, pick: impl Fn(State) -> bool) -> TallyRow {
        let picked = || {
            State::ALL
                .into_iter()
                .zip(self.0)
                .filter(|(state, _)| pick(*state))
        };
        TallyRow {
            count: picked().map(|(_, row)| row.count).sum(),
            fen: picked().map(|(_, row)| row.fen).sum(),
        }
    }
}

impl Reader {
    /// The counters, after a check that they add up to what was loaded.
    ///
    /// # Errors
    /// Where they do not, or the ledger cannot be read.
    pub fn tally(&self, campaign: &CampaignRow) -> Result<Tally, LedgerError> {
        // One transaction: counters and totals of the same moment.
        let (tally, rows, total) = self.ask(|conn| {
            let tx = conn.unchecked_transaction()?;
            let totals = "SELECT loaded_rows, loaded_fen FROM campaign WHERE campaign = ?1";
            let (rows, total) = tx.query_row(totals, [campaign.campaign], |row| {
                Ok((row.get(0)?, fen(row, 1)?))
            })?;
            Ok((read_tally(&tx, campaign.campaign)?, rows, total))
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
        self.ask(|conn| {
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
