//! Packets that WeChat Pay accepted or called paid, and that it denies later. They are counted from
//! the answers themselves at the end of each whole reconciliation, however many parts that had.

use rusqlite::Connection;

use crate::domain::caps::DAY_MS;
use crate::domain::policy::QUERY_DAYS_MS;
use crate::ledger::bill::picks::{DENIES, SAW_PAID, TELLS_NOTHING};

/// How many of a campaign: those of which the newest answer says so that was asked for while
/// [`must_be_known`](crate::domain::bill::Bill::must_be_known) was true, or would have been had the
/// query that called it paid brought a package. What only a person called paid nobody denies.
pub(in crate::ledger) fn count(conn: &Connection, campaign: i64) -> rusqlite::Result<u64> {
    let sql = format!(
        "SELECT count(*) FROM bill
         WHERE campaign = ?1 AND state = 'sent'
           AND (has_package = 1 OR EXISTS (SELECT 1 FROM attempt
             WHERE attempt.bill = bill.bill AND {SAW_PAID}))
           AND (SELECT {DENIES} FROM attempt
             WHERE attempt.bill = bill.bill AND action = 'query'
               AND answer IS NOT NULL AND NOT {TELLS_NOTHING}
               AND committed_at >= first_sent_at + ?2
               AND committed_at < coalesce(doubt_since, first_sent_at) + ?3
             ORDER BY attempt DESC LIMIT 1)"
    );
    conn.prepare(&sql)?
        .query_row((campaign, 2 * DAY_MS, QUERY_DAYS_MS), |row| row.get(0))
}
