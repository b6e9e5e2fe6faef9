//! The packets that were approved, held by the process that sends them. Between the look at an
//! approval and a send, somebody who can write to the ledger may change a packet and its seal, so
//! each is compared again, with the row that its request is made of, in the transaction that makes
//! it.
//!
//! Kept is one digest of each few hundred rows, so that memory hardly grows with the campaign. Rows
//! that are read again are kept for their neighbours, which are mostly taken next.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest as _, Sha256};

use crate::ledger::bill::advance::Key;
use crate::ledger::bill::candidate::Candidate;
use crate::ledger::bill::lineage::{Lineage, find};
use crate::ledger::fault::Altered;
use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, Hash, Sealing, frozen, packet_said};
use crate::words::ledger as words;

/// Rows that share a digest.
const SHARE: i64 = 256;
/// Shares whose rows are kept: packets are taken in their order, and what is taken again is of a
/// few of them.
const KEPT: usize = 32;

/// The approved packets, as they stood when the approval was checked.
#[derive(Debug, Default)]
pub struct Approved {
    /// The campaign's frozen terms.
    terms: Hash,
    shares: BTreeMap<i64, Share>,
    kept: Mutex<VecDeque<(i64, Rows)>>,
}

/// Rows of bills with what is fixed about each.
type Rows = Vec<(i64, Hash)>;

/// Some rows in their order.
#[derive(Debug)]
struct Share {
    sum: Sha256,
    last: i64,
}

impl Approved {
    /// Of a campaign, without a packet yet.
    pub(in crate::ledger) fn of(terms: Hash) -> Self {
        Approved {
            terms,
            ..Approved::default()
        }
    }

    /// The next packet, in the order of rows.
    pub(in crate::ledger) fn add(&mut self, bill: i64, frozen: &Hash) {
        let (sum, last) = (Sha256::new(), bill);
        let share = self
            .shares
            .entry(bill / SHARE)
            .or_insert(Share { sum, last });
        share.add(bill, frozen);
    }

    /// Refuses a packet that is not as it was approved, or under texts that are not.
    pub(super) fn check(
        &self,
        conn: &Connection,
        terms: &Hash,
        packet: &Candidate,
    ) -> rusqlite::Result<()> {
        let Key { bill, campaign, .. } = packet.key;
        let is_approved = self.terms == *terms
            && match self.row(conn, campaign, bill)? {
                Some(row) => row == packet.frozen,
                None => self.is_of_approved(conn, campaign, bill)?,
            };
        if is_approved {
            return Ok(());
        }
        Err(Altered(words::approved(packet.mch_billno.as_str())).into())
    }

    /// The row as it was approved; `None` for one that was not there.
    fn row(&self, conn: &Connection, campaign: i64, bill: i64) -> rusqlite::Result<Option<Hash>> {
        let index = bill / SHARE;
        let Some(share) = self.shares.get(&index) else {
            return Ok(None);
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.iter().any(|(known, _)| *known == index) {
            let rows = share.read_again(conn, campaign, index)?;
            kept.truncate(KEPT - 1);
            kept.push_front((index, rows));
        }
        let rows = kept.iter().find(|(known, _)| *known == index);
        Ok(rows.and_then(|(_, rows)| {
            let place = rows.binary_search_by_key(&bill, |(row, _)| *row).ok()?;
            Some(rows[place].1)
        }))
    }

    /// Whether the bill is an approved packet under a later number that WeChat Pay turned out to
    /// know: all but the number is that of the packet's first bill, which was approved.
    fn is_of_approved(
        &self,
        conn: &Connection,
        campaign: i64,
        bill: i64,
    ) -> rusqlite::Result<bool> {
        let Some((own, number)) = but_number(conn, bill)? else {
            return Ok(false);
        };
        let lineage = Lineage::of(conn, bill)?;
        let first = find(conn, &lineage.first())?.filter(|first| *first != bill);
        let (Some(first), true) = (first, lineage.is_of(&number)) else {
            return Ok(false);
        };
        let is_same = but_number(conn, first)?.is_some_and(|(it, _)| it == own);
        let approved = self.row(conn, campaign, first)?;
        let today = packet_said(conn, first)?.map(|(_, frozen)| frozen);
        Ok(is_same && approved.is_some() && approved == today)
    }
}

impl Share {
    fn add(&mut self, bill: i64, frozen: &Hash) {
        self.sum.update(bill.to_be_bytes());
        self.sum.update(frozen);
        self.last = bill;
    }

    /// The rows that were approved, refused where any is not what it was.
    fn read_again(&self, conn: &Connection, campaign: i64, index: i64) -> rusqlite::Result<Rows> {
        let sql = format!(
            "SELECT bill, {FROZEN} FROM bill
             WHERE bill BETWEEN ?1 AND ?2 AND campaign = ?3 ORDER BY bill"
        );
        let first = index * SHARE;
        let rows: Rows = conn
            .prepare_cached(&sql)?
            .query_map((first, self.last, campaign), |row| {
                Ok((row.get(0)?, frozen(row, 1)?))
            })?
            .collect::<Result<_, _>>()?;
        let (sum, last) = (Sha256::new(), first);
        let mut share = Share { sum, last };
        for (bill, frozen) in &rows {
            share.add(*bill, frozen);
        }
        if share.sum.finalize() == self.sum.clone().finalize() {
            return Ok(rows);
        }
        Err(Altered(words::approved_rows(first.max(1), self.last)).into())
    }
}

/// A bill's frozen columns but for generation and number; and the number.
fn but_number(conn: &Connection, bill: i64) -> rusqlite::Result<Option<(Hash, String)>> {
    let sql = format!("SELECT {FROZEN} FROM bill WHERE bill = ?1");
    let read = |row: &Row<'_>| {
        let mut sealing = Sealing::of("but_number");
        let hash = sealing.columns(row, 0, FROZEN_WIDTH - 2)?.hash();
        Ok((hash, row.get(FROZEN_WIDTH - 1)?))
    };
    conn.prepare_cached(&sql)?
        .query_row([bill], read)
        .optional()
}
