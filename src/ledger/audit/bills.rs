//! The part of an audit that looks at packets: what was loaded, and what the journal made of it.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::counters::StateSums;
use super::days::Days;
use super::found::Audit;
use super::reissued::{as_made, before};
use super::row::{
    self, AMOUNT_AT, BILL_AT, CAMPAIGN_AT, FILE_AT, FROZEN_AT, GENERATION_AT, LINE_AT, MOVING_AT,
    ROW_KEY_AT, SEAL_AT, STATE_AT,
};
use super::story::{self, End, Story};
use crate::domain::money::Fen;
use crate::ledger::journal::file_seal::FileSeal;
use crate::ledger::journal::seal::{Hash, Mark, Sealing, frozen, moving, short};
use crate::words::{Words, audit as words};

/// A file as its bills are met.
#[derive(Debug)]
struct FileSum {
    campaign: i64,
    first: i64,
    last: i64,
    untried_from: i64,
    seal: Hash,
    found: FileSeal,
    /// The first bill that was never taken up.
    untried: Option<i64>,
}

/// Looks at every bill, in order; of what was loaded, what moved, and what adds up the first
/// finding each.
pub(super) fn audit_rows(conn: &Connection, audit: &mut Audit) -> rusqlite::Result<()> {
    let mut files = files(conn)?;
    let (mut books, mut days) = (StateSums::default(), Days::default());
    let (mut loaded, mut moved) = (None, None);
    let mut bills = conn.prepare(&row::query())?;
    let mut bills = bills.query([])?;
    let mut journal = conn.prepare(story::JOURNAL)?;
    let mut story = Story::begin(journal.query([])?)?;
    while let Some(row) = bills.next()? {
        // Both are read in the order of bills, so that neither is held in memory.
        let told = story.of(row.get(BILL_AT)?)?;
        let fault = if row.get::<_, i64>(GENERATION_AT)? > 1 {
            // No file seals a new number: it must follow from its predecessor, and the journal must
            // tell of it.
            let before = before(conn, row, told.as_ref())?;
            let is_known = before.is_some() && told.is_some();
            if let Some(before) = before {
                let amount: i64 = row.get(AMOUNT_AT)?;
                // A packet is counted where its newest number is: not at the predecessor any more.
                books.count(row, (before.state, before.amount), -1)?;
                audit.total = more(audit.total, amount - before.amount);
            }
            let bill = (!is_known).then(|| named(row)).transpose()?;
            bill.map(words::bill_reissued)
        } else {
            // Only first numbers are packets that were loaded, and owed money.
            audit.bills += 1;
            audit.total = more(audit.total, row.get(AMOUNT_AT)?);
            check_loaded(row, &mut files, told.as_ref())?
        };
        // Loaded values and later changes each have their own first finding.
        loaded = loaded.or(fault);
        let fault = check_moved(row, told)?;
        moved = moved.or(fault);
        books.count(row, (row.get(STATE_AT)?, row.get(AMOUNT_AT)?), 1)?;
        days.count(row)?;
    }
    // Rows behind the last bill are about bills that are gone.
    story.of(i64::MAX)?;
    if let Some(bill) = story.gone() {
        loaded = loaded.or(Some(words::bill_gone(bill)));
    }
    loaded = loaded.or_else(|| check_files(&files));
    let added = match loaded {
        // Sums of bills that are not what they were say nothing new.
        Some(_) => None,
        None => books.check(conn)?,
    };
    audit.findings.extend(loaded);
    audit.findings.extend(moved);
    audit.findings.extend(strangers(conn)?);
    audit.findings.extend(added);
    audit.findings.extend(days.check(conn)?);
    Ok(())
}

fn more(total: Fen, by: i64) -> Fen {
    Fen::new(total.fen().saturating_add_signed(by))
}

fn files(conn: &Connection) -> rusqlite::Result<HashMap<i64, FileSum>> {
    let sql = "SELECT file, campaign, first_bill, last_bill, untried_from, seal FROM file";
    let file = |row: &Row<'_>| {
        let file = FileSum {
            campaign: row.get(1)?,
            first: row.get(2)?,
            last: row.get(3)?,
            untried_from: row.get(4)?,
            seal: row.get(5)?,
            found: FileSeal::begin(),
            untried: None,
        };
        Ok((row.get(0)?, file))
    };
    conn.prepare(sql)?.query_map([], file)?.collect()
}

/// The bill, its line and its row key, for a person.
fn named(row: &Row<'_>) -> rusqlite::Result<Words> {
    let (bill, line): (i64, i64) = (row.get(BILL_AT)?, row.get(LINE_AT)?);
    let key: String = row.get(ROW_KEY_AT)?;
    Ok(words::bill(bill, line, key))
}

/// Whether what is fixed about the bill is what was loaded, or what it was frozen anew with since.
fn check_loaded(
    row: &Row<'_>,
    files: &mut HashMap<i64, FileSum>,
    told: Option<&End>,
) -> rusqlite::Result<Option<Words>> {
    let (bill, campaign): (i64, i64) = (row.get(BILL_AT)?, row.get(CAMPAIGN_AT)?);
    let hash = frozen(row, FROZEN_AT)?;
    let is_whole = short(&hash) == row.get::<_, i64>(SEAL_AT)?;
    let named_file: i64 = row.get(FILE_AT)?;
    let anew = told.map_or(&[][..], |told| &told.anew);
    let made = as_made(&hash, named_file, anew);
    // One that was frozen anew names the file that it is from now.
    let home = match anew {
        [] => Some(named_file).filter(|file| files.contains_key(file)),
        _ => home(files, bill),
    };
    let Some(file) = home.and_then(|home| files.get_mut(&home)) else {
        return Ok(Some(words::bill_file(named(row)?)));
    };
    file.found.add(&made.unwrap_or(hash));
    if told.is_none() && file.untried.is_none() {
        file.untried = Some(bill);
    }
    let is_home = file.campaign == campaign && (file.first..=file.last).contains(&bill);
    let is_of_it = files
        .get(&named_file)
        .is_some_and(|file| file.campaign == campaign);
    if is_whole && is_home && is_of_it && made.is_some() {
        return Ok(None);
    }
    Ok(Some(words::bill_changed(named(row)?)))
}

/// The file that brought the bill first.
fn home(files: &HashMap<i64, FileSum>, bill: i64) -> Option<i64> {
    let mut all = files.iter();
    let found = all.find(|(_, file)| (file.first..=file.last).contains(&bill));
    found.map(|(file, _)| *file)
}

/// Whether the bill stands where the journal left it.
fn check_moved(row: &Row<'_>, told: Option<End>) -> rusqlite::Result<Option<Words>> {
    let state: String = row.get(STATE_AT)?;
    let is_told = match &told {
        Some(end) => end.is_unbroken && end.state == state && end.mark == moving(row, MOVING_AT)?,
        None => moving(row, MOVING_AT)? == as_loaded(),
    };
    if is_told {
        return Ok(None);
    }
    let bill = named(row)?;
    Ok(Some(match told {
        Some(end) if end.state != state => words::bill_state(bill, state, end.state),
        Some(_) => words::bill_left(bill),
        None => words::bill_moved(bill),
    }))
}

/// The moving columns of a bill that was never taken up.
fn as_loaded() -> Mark {
    let mut sealing = Sealing::of("bill");
    sealing.text(Some("ready"));
    for _ in 0..3 {
        sealing.int(None);
    }
    for _ in 0..6 {
        sealing.int(Some(0));
    }
    sealing.text(Some("send")).int(Some(0));
    for _ in 0..6 {
        sealing.int(None);
    }
    sealing.mark()
}

/// Whether each file has the bills it was loaded with, and first sends go on where they stopped.
fn check_files(files: &HashMap<i64, FileSum>) -> Option<Words> {
    let mut numbers: Vec<_> = files.iter().collect();
    numbers.sort_by_key(|(number, _)| **number);
    for (number, file) in numbers {
        if file.found.hash() != file.seal {
            return Some(words::packets(*number));
        }
        if file.untried_from != file.untried.unwrap_or(file.last + 1) {
            return Some(words::untried(*number));
        }
    }
    None
}

/// Rows beside no bill, and receipts of nothing.
fn strangers(conn: &Connection) -> rusqlite::Result<Option<Words>> {
    let sql = "SELECT (SELECT count(*) FROM receipt WHERE bill NOT IN (SELECT bill FROM bill)
             OR (send_listid IS NULL AND package IS NULL))
           + (SELECT count(*) FROM again WHERE bill NOT IN (SELECT bill FROM bill))
           + (SELECT count(*) FROM paid WHERE bill NOT IN (SELECT bill FROM bill))
           + (SELECT count(*) FROM fate WHERE bill NOT IN (SELECT bill FROM bill))";
    let count: i64 = conn.query_row(sql, [], |row| row.get(0))?;
    Ok((count > 0).then(|| words::receipts(count)))
}
