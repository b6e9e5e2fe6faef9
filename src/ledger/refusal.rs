//! Why a recipients file is not loaded, and the search for the same list under another name.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::caps::CapFault;

/// Why a file that is right in itself may not be loaded; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadRefusal {
    /// Row keys came from elsewhere before.
    #[error(
        "campaign {campaign} was first loaded {} a row_key column, this file comes {} one; \
         the same people would be paid under new numbers. Load a file like the first",
        if *.had { "with" } else { "without" }, if *.had { "without" } else { "with" }
    )]
    KeySource {
        /// The campaign.
        campaign: String,
        /// Whether the first file had the column.
        had: bool,
    },
    /// People of the campaign under new row keys.
    #[error(
        "{count} openids of this file are already in the campaign under other row keys, the first \
         at line {line}; if they are to be paid again, load with --allow-repeats {count}"
    )]
    Repeats {
        /// How many.
        count: u64,
        /// The first one's line.
        line: u64,
    },
    /// The same list under another campaign.
    #[error(
        "this {what} is already loaded under campaign {campaign}; if the same people are to be \
         paid again, repeat the command with --pay-again {campaign}"
    )]
    OtherCampaign {
        /// What is the same.
        what: &'static str,
        /// The earlier campaign.
        campaign: String,
    },
    /// People who were paid too lately.
    #[error(
        "{count} openids of this file were paid within the last {days} days (once_per_days), the \
         first at line {line}; take them out, or lower once_per_days under [caps]"
    )]
    PaidLately {
        /// How many rows.
        count: u64,
        /// The first one's line.
        line: u64,
        /// `caps.once_per_days`.
        days: u32,
    },
    /// Above the budget.
    #[error("{0}; raise campaign.budget_yuan or shorten the file")]
    Budget(CapFault),
}

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
        let what = if is_same_file {
            "file"
        } else {
            "list of openids and amounts"
        };
        Ok(LoadRefusal::OtherCampaign {
            what,
            campaign: row.get(0)?,
        })
    })
    .optional()
}
