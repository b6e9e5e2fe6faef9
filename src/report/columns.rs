//! The columns of every report, in order, and their names.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

use serde_json::Value;

use crate::clock::beijing;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::domain::text::guarded;
use crate::ledger::{FileRow, ReportRow};

/// Stable id and Chinese header of every column.
pub(super) const COLUMNS: [(&str, &str); 20] = [
    ("row_key", "业务单号"),
    ("openid", "用户openid"),
    ("amount_fen", "金额(分)"),
    ("amount_yuan", "金额(元)"),
    ("state", "状态"),
    ("mch_billno", "商户订单号"),
    ("generation", "单号代次"),
    ("send_listid", "微信红包单号"),
    ("attempts", "发放次数"),
    ("err_code", "错误码"),
    ("err_code_des", "错误描述"),
    ("first_sent_at", "首次发放时间"),
    ("settled_at", "完结时间"),
    ("received_at", "领取时间"),
    ("refunded_at", "退款时间"),
    ("refunded_fen", "退款金额(分)"),
    ("reason", "状态原因"),
    ("asked_at", "最近查询时间"),
    ("paid_fen", "实付金额(分)"),
    ("paid_openid", "实收用户openid"),
];
/// How many of them the first reports had: those still out there have no more.
pub(super) const FIRST_COLUMNS: usize = 13;

/// A cell, typed: JSON writes numbers as numbers, a workbook also times.
pub(super) enum Cell<'a> {
    Text(&'a str),
    /// Digits that are no number, and what a spreadsheet would take for one.
    Id(&'a str),
    Made(String),
    Number(u64),
    Yuan(Fen),
    State(State),
    /// In milliseconds of the Unix epoch.
    Time(i64),
    Unknown,
}

impl Cell<'_> {
    /// Bytes of its text.
    pub(super) fn len(&self) -> u64 {
        let text = match self {
            Cell::Text(text) | Cell::Id(text) => text,
            Cell::Made(text) => text.as_str(),
            Cell::Number(_) | Cell::Yuan(_) | Cell::State(_) | Cell::Time(_) | Cell::Unknown => "",
        };
        text.len().try_into().unwrap_or(u64::MAX)
    }

    /// As JSON has it.
    pub(super) fn value(self) -> Value {
        match self {
            Cell::Text(text) | Cell::Id(text) => text.into(),
            Cell::Made(text) => text.into(),
            Cell::Number(number) => number.into(),
            Cell::Yuan(amount) => amount.to_string().into(),
            Cell::State(state) => state.name().into(),
            Cell::Time(at) => beijing(at).into(),
            Cell::Unknown => Value::Null,
        }
    }

    /// Writes it as JSON.
    pub(super) fn write_json(&self, to: &mut impl Write) -> std::io::Result<()> {
        match self {
            Cell::Text(text) | Cell::Id(text) => serde_json::to_writer(to, text)?,
            Cell::Made(text) => serde_json::to_writer(to, text)?,
            Cell::Number(number) => serde_json::to_writer(to, number)?,
            Cell::Yuan(amount) => write!(to, "\"{amount}\"")?,
            Cell::State(state) => write!(to, "\"{state}\"")?,
            Cell::Time(at) => write!(to, "\"{}\"", beijing(*at))?,
            Cell::Unknown => to.write_all(b"null")?,
        }
        Ok(())
    }

    /// As CSV has it. A number is written into `spare`: there are many.
    pub(super) fn in_csv<'c>(&'c self, spare: &'c mut String) -> Cow<'c, str> {
        spare.clear();
        // Into a string, which takes it.
        let _ = match self {
            Cell::Text(text) | Cell::Id(text) => return guarded(text),
            Cell::Made(text) => return text.as_str().into(),
            Cell::State(state) => return state.name().into(),
            Cell::Time(at) => return beijing(*at).into(),
            Cell::Unknown => return "".into(),
            Cell::Number(number) => write!(spare, "{number}"),
            Cell::Yuan(amount) => write!(spare, "{amount}"),
        };
        spare.as_str().into()
    }
}

/// A cell that every spreadsheet keeps as it stands: a tab before digits of which it would drop the
/// leading zeros, or round the last. A load drops the tab.
pub(super) fn kept(text: &str) -> Cow<'_, str> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_changed = text.len() > EXACT_DIGITS || text.len() > 1 && text.starts_with('0');
    if is_number && is_changed {
        Cow::Owned(format!("\t{text}"))
    } else {
        guarded(text)
    }
}

/// A spreadsheet shows more digits as a power of ten.
const EXACT_DIGITS: usize = 11;

/// The cells of one row, in the order of [`COLUMNS`].
pub(super) fn cells(row: &ReportRow) -> [Cell<'_>; COLUMNS.len()] {
    let time = |at: Option<i64>| at.map_or(Cell::Unknown, Cell::Time);
    [
        Cell::Id(&row.row_key),
        Cell::Id(&row.openid),
        Cell::Number(row.amount.fen()),
        Cell::Yuan(row.amount),
        Cell::State(row.state),
        Cell::Id(&row.mch_billno),
        Cell::Number(row.generation.into()),
        row.send_listid.as_deref().map_or(Cell::Unknown, Cell::Id),
        Cell::Number(row.attempts.into()),
        known(row.err_code.as_deref()),
        known(row.err_code_des.as_deref()),
        time(row.first_sent_at),
        time(row.settled_at),
        time(row.fate.received_at),
        time(row.fate.refunded_at),
        row.fate
            .refunded
            .map_or(Cell::Unknown, |refunded| Cell::Number(refunded.fen())),
        known(row.fate.reason.as_deref()),
        time(row.asked_at),
        row.paid
            .as_ref()
            .map_or(Cell::Unknown, |paid| Cell::Number(paid.amount.fen())),
        row.paid
            .as_ref()
            .and_then(|paid| paid.openid.as_ref())
            .map_or(Cell::Unknown, |openid| Cell::Id(openid.as_str())),
    ]
}

fn known(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Unknown, Cell::Text)
}

/// The recipients files' own columns: each name once, in the order they were first met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    names: Vec<String>,
    /// For each file, where its cells stand among the names.
    places: Vec<(i64, Vec<usize>)>,
}

impl Extra {
    /// Of these files.
    #[must_use]
    pub fn of(files: &[FileRow]) -> Self {
        let mut names: Vec<String> = Vec::new();
        let mut places = Vec::new();
        for file in files {
            let mut place = |name: &String| {
                names
                    .iter()
                    .position(|known| known == name)
                    .unwrap_or_else(|| {
                        names.push(name.clone());
                        names.len() - 1
                    })
            };
            places.push((file.file, file.extra.iter().map(&mut place).collect()));
        }
        Extra { names, places }
    }

    /// The names as the files have them.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The headers; a name equal to one of ours is told apart.
    pub(super) fn headers(&self) -> Vec<String> {
        self.named(|name| COLUMNS.iter().any(|(id, zh)| *id == name || *zh == name))
    }

    /// The headers beside other columns than a report's.
    pub(super) fn headers_beside(&self, ours: &[&str]) -> Vec<String> {
        self.named(|name| ours.contains(&name))
    }

    fn named(&self, is_ours: impl Fn(&str) -> bool) -> Vec<String> {
        let header = |name: &String| {
            if is_ours(name) {
                format!("file_{name}")
            } else {
                name.clone()
            }
        };
        self.names.iter().map(header).collect()
    }

    /// The row's cells, one for each header; empty where its file had no such column.
    pub(super) fn cells<'r>(&self, row: &'r ReportRow) -> Vec<&'r str> {
        let mut cells = vec![""; self.names.len()];
        let places = self.places.iter().find(|(file, _)| *file == row.file);
        for (place, cell) in places.iter().flat_map(|(_, places)| places).zip(&row.extra) {
            cells[*place] = cell;
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_own_column_never_hides_one_of_ours() {
        let file = |file, extra: &[&str]| FileRow {
            file,
            sha256: [0; 32],
            extra: extra.iter().map(|name| (*name).to_owned()).collect(),
        };
        let extra = Extra::of(&[file(1, &["门店", "state"]), file(2, &["state", "层"])]);
        assert_eq!(extra.headers(), ["门店", "file_state", "层"]);
    }
}
