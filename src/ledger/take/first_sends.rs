//! First sends of each Beijing day, as the rows tell them. Who was sent them is not kept a second
//! time: the bills tell it.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, Row};

use crate::domain::caps::{Spent, days_of};
use crate::domain::money::Fen;
use crate::ledger::bill::candidate::frozen_checked;
use crate::ledger::columns::fen;
use crate::ledger::journal::seal::FROZEN;

/// A packet whose first send was counted.
pub(super) struct FirstSend {
    pub(super) openid: Box<str>,
    pub(super) amount: Fen,
    pub(super) at: i64,
}

/// Gives every first send that counts on `since` or a later day, of all campaigns. Requests are
/// looked through from the newest back until there are as many as the daily sums say, whatever was
/// sent on the days before: their order is not that of their times where a clock went back.
pub(super) fn first_sends(
    conn: &Connection,
    since: i64,
    mut each: impl FnMut(FirstSend),
) -> rusqlite::Result<()> {
    // In one statement, so that sums and requests are of one moment.
    let sql = format!(
        "SELECT bill, coalesce(to_openid, openid), coalesce(paid_fen, amount_fen),
           first_sent_at,
           (SELECT coalesce(sum(packets), 0) FROM day WHERE day >= ?1), seal, {FROZEN}
         FROM attempt CROSS JOIN bill USING (bill) LEFT JOIN paid USING (bill)
         WHERE (action = 'send' OR paid_fen IS NOT NULL OR sends = 0)
           AND first_sent_at IS NOT NULL AND (state <> 'refused' OR paid_fen IS NOT NULL)
         ORDER BY attempt DESC"
    );
    let (mut found, mut seen) = (0, HashSet::new());
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([since])?;
    while let Some(row) = rows.next()? {
        let wanted: usize = row.get(4)?;
        if found >= wanted {
            break;
        }
        let (bill, at): (i64, i64) = (row.get(0)?, row.get(3)?);
        let days = days_of(at).filter(|day| *day >= since).count();
        if days == 0 || !seen.insert(bill) {
            continue;
        }
        frozen_checked(row, 5)?;
        found += days;
        each(FirstSend {
            openid: row.get(1)?,
            amount: fen(row, 2)?,
            at,
        });
    }
    Ok(())
}

/// The merchant's sends on each day since `since`, over all campaigns.
pub(super) fn of_merchant(conn: &Connection, since: i64) -> rusqlite::Result<BTreeMap<i64, Spent>> {
    let sql = "SELECT day, sum(packets), sum(fen) FROM day WHERE day >= ?1 GROUP BY day";
    let read = |row: &Row<'_>| {
        let (packets, fen) = (row.get(1)?, fen(row, 2)?);
        Ok((row.get(0)?, Spent { packets, fen }))
    };
    conn.prepare(sql)?.query_map([since], read)?.collect()
}

/// Whether a campaign other than this one has sent anything since a day.
pub(super) fn has_other(conn: &Connection, id: &str, since: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM day JOIN campaign USING (campaign) WHERE day >= ?2 AND id <> ?1";
    conn.prepare(sql)?.exists((id, since))
}

/// Whether another ledger may have sent what this one calls unsent, of more than one campaign.
pub(super) fn may_be_behind(conn: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT behind_since IS NOT NULL AND (SELECT count(*) FROM campaign) > 1 FROM ledger";
    conn.query_row(sql, [], |row| row.get(0))
}
