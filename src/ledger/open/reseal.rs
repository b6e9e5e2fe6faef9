//! Sealing a ledger of a version that had no seals: what it says on the day it is moved is what
//! holds from then on.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension};

use crate::ledger::journal::chain::{Entry, LedgerRow, RequestMark};
use crate::ledger::journal::file_seal::FileSeal;
use crate::ledger::journal::seal::{
    FROZEN, Mark, RequestSeal, bill_mark, campaign_mark, campaign_terms, frozen, packet_said, short,
};
use crate::ledger::journal::statements::Statements;

/// The note of a row that a migration wrote.
pub(in crate::ledger) const MIGRATED: &str = "migrated";
/// The addition to the note from where requests carry a digest of their content.
pub(in crate::ledger) const BOUND: &str = "requests are marked with what they say";

/// Seals bills and files, and tells the old journal again as a chain, from `old_journal`.
pub(super) fn reseal(tx: &Connection) -> rusqlite::Result<()> {
    let facts = "SELECT mode, epoch, highest_time FROM ledger";
    let found = tx.query_row(facts, [], |row| {
        Ok(LedgerRow {
            epoch: row.get(1)?,
            highest_time: row.get(2)?,
            ..LedgerRow::new(&row.get::<_, String>(0)?, 0)
        })
    });
    // One that no process took yet holds nothing.
    let Some(mut row) = found.optional()? else {
        return Ok(());
    };
    seal_files(tx)?;
    tell_again(tx, &mut row)?;
    tell_requests(tx, &mut row)?;
    for campaign in numbers(tx, "SELECT campaign FROM campaign ORDER BY campaign")? {
        let mark = campaign_mark(tx, campaign)?;
        let entry = entry(&row, campaign, None, mark);
        entry.append(&Statements::on(tx), &mut row)?;
    }
    row.write(tx)
}

fn seal_files(tx: &Connection) -> rusqlite::Result<()> {
    let sql = format!(
        "SELECT bill, {FROZEN} FROM bill WHERE bill BETWEEN
           (SELECT first_bill FROM file WHERE file = ?1)
           AND (SELECT last_bill FROM file WHERE file = ?1) ORDER BY bill"
    );
    let mut keep = tx.prepare("UPDATE bill SET seal = ?2 WHERE bill = ?1")?;
    for file in numbers(tx, "SELECT file FROM file ORDER BY file")? {
        let mut seal = FileSeal::begin();
        let mut bills = tx.prepare_cached(&sql)?;
        let mut rows = bills.query([file])?;
        while let Some(row) = rows.next()? {
            let hash = frozen(row, 1)?;
            keep.execute((row.get::<_, i64>(0)?, short(&hash)))?;
            seal.add(&hash);
        }
        tx.execute(
            "UPDATE file SET seal = ?2 WHERE file = ?1",
            (file, seal.hash()),
        )?;
    }
    Ok(())
}

/// Every row of the old journal, in its order. Only the last mark of a bill is ever compared, so
/// that earlier rows may have today's too.
fn tell_again(tx: &Connection, ledger: &mut LedgerRow) -> rusqlite::Result<()> {
    let sql = "SELECT at, epoch, campaign, bill, attempt, event, state_from, state_to, note
         FROM old_journal ORDER BY seq";
    let mut open = HashSet::new();
    let mut statement = tx.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (campaign, bill): (i64, Option<i64>) = (row.get(2)?, row.get(3)?);
        let attempt: Option<i64> = row.get(4)?;
        let told = match attempt {
            Some(attempt) if open.remove(&attempt) => Some(told(tx, attempt)?.1),
            Some(attempt) => {
                open.insert(attempt);
                Some(told(tx, attempt)?.0)
            }
            None => None,
        };
        let (from, to): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
        let (event, note): (String, Option<String>) = (row.get(5)?, row.get(8)?);
        let entry = Entry {
            at: row.get(0)?,
            epoch: row.get(1)?,
            campaign,
            bill,
            told: told.flatten(),
            event: &event,
            states: from.as_deref().zip(to.as_deref()),
            note: note.as_deref(),
            mark: mark(tx, bill, campaign)?,
        };
        entry.append(&Statements::on(tx), ledger)?;
    }
    Ok(())
}

/// Requests whose begin or end moved no bill had no row.
fn tell_requests(tx: &Connection, ledger: &mut LedgerRow) -> rusqlite::Result<()> {
    tx.execute_batch(
        "CREATE TEMP TABLE told (attempt INTEGER PRIMARY KEY, times INTEGER NOT NULL);
         INSERT INTO temp.told SELECT attempt, count(*) FROM old_journal
           WHERE attempt IS NOT NULL GROUP BY attempt;",
    )?;
    let sql = "SELECT attempt.attempt, attempt.bill, coalesce(bill.campaign,
             (SELECT min(campaign) FROM campaign)), coalesce(times, 0), ended_at IS NOT NULL
         FROM attempt LEFT JOIN bill USING (bill) LEFT JOIN temp.told USING (attempt)
         WHERE coalesce(times, 0) < 1 + (ended_at IS NOT NULL) ORDER BY attempt.attempt";
    let mut statement = tx.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (attempt, bill, campaign): (i64, Option<i64>, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let (times, is_ended): (i64, bool) = (row.get(3)?, row.get(4)?);
        let (begun, ended) = told(tx, attempt)?;
        let missing = [begun.filter(|_| times == 0), ended.filter(|_| is_ended)];
        let mark = mark(tx, bill, campaign)?;
        let state = match bill {
            Some(bill) => Some(tx.query_row(
                "SELECT state FROM bill WHERE bill = ?1",
                [bill],
                |row| row.get::<_, String>(0),
            )?),
            None => None,
        };
        for told in missing.into_iter().flatten() {
            let states = state.as_deref().map(|state| (state, state));
            let entry = Entry {
                bill,
                told: Some(told),
                states,
                ..entry(ledger, campaign, bill, mark)
            };
            entry.append(&Statements::on(tx), ledger)?;
        }
    }
    drop(rows);
    drop(statement);
    tx.execute_batch("DROP TABLE temp.told")
}

/// Tells, once for all campaigns, that the requests of later rows are marked with what they say.
pub(super) fn tell_bound(tx: &Connection) -> rusqlite::Result<()> {
    let Some(mut row) = LedgerRow::read(tx)? else {
        return Ok(());
    };
    let campaigns = numbers(
        tx,
        "SELECT campaign FROM campaign ORDER BY campaign LIMIT 1",
    )?;
    for campaign in campaigns {
        let mark = campaign_mark(tx, campaign)?;
        let entry = Entry {
            note: Some(BOUND),
            ..entry(&row, campaign, None, mark)
        };
        entry.append(&Statements::on(tx), &mut row)?;
    }
    row.write(tx)
}

fn entry(ledger: &LedgerRow, campaign: i64, bill: Option<i64>, mark: Mark) -> Entry<'static> {
    Entry {
        at: ledger.highest_time,
        epoch: ledger.epoch,
        campaign,
        bill,
        told: None,
        event: MIGRATED,
        states: None,
        note: None,
        mark,
    }
}

/// The journal's words on a request's begin and, if it ended, on its end.
fn told(
    tx: &Connection,
    attempt: i64,
) -> rusqlite::Result<(Option<RequestMark>, Option<RequestMark>)> {
    let sql = "SELECT bill, action, committed_at, ended_at, answer, err_code, err_code_des
         FROM attempt WHERE attempt = ?1";
    tx.prepare_cached(sql)?.query_row([attempt], |row| {
        let action: String = row.get(1)?;
        let bill: Option<i64> = row.get(0)?;
        let said = bill.map(|bill| said(tx, bill)).transpose()?;
        let begun = RequestMark::begun(attempt, (bill, said.as_ref()), &action, row.get(2)?);
        let words: [Option<String>; 3] = [row.get(4)?, row.get(5)?, row.get(6)?];
        let words = words.each_ref().map(Option::as_deref);
        let ended_at: Option<i64> = row.get(3)?;
        let ended = ended_at.map(|at| RequestMark::ended(attempt, at, words));
        Ok((Some(begun), ended))
    })
}

/// The content of a request about the bill today: the old one's was not kept.
fn said(tx: &Connection, bill: i64) -> rusqlite::Result<RequestSeal> {
    let found = packet_said(tx, bill)?;
    let (campaign, packet) = found.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let terms = campaign_terms(tx, campaign)?;
    Ok(RequestSeal { packet, terms })
}

/// The mark of a row's subject now.
fn mark(tx: &Connection, bill: Option<i64>, campaign: i64) -> rusqlite::Result<Mark> {
    match bill {
        Some(bill) => bill_mark(tx, bill),
        None => campaign_mark(tx, campaign),
    }
}

fn numbers(tx: &Connection, sql: &str) -> rusqlite::Result<Vec<i64>> {
    tx.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}
