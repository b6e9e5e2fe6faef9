//! The same list under another name.

use rusqlite::{Connection, Row, params};

use crate::domain::met::Same;

/// The other campaigns with one of these files, by their bytes, or by their people and amounts.
pub(super) fn twins(
    conn: &Connection,
    id: &str,
    files: &[([u8; 32], [u8; 32])],
) -> rusqlite::Result<Vec<(String, Same)>> {
    let sql = "SELECT campaign.id, file.sha256 = ?1 FROM file JOIN campaign USING (campaign)
         WHERE (file.sha256 = ?1 OR file.people = ?2) AND campaign.id <> ?3
         ORDER BY file.sha256 = ?1 DESC, file.file";
    let mut statement = conn.prepare(sql)?;
    let mut twins: Vec<(String, Same)> = Vec::new();
    let twin = |row: &Row<'_>| {
        let is_same_file: bool = row.get(1)?;
        let same = if is_same_file {
            Same::File
        } else {
            Same::People
        };
        Ok((row.get(0)?, same))
    };
    for (sha256, people) in files {
        for twin in statement.query_map(params![sha256, people, id], twin)? {
            let twin = twin?;
            if twins.iter().all(|(known, _)| *known != twin.0) {
                twins.push(twin);
            }
        }
    }
    Ok(twins)
}
