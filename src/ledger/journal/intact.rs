//! What a process looks at before it takes the ledger: rows that no request checks, and that the
//! next row of the journal would seal as they stand. `hongbao audit` looks at all the others too.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::chain::LedgerRow;
use super::seal::{Mark, campaign_mark};
use crate::domain::caps::{begin_of, counts_from, day_of, days_of};
use crate::ledger::fault::Altered;
use crate::words::audit as words;

/// A clock may have been wrong by so many days.
const CLOCK_DAYS: i64 = 366;
/// 2020-01-01.
const FIRST_DAY: i64 = 18_262;

/// Refuses a ledger whose campaigns, files or daily sums are not what was written.
pub(in crate::ledger) fn check(conn: &Connection, now: i64) -> rusqlite::Result<()> {
    // A pause may be written meanwhile: of one moment.
    let _moment = conn.unchecked_transaction()?;
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

/// Who was paid when decides about caps, and about who is paid again. Sums that are gone are told
/// here; each is compared with its packets at a load, and by `hongbao audit`.
fn check_days(conn: &Connection, now: i64) -> rusqlite::Result<()> {
    // Whatever a clock said then or says now: not a year behind any time that the ledger heard of,
    // and no day before this program was, where the campaign is younger.
    let row = LedgerRow::read(conn)?;
    let known = row.map_or(0, |row| row.highest_time.max(row.heard_at.unwrap_or(0)));
    let odd = "SELECT campaign, day FROM day LEFT JOIN campaign USING (campaign)
         WHERE created_at IS NULL OR day > ?1 OR day < ?2 AND created_at >= ?3";
    let bounds = (
        day_of(known.max(now)) + CLOCK_DAYS,
        FIRST_DAY,
        begin_of(FIRST_DAY),
    );
    let mut statement = conn.prepare_cached(odd)?;
    let mut rows = statement.query(bounds)?;
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

/// Refuses daily sums since a day that are not what the packets add up to. Whoever looks for people
/// who were paid lately reads the same packets; one whose time was changed would be nobody.
pub(in crate::ledger) fn check_days_since(conn: &Connection, day: i64) -> rusqlite::Result<()> {
    // A run may count its sends meanwhile: of one moment, where the caller has none.
    let is_alone = conn.is_autocommit();
    let _moment = is_alone.then(|| conn.unchecked_transaction()).transpose()?;
    let sql = "SELECT bill.campaign, first_sent_at FROM bill LEFT JOIN paid USING (bill)
         WHERE bill >= (SELECT min(first_bill) FROM file
             WHERE campaign IN (SELECT campaign FROM day WHERE day >= ?1))
           AND first_sent_at >= ?2 AND (state <> 'refused' OR paid_fen IS NOT NULL)";
    let mut found = BTreeMap::<i64, i64>::new();
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query((day, counts_from(day)))?;
    while let Some(row) = rows.next()? {
        let days = days_of(row.get(1)?).filter(|it| *it >= day).count();
        *found.entry(row.get(0)?).or_default() += i64::try_from(days).unwrap_or(0);
    }
    let kept = "SELECT campaign, sum(packets) FROM day WHERE day >= ?1 GROUP BY campaign";
    let kept: BTreeMap<i64, i64> = conn
        .prepare(kept)?
        .query_map([day], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    found.retain(|_, packets| *packets > 0);
    let is_other = |campaign: &i64| found.get(campaign) != kept.get(campaign);
    let sent = kept.iter().filter(|(_, packets)| **packets > 0);
    let mut campaigns = found.keys().chain(sent.map(|(campaign, _)| campaign));
    match campaigns.find(|campaign| is_other(campaign)) {
        Some(campaign) => Err(Altered(words::day(*campaign, day)).into()),
        None => Ok(()),
    }
}
