//! The header: which column means what.

use std::borrow::Cow;

use crate::domain::packet::Columns;
use crate::domain::text::Field;

use super::cause::Cause;
use super::faults::{Fault, Faults};

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Openid,
    Amount(Unit),
    RowKey,
    Text(Field),
    /// Unknown to the tool: kept for the reports, never sent.
    Extra,
    /// A blank header cell, as a trailing comma makes it.
    Nameless,
}

/// The unit of an amount column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Yuan,
    Fen,
    /// `amount` alone: yuan where a decimal point says so.
    Unnamed,
}

/// The columns of a file, in its order.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    pub(super) meanings: Vec<Meaning>,
}

impl Header {
    /// Reads the header row on `line`.
    pub(super) fn parse(cells: &csv::StringRecord, line: u64) -> Result<Self, Faults> {
        if let Some(delimiter) = other_delimiter(cells) {
            return Err(Fault::of_line(line, Cause::Delimiter(delimiter)).into());
        }
        let names: Vec<String> = cells.iter().map(|cell| trim(cell).to_owned()).collect();
        let meanings = names.iter().map(|name| meaning(&fold(name))).collect();
        let header = Header { names, meanings };
        let faults = header.faults(line);
        if faults.is_empty() {
            Ok(header)
        } else {
            Err(faults)
        }
    }

    /// The column's name in a fault: its place where it has no name.
    pub(super) fn name(&self, index: usize) -> Cow<'_, str> {
        match self.names[index].as_str() {
            "" => format!("column {}", index + 1).into(),
            name => name.into(),
        }
    }

    /// What the ledger and the reports need to know.
    pub(super) fn columns(&self) -> Columns {
        let is_extra = |(_, meaning): &(_, &Meaning)| **meaning == Meaning::Extra;
        let extra = self.names.iter().zip(&self.meanings).filter(is_extra);
        Columns {
            has_row_key: self.meanings.contains(&Meaning::RowKey),
            extra: extra.map(|(name, _)| name.clone()).collect(),
        }
    }

    fn faults(&self, line: u64) -> Faults {
        let mut faults = Faults::default();
        for (index, name) in self.names.iter().enumerate() {
            let cause = match name.chars().find(|c| c.is_control()) {
                Some(control) => Some(Cause::Control(control)),
                None => self.clash(index),
            };
            if let Some(cause) = cause {
                faults.push(Fault::of_cell(line, name, name, cause));
            }
        }
        if !self.meanings.contains(&Meaning::Openid) {
            faults.push(Fault::of_line(line, Cause::NoOpenid));
        }
        if !self.meanings.iter().copied().any(is_amount) {
            faults.push(Fault::of_line(line, Cause::NoAmount));
        }
        faults
    }

    /// How the column clashes with one to its left.
    fn clash(&self, index: usize) -> Option<Cause> {
        let meaning = self.meanings[index];
        let before = &self.meanings[..index];
        match meaning {
            Meaning::Nameless => None,
            Meaning::Extra => {
                let folded = fold(&self.names[index]);
                let is_known = self.names[..index].iter().any(|name| fold(name) == folded);
                is_known.then_some(Cause::DuplicateColumn)
            }
            _ if before.contains(&meaning) => Some(Cause::DuplicateColumn),
            Meaning::Amount(_) if before.iter().copied().any(is_amount) => Some(Cause::TwoAmounts),
            _ => None,
        }
    }
}

fn is_amount(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Amount(_))
}

/// A header in one cell, or with the Chinese comma, was written with another delimiter.
fn other_delimiter(cells: &csv::StringRecord) -> Option<char> {
    let has_openid = cells
        .iter()
        .any(|cell| meaning(&fold(cell)) == Meaning::Openid);
    let found = |delimiter: &char| cells.iter().any(|cell| cell.contains(*delimiter));
    if has_openid && cells.len() > 1 {
        return None;
    }
    ['\t', ';', '；', '，', '|'].into_iter().find(found)
}

/// White space and a stray byte order mark belong to no name.
fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}')
}

/// The name without what a typist does not see: case, full-width forms, blanks around it.
fn fold(name: &str) -> String {
    let half = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    trim(name)
        .chars()
        .map(half)
        .collect::<String>()
        .to_lowercase()
}

fn meaning(folded: &str) -> Meaning {
    match folded {
        "" => Meaning::Nameless,
        "openid" | "用户openid" | "re_openid" => Meaning::Openid,
        "amount_yuan" | "金额(元)" | "yuan" => Meaning::Amount(Unit::Yuan),
        "amount_fen" | "金额(分)" | "fen" => Meaning::Amount(Unit::Fen),
        "amount" | "金额" => Meaning::Amount(Unit::Unnamed),
        "row_key" | "业务单号" | "id" => Meaning::RowKey,
        "祝福语" => Meaning::Text(Field::Wishing),
        _ => Field::ALL
            .into_iter()
            .find(|field| field.name() == folded)
            .map_or(Meaning::Extra, Meaning::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(cells: &[&str]) -> Result<Header, Vec<(Option<String>, Cause)>> {
        let cells = csv::StringRecord::from(cells.to_vec());
        Header::parse(&cells, 1).map_err(|faults| {
            let places = faults.listed().iter();
            places
                .map(|f| (f.column.clone(), f.cause.clone()))
                .collect()
        })
    }

    #[test]
    fn every_alias_is_known_in_any_case_and_width() {
        let header = parse(&[
            " ＲＥ_OpenID ",
            "金额（元）",
            "业务单号",
            "祝福语",
            "Remark",
        ]);
        assert_eq!(
            header.unwrap().meanings,
            [
                Meaning::Openid,
                Meaning::Amount(Unit::Yuan),
                Meaning::RowKey,
                Meaning::Text(Field::Wishing),
                Meaning::Text(Field::Remark),
            ]
        );
        for name in ["金额(分)", "金额（分）", "FEN", "amount_fen\u{3000}"] {
            let header = parse(&["用户openid", name]).unwrap();
            assert_eq!(header.meanings[1], Meaning::Amount(Unit::Fen), "{name}");
        }
    }

    #[test]
    fn unknown_columns_are_kept_under_their_own_names() {
        let columns = parse(&["openid", "门店", "yuan", "Note ", ""])
            .unwrap()
            .columns();
        assert_eq!(columns.extra, ["门店", "Note"]);
        assert!(!columns.has_row_key);
        assert!(
            parse(&["openid", "fen", "ID"])
                .unwrap()
                .columns()
                .has_row_key
        );
    }

    #[test]
    fn every_fault_of_a_header_is_found_at_once() {
        let faults = parse(&["amount", "fen", "门店", "门店", "a\0b"]).unwrap_err();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            faults,
            [
                (some("fen"), Cause::TwoAmounts),
                (some("门店"), Cause::DuplicateColumn),
                (some("a\\0b"), Cause::Control('\0')),
                (None, Cause::NoOpenid),
            ]
        );
        let faults = parse(&["openid", "re_openid"]).unwrap_err();
        assert_eq!(
            faults,
            [
                (some("re_openid"), Cause::DuplicateColumn),
                (None, Cause::NoAmount),
            ]
        );
    }

    #[test]
    fn another_delimiter_is_named() {
        for (header, delimiter) in [
            ("openid\tfen", '\t'),
            ("openid;fen", ';'),
            ("openid，fen", '，'),
        ] {
            let faults = parse(&[header]).unwrap_err();
            assert_eq!(faults, [(None, Cause::Delimiter(delimiter))]);
        }
    }
}
