//! The part of an audit that looks at the daily sums: they are what the bills' first sends add up
//! to. There are as many as days and campaigns.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use super::row::{AMOUNT_AT, CAMPAIGN_AT, FIRST_SENT_AT, PAID_FEN_AT, STATE_AT};
use crate::domain::caps::days_of;
use crate::domain::state::State;
use crate::words::{Words, audit as words};

/// Packets and fen by day and campaign.
#[derive(Debug, Default)]
pub(super) struct Days(BTreeMap<(i64, i64), (i64, i64)>);

impl Days {
    /// Adds a row of the query of all bills to the days of its first send, if it had one.
    pub(super) fn count(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let Some(at) = row.get(FIRST_SENT_AT)? else {
            return Ok(());
        };
        let campaign: i64 = row.get(CAMPAIGN_AT)?;
        let owed: i64 = row.get(AMOUNT_AT)?;
        let paid: Option<i64> = row.get(PAID_FEN_AT)?;
        let state: String = row.get(STATE_AT)?;
        if state == State::Refused.name() && paid.is_none() {
            return Ok(());
        }
        let amount = paid.unwrap_or(owed);
        for day in days_of(at) {
            let (packets, fen) = self.0.entry((day, campaign)).or_default();
            *packets += 1;
            *fen = fen.saturating_add(amount);
        }
        Ok(())
    }

    /// Every daily sum that is not what the bills add up to.
    pub(super) fn check(&self, conn: &Connection) -> rusqlite::Result<Vec<Words>> {
        let sum = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)));
        let kept: BTreeMap<(i64, i64), (i64, i64)> = conn
            .prepare("SELECT day, campaign, packets, fen FROM day")?
            .query_map([], sum)?
            .collect::<Result<_, _>>()?;
        let mut keys: Vec<_> = self.0.keys().chain(kept.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let differing = keys
            .into_iter()
            .filter(|key| self.0.get(key) != kept.get(key));
        Ok(differing
            .map(|(day, campaign)| words::day(*campaign, *day))
            .collect())
    }
}
