//! What a process looks at before it takes the ledger: rows that no request checks, and that the
//! next row of the journal would seal as they stand. `hongbao audit` looks at all the others too.

use rusqlite::Connection;

use super::seal::{Mark, campaign_mark};
use crate::domain::caps::day_of;
use crate::ledger::fault::Altered;
use crate::words::audit as words;

/// A daily sum may be of a clock that was wrong by so many days.
const CLOCK_DAYS: i64 = 366;
const DAY_MS: i64 = 86_400_000;

/// Refuses a ledger whose campaigns, files or daily sums are not what was written.
pub(in crate::ledger) fn check(conn: &Connection, now: i64) -> rusqlite::Result<()> {
    let campaigns: Vec<(i64, String)> = conn
        .prepare("SELECT campaign, id FROM campaign ORDER BY campaign")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (campaign, id) in campaigns {
        if told(conn, campaign)? != Some(campaign_mark(conn, campaign)?) {
            return Err(Altered(words::campaign(id)).into());
        }
    }
    check_days(conn, now)
}

/// What the journal says of a campaign and its files last.
fn told(conn: &Connection, campaign: i64) -> rusqlite::Result<Option<Mark>> {
    // By the index: there are few such rows among those of the packets.
    let sql = "SELECT mark FROM journal WHERE seq = (SELECT max(seq)
           FROM journal INDEXED BY journal_campaign WHERE campaign = ?1 AND bill IS NULL)";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([campaign])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

/// Who was paid when decides about caps, and about who is paid again. Sums that are gone, or of an
/// impossible day, are told here; each is compared with its packets by `hongbao audit`.
fn check_days(conn: &Connection, now: i64) -> rusqlite::Result<()> {
    let until = day_of(now).saturating_add(CLOCK_DAYS);
    let odd = "SELECT campaign, day FROM day LEFT JOIN campaign USING (campaign)
         WHERE created_at IS NULL OR day NOT BETWEEN created_at / ?1 - ?2 AND ?3";
    let mut statement = conn.prepare_cached(odd)?;
    let mut rows = statement.query((DAY_MS, CLOCK_DAYS, until))?;
    if let Some(row) = rows.next()? {
        return Err(Altered(words::day(row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)).into());
    }
    // A packet that is paid was counted on a day at least, but for one that was never sent here and
    // that a person called paid: only a count of the packets tells those apart.
    let short = "SELECT campaign FROM campaign WHERE
           (SELECT coalesce(sum(count), 0) FROM tally WHERE tally.campaign = campaign.campaign
              AND state IN ('sent', 'received', 'refunding', 'refunded'))
           > (SELECT coalesce(sum(packets), 0) FROM day WHERE day.campaign = campaign.campaign)";
    let counted = "SELECT (SELECT count(*) FROM bill WHERE campaign = ?1
             AND state IN ('sent', 'received', 'refunding', 'refunded')
             AND first_sent_at IS NOT NULL)
           > (SELECT coalesce(sum(packets), 0) FROM day WHERE campaign = ?1)";
    for campaign in conn
        .prepare_cached(short)?
        .query_map([], |row| row.get(0))?
    {
        let campaign: i64 = campaign?;
        if conn.query_row(counted, [campaign], |row| row.get(0))? {
            return Err(Altered(words::days_gone(campaign)).into());
        }
    }
    Ok(())
}
