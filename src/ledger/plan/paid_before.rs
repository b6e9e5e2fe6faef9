//! Earlier payments to the people of a list: whether it was loaded under another campaign, and who
//! was sent a packet lately.

use rusqlite::{Connection, Row, params};

use super::schedule::Course;
use crate::domain::caps::{counts_from, first_day};
use crate::ledger::bill::picks::SENT_SINCE;

/// How far the plan looks back where the campaign has no `once_per_days`: a month of campaigns.
const LOOK_BACK_DAYS: u32 = 30;

/// Earlier payments to those who are to be paid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaidBefore {
    /// Other campaigns that the file, or its openids and amounts, was loaded under.
    pub also_under: Vec<String>,
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
    /// The line of the first of these.
    pub line: u64,
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
        also_under: also_under((conn, ledger), campaign)?,
        lately: lately((conn, ledger), campaign, since)?,
        days,
    })
}

fn also_under(
    (conn, ledger): (&Connection, &Connection),
    campaign: i64,
) -> rusqlite::Result<Vec<String>> {
    let lists = "SELECT sha256, people, id FROM file JOIN campaign USING (campaign)
         WHERE campaign = ?1";
    let others = "SELECT DISTINCT campaign.id FROM file JOIN campaign USING (campaign)
         WHERE (sha256 = ?1 OR people = ?2) AND campaign.id <> ?3 ORDER BY campaign.campaign";
    let mut found: Vec<String> = Vec::new();
    let list = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    for list in conn.prepare(lists)?.query_map([campaign], list)? {
        let (sha256, people, id): ([u8; 32], [u8; 32], String) = list?;
        let mut others = ledger.prepare(others)?;
        for other in others.query_map(params![sha256, people, id], |row| row.get(0))? {
            let other = other?;
            if !found.contains(&other) {
                found.push(other);
            }
        }
    }
    Ok(found)
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
    let waiting = "SELECT openid, count(*), min(line) FROM bill
         WHERE campaign = ?1 AND state = 'ready' GROUP BY openid ORDER BY openid";
    let mut waiting = conn.prepare(waiting)?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    for person in waiting.query_map([campaign], read)? {
        let (openid, rows, line): (String, u64, u64) = person?;
        while next.as_ref().is_some_and(|paid| *paid < openid) {
            next = paid.next().transpose()?;
        }
        if next.as_ref() == Some(&openid) {
            lately.add(rows, line);
        }
    }
    Ok(lately)
}

impl RecentlyPaid {
    fn add(&mut self, rows: u64, line: u64) {
        self.line = if self.people == 0 {
            line
        } else {
            self.line.min(line)
        };
        self.people += 1;
        self.rows += rows;
    }
}
