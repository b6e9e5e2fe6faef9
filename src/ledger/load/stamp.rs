//! Which recipients files a ledger knows, by their bytes and by what the file system says of them.

use rusqlite::params;

use crate::domain::ids::CampaignId;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::owner::Owner;

impl Owner {
    /// Whether the file system says of a file what it said of one when it was loaded into the
    /// campaign: then it is that file.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_stamp(&self, id: &CampaignId, stamp: &str) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM file JOIN campaign USING (campaign)
             WHERE campaign.id = ?1 AND stamp = ?2";
        self.read(|conn| conn.prepare(sql)?.exists(params![id.as_str(), stamp]))
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
        let sql = "SELECT 1 FROM file JOIN campaign USING (campaign)
             WHERE campaign.id = ?1 AND sha256 = ?2";
        self.read(|conn| conn.prepare(sql)?.exists(params![id.as_str(), sha256]))
    }
}
