//! Reading the ledger, on connections of its own, beside a running writer.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row};

use super::campaign::CampaignRow;
use super::chain::Head;
use super::day::UNSENT;
use super::fault::LedgerError;
use super::home::check_home;
use super::lock::Hold;
use super::migrate;
use super::names::{check_names, real};
use super::owner::{Owner, open_file};
use super::page::{self, Page};
use super::refusal::{LoadRefusal, find_twin};
use super::schema;
use crate::domain::ids::CampaignId;

/// A connection that reads.
#[derive(Debug)]
pub struct Reader {
    pub(super) conn: Connection,
    pub(super) path: PathBuf,
    /// Of the owner that opened it.
    #[expect(dead_code, reason = "it is dropped, after the connection")]
    pub(super) hold: Option<Hold>,
}

/// A recipients file that was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its row in the ledger.
    pub file: i64,
    /// Of its bytes.
    pub sha256: [u8; 32],
    /// Names of its columns kept for the reports.
    pub extra: Vec<String>,
}

impl Reader {
    /// Opens the ledger to read; `None` where there is none yet. One of an older version is moved
    /// to this one first.
    ///
    /// # Errors
    /// Where there is a file that is not this program's.
    pub fn open(path: &Path) -> Result<Option<Reader>, LedgerError> {
        if !path.exists() {
            return Ok(None);
        }
        let path = real(path);
        let found = std::fs::metadata(&path).map_err(LedgerError::file(&path))?;
        check_names(&path, &found)?;
        let mut conn = open_file(&path)?;
        // A file that its first run has not finished creating holds nothing to read yet.
        match migrate::check_version(&conn, &path)? {
            0 => return Ok(None),
            migrate::VERSION => {}
            _ => {
                // The lock of the ledger itself is taken before SQLite opens it.
                drop(conn);
                Owner::migrate(&path)?;
                conn = open_file(&path)?;
            }
        }
        let hold = None;
        Ok(Some(Reader { conn, path, hold }))
    }

    /// Reads.
    pub(super) fn ask<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        read(&self.conn).map_err(LedgerError::sqlite(&self.path, "reading"))
    }

    /// Changes something that needs no lock, in a transaction.
    pub(super) fn change(
        &self,
        doing: &'static str,
        write: impl FnOnce(&Page<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), LedgerError> {
        check_home(&self.conn, &self.path)?;
        let checked = |page: &Page<'_>| {
            schema::check(page)?;
            write(page)
        };
        page::write(&self.conn, checked).map_err(LedgerError::sqlite(&self.path, doing))
    }

    /// Where the journal ends.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn head(&self) -> Result<Head, LedgerError> {
        let sql = "SELECT entries, head FROM ledger";
        self.ask(|conn| {
            conn.query_row(sql, [], |row| {
                Ok(Head {
                    entries: row.get(0)?,
                    hash: row.get(1)?,
                })
            })
        })
    }

    /// When the next step of the campaign is due by itself: first sends, resends or queries. Where
    /// a limit of this run is reached, nothing counts that would be a first send.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn next_due(
        &self,
        id: &CampaignId,
        is_bound_reached: bool,
    ) -> Result<Option<i64>, LedgerError> {
        // Behind what is untried there may be none left, which the next take finds out.
        let sql = format!(
            "SELECT deferred_until,
               (SELECT min(0) FROM file
                WHERE file.campaign = campaign.campaign AND untried_from <= last_bill),
               (SELECT min(due) FROM bill
                WHERE bill.campaign = campaign.campaign AND next_action = 'send' AND due > 0),
               (SELECT min(due) FROM bill
                WHERE bill.campaign = campaign.campaign AND next_action = 'resend' AND due > 0
                  AND NOT (?2 AND {UNSENT})),
               (SELECT min(due) FROM bill
                WHERE bill.campaign = campaign.campaign AND next_action = 'query' AND due > 0)
             FROM campaign WHERE id = ?1"
        );
        let due = |row: &Row<'_>| {
            let deferred_until: Option<i64> = row.get(0)?;
            let firsts: [Option<i64>; 2] = [row.get(1)?, row.get(2)?];
            let others: [Option<i64>; 2] = [row.get(3)?, row.get(4)?];
            let first = firsts.into_iter().flatten().min();
            let first = first.filter(|_| !is_bound_reached);
            let first = first.map(|due| due.max(deferred_until.unwrap_or(0)));
            Ok(others.into_iter().flatten().chain(first).min())
        };
        self.ask(|conn| {
            let mut statement = conn.prepare_cached(&sql)?;
            let found = statement.query_row((id.as_str(), is_bound_reached), due);
            Ok(found.optional()?.flatten())
        })
    }

    /// Another campaign than `id` that the same file, or the same list, was loaded under.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn twin(
        &self,
        id: &CampaignId,
        sha256: [u8; 32],
        people: [u8; 32],
    ) -> Result<Option<LoadRefusal>, LedgerError> {
        self.ask(|conn| find_twin(conn, id.as_str(), None, (sha256, people)))
    }

    /// The files loaded into the campaign, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn files(&self, campaign: &CampaignRow) -> Result<Vec<FileRow>, LedgerError> {
        let sql = "SELECT file, sha256, extra FROM file WHERE campaign = ?1 ORDER BY file";
        self.ask(|conn| {
            conn.prepare(sql)?
                .query_map([campaign.campaign], |row| {
                    let extra: String = row.get(2)?;
                    let extra = serde_json::from_str(&extra).unwrap_or_default();
                    Ok(FileRow {
                        file: row.get(0)?,
                        sha256: row.get(1)?,
                        extra,
                    })
                })?
                .collect()
        })
    }
}
