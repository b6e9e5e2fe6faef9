//! Earlier payments to the people of a list: which campaigns met them, and who was sent a packet
//! lately by any.

use rusqlite::{Connection, Row};

use super::schedule::Course;
use crate::domain::caps::{counts_from, days_of, first_day};
use crate::domain::met::{LOOK_BACK_DAYS, MetPeople};
use crate::ledger::bill::picks::{OWED_AGAIN, SENT_SINCE};
use crate::ledger::fault::LedgerError;
use crate::ledger::load::met::{List, met_people};
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// Who waits for a first send, or for another that nobody decided. What was reissued or freed had a
/// question of its own.
const UNSENT_YET: &str = "state = 'ready' AND generation = 1
     AND (sends = 0 OR NOT EXISTS (SELECT 1 FROM journal
       WHERE journal.bill = bill.bill AND event IN ('reissued', 'freed')))";

/// Who waits for any.
fn waiting() -> String {
    format!("(state = 'ready' OR {OWED_AGAIN})")
}

/// Earlier payments to those who are to be paid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaidBefore {
    /// Other campaigns of the same list, or of the same people.
    pub met: MetPeople,
    /// Those of the waiting who were sent a packet lately, by any campaign.
    pub lately: RecentlyPaid,
    /// The length of "lately" in Beijing days, the first day of sending included.
    pub days: u32,
}

/// People who were sent a packet lately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecentlyPaid {
    /// How many.
    pub people: u64,
    /// Their packets that wait.
    pub rows: u64,
}

/// The list stands in `conn`, what was loaded and sent before in `ledger`.
pub(super) fn paid_before(
    (conn, ledger): (&Connection, Option<&Connection>),
    campaign: i64,
    course: &Course,
) -> rusqlite::Result<PaidBefore> {
    let days = match course.caps.once_per_days {
        0 => LOOK_BACK_DAYS,
        days => days,
    };
    let Some(ledger) = ledger else {
        return Ok(PaidBefore {
            days,
            ..PaidBefore::default()
        });
    };
    let since = counts_from(first_day(course.from, days));
    Ok(PaidBefore {
        met: met((conn, ledger), campaign, (course.from, 0), &waiting())?,
        lately: lately((conn, ledger), campaign, since)?,
        days,
    })
}

impl Reader {
    /// Other campaigns of the people of a campaign who wait for a packet.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn met(&self, campaign: &CampaignRow, now: i64) -> Result<MetPeople, LedgerError> {
        self.read(|conn| met((conn, conn), campaign.campaign, (now, 0), &waiting()))
    }

    /// The same, of what others sent since the list was first loaded: at the load nobody could be
    /// asked about it.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn met_since_load(
        &self,
        campaign: &CampaignRow,
        now: i64,
    ) -> Result<MetPeople, LedgerError> {
        self.met_since((campaign, now), None, &waiting())
    }

    /// The same for a campaign that has begun: of those who wait for a first send, and of what
    /// others sent since its last run began. Where none sent anything, no packet is read.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn met_since_last_run(
        &self,
        campaign: &CampaignRow,
        now: i64,
    ) -> Result<MetPeople, LedgerError> {
        let runs = self.runs(campaign)?.into_iter();
        let runs = runs.filter(|run| run.begin.verb == "run");
        let ran_at = runs.map(|run| run.at).max();
        let day = *days_of(ran_at.unwrap_or(0)).start();
        let sql = "SELECT 1 FROM day WHERE day >= ?1 AND campaign <> ?2 AND packets > 0";
        let day_of_other = (day, campaign.campaign);
        if !self.read(|conn| conn.prepare(sql)?.exists(day_of_other))? {
            return Ok(MetPeople::default());
        }
        let mut found = self.met_since((campaign, now), ran_at, UNSENT_YET)?;
        found.by.retain(|it| it.sent > it.unasked);
        Ok(found)
    }

    fn met_since(
        &self,
        (campaign, now): (&CampaignRow, i64),
        ran_at: Option<i64>,
        who: &str,
    ) -> Result<MetPeople, LedgerError> {
        let sql = "SELECT min(loaded_at) FROM file WHERE campaign = ?1";
        let mut found = self.read(|conn| {
            let loaded_at: Option<i64> =
                conn.query_row(sql, [campaign.campaign], |row| row.get(0))?;
            let since = loaded_at.max(ran_at).unwrap_or(0);
            met((conn, conn), campaign.campaign, (now, since), who)
        })?;
        found.by.iter_mut().for_each(|met| met.same = None);
        Ok(found)
    }

    /// Whether a packet of the campaign was ever sent.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_sent(&self, campaign: &CampaignRow) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM day WHERE campaign = ?1 AND packets > 0";
        self.read(|conn| conn.prepare(sql)?.exists([campaign.campaign]))
    }
}

/// Other campaigns of the people whom this picks, of what they sent after a moment.
fn met(
    (conn, ledger): (&Connection, &Connection),
    campaign: i64,
    (now, after): (i64, i64),
    who: &str,
) -> rusqlite::Result<MetPeople> {
    let sql = "SELECT sha256, people FROM file WHERE campaign = ?1";
    let file = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let files: rusqlite::Result<Vec<_>> = conn.prepare(sql)?.query_map([campaign], file)?.collect();
    let sql = "SELECT id, coalesce(sum(count), 0) FROM campaign LEFT JOIN tally
           ON tally.campaign = campaign.campaign AND state = 'ready'
         WHERE campaign.campaign = ?1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (id, rows): (String, u64) = conn.query_row(sql, [campaign], read)?;
    let waiting = format!("SELECT openid FROM bill WHERE campaign = ?1 AND {who}");
    let list = List {
        conn,
        sql: &waiting,
        by: campaign,
        rows,
        campaign: &id,
        files: &files?,
        after,
    };
    met_people(&list, ledger, now)
}

/// Both sides are read in the order of openids, so that memory does not grow with them; where
/// nobody was paid lately, the list is not sorted for it.
fn lately(
    (conn, ledger): (&Connection, &Connection),
    campaign: i64,
    since: i64,
) -> rusqlite::Result<RecentlyPaid> {
    let paid = format!("SELECT DISTINCT openid FROM bill WHERE {SENT_SINCE} ORDER BY openid");
    let mut paid = ledger.prepare(&paid)?;
    let mut paid = paid.query_map([since], |row| row.get(0))?;
    let mut next: Option<String> = paid.next().transpose()?;
    let mut lately = RecentlyPaid::default();
    if next.is_none() {
        return Ok(lately);
    }
    let waiting = "SELECT openid, count(*) FROM bill
         WHERE campaign = ?1 AND state = 'ready' GROUP BY openid ORDER BY openid";
    let mut waiting = conn.prepare(waiting)?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    for person in waiting.query_map([campaign], read)? {
        let (openid, rows): (String, u64) = person?;
        while next.as_ref().is_some_and(|paid| *paid < openid) {
            next = paid.next().transpose()?;
        }
        if next.as_ref() == Some(&openid) {
            lately.people += 1;
            lately.rows += rows;
        }
    }
    Ok(lately)
}
