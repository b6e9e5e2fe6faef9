//! The total row that people leave below a list: checked against the sum, and paid to nobody.

use crate::domain::money::{Fen, MoneyFault};

use super::amount::{NoAmount, amount};
use super::cell::{CellKind, Row, half_width};
use super::header::{Header, Unit};
use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::faults::Fault;

const WORDS: &[&str] = &[
    "合计",
    "总计",
    "共计",
    "总额",
    "总金额",
    "合计金额",
    "total",
    "grandtotal",
];

/// Whether the row is a total: a cell says so, and the openid's is blank or the one that does.
pub(in crate::recipients) fn is_total(header: &Header, row: &Row) -> bool {
    let Some(openid) = row.cells.get(header.openid()) else {
        return false;
    };
    // An openid is longer than every word: this is all that a common row costs.
    if openid.len() >= 16 && openid.is_ascii() {
        return false;
    }
    let is_blank = openid.trim().is_empty();
    (is_blank && row.cells.iter().any(is_word)) || is_word(openid)
}

fn is_word(cell: &str) -> bool {
    let name: String = cell
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && *c != ':')
        .collect();
    WORDS.contains(&name.to_lowercase().as_str())
}

/// Says so where the row's amount is not `sum`.
pub(in crate::recipients) fn check(header: &Header, row: &Row, sum: Fen) -> Result<(), Fault> {
    let (index, unit) = header.amount();
    let cell = row.cells.get(index).unwrap_or("").trim();
    let fault = |cause| Fault::of_cell(header.layout.cell(row.line, index), cell, cause);
    let says = read(unit, cell, row.kind(index)).map_err(fault)?;
    if says == sum {
        Ok(())
    } else {
        Err(fault(Cause::TotalDiffers { says, sum }))
    }
}

/// The rows have said the unit: a total of `3` below `1.50` and `1.50` is in yuan.
fn read(unit: Unit, cell: &str, kind: CellKind) -> Result<Fen, Cause> {
    let is_number = match kind {
        CellKind::Number | CellKind::Yuan | CellKind::Formula => true,
        CellKind::Text => false,
        CellKind::Date | CellKind::Truth | CellKind::Error | CellKind::Scaled => {
            return Err(MoneyFault::NotANumber.into());
        }
    };
    let cell = if is_number {
        rounded(cell)
    } else {
        cell.to_owned()
    };
    match amount(unit, &cell, kind) {
        Ok(amount) => Ok(amount),
        Err(NoAmount::NoUnit { as_yuan, .. }) => Ok(as_yuan),
        Err(NoAmount::Fault(Cause::Money(MoneyFault::Blank))) => Err(Cause::TotalBlank),
        Err(NoAmount::Fault(cause)) => Err(cause),
    }
}

/// A sheet's own sum carries the noise of its floats, as 527.1200000000001; it is only compared.
fn rounded(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(sum) if cell.len() > 12 => {
            let text = format!("{sum:.2}");
            text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
        }
        _ => cell.to_owned(),
    }
}
