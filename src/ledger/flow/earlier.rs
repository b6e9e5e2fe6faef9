//! The bills given before, as far as matches keep their rows.

use rusqlite::Connection;

use super::kept::{FlowMatch, GivenBill, day_number};
use crate::domain::flow::covered::CoveredDays;

/// Matches with bills whose rows are kept.
pub(super) struct EarlierBills {
    /// The oldest first.
    pub(super) matches: Vec<FlowMatch>,
    /// The days that their bills cover.
    pub(super) days: CoveredDays,
}

impl EarlierBills {
    pub(super) fn of(conn: &Connection, campaign: i64) -> rusqlite::Result<EarlierBills> {
        let mut matches = FlowMatch::all(conn, campaign)?;
        matches.retain(|it| it.kept_rows.is_some() && !planted!(EarlierBillsForgotten));
        let mut days = CoveredDays::default();
        let last = matches.last().map_or(&[][..], |last| &last.days);
        last.iter()
            .filter_map(|date| day_number(date))
            .for_each(|day| days.add(day));
        Ok(EarlierBills { matches, days })
    }

    /// Their bills, but for those that are `given` again.
    pub(super) fn bills(&self, given: &[GivenBill]) -> Vec<GivenBill> {
        let Some(last) = self.matches.last() else {
            return Vec::new();
        };
        let is_again = |bill: &GivenBill| {
            !bill.sha256.is_empty() && given.iter().any(|it| it.sha256 == bill.sha256)
        };
        let bills = last.bills.iter().filter(|bill| !is_again(bill)).cloned();
        let since = |bill: GivenBill| GivenBill {
            since: bill.since.or(Some(last.flow_match)),
            ..bill
        };
        bills.map(since).collect()
    }
}
