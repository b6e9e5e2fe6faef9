//! The part of an audit that counts: whether the counters are what the packets add up to.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use super::row::CAMPAIGN_AT;
use crate::domain::state::State;
use crate::words::{Words, audit as words};

/// Packets and fen by campaign and state.
#[derive(Debug, Default, PartialEq)]
pub(super) struct StateSums(BTreeMap<(i64, String), (i64, i64)>);

impl StateSums {
    /// Adds money to a state of the campaign of a row of the query of all bills, or takes it away.
    pub(super) fn count(
        &mut self,
        row: &Row<'_>,
        (state, amount): (String, i64),
        sign: i64,
    ) -> rusqlite::Result<()> {
        let sum = self.0.entry((row.get(CAMPAIGN_AT)?, state)).or_default();
        *sum = (sum.0 + sign, sum.1 + sign * amount);
        Ok(())
    }

    /// Whether the counters are what the bills add up to, and both what was loaded.
    pub(super) fn check(mut self, conn: &Connection) -> rusqlite::Result<Option<Words>> {
        self.0.retain(|_, sum| *sum != (0, 0));
        self.expect_all(conn)?;
        let counters: BTreeMap<_, _> = conn
            .prepare("SELECT campaign, state, count, fen FROM tally")?
            .query_map([], |row| {
                Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
            })?
            .collect::<Result<_, _>>()?;
        if counters != self.0 {
            return Ok(Some(words::counters()));
        }
        self.0.retain(|_, sum| *sum != (0, 0));
        let mut statement =
            conn.prepare("SELECT campaign, id, loaded_rows, loaded_fen FROM campaign")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let campaign: i64 = row.get(0)?;
            let of_it = self.0.iter().filter(|((of, _), _)| *of == campaign);
            let sum = of_it.fold((0, 0), |sum, (_, one)| (sum.0 + one.0, sum.1 + one.1));
            if sum != (row.get(2)?, row.get(3)?) {
                let id: String = row.get(1)?;
                return Ok(Some(words::sum(id)));
            }
        }
        Ok(None)
    }

    /// A campaign has a counter for every state, whether or not anything is counted there.
    fn expect_all(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        let mut statement = conn.prepare("SELECT campaign FROM campaign")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let campaign: i64 = row.get(0)?;
            for state in State::ALL {
                self.0
                    .entry((campaign, state.name().to_owned()))
                    .or_default();
            }
        }
        Ok(())
    }
}
