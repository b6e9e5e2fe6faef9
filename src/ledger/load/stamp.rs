//! Which recipients files a ledger knows, by their bytes and by what the file system says of them.

use rusqlite::{Connection, params};

use crate::domain::ids::CampaignId;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::owner::Owner;
use crate::ledger::open::reader::Reader;

impl Owner {
    /// Whether the file system says of a file what it said of one when it was loaded into the
    /// campaign: then it is that file.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_stamp(&self, id: &CampaignId, stamp: &str) -> Result<bool, LedgerError> {
        self.read(|conn| has_stamp(conn, id, stamp))
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

    /// Whether a file with this hash was loaded into the campaign.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_file(&self, id: &CampaignId, sha256: [u8; 32]) -> Result<bool, LedgerError> {
        self.read(|conn| has_file(conn, id, sha256))
    }
}

impl Reader {
    /// As [`Owner::has_stamp`].
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_stamp(&self, id: &CampaignId, stamp: &str) -> Result<bool, LedgerError> {
        self.read(|conn| has_stamp(conn, id, stamp))
    }

    /// As [`Owner::has_file`].
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_file(&self, id: &CampaignId, sha256: [u8; 32]) -> Result<bool, LedgerError> {
        self.read(|conn| has_file(conn, id, sha256))
    }
}

fn has_stamp(conn: &Connection, id: &CampaignId, stamp: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM file JOIN campaign USING (campaign)
         WHERE campaign.id = ?1 AND stamp = ?2";
    conn.prepare(sql)?.exists(params![id.as_str(), stamp])
}

fn has_file(conn: &Connection, id: &CampaignId, sha256: [u8; 32]) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM file JOIN campaign USING (campaign)
         WHERE campaign.id = ?1 AND sha256 = ?2";
    conn.prepare(sql)?.exists(params![id.as_str(), sha256])
}
