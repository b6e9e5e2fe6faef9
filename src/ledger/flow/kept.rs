//! Matches on record: what was given, what it came to, and the breaks.

use std::collections::BTreeMap;

use jiff::Unit;
use jiff::civil::{Date, date};
use rusqlite::types::Type;
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};

use super::explained::explained;
use super::scratch::FlowBreak;
use crate::domain::caps::begin_of;
use crate::domain::flow::breaks::BreakKind;
use crate::domain::money::Fen;
use crate::ledger::columns::fen;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// A bill that was given, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GivenBill {
    /// The file, or the account that was fetched.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal; empty where there was no bill of the day.
    pub sha256: String,
    /// Its rows.
    pub rows: u64,
    /// The first and the last Beijing day it tells of, as `2026-11-23`.
    pub days: Option<(String, String)>,
    /// Whether its summary agreed; an export may have none.
    pub is_checked: bool,
    /// The account, where it was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// A person said that it is all there is of its days, with those given beside it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_instead: bool,
    /// From the time of its first row to that of its last, in milliseconds of the Unix epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<(i64, i64)>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "as the serializer calls it"
)]
fn is_false(value: &bool) -> bool {
    !value
}

impl GivenBill {
    /// The days that it tells of, since 1970.
    pub(super) fn day_numbers(&self) -> Option<(i64, i64)> {
        let (first, last) = self.days.as_ref()?;
        Some((day_number(first)?, day_number(last)?))
    }

    /// Whether nothing is missing in it: its summary agreed, or WeChat Pay says that there is none,
    /// for nothing moved.
    pub(super) fn is_whole(&self) -> bool {
        self.is_checked || self.rows == 0 && self.sha256.is_empty()
    }

    /// Whether it tells of this time: a fetched one of its whole day, a file from its first row to
    /// its last.
    pub(super) fn tells_of(&self, at: i64) -> bool {
        let of_day = |day| (begin_of(day), begin_of(day + 1));
        let span = self.fetched_day().map(of_day).or(self.span);
        span.is_some_and(|(first, last)| (first..=last).contains(&at))
    }

    /// The day that it was fetched for.
    pub(super) fn fetched_day(&self) -> Option<i64> {
        let (day, _) = self.day_numbers().filter(|_| self.account.is_some())?;
        Some(day)
    }
}

/// Day 0.
const EPOCH: Date = date(1970, 1, 1);

/// The Beijing day since 1970 of a date as it is kept.
pub(super) fn day_number(date: &str) -> Option<i64> {
    let date: Date = date.parse().ok()?;
    let days = date.since((Unit::Day, EPOCH)).ok()?;
    Some(days.get_days().into())
}

/// A match with all bills given so far, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowMatch {
    /// Its row.
    pub flow_match: i64,
    /// Its campaign's.
    pub campaign: i64,
    /// When it was made.
    pub at: i64,
    /// The bills that were given then.
    pub bills: Vec<GivenBill>,
    /// The Beijing days that the bills cover, as `2026-11-23`.
    pub days: Vec<String>,
    /// Packets that agree to the fen.
    pub matched: u64,
    /// Their money.
    pub matched_fen: Fen,
    /// Paid packets of days without a bill.
    pub not_covered: u64,
    /// Packets in doubt that the bills call paid.
    pub in_doubt: u64,
    /// Rows of other business.
    pub foreign_rows: u64,
    /// Rows about other campaigns of the ledger.
    pub other_rows: u64,
    /// Breaks by their kind.
    pub breaks: BTreeMap<BreakKind, u64>,
    /// Rows about the campaign in the bills that were new then; `None`: from a version that kept
    /// none, and matched the bills of each command alone.
    pub kept_rows: Option<u64>,
}

impl Reader {
    /// The matches of a campaign, the oldest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn flow_matches(&self, campaign: &CampaignRow) -> Result<Vec<FlowMatch>, LedgerError> {
        self.read(|conn| FlowMatch::all(conn, campaign.campaign))
    }

    /// Gives each break that is kept of a match to `each`, the grave kinds first: of those that
    /// decide nothing at most ten thousand, however many there were.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or what `each` gives.
    pub fn flow_breaks<E: From<LedgerError>>(
        &self,
        of: &FlowMatch,
        mut each: impl FnMut(&FlowBreak) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |source| E::from(LedgerError::sqlite(&self.path, "reading")(source));
        let explained = explained(&self.conn, of.campaign).map_err(failed)?;
        let sql = "SELECT type, bill, mch_billno, send_listid, ledger_fen, bill_fen, booked_at,
               movements
             FROM flow_break WHERE flow_match = ?1 ORDER BY flow_break";
        let mut statement = self.conn.prepare(sql).map_err(failed)?;
        let mut rows = statement.query([of.flow_match]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let word: String = row.get(0).map_err(failed)?;
            let kind = BreakKind::named(&word).ok_or_else(|| failed(unreadable(0)))?;
            let mut found = FlowBreak::read(kind, row).map_err(failed)?;
            found.explained = explained.words(&found);
            each(&found)?;
        }
        Ok(())
    }
}

impl FlowMatch {
    /// Whether it has the newer word. It has where it was made with the rows of the earlier one.
    /// One whose rows were not kept it must cover; and what that one said of money that the ledger
    /// does not account for falls only to the same bills, or where a person says that these are all
    /// that there is of their days.
    pub(super) fn replaces(&self, earlier: &FlowMatch) -> bool {
        if earlier.kept_rows.is_some() {
            return true;
        }
        let is_of_money = |kind: &BreakKind| kind.is_grave() || kind.is_of_unpaid();
        let is_light = !earlier.breaks.keys().any(is_of_money);
        let is_given = |bill: &GivenBill| self.bills.iter().any(|it| it.sha256 == bill.sha256);
        let is_same = earlier.bills.iter().all(is_given);
        let is_instead = |date: &String| {
            let tells = |bill: &GivenBill| {
                let day = day_number(date).zip(bill.day_numbers());
                day.is_some_and(|(day, (first, last))| (first..=last).contains(&day))
            };
            let mut instead = self.bills.iter().filter(|bill| bill.is_instead);
            instead.any(tells)
        };
        // Version 6 let whole bills with packets of the campaign have the newer word.
        let is_whole = self.kept_rows.is_none()
            && self.bills.iter().all(GivenBill::is_whole)
            && self.matched > 0;
        earlier.days.iter().all(|day| self.days.contains(day))
            && (is_light || is_whole || is_same || earlier.days.iter().all(is_instead))
    }

    pub(super) fn all(conn: &Connection, campaign: i64) -> rusqlite::Result<Vec<FlowMatch>> {
        let sql = "SELECT flow_match, at, bills, days, matched, matched_fen, not_covered, in_doubt,
             foreign_rows, other_rows, breaks, kept_rows, campaign
             FROM flow_match WHERE campaign = ?1
             ORDER BY flow_match";
        let mut statement = conn.prepare(sql)?;
        let rows = statement.query_map([campaign], FlowMatch::read)?;
        rows.collect()
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<FlowMatch> {
        let text = |index: usize| row.get::<_, String>(index);
        let kinds: BTreeMap<String, u64> = parsed(&text(10)?, 10)?;
        let kinds = kinds.into_iter().map(|(word, count)| {
            let kind = BreakKind::named(&word).ok_or_else(|| unreadable(10))?;
            Ok((kind, count))
        });
        Ok(FlowMatch {
            flow_match: row.get(0)?,
            campaign: row.get(12)?,
            at: row.get(1)?,
            bills: parsed(&text(2)?, 2)?,
            days: parsed(&text(3)?, 3)?,
            matched: row.get(4)?,
            matched_fen: fen(row, 5)?,
            not_covered: row.get(6)?,
            in_doubt: row.get(7)?,
            foreign_rows: row.get(8)?,
            other_rows: row.get(9)?,
            breaks: kinds.collect::<rusqlite::Result<_>>()?,
            kept_rows: row.get(11)?,
        })
    }
}

fn parsed<'a, T: Deserialize<'a>>(text: &'a str, index: usize) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|_| unreadable(index))
}

/// A value that this program did not write.
fn unreadable(index: usize) -> rusqlite::Error {
    let what = "not what a match has there".into();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, what)
}
