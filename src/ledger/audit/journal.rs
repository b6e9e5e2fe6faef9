//! `hongbao audit`: whether the ledger is what this program wrote, row by row. The journal's chain
//! is followed from its first row to the head; the rest stands in `audit_rows`. Reads in one
//! transaction, with memory that does not grow with the ledger.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::bills;
use super::flow;
use super::found::Audit;
use super::requests::Requests;
use super::runs;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::{Head, LedgerRow};
use crate::ledger::journal::seal::{Hash, Mark, Sealing, campaign_mark};
use crate::ledger::open::reader::Reader;
use crate::ledger::open::reseal::{BOUND, MIGRATED};
use crate::ledger::open::schema;
use crate::words::{Words, audit as words};

/// Facts from the chain, for the parts that follow.
#[derive(Debug, Default)]
pub(super) struct Chain {
    requests: Requests,
    /// The last mark of each campaign.
    campaigns: HashMap<i64, Mark>,
}

impl Reader {
    /// Compares every row with what the journal says of it, and the journal with itself. With
    /// `head`, a head that was noted before must be in the chain.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn audit(&self, head: Option<Hash>) -> Result<Audit, LedgerError> {
        self.read(|conn| {
            // One moment of the ledger, beside a process that may be writing.
            let tx = conn.unchecked_transaction()?;
            audit(&tx, head)
        })
    }
}

fn audit(conn: &Connection, head: Option<Hash>) -> rusqlite::Result<Audit> {
    let mut audit = Audit::default();
    let file: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if file != "ok" {
        audit.findings.push(words::file(file));
    }
    audit.findings.extend(schema::differing(conn)?);
    let mut chain = Chain::default();
    let found = follow(conn, &mut audit, &mut chain, head)?;
    let is_whole = found.is_none();
    audit.findings.extend(found);
    let found = own_row(conn, &audit, is_whole)?;
    audit.findings.extend(found);
    if head.is_some() && audit.known_head.is_none() {
        audit.findings.push(words::head());
    }
    // A broken chain tells nothing about the rows behind the break.
    if is_whole {
        let (attempts, found) = chain.requests.check(conn)?;
        audit.attempts = attempts;
        audit.findings.extend(found);
        audit.findings.extend(campaigns(conn, &chain)?);
        audit.findings.extend(flow::check(conn)?);
        audit.findings.extend(runs::check(conn)?);
    }
    bills::audit_rows(conn, &mut audit)?;
    Ok(audit)
}

/// Follows the chain; the first row that breaks it.
fn follow(
    conn: &Connection,
    audit: &mut Audit,
    chain: &mut Chain,
    head: Option<Hash>,
) -> rusqlite::Result<Option<Words>> {
    let sql = "SELECT seq, at, epoch, campaign, bill, attempt, event, state_from, state_to, note,
           mark, hash FROM journal ORDER BY seq";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        if seq != audit.head.entries + 1 {
            let missing = audit.head.entries + 1;
            return Ok(Some(words::row_gone(missing)));
        }
        let hash: Hash = row.get(11)?;
        let mut sealing = Sealing::of("journal");
        sealing.blob(&audit.head.hash).columns(row, 0, 11)?;
        let is_whole = match row.get(5)? {
            None => Some(sealing.hash() == hash),
            Some(attempt) => {
                let is_it = |mark: &Mark| sealing.clone().blob(mark).hash() == hash;
                chain.requests.is_told(conn, (seq, attempt), is_it)?
            }
        };
        match is_whole {
            None => return Ok(Some(words::request_gone(named(row)?))),
            Some(false) => return Ok(Some(words::row_changed(named(row)?))),
            Some(true) => {}
        }
        if row.get::<_, Option<i64>>(4)?.is_none() {
            chain.campaigns.insert(row.get(3)?, row.get(10)?);
            if is_binding(row)? {
                chain.requests.bind();
            }
        }
        audit.head = Head { entries: seq, hash };
        if Some(hash) == head {
            audit.known_head = Some(seq);
        }
    }
    Ok(None)
}

/// Whether requests are marked with what they say from this row on.
fn is_binding(row: &Row<'_>) -> rusqlite::Result<bool> {
    let (event, note) = (row.get_ref(6)?.as_str()?, row.get_ref(9)?.as_str_or_null()?);
    Ok((event, note) == (MIGRATED, Some(BOUND)))
}

/// The journal's row, for a person.
fn named(row: &Row<'_>) -> rusqlite::Result<Words> {
    let (seq, event): (i64, String) = (row.get(0)?, row.get(6)?);
    let bill: Option<i64> = row.get(4)?;
    Ok(match bill {
        None => words::row(seq, event),
        Some(bill) => words::row_about(seq, event, bill),
    })
}

/// The ledger's own row knows the last row of the journal.
fn own_row(conn: &Connection, audit: &Audit, is_whole: bool) -> rusqlite::Result<Option<Words>> {
    Ok(match LedgerRow::find(conn)? {
        None => Some(words::own_row_gone()),
        Some((_, false)) => Some(words::own_row()),
        Some((own, true)) if is_whole && own.entries != audit.head.entries => {
            let (has, had) = (audit.head.entries, own.entries);
            Some(words::length(has, had))
        }
        Some((own, true)) if is_whole && own.head != audit.head.hash => Some(words::last_row()),
        Some(_) => None,
    })
}

/// Campaigns and files are what they were at the last row about their campaign.
fn campaigns(conn: &Connection, chain: &Chain) -> rusqlite::Result<Option<Words>> {
    let found: Vec<(i64, String)> = conn
        .prepare("SELECT campaign, id FROM campaign ORDER BY campaign")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (campaign, id) in &found {
        let mark = campaign_mark(conn, *campaign)?;
        if chain.campaigns.get(campaign) != Some(&mark) {
            return Ok(Some(words::campaign(id.as_str())));
        }
    }
    let strangers = "SELECT count(*) FROM file WHERE campaign NOT IN
         (SELECT campaign FROM campaign)";
    let strangers: i64 = conn.query_row(strangers, [], |row| row.get(0))?;
    let is_whole = found.len() == chain.campaigns.len() && strangers == 0;
    Ok((!is_whole).then(words::campaign_gone))
}
