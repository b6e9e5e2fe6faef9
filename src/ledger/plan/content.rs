//! A campaign's payments as a whole: their digest, and counts.

use rusqlite::Connection;

use crate::domain::approval::Content;
use crate::domain::caps::Caps;
use crate::domain::money::Fen;
use crate::ledger::columns::{fen, to_sql};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::seal::{
    FROZEN, FROZEN_WIDTH, FileSeal, Hash, Sealing, campaign_terms, frozen,
};
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;
use crate::ledger::take::approved::Approved;

/// Counts and sums of the packets as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Packets of each amount that wait, the smallest first.
    pub amounts: Vec<(Fen, u64)>,
    /// Openids among those that wait.
    pub people: u64,
    /// Those of them with several packets.
    pub several: u64,
    /// The most packets of one.
    pub most: u64,
}

/// Of what is to be paid.
pub(super) struct Digests {
    /// Of everything.
    pub(super) whole: Hash,
    /// Of the campaign, its texts and caps.
    pub(super) terms: Hash,
    /// How many bills there are.
    bills: u64,
}

impl Reader {
    /// The payments, as an approver sees them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn content(&self, campaign: &CampaignRow, caps: &Caps) -> Result<Content, LedgerError> {
        self.read(|conn| Ok(digest(conn, campaign.campaign, caps)?.content(campaign)))
    }

    /// As [`Reader::content`], with the packets themselves, of the same moment.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn content_to_send(
        &self,
        campaign: &CampaignRow,
        caps: &Caps,
    ) -> Result<(Content, Approved), LedgerError> {
        self.read(|conn| {
            let moment = conn.unchecked_transaction()?;
            let mut approved = Approved::of(campaign_terms(&moment, campaign.campaign)?);
            let each = |bill, frozen: &Hash| approved.add(bill, frozen);
            let digests = digest_each(&moment, campaign.campaign, caps, Some(each))?;
            Ok((digests.content(campaign), approved))
        })
    }
}

impl Digests {
    fn content(&self, campaign: &CampaignRow) -> Content {
        Content {
            digest: self.whole,
            terms: self.terms,
            rows: campaign.rows,
            total: campaign.total,
            numbers: self.bills,
        }
    }
}

/// SHA-256 over the campaign, its frozen texts, the caps and, in the order of loading, every packet
/// that was not taken back; lines and foreign columns are not in it, so that a file of another
/// format has the same.
pub(super) fn digest(conn: &Connection, campaign: i64, caps: &Caps) -> rusqlite::Result<Digests> {
    digest_each(conn, campaign, caps, None::<fn(i64, &Hash)>)
}

/// As [`digest`]; gives each row, with all that is fixed about it, to `each`.
fn digest_each(
    conn: &Connection,
    campaign: i64,
    caps: &Caps,
    mut each: Option<impl FnMut(i64, &Hash)>,
) -> rusqlite::Result<Digests> {
    let mut head = Sealing::of("plan");
    head.int(Some(to_sql(caps.max_packet)))
        .int(Some(caps.openid_packets.into()))
        .int(Some(to_sql(caps.openid_fen)))
        .int(Some(to_sql(caps.merchant_fen)))
        .int(Some(caps.once_per_days.into()));
    let own = "SELECT id, mch_id, wxappid, act_name, send_name, wishing, remark, scene_id
         FROM campaign WHERE campaign = ?1";
    conn.query_row(own, [campaign], |row| head.columns(row, 0, 8).map(drop))?;
    let (terms, mut all, mut bills) = (head.hash(), FileSeal::begin(), 0);
    all.add(&terms);
    // From row key to scene, of what is fixed.
    let rows = format!(
        "SELECT bill, {FROZEN}, state = 'withdrawn' FROM bill WHERE campaign = ?1 ORDER BY bill"
    );
    let mut statement = conn.prepare(&rows)?;
    let mut rows = statement.query([campaign])?;
    while let Some(row) = rows.next()? {
        let is_owed = !row.get::<_, bool>(1 + FROZEN_WIDTH)?;
        if is_owed {
            all.add(&Sealing::of("row").columns(row, 2, 8)?.hash());
            bills += 1;
        }
        if let Some(each) = &mut each {
            each(row.get(0)?, &frozen(row, 1)?);
        }
    }
    let whole = all.hash();
    Ok(Digests {
        whole,
        terms,
        bills,
    })
}

/// Counts and sums of the packets that wait.
pub(super) fn facts(conn: &Connection, campaign: i64) -> rusqlite::Result<Facts> {
    let amounts = "SELECT amount_fen, count(*) FROM bill WHERE campaign = ?1 AND state = 'ready'
         GROUP BY amount_fen ORDER BY amount_fen";
    let people = "SELECT count(*), count(*) FILTER (WHERE packets > 1), coalesce(max(packets), 0)
         FROM (SELECT count(*) AS packets FROM bill WHERE campaign = ?1 AND state = 'ready'
           GROUP BY openid)";
    let amounts: Vec<(Fen, u64)> = conn
        .prepare(amounts)?
        .query_map([campaign], |row| Ok((fen(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    conn.query_row(people, [campaign], |row| {
        Ok(Facts {
            amounts,
            people: row.get(0)?,
            several: row.get(1)?,
            most: row.get(2)?,
        })
    })
}
