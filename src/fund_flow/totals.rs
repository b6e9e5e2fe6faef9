//! The sums of a bill's rows, and its summary: two lines at its end, names and values. That they
//! agree is the cheapest proof of a whole file.

use super::fault::FlowCause;
use super::header::plain;
use super::value;
use crate::domain::caps::day_of;
use crate::domain::flow::row::{Direction, FlowRow};
use crate::domain::money::Fen;

const ROWS: &str = "资金流水总笔数";
const IN_COUNT: &str = "收入笔数";
const IN_SUM: &str = "收入金额";
const OUT_COUNT: &str = "支出笔数";
const OUT_SUM: &str = "支出金额";

/// The sums of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FlowTotals {
    /// How many there are.
    pub rows: u64,
    /// Rows of money that came in, and how much.
    pub came_in: (u64, Fen),
    /// Rows of money that went out, and how much.
    pub went_out: (u64, Fen),
    /// The times of the first and the last of them, in milliseconds of the Unix epoch.
    pub span: Option<(i64, i64)>,
    /// The first and the last Beijing day of them, since 1970. A day's bill may have a row of the
    /// next one's first second: that is no day of its own.
    pub days: Option<(i64, i64)>,
    /// Whether a summary agreed. An export may have none.
    pub is_checked: bool,
}

impl FlowTotals {
    /// Counts a row; `None` where sums grow beyond all money.
    pub(super) fn count(&mut self, row: &FlowRow) -> Option<()> {
        let (count, sum) = match row.direction {
            Direction::In => &mut self.came_in,
            Direction::Out => &mut self.went_out,
        };
        *sum = sum.checked_add(row.amount)?;
        *count += 1;
        self.rows += 1;
        let at = row.booked_at;
        let (first, last) = self.span.unwrap_or((at, at));
        let (first, last) = (first.min(at), last.max(at));
        self.span = Some((first, last));
        self.days = Some((day_of(first), day_of(first).max(day_of(last - 1))));
        Some(())
    }

    /// Compares the summary with what was counted.
    pub(super) fn check(&self, names: &[String], values: &[String]) -> Result<(), FlowCause> {
        let cell = |name: &'static str| {
            let at = names.iter().position(|it| plain(it).starts_with(name));
            let cell = at.and_then(|at| values.get(at));
            cell.map(String::as_str).ok_or(FlowCause::NoColumn(name))
        };
        if names.len() != values.len() {
            let (expected, found) = (names.len(), values.len());
            return Err(FlowCause::Cells { expected, found });
        }
        for (column, found) in [
            (ROWS, self.rows),
            (IN_COUNT, self.came_in.0),
            (OUT_COUNT, self.went_out.0),
        ] {
            let says = value::count(cell(column)?)?;
            if says != found {
                return Err(FlowCause::WrongCount {
                    column,
                    says,
                    found,
                });
            }
        }
        for (column, found) in [(IN_SUM, self.came_in.1), (OUT_SUM, self.went_out.1)] {
            let says = value::total(cell(column)?)?;
            if says != found {
                return Err(FlowCause::WrongSum {
                    column,
                    says,
                    found,
                });
            }
        }
        Ok(())
    }
}

/// Whether a line is the names of the summary.
pub(super) fn is_summary(cells: &[String]) -> bool {
    cells.first().is_some_and(|cell| plain(cell) == ROWS)
}
