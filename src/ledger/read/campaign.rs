//! A campaign's own row.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::domain::ids::{CampaignId, MchBillno, RowKey};
use crate::domain::money::Fen;
use crate::domain::packet::Texts;
use crate::domain::terms::Terms;
use crate::ledger::bill::number::Numbers;
use crate::ledger::columns::fen;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::LedgerRow;
use crate::ledger::open::owner::{COPY_EPOCH, Owner};
use crate::ledger::open::reader::Reader;

/// A campaign as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRow {
    pub(in crate::ledger) campaign: i64,
    /// Its name.
    pub id: String,
    /// The paying merchant.
    pub mch_id: String,
    /// Under which mini-program.
    pub wxappid: String,
    /// The frozen texts.
    pub texts: Texts,
    /// Whether its files name their packets.
    pub has_row_key: bool,
    /// Packets loaded and not taken back.
    pub rows: u64,
    /// Money loaded and not taken back.
    pub total: Fen,
    /// Whether WeChat Pay was asked about its numbers.
    pub is_checked: bool,
    /// Why it sends nothing, if it does not.
    pub pause: Option<Pause>,
    /// When a daily limit of the merchant ends.
    pub deferred_until: Option<i64>,
    /// A person said that the clock is right whatever replies say.
    pub is_clock_right: bool,
    /// Proofs that a later sighting broke.
    pub breaks: u64,
}

impl Owner {
    /// All money of the campaign: loaded, and not taken back.
    ///
    /// # Errors
    /// Where the campaign was never loaded, or the ledger cannot be read.
    pub fn campaign_total(&self, id: &CampaignId) -> Result<Fen, LedgerError> {
        let row = self.read(|conn| read_campaign(conn, id.as_str()))?;
        row.map(|row| row.total)
            .ok_or_else(|| LedgerError::NoCampaign(id.to_string()))
    }

    pub(in crate::ledger) fn reader_row(
        &self,
        terms: &Terms,
    ) -> Result<Option<CampaignRow>, LedgerError> {
        self.read(|conn| read_campaign(conn, terms.id.as_str()))
    }
}

impl Reader {
    /// The campaign of that name; `None` if nothing was ever loaded into it.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn campaign(&self, id: &CampaignId) -> Result<Option<CampaignRow>, LedgerError> {
        self.read(|conn| read_campaign(conn, id.as_str()))
    }

    /// Every campaign of the ledger, by name.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn campaigns(&self) -> Result<Vec<CampaignRow>, LedgerError> {
        self.read(|conn| {
            let mut statement = conn.prepare(&format!("{CAMPAIGNS} ORDER BY id"))?;
            statement.query_map([], campaign_row)?.collect()
        })
    }

    /// `simulator` or `live`, as the ledger was made; and whether no process ever took it: a
    /// backup.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn nature(&self) -> Result<(String, bool), LedgerError> {
        let row = self.read(LedgerRow::read)?;
        Ok(row.map_or_else(Default::default, |row| (row.mode, row.epoch == COPY_EPOCH)))
    }
}

/// Every campaign, with its packets that were taken back left out.
const CAMPAIGNS: &str = "SELECT campaign.campaign, mch_id, wxappid, act_name, send_name, wishing,
       remark, scene_id, has_row_key, loaded_rows - coalesce(withdrawn.count, 0),
       loaded_fen - coalesce(withdrawn.fen, 0), numbers_checked_at IS NOT NULL, paused_at,
       paused_by IS 'halt', paused_because, deferred_until, is_clock_right, breaks, id
     FROM campaign LEFT JOIN tally AS withdrawn
       ON withdrawn.campaign = campaign.campaign AND state = 'withdrawn'";

fn read_campaign(conn: &Connection, id: &str) -> rusqlite::Result<Option<CampaignRow>> {
    conn.prepare_cached(&format!("{CAMPAIGNS} WHERE id = ?1"))?
        .query_row([id], campaign_row)
        .optional()
}

fn campaign_row(row: &Row<'_>) -> rusqlite::Result<CampaignRow> {
    let paused_at: Option<i64> = row.get(12)?;
    let pause = match paused_at {
        Some(at) => Some(Pause {
            at,
            is_halt: row.get(13)?,
            because: row.get(14)?,
        }),
        None => None,
    };
    Ok(CampaignRow {
        campaign: row.get(0)?,
        mch_id: row.get(1)?,
        wxappid: row.get(2)?,
        texts: Texts {
            act_name: row.get(3)?,
            send_name: row.get(4)?,
            wishing: row.get(5)?,
            remark: row.get(6)?,
            scene_id: row.get(7)?,
        },
        has_row_key: row.get(8)?,
        rows: row.get(9)?,
        total: fen(row, 10)?,
        is_checked: row.get(11)?,
        pause,
        deferred_until: row.get(15)?,
        is_clock_right: row.get(16)?,
        breaks: row.get(17)?,
        id: row.get(18)?,
    })
}

/// Why a campaign sends nothing for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Since when.
    pub at: i64,
    /// Whether the runner halted; otherwise a person paused it.
    pub is_halt: bool,
    /// In words.
    pub because: String,
}

impl CampaignRow {
    /// The same at that time: a limit of a day that is over holds nothing back.
    #[must_use]
    pub fn as_of(&self, now: i64) -> CampaignRow {
        CampaignRow {
            deferred_until: self.deferred_until.filter(|until| *until > now),
            ..self.clone()
        }
    }

    /// A number of the packet with this row key; `None` where it cannot be one.
    #[must_use]
    pub fn number_of(&self, row_key: &str, generation: u32) -> Option<MchBillno> {
        let numbers = Numbers::of_row(&self.mch_id, &self.id).ok()?;
        Some(numbers.number(&RowKey::new(row_key).ok()?, generation))
    }
}
