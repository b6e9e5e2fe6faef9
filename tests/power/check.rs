//! What must be on a disk after a power loss, and whether the program goes on from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use hongbao::simulator::Settings;
use rusqlite::Connection;

use super::disk::Image;
use crate::support::{Campaign, forget_home};

/// What a ledger says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Pages {
    /// Bills by number.
    bills: BTreeMap<String, i64>,
    attempts: BTreeMap<i64, Attempt>,
    /// Bills with what opens them.
    receipts: BTreeMap<i64, Option<String>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Attempt {
    bill: Option<i64>,
    action: String,
    /// When it ended and with what.
    outcome: Option<(i64, String)>,
}

/// What had happened when the power was lost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moment {
    /// What the program had taken for durable.
    pub(crate) told: Pages,
    /// Requests that had begun to leave.
    pub(crate) requests: usize,
    /// Requests that had arrived.
    pub(crate) arrived: usize,
    /// Numbers that WeChat Pay had an order of.
    pub(crate) ordered: Vec<String>,
    /// Every report that was ever whole.
    pub(crate) reports: BTreeSet<Vec<u8>>,
}

impl Pages {
    /// Reads the ledger of an image, on a copy.
    pub(crate) fn read(image: &Image) -> Result<Pages, String> {
        if !image.contains_key("hongbao.db") {
            return Ok(Pages::default());
        }
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in image {
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        let path = dir.path().join("hongbao.db");
        let conn = Connection::open(path).unwrap();
        let unreadable = |fault| format!("unreadable ledger: {fault}");
        // Nobody looks at this copy again.
        conn.execute_batch("PRAGMA synchronous = OFF")
            .map_err(unreadable)?;
        let whole: String = conn
            .pragma_query_value(None, "integrity_check", |row| row.get(0))
            .map_err(unreadable)?;
        if whole != "ok" {
            return Err(format!("damaged ledger: {whole}"));
        }
        Pages::ask(&conn).map_err(unreadable)
    }

    fn ask(conn: &Connection) -> rusqlite::Result<Pages> {
        let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version == 0 {
            return Ok(Pages::default());
        }
        let bills = conn
            .prepare("SELECT mch_billno, bill FROM bill")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let receipts = conn
            .prepare("SELECT bill, package FROM receipt")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let attempts = conn
            .prepare("SELECT attempt, bill, action, ended_at, answer FROM attempt")?
            .query_map([], |row| {
                let attempt = Attempt {
                    bill: row.get(1)?,
                    action: row.get(2)?,
                    outcome: Option::zip(row.get(3)?, row.get(4)?),
                };
                Ok((row.get(0)?, attempt))
            })?
            .collect::<Result<_, _>>()?;
        Ok(Pages {
            bills,
            attempts,
            receipts,
        })
    }

    /// Attempts that ended.
    pub(crate) fn outcomes(&self) -> usize {
        let ended = self.attempts.values().filter(|it| it.outcome.is_some());
        ended.count()
    }

    fn was_sent(&self, number: &str) -> bool {
        let bill = self.bills.get(number);
        let is_send = |it: &Attempt| it.action == "send" && it.bill.as_ref() == bill;
        bill.is_some() && self.attempts.values().any(is_send)
    }
}

impl Moment {
    /// Whether everything that had been acknowledged is in the image.
    pub(crate) fn holds_in(&self, image: &Image) -> Result<(), String> {
        let pages = Pages::read(image)?;
        if !self.told.bills.is_empty() && pages.bills != self.told.bills {
            return Err(format!("lost packets: {} are left", pages.bills.len()));
        }
        for (id, attempt) in &self.told.attempts {
            let Some(left) = pages.attempts.get(id) else {
                return Err(format!("lost attempt {id}: {attempt:?}"));
            };
            if attempt.outcome.is_some() && left != attempt {
                return Err(format!("lost outcome of {id}: {attempt:?}, {left:?}"));
            }
        }
        for (bill, package) in &self.told.receipts {
            // What a query told of it first has no package; a reply may bring one since.
            let left = pages.receipts.get(bill);
            if left.is_none() || package.is_some() && left != Some(package) {
                return Err(format!("lost receipt of {bill}"));
            }
        }
        let (attempts, requests) = (pages.attempts.len(), self.requests.max(self.arrived));
        if attempts < requests {
            return Err(format!(
                "lost attempt: {requests} requests, {attempts} rows"
            ));
        }
        if let Some(number) = self.ordered.iter().find(|it| !pages.was_sent(it)) {
            return Err(format!("lost attempt: {number} has an order"));
        }
        match image.get("lantern-report.csv") {
            Some(report) if !self.reports.contains(report) => Err("torn report".to_owned()),
            Some(_) | None => Ok(()),
        }
    }
}

/// Restarts the program on an image, beside a WeChat Pay with these books, until the campaign is
/// done, and compares the books.
pub(crate) fn goes_on(image: &Image, books: &str, packets: usize, asks_first: bool) {
    let campaign = Campaign::with_books(packets, Settings::default(), books);
    for (name, bytes) in image {
        campaign.write(name, bytes);
    }
    if image
        .get("hongbao.db")
        .is_some_and(|bytes| !bytes.is_empty())
    {
        // The disk that lost its power has the file still; here it is a copy.
        forget_home(&campaign.path("hongbao.db"));
    }
    if asks_first {
        let rows = campaign.loaded_rows();
        assert!([0, packets as u64].contains(&rows), "{rows} rows");
    }
    let mut ran = campaign.run();
    for _ in 0..3 {
        if ran.code != Some(0) {
            ran = campaign.run();
        }
    }
    let ran = ran.exits(0);
    // Who was paid long ago has received it by now.
    let agreed = campaign.books_agree();
    let paid = agreed.count("sent") + agreed.count("received");
    assert_eq!(paid, packets as u64, "{ran:?}");
    assert_eq!(campaign.wechat.books().paid_packets, paid);
    let left = fs::read_to_string(campaign.path("lantern-report.csv")).unwrap();
    assert_eq!(left, campaign.verb("report", &[]).exits(0).stdout);
}
