//! The sheet of the matches with fund-flow bills: what agreed, and each break.

use std::io::Result;

use rust_xlsxwriter::Workbook;

use super::table::{Kind, Table, TableSpec};
use crate::domain::money::Fen;
use crate::ledger::{FlowBreak, FlowMatch};
use crate::report::columns::Cell;
use crate::report::summary::facts::ReportFacts;
use crate::words::report::{flow as words, head, page, part};
use crate::words::{Lang, Text};

/// Its columns.
const COLUMNS: [(Text, Kind, u16); 10] = [
    (words::AT, Kind::Time, 19),
    (words::RESULT, Kind::Text, 22),
    (head::COUNT, Kind::Number, 10),
    (page::NUMBER, Kind::Id, 31),
    (words::LISTID, Kind::Id, 33),
    (words::LEDGER, Kind::Yuan, 14),
    (words::BILL, Kind::Yuan, 14),
    (words::BOOKED, Kind::Time, 19),
    (head::MEANING, Kind::Text, 50),
    (head::REMEDY, Kind::Text, 60),
];

/// Puts the sheet into the workbook, where there was a match: those that no later one replaced.
pub(super) fn write(book: &mut Workbook, facts: &ReportFacts, sheet_rows: u32) -> Result<()> {
    if facts.flow.is_empty() {
        return Ok(());
    }
    let lang = facts.lang;
    let spec = TableSpec::of((part::MATCH, lang), &COLUMNS, sheet_rows);
    let mut table = Table::new(book, spec)?;
    for (of, breaks) in &facts.flow {
        for row in sums(of, lang) {
            table.row(book, row.into_iter())?;
        }
        for found in breaks {
            table.row(book, of_break(of.at, found, lang).into_iter())?;
        }
    }
    table.end(book)
}

/// Packets that agreed, and packets that the bills do not name.
fn sums(of: &FlowMatch, lang: Lang) -> [Vec<Cell<'static>>; 3] {
    let row = |label: Text, count: u64, amount: Option<Fen>| {
        vec![
            Cell::Time(of.at),
            Cell::Text(label.within(lang)),
            Cell::Number(count),
            Cell::Unknown,
            Cell::Unknown,
            amount.map_or(Cell::Unknown, Cell::Yuan),
            amount.map_or(Cell::Unknown, Cell::Yuan),
            Cell::Unknown,
        ]
    };
    let days = format!("{}: {}", words::DAYS.within(lang), of.days.join(", "));
    let mut matched = row(words::MATCHED, of.matched, Some(of.matched_fen));
    matched.push(Cell::Made(days));
    [
        matched,
        row(words::NOT_COVERED, of.not_covered, None),
        row(words::FOREIGN, of.foreign_rows + of.other_rows, None),
    ]
}

fn of_break(at: i64, found: &FlowBreak, lang: Lang) -> [Cell<'_>; COLUMNS.len()] {
    let id = |id: &'_ Option<String>| {
        id.as_deref()
            .map_or(Cell::Unknown, |id| Cell::Made(id.to_owned()))
    };
    let yuan = |amount: Option<Fen>| amount.map_or(Cell::Unknown, Cell::Yuan);
    [
        Cell::Time(at),
        Cell::Text(found.kind.name()),
        Cell::Number(1),
        id(&found.mch_billno),
        id(&found.send_listid),
        yuan(found.ledger),
        yuan(found.booked),
        found.booked_at.map_or(Cell::Unknown, Cell::Time),
        Cell::Text(found.kind.meaning().within(lang)),
        match &found.explained {
            Some(words) => Cell::Made(format!("{}: {words}", words::EXPLAINED.within(lang))),
            None => Cell::Text(found.kind.advice(found.bill.is_some()).within(lang)),
        },
    ]
}
