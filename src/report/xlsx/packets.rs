//! The tables of packets: all of them, those that failed, and those that nobody can tell yet.

use std::io::Result;

use rust_xlsxwriter::Workbook;

use super::table::{Column, Kind, Table, TableSpec};
use crate::ledger::ReportRow;
use crate::report::columns::{COLUMNS, Cell, Extra, cells};
use crate::report::summary::balance::BalanceLine;
use crate::report::summary::facts::ReportFacts;
use crate::words::{Lang, report::head as words, report::part};

/// The column that the state's own name follows.
const STATE: &str = "state";
/// The columns that all lists of packets have in common.
const LISTED: [&str; 9] = [
    "row_key",
    "openid",
    "amount_yuan",
    "state",
    "mch_billno",
    "attempts",
    "err_code",
    "err_code_des",
    "first_sent_at",
];

/// All packets.
pub(super) fn all(extra: &Extra, facts: &ReportFacts, sheet_rows: u32) -> TableSpec {
    let lang = facts.lang;
    let mut columns: Vec<Column> = Vec::new();
    for (id, zh) in COLUMNS {
        columns.push(ours((id, zh), lang));
        if id == STATE {
            columns.push(column(STATE.to_owned(), Kind::Text));
        }
    }
    let own = extra.headers().into_iter();
    columns.extend(own.map(|header| column(header, Kind::Text)));
    TableSpec {
        name: part::PACKETS.within(lang),
        columns,
        lang,
        sheet_rows,
    }
}

/// Those in one line of the balance, each with advice.
pub(super) fn some(line: BalanceLine, facts: &ReportFacts, sheet_rows: u32) -> TableSpec {
    let lang = facts.lang;
    let listed = COLUMNS.iter().filter(|(id, _)| LISTED.contains(id));
    let mut columns: Vec<Column> = listed.map(|header| ours(*header, lang)).collect();
    for header in [words::MEANING, words::REMEDY] {
        let header = header.within(lang).to_owned();
        columns.push(Column {
            width: 50,
            ..column(header, Kind::Text)
        });
    }
    let name = if line == BalanceLine::Failed {
        part::FAILED
    } else {
        part::UNCLEAR
    };
    TableSpec {
        name: name.within(lang),
        columns,
        lang,
        sheet_rows,
    }
}

fn ours((id, zh): (&str, &str), lang: Lang) -> Column {
    let header = match (lang, id) {
        (Lang::En, STATE) => words::STATUS.en,
        (Lang::En, _) => id,
        (Lang::Zh, _) => zh,
    };
    let kind = match id {
        "row_key" | "openid" | "mch_billno" | "send_listid" | "paid_openid" => Kind::Id,
        "generation" | "attempts" => Kind::Number,
        _ if id.ends_with("_fen") => Kind::Number,
        "amount_yuan" => Kind::Yuan,
        _ if id.ends_with("_at") => Kind::Time,
        _ => Kind::Text,
    };
    let width = match id {
        "openid" | "mch_billno" | "paid_openid" => 31,
        "send_listid" => 33,
        "row_key" | "err_code" | "err_code_des" => 18,
        _ if kind == Kind::Time => 19,
        _ => 11,
    };
    Column {
        width,
        ..column(header.to_owned(), kind)
    }
}

fn column(header: String, kind: Kind) -> Column {
    Column {
        header,
        kind,
        width: 16,
    }
}

/// A row of [`all`].
pub(super) fn write_all(
    table: &mut Table,
    book: &mut Workbook,
    row: &ReportRow,
    extra: &Extra,
) -> Result<()> {
    let ours = COLUMNS.iter().zip(cells(row)).flat_map(|((id, _), cell)| {
        let name = (*id == STATE).then(|| Cell::Text(row.state.name()));
        [Some(cell), name].into_iter().flatten()
    });
    let own = extra.cells(row).into_iter().map(Cell::Text);
    table.row(book, ours.chain(own))
}

/// A row of [`some`].
pub(super) fn write_some(
    table: &mut Table,
    book: &mut Workbook,
    row: &ReportRow,
    facts: &ReportFacts,
) -> Result<()> {
    let listed = COLUMNS.iter().zip(cells(row));
    let listed = listed.filter(|((id, _), _)| LISTED.contains(id));
    let state = row.state.explain();
    // Of a refusal the code says what to do; of what is open, the state.
    let (meaning, remedy) = if BalanceLine::of(row.state) == BalanceLine::Failed {
        let advice = facts.advice_on(row);
        (advice.meaning, advice.remedy)
    } else {
        (state.means, state.remedy)
    };
    let told = [meaning, remedy].map(|text| Cell::Text(text.within(facts.lang)));
    table.row(book, listed.map(|(_, cell)| cell).chain(told))
}
