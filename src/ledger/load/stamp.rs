//! Which recipients files a ledger knows, by their bytes and by what the file system says of them.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::ids::CampaignId;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::owner::Owner;
use crate::ledger::open::reader::Reader;

/// Facts of a file that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Of its bytes.
    pub sha256: [u8; 32],
    /// Names of the columns kept for the reports.
    pub extra: Vec<String>,
    /// Its stamp in the file system, if that tells it from a later version.
    pub stamp: Option<String>,
}

impl Owner {
    /// The file of which the file system said the same when it was loaded into the campaign: then
    /// it is that file.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn file_of_stamp(&self, id: &CampaignId, stamp: &str) -> Result<Option<i64>, LedgerError> {
        self.read(|conn| file_of_stamp(conn, id, stamp))
    }

    /// Keeps what the file system says now of a loaded file.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn keep_stamp(
        &self,
        id: &CampaignId,
        sha256: [u8; 32],
        stamp: &str,
    ) -> Result<(), LedgerError> {
        let sql = "SELECT campaign FROM campaign WHERE id = ?1";
        let keep = "UPDATE file SET stamp = ?3 WHERE sha256 = ?2 AND campaign = ?1";
        self.write("keeping a file's stamp", |tx| {
            let campaign: i64 = tx.query_row(sql, [id.as_str()], |row| row.get(0))?;
            tx.execute(keep, params![campaign, sha256, stamp])?;
            tx.note(campaign, "stamped", self.opened_at, None)
        })
    }

    /// The file with this hash that was loaded into the campaign.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn file_of(&self, id: &CampaignId, sha256: [u8; 32]) -> Result<Option<i64>, LedgerError> {
        self.read(|conn| file_of(conn, id, sha256))
    }
}

impl Reader {
    /// As [`Owner::file_of_stamp`].
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn file_of_stamp(&self, id: &CampaignId, stamp: &str) -> Result<Option<i64>, LedgerError> {
        self.read(|conn| file_of_stamp(conn, id, stamp))
    }

    /// As [`Owner::file_of`].
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn file_of(&self, id: &CampaignId, sha256: [u8; 32]) -> Result<Option<i64>, LedgerError> {
        self.read(|conn| file_of(conn, id, sha256))
    }
}

fn file_of_stamp(conn: &Connection, id: &CampaignId, stamp: &str) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT file FROM file JOIN campaign USING (campaign)
         WHERE campaign.id = ?1 AND stamp = ?2";
    let found = conn.query_row(sql, params![id.as_str(), stamp], |row| row.get(0));
    found.optional()
}

fn file_of(conn: &Connection, id: &CampaignId, sha256: [u8; 32]) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT file FROM file JOIN campaign USING (campaign)
         WHERE campaign.id = ?1 AND sha256 = ?2";
    let found = conn.query_row(sql, params![id.as_str(), sha256], |row| row.get(0));
    found.optional()
}
