//! A campaign's payments as a whole: their digest, and counts.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use super::people::SeenPeople;
use super::row_seals::add_rows;
use crate::domain::approval::Content;
use crate::domain::caps::Caps;
use crate::domain::money::Fen;
use crate::ledger::columns::{fen, to_sql};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::file_seal::FileSeal;
use crate::ledger::journal::seal::{FROZEN, Hash, Sealing, campaign_terms, frozen};
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
    /// The most money of one.
    pub most_fen: Fen,
}

/// SHA-256 of what is to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    /// Of everything.
    pub whole: [u8; 32],
    /// Of the campaign, its texts and caps.
    terms: Hash,
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
            let digests = digest_each(&moment, campaign.campaign, (caps, FROZEN), |row| {
                approved.add(row.get(0)?, &frozen(row, FROZEN_FROM)?);
                Ok(())
            })?;
            Ok((digests.content(campaign), approved))
        })
    }
}

impl Digests {
    /// The payments of this campaign, as an approver sees them.
    #[must_use]
    pub fn content(&self, campaign: &CampaignRow) -> Content {
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
    digest_each(conn, campaign, (caps, PAID), |_| Ok(()))
}

/// As [`digest`], with counts and sums of the packets that wait.
pub(super) fn digest_and_facts(
    conn: &Connection,
    campaign: i64,
    caps: &Caps,
) -> rusqlite::Result<(Digests, Facts)> {
    let (mut amounts, mut people) = (BTreeMap::new(), SeenPeople::none());
    let digests = digest_each(conn, campaign, (caps, PAID), |row| {
        if row.get(IS_READY)? {
            let amount = fen(row, FROZEN_FROM + 3)?;
            *amounts.entry(amount).or_default() += 1;
            people.add(row.get_ref(FROZEN_FROM + 2)?.as_str()?, amount);
        }
        Ok(())
    })?;
    let people = people.count(conn, campaign)?;
    let facts = Facts {
        amounts: amounts.into_iter().collect(),
        people: people.people,
        several: people.several,
        most: people.most,
        most_fen: people.most_fen,
    };
    Ok((digests, facts))
}

/// What stands before the frozen columns of a row that [`digest_each`] reads.
const IS_WITHDRAWN: usize = 1;
const IS_READY: usize = 2;
const FROZEN_FROM: usize = 3;

/// The first of the [`FROZEN`] columns, up to the last one that says what is paid.
const PAID: &str = "line, row_key, openid, amount_fen, act_name, send_name, wishing, remark, \
     scene_id";
/// Where those stand that the digest holds: from row key to scene.
const DIGESTED: (usize, usize) = (FROZEN_FROM + 1, 8);

/// As [`digest`]; gives each row to `each`, with these of its frozen columns.
fn digest_each(
    conn: &Connection,
    campaign: i64,
    (caps, columns): (&Caps, &str),
    mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
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
    let (terms, mut all) = (head.hash(), FileSeal::begin());
    all.add(&terms);
    let rows = format!(
        "SELECT bill, state = 'withdrawn', state = 'ready', {columns} FROM bill
         WHERE campaign = ?1 ORDER BY bill"
    );
    let mut statement = conn.prepare(&rows)?;
    let mut rows = statement.query([campaign])?;
    let mut sealing = Sealing::of("row");
    let (all, bills) = add_rows(all, |owed| {
        let mut bills = 0;
        while let Some(row) = rows.next()? {
            let is_owed = !row.get::<_, bool>(IS_WITHDRAWN)?;
            if is_owed {
                sealing.begin("row");
                let (from, count) = DIGESTED;
                owed.add(sealing.columns(row, from, count)?);
                bills += 1;
            }
            each(row)?;
        }
        Ok(bills)
    })?;
    let whole = all.hash();
    Ok(Digests {
        whole,
        terms,
        bills,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both readings have the columns that the digest holds in the same places.
    #[test]
    fn what_says_who_is_paid_stands_first_among_the_frozen_columns() {
        let names = |columns: &'static str| columns.split(", ").map(str::trim);
        let mut frozen = names(FROZEN);
        assert!(names(PAID).all(|name| frozen.next() == Some(name)));
        let (from, count) = DIGESTED;
        let digested: Vec<&str> = names(PAID).skip(from - FROZEN_FROM).collect();
        assert_eq!((digested.len(), digested[0]), (count, "row_key"));
    }
}
