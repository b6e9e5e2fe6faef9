//! The numbers that a run asks about before its first send: of packets that this ledger never made
//! an attempt for, and the next ones of packets that are refused. One that WeChat Pay knows shows
//! that the ledger is behind.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};

use super::campaign::CampaignRow;
use crate::domain::ids::{MchBillno, Openid, RowKey};
use crate::ledger::bill::lineage::Lineage;
use crate::ledger::bill::number::Numbers;
use crate::ledger::bill::unasked::overtaken;
use crate::ledger::columns::{mch_billno, openid};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;

/// At a campaign's first run: the next in sending order, and as many spread over the rest.
const FIRST: usize = 6;
/// At every later one.
const LATER: usize = 3;

/// The first bill and the last of some that wait.
type Range = (i64, i64);

impl Reader {
    /// Numbers that were never sent, the next ones first. Before a campaign's first run each also
    /// as it would be without a column of row keys: a lost ledger may have had none. At later ones
    /// also those that refused packets would have next: in a ledger that went back unnoticed
    /// nothing else may tell that they were reissued and paid.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn unattempted_numbers(
        &self,
        campaign: &CampaignRow,
        now: i64,
    ) -> Result<Vec<MchBillno>, LedgerError> {
        let count = if campaign.is_checked { LATER } else { FIRST };
        let found = self.read(|conn| sample(conn, campaign.campaign, count))?;
        let is_keyed = campaign.has_row_key && !campaign.is_checked;
        let by_openid = |openid: &Openid| {
            let numbers = Numbers::of_row(&campaign.mch_id, &campaign.id).ok()?;
            let key = RowKey::new(openid.as_str()).ok().filter(|_| is_keyed)?;
            Some(numbers.number(&key, 1))
        };
        let mut numbers = Vec::new();
        for (number, openid) in found {
            let other = by_openid(&openid).filter(|other| *other != number);
            numbers.push(number);
            numbers.extend(other);
        }
        numbers.extend(self.read(|conn| after_refused(conn, campaign.campaign, now))?);
        Ok(numbers)
    }
}

/// The next numbers of some refused packets, spread over all of them.
fn after_refused(conn: &Connection, campaign: i64, now: i64) -> rusqlite::Result<Vec<MchBillno>> {
    if planted!(RefusedUnasked) {
        return Ok(Vec::new());
    }
    let all = overtaken(conn, campaign, now, "AND state = 'refused'")?;
    let last = i64::try_from(all.len()).unwrap_or(i64::MAX);
    spread(&[(1, last)], LATER)
        .into_iter()
        .filter_map(|place| all.get(usize::try_from(place - 1).ok()?))
        .map(|bill| Ok(Lineage::of(conn, *bill)?.next().0))
        .collect()
}

/// The next `count` bills that no attempt was ever made for, in sending order, and as many at even
/// distances over the rest.
fn sample(
    conn: &Connection,
    campaign: i64,
    count: usize,
) -> rusqlite::Result<Vec<(MchBillno, Openid)>> {
    let ranges = waiting(conn, campaign)?;
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for bill in places(&ranges) {
        if found.len() == count {
            break;
        }
        seen.insert(bill);
        found.extend(unattempted(conn, campaign, (bill, bill))?.map(|(_, packet)| packet));
    }
    for bill in spread(&ranges, count) {
        // In the place of one that was taken back stands the next one.
        let last = ranges
            .iter()
            .map(|(_, last)| *last)
            .find(|last| *last >= bill);
        let next = unattempted(conn, campaign, (bill, last.unwrap_or(bill)))?;
        found.extend(
            next.filter(|(bill, _)| seen.insert(*bill))
                .map(|(_, packet)| packet),
        );
    }
    Ok(found)
}

/// Bills that wait for their first send, in sending order: first those that were taken back and
/// came again, then those that were never taken up.
fn waiting(conn: &Connection, campaign: i64) -> rusqlite::Result<Vec<Range>> {
    let range = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let again = "SELECT bill, bill FROM bill
         WHERE campaign = ?1 AND next_action = 'send' AND due > 0 AND sends = 0
         ORDER BY due, bill";
    let untried = "SELECT max(first_bill, untried_from), last_bill FROM file
         WHERE campaign = ?1 AND untried_from <= last_bill ORDER BY file";
    let mut ranges = Vec::new();
    for sql in [again, untried] {
        let mut statement = conn.prepare(sql)?;
        for found in statement.query_map([campaign], range)? {
            ranges.push(found?);
        }
    }
    Ok(ranges)
}

/// The first bill of a range that no attempt was ever made for, or none that left this machine.
fn unattempted(
    conn: &Connection,
    campaign: i64,
    (first, last): Range,
) -> rusqlite::Result<Option<(i64, (MchBillno, Openid))>> {
    let sql = "SELECT bill, mch_billno, openid FROM bill
         WHERE bill BETWEEN ?1 AND ?2 AND campaign = ?3 AND state = 'ready' AND sends = 0
           AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill
             AND answer IS NOT 'not_sent')
         ORDER BY bill LIMIT 1";
    conn.prepare_cached(sql)?
        .query_row((first, last, campaign), |row| {
            Ok((row.get(0)?, (mch_billno(row, 1)?, openid(row, 2)?)))
        })
        .optional()
}

/// The bills of all ranges in their order.
fn places(ranges: &[Range]) -> impl Iterator<Item = i64> + '_ {
    ranges.iter().flat_map(|(first, last)| *first..=*last)
}

/// Up to `count` bills at even distances between the first and the last.
fn spread(ranges: &[Range], count: usize) -> Vec<i64> {
    let all: i64 = ranges.iter().map(|(first, last)| last - first + 1).sum();
    let chosen = i64::try_from(count).unwrap_or(i64::MAX).min(all);
    let gaps = (chosen - 1).max(1);
    let place = |step: i64| {
        let mut rest = (all - 1) / gaps * step + (all - 1) % gaps * step / gaps;
        ranges.iter().find_map(|(first, last)| {
            let inside = first + rest;
            rest -= last - first + 1;
            (inside <= *last).then_some(inside)
        })
    };
    (0..chosen).filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_spread_from_the_first_to_the_last_over_all_ranges() {
        let ranges = [(11, 20), (31, 40)];
        assert_eq!(spread(&ranges, 3), [11, 20, 40]);
        assert_eq!(spread(&ranges, 100).len(), 20);
        assert_eq!(spread(&ranges, 1), [11]);
        assert_eq!(spread(&[], 6), [0; 0]);
        assert_eq!(places(&ranges).take(12).last(), Some(32));
    }
}
