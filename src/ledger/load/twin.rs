//! The same list under another name.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::ids::CampaignId;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;
use crate::ledger::refusal::LoadRefusal;

/// Another campaign with the same file or the same people and amounts.
pub(super) fn find_twin(
    conn: &Connection,
    id: &str,
    pay_again: Option<&str>,
    (sha256, people): ([u8; 32], [u8; 32]),
) -> rusqlite::Result<Option<LoadRefusal>> {
    let sql = "SELECT campaign.id, file.sha256 = ?1 FROM file JOIN campaign USING (campaign)
         WHERE (file.sha256 = ?1 OR file.people = ?2) AND campaign.id <> ?3
           AND campaign.id IS NOT ?4 ORDER BY file.file LIMIT 1";
    conn.query_row(sql, params![sha256, people, id, pay_again], |row| {
        let is_same_file: bool = row.get(1)?;
        Ok(LoadRefusal::OtherCampaign {
            is_same_file,
            campaign: row.get(0)?,
        })
    })
    .optional()
}

impl Reader {
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
        self.read(|conn| find_twin(conn, id.as_str(), None, (sha256, people)))
    }
}
