//! The part of an audit that looks at the daily sums: they are what the bills' first sends add up
//! to. There are as many as days and campaigns.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use crate::domain::caps::days_of;
use crate::words::{Words, audit as words};

/// Packets and fen by day and campaign.
type Sums = BTreeMap<(i64, i64), (i64, i64)>;

/// Every daily sum that is not what the bills add up to.
pub(super) fn audit_days(conn: &Connection) -> rusqlite::Result<Vec<Words>> {
    let mut sent = Sums::new();
    let bills = "SELECT first_sent_at, campaign, amount_fen FROM bill
         WHERE first_sent_at IS NOT NULL";
    let bill = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    for bill in conn.prepare(bills)?.query_map([], bill)? {
        let (at, campaign, amount): (i64, i64, i64) = bill?;
        for day in days_of(at) {
            let (packets, fen) = sent.entry((day, campaign)).or_default();
            *packets += 1;
            *fen = fen.saturating_add(amount);
        }
    }
    let kept = "SELECT day, campaign, packets, fen FROM day";
    let sum = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)));
    let kept: Sums = conn
        .prepare(kept)?
        .query_map([], sum)?
        .collect::<Result<_, _>>()?;
    let mut keys: Vec<_> = sent.keys().chain(kept.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differing = keys
        .into_iter()
        .filter(|key| sent.get(key) != kept.get(key));
    Ok(differing
        .map(|(day, campaign)| words::day(*campaign, *day))
        .collect())
}
