//! Packets with their bills, and what happened to a bill, as reports and `show` tell it.

use rusqlite::{Row, params};

use super::campaign::CampaignRow;
use super::columns::{fen, state};
use super::fault::LedgerError;
use super::query::Reader;
use crate::domain::money::Fen;
use crate::domain::state::State;

/// A packet with its live bill, as reports show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// The bill's row in the ledger.
    pub bill: i64,
    /// The file it came in.
    pub file: i64,
    /// What names it in the campaign.
    pub row_key: String,
    /// Who is paid.
    pub openid: String,
    /// How much.
    pub amount: Fen,
    /// Where the bill stands.
    pub state: State,
    /// Its number.
    pub mch_billno: String,
    /// Which number of the packet it is, from 1.
    pub generation: u32,
    /// WeChat Pay's number.
    pub send_listid: Option<String>,
    /// Sends.
    pub attempts: u32,
    /// Of the last answer that had one.
    pub err_code: Option<String>,
    /// Its text.
    pub err_code_des: Option<String>,
    /// When the first send was committed.
    pub first_sent_at: Option<i64>,
    /// When it reached a final state.
    pub settled_at: Option<i64>,
    /// Cells of the file's other columns.
    pub extra: Vec<String>,
}

/// One request about a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// `send` or `query`.
    pub action: String,
    /// When it became durable.
    pub committed_at: i64,
    /// When its answer was recorded.
    pub ended_at: Option<i64>,
    /// What it told.
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
    /// What happened.
    pub event: String,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: Option<String>,
    /// What else there is to say.
    pub note: Option<String>,
}

impl Reader {
    /// Gives every packet of the campaign to `each`, in the order of the file.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or what `each` gives.
    pub fn report<E: From<LedgerError>>(
        &self,
        campaign: &CampaignRow,
        mut each: impl FnMut(ReportRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |source| E::from(LedgerError::sqlite(&self.path, "reading")(source));
        let sql = format!("{REPORT} WHERE campaign = ?1 ORDER BY bill");
        let mut statement = self.conn.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([campaign.campaign]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(report_row(row).map_err(failed)?)?;
        }
        Ok(())
    }

    /// The packets that a bill number, row key or openid names, every bill of them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn find(&self, campaign: &CampaignRow, id: &str) -> Result<Vec<ReportRow>, LedgerError> {
        let named = |filter: &str, id: &str| {
            let sql = format!("{REPORT} WHERE campaign = ?1 AND {filter} ORDER BY bill");
            self.ask(|conn| {
                conn.prepare(&sql)?
                    .query_map(params![campaign.campaign, id], report_row)?
                    .collect::<rusqlite::Result<Vec<_>>>()
            })
        };
        let mut found = named("mch_billno = ?2", id)?;
        if let Some(number) = campaign.number_of(id) {
            found.extend(named("mch_billno = ?2", number.as_str())?);
        }
        if campaign.has_row_key {
            // Otherwise the openid is the row key. Looks at every row: openids have no index.
            found.extend(named("openid = ?2", id)?);
        }
        found.sort_by_key(|row| row.bill);
        found.dedup_by_key(|row| row.bill);
        Ok(found)
    }

    /// All requests about a bill, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn attempts(&self, bill: i64) -> Result<Vec<AttemptRow>, LedgerError> {
        let sql = "SELECT action, committed_at, ended_at, answer, err_code, err_code_des
             FROM attempt WHERE bill = ?1 ORDER BY attempt";
        self.ask(|conn| {
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

    /// All moves of a bill, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn journal(&self, bill: i64) -> Result<Vec<JournalRow>, LedgerError> {
        let sql = "SELECT at, event, state_from, state_to, note FROM journal
             WHERE bill = ?1 ORDER BY seq";
        self.ask(|conn| {
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

const REPORT: &str =
    "SELECT bill, file, row_key, openid, amount_fen, state, mch_billno, generation,
       send_listid, sends, err_code, err_code_des, first_sent_at, settled_at, extra
     FROM bill LEFT JOIN receipt USING (bill)";

fn report_row(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    let extra: Option<String> = row.get(14)?;
    let extra = extra
        .and_then(|extra| serde_json::from_str(&extra).ok())
        .unwrap_or_default();
    Ok(ReportRow {
        bill: row.get(0)?,
        file: row.get(1)?,
        row_key: row.get(2)?,
        openid: row.get(3)?,
        amount: fen(row, 4)?,
        state: state(row, 5)?,
        mch_billno: row.get(6)?,
        generation: row.get(7)?,
        send_listid: row.get(8)?,
        attempts: row.get(9)?,
        err_code: row.get(10)?,
        err_code_des: row.get(11)?,
        first_sent_at: row.get(12)?,
        settled_at: row.get(13)?,
        extra,
    })
}
