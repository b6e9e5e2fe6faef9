//! `hongbao audit`: whether the ledger is what this program wrote, row by row. The journal's chain
//! is followed from its first row to the head; the rest stands in `audit_rows`. Reads in one
//! transaction, with memory that does not grow with the ledger.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rusqlite::{Connection, OptionalExtension, Row};

use super::audit_rows;
use super::chain::LedgerRow;
use super::fault::LedgerError;
use super::migrate::SCHEMA;
use super::query::Reader;
use super::seal::{Hash, Mark, Sealing, campaign_mark};
use crate::domain::hex::hex;
use crate::domain::money::Fen;
use crate::words::{Words, audit as words};

/// Where the journal ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// Its rows.
    pub entries: i64,
    /// The hash of the last of them.
    pub hash: Hash,
}

impl Head {
    /// The hash in hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.hash)
    }
}

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// Where the journal ends, or where its chain breaks.
    pub head: Head,
    /// The row whose hash is the head that was asked about.
    pub known_head: Option<i64>,
    /// Packets of all campaigns.
    pub bills: u64,
    /// Requests of all campaigns.
    pub attempts: u64,
    /// What is not as it was written: of each part of the ledger the first.
    pub findings: Vec<Words>,
    /// All money of the packets.
    pub total: Fen,
}

/// What the chain told, for the parts that follow.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// Requests that have begun and not ended.
    open: HashSet<i64>,
    begun: u64,
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
        self.ask(|conn| {
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
    audit.findings.extend(schema(conn)?);
    let mut chain = Chain::default();
    let found = follow(conn, &mut audit, &mut chain, head)?;
    let is_whole = found.is_none();
    audit.findings.extend(found);
    let found = own_row(conn, &audit, is_whole)?;
    audit.findings.extend(found);
    if head.is_some() && audit.known_head.is_none() {
        audit.findings.push(words::head());
    }
    // What a broken chain does not reach, it does not tell of.
    if is_whole {
        let found = requests(conn, &mut audit, &chain)?;
        audit.findings.extend(found);
        audit.findings.extend(campaigns(conn, &chain)?);
    }
    audit_rows::audit_rows(conn, &mut audit)?;
    Ok(audit)
}

/// A table, index or trigger: what it is, its name and how it is made.
type Object = (String, String, String);

/// Tables, indexes and triggers as this version makes them.
fn wanted() -> rusqlite::Result<&'static [Object]> {
    static WANTED: OnceLock<Vec<Object>> = OnceLock::new();
    if let Some(wanted) = WANTED.get() {
        return Ok(wanted);
    }
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(SCHEMA)?;
    let wanted = objects(&fresh)?;
    Ok(WANTED.get_or_init(|| wanted))
}

/// What differs from the tables, indexes and triggers of this version.
fn schema(conn: &Connection) -> rusqlite::Result<Option<Words>> {
    let (wanted, found) = (wanted()?, objects(conn)?);
    let differs = wanted.iter().find(|object| !found.contains(object));
    if let Some((kind, name, _)) = differs {
        return Ok(Some(words::schema(kind.as_str(), name.as_str())));
    }
    let more = found.iter().find(|object| !wanted.contains(object));
    Ok(more.map(|(kind, name, _)| words::schema_more(kind.as_str(), name.as_str())))
}

fn objects(conn: &Connection) -> rusqlite::Result<Vec<Object>> {
    // Not SQLite's own, as ANALYZE leaves them.
    let sql = "SELECT type, name, sql FROM sqlite_schema
         WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' ORDER BY name";
    // Without comments: a later version of the program may word them better.
    let bare = |sql: &str| -> String {
        let lines = sql
            .lines()
            .map(|line| line.split("--").next().unwrap_or(""));
        let words = lines.flat_map(str::split_whitespace);
        words.collect::<Vec<_>>().join(" ")
    };
    conn.prepare(sql)?
        .query_map([], |row| {
            let made: String = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?, bare(&made)))
        })?
        .collect()
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
        let told = match row.get(5)? {
            Some(attempt) => match told(conn, chain, attempt)? {
                Some(mark) => Some(mark),
                None => return Ok(Some(words::request_gone(named(row)?))),
            },
            None => None,
        };
        let mut sealing = Sealing::of("journal");
        sealing.blob(&audit.head.hash).columns(row, 0, 11)?;
        if let Some(mark) = told {
            sealing.blob(&mark);
        }
        let hash: Hash = row.get(11)?;
        if sealing.hash() != hash {
            return Ok(Some(words::row_changed(named(row)?)));
        }
        if row.get::<_, Option<i64>>(4)?.is_none() {
            chain.campaigns.insert(row.get(3)?, row.get(10)?);
        }
        audit.head = Head { entries: seq, hash };
        if Some(hash) == head {
            audit.known_head = Some(seq);
        }
    }
    Ok(None)
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

/// What the journal's first row about a request told of its begin, and the second of its end.
fn told(conn: &Connection, chain: &mut Chain, attempt: i64) -> rusqlite::Result<Option<Mark>> {
    let sql = "SELECT bill, action, committed_at, ended_at, answer, err_code, err_code_des
         FROM attempt WHERE attempt = ?1";
    let is_end = chain.open.remove(&attempt);
    if !is_end {
        chain.open.insert(attempt);
        chain.begun += 1;
    }
    conn.prepare_cached(sql)?
        .query_row([attempt], |row| {
            let mark = if is_end {
                Sealing::of("ended").columns(row, 3, 4)?.mark()
            } else {
                Sealing::of("begun").columns(row, 0, 3)?.mark()
            };
            Ok(mark)
        })
        .optional()
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

/// Every request stands in the journal, and every one that the journal ended has an answer.
fn requests(
    conn: &Connection,
    audit: &mut Audit,
    chain: &Chain,
) -> rusqlite::Result<Option<Words>> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) FROM attempt";
    let (all, open): (u64, u64) = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    audit.attempts = all;
    Ok(if all != chain.begun {
        let told = chain.begun;
        Some(words::requests(all, told))
    } else if open != chain.open.len() as u64 {
        let told = chain.open.len();
        Some(words::open_requests(open, told))
    } else {
        None
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
