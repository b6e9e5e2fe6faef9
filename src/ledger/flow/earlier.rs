//! The bills given before, as far as matches keep their rows.

use std::collections::HashSet;

use rusqlite::Connection;

use super::kept::{FlowMatch, GivenBill, day_number};
use crate::domain::flow::breaks::BreakKind;
use crate::domain::flow::covered::CoveredDays;

/// Matches with bills whose rows are kept.
pub(super) struct EarlierBills {
    /// The oldest first.
    pub(super) matches: Vec<FlowMatch>,
    /// The days that their bills cover.
    pub(super) days: CoveredDays,
    /// The breaks that the last match kept, by kind and number.
    kept: HashSet<(BreakKind, String)>,
    /// It had more than it kept.
    has_more: bool,
}

impl EarlierBills {
    pub(super) fn of(conn: &Connection, campaign: i64) -> rusqlite::Result<EarlierBills> {
        let mut matches = FlowMatch::all(conn, campaign)?;
        matches.retain(|it| it.kept_rows.is_some() && !planted!(EarlierBillsForgotten));
        let (mut days, mut kept) = (CoveredDays::default(), HashSet::new());
        let (mut total, mut count) = (0_u64, 0_u64);
        if let Some(last) = matches.last() {
            let numbers = last.days.iter().filter_map(|date| day_number(date));
            numbers.for_each(|day| days.add(day));
            let sql = "SELECT type, coalesce(mch_billno, bill) FROM flow_break
                 WHERE flow_match = ?1";
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query([last.flow_match])?;
            while let Some(row) = rows.next()? {
                count += 1;
                let kind = BreakKind::named(row.get_ref(0)?.as_str()?);
                kept.extend(
                    kind.map(|kind| row.get(1).map(|name| (kind, name)))
                        .transpose()?,
                );
            }
            total = last.breaks.values().sum();
        }
        let has_more = total > count;
        Ok(EarlierBills {
            matches,
            days,
            kept,
            has_more,
        })
    }

    /// Whether the last match found this break already, as far as is kept.
    pub(super) fn had(&self, kind: BreakKind, name: &str) -> bool {
        self.has_more || self.kept.contains(&(kind, name.to_owned()))
    }

    /// Their bills, each once, but for those that are `given` again.
    pub(super) fn bills(&self, given: &[GivenBill]) -> Vec<GivenBill> {
        let again = given.iter().map(|bill| bill.sha256.as_str());
        let mut told: HashSet<&str> = again.filter(|sha256| !sha256.is_empty()).collect();
        let all = self.matches.iter().flat_map(|it| &it.bills);
        let new = all.filter(|bill| bill.sha256.is_empty() || told.insert(&bill.sha256));
        new.cloned().collect()
    }

    /// Whether this bill was given before.
    pub(super) fn has(&self, bill: &GivenBill) -> bool {
        let mut all = self.matches.iter().flat_map(|it| &it.bills);
        all.any(|it| it.sha256 == bill.sha256)
    }
}
