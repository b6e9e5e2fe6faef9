//! The story of one packet: its requests, and its part of the journal.

use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;

/// One request about a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// `send` or `query`.
    pub action: String,
    /// When it became durable.
    pub committed_at: i64,
    /// When its answer was recorded.
    pub ended_at: Option<i64>,
    /// Its answer.
    pub answer: Option<String>,
    /// In WeChat Pay's words.
    pub err_code: Option<String>,
    /// In WeChat Pay's words.
    pub err_code_des: Option<String>,
}

/// One move of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// When.
    pub at: i64,
    /// The event.
    pub event: String,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: Option<String>,
    /// The note, if there is one.
    pub note: Option<String>,
}

impl Reader {
    /// All requests about a bill, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn attempts(&self, bill: i64) -> Result<Vec<AttemptRow>, LedgerError> {
        let sql = "SELECT action, committed_at, ended_at, answer, err_code, err_code_des
             FROM attempt WHERE bill = ?1 ORDER BY attempt";
        self.read(|conn| {
            conn.prepare(sql)?
                .query_map([bill], |row| {
                    Ok(AttemptRow {
                        action: row.get(0)?,
                        committed_at: row.get(1)?,
                        ended_at: row.get(2)?,
                        answer: row.get(3)?,
                        err_code: row.get(4)?,
                        err_code_des: row.get(5)?,
                    })
                })?
                .collect()
        })
    }

    /// All moves of a bill and what else there is to say of it, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn journal(&self, bill: i64) -> Result<Vec<JournalRow>, LedgerError> {
        let sql = "SELECT at, event, state_from, state_to, note FROM journal
             WHERE bill = ?1 AND (state_from <> state_to OR note IS NOT NULL) ORDER BY seq";
        self.read(|conn| {
            conn.prepare(sql)?
                .query_map([bill], |row| {
                    Ok(JournalRow {
                        at: row.get(0)?,
                        event: row.get(1)?,
                        from: row.get(2)?,
                        to: row.get(3)?,
                        note: row.get(4)?,
                    })
                })?
                .collect()
        })
    }
}
