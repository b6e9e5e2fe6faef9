//! The recipients files of a campaign.

use super::campaign::CampaignRow;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;

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
    /// The files loaded into the campaign, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn files(&self, campaign: &CampaignRow) -> Result<Vec<FileRow>, LedgerError> {
        let sql = "SELECT file, sha256, extra FROM file WHERE campaign = ?1 ORDER BY file";
        self.read(|conn| {
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
