//! Unsettled packets that queries will soon not reach any more, or do not.

use rusqlite::Row;

use super::campaign::CampaignRow;
use crate::domain::caps::{CLOCKS_DIFFER_MS, day_of};
use crate::domain::money::Fen;
use crate::domain::rules::{NAMED_AFTER_MS, UNTOLD_AFTER_MS};
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::ledger::bill::picks::QUERIED;
use crate::ledger::columns::{fen, state};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;

/// How many of them are named.
const NAMED: usize = 10;

/// Packets that were sent long ago and are not settled: those that may still be asked about, or
/// that nobody knows to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overdue {
    /// How many packets.
    pub count: u64,
    /// Their money.
    pub fen: Fen,
    /// The oldest of them.
    pub first: Vec<OverdueBill>,
    /// The others: they were paid, and WeChat Pay tells no more what became of that.
    pub untold: TallyRow,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueBill {
    /// Its number.
    pub mch_billno: String,
    /// Where it stands.
    pub state: State,
    /// When it was first sent.
    pub first_sent_at: i64,
}

impl Reader {
    /// Packets first sent 25 days before `now` or earlier that may still change.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn overdue(&self, campaign: &CampaignRow, now: i64) -> Result<Overdue, LedgerError> {
        let until = if planted!(DayTwentyFiveUnnamed) {
            i64::MIN
        } else {
            now.saturating_sub(NAMED_AFTER_MS)
        };
        // The daily sums say whether there is anything so old: only then are the rows looked at.
        let is_any = "SELECT EXISTS (SELECT 1 FROM day
             WHERE campaign = ?1 AND day <= ?2 AND packets > 0)";
        // A send within a minute of midnight counts on both days.
        let day = day_of(until.saturating_add(CLOCKS_DIFFER_MS));
        // What a process that died left on its way is found by its open request.
        let sql = format!(
            "SELECT mch_billno, state, first_sent_at, amount_fen, bill FROM bill
             WHERE campaign = ?1 AND {QUERIED} AND first_sent_at <= ?2
             UNION ALL
             SELECT mch_billno, state, first_sent_at, amount_fen, bill FROM bill
             WHERE bill IN (SELECT bill FROM attempt WHERE ended_at IS NULL)
               AND campaign = ?1 AND state = 'in_flight' AND first_sent_at <= ?2
             ORDER BY 3, 5"
        );
        let read = |row: &Row<'_>| {
            let bill = OverdueBill {
                mch_billno: row.get(0)?,
                state: state(row, 1)?,
                first_sent_at: row.get(2)?,
            };
            Ok((bill, fen(row, 3)?))
        };
        self.read(|conn| {
            let mut overdue = Overdue::default();
            if !conn.query_row(is_any, (campaign.campaign, day), |row| row.get(0))? {
                return Ok(overdue);
            }
            let mut statement = conn.prepare(&sql)?;
            let untold_until = now.saturating_sub(UNTOLD_AFTER_MS);
            for found in statement.query_map((campaign.campaign, until), read)? {
                let (bill, fen) = found?;
                if bill.state.is_paid() && bill.first_sent_at <= untold_until {
                    overdue.untold.count += 1;
                    overdue.untold.fen = [overdue.untold.fen, fen].into_iter().sum();
                    continue;
                }
                overdue.count += 1;
                overdue.fen = [overdue.fen, fen].into_iter().sum();
                if overdue.first.len() < NAMED {
                    overdue.first.push(bill);
                }
            }
            Ok(overdue)
        })
    }
}
