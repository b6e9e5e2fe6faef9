//! The sheet of the runs: when, by which account and version, how each ended, and what it sent.

use std::io::Result;

use rust_xlsxwriter::Workbook;

use super::table::{Kind, Table, TableSpec};
use crate::domain::tally::TallyRow;
use crate::ledger::RecordedRun;
use crate::report::columns::Cell;
use crate::report::summary::facts::ReportFacts;
use crate::report::summary::runs::RunSums;
use crate::words::Text;
use crate::words::report::{part, run as words};

/// Its columns.
const COLUMNS: [(Text, Kind, u16); 9] = [
    (words::BEGUN, Kind::Time, 19),
    (words::ENDED, Kind::Time, 19),
    (words::VERB, Kind::Text, 12),
    (words::WHO, Kind::Text, 24),
    (words::VERSION, Kind::Id, 12),
    (words::EXIT, Kind::Number, 10),
    (words::RESULT, Kind::Text, 50),
    (words::SENT, Kind::Number, 12),
    (words::SENT_YUAN, Kind::Yuan, 16),
];

/// Puts the sheet into the workbook.
pub(super) fn write(
    book: &mut Workbook,
    facts: &ReportFacts,
    sums: &RunSums,
    sheet_rows: u32,
) -> Result<()> {
    let lang = facts.lang;
    let spec = TableSpec::of((part::RUNS, lang), &COLUMNS, sheet_rows);
    let mut table = Table::new(book, spec)?;
    for (run, sent) in facts.runs.iter().zip(&sums.sent) {
        table.row(book, cells(facts, run, *sent).into_iter())?;
    }
    if sums.elsewhere.count > 0 {
        let mut row = [const { Cell::Unknown }; COLUMNS.len()];
        row[6] = Cell::Text(words::ELSEWHERE.within(lang));
        row[7] = Cell::Number(sums.elsewhere.count);
        row[8] = Cell::Yuan(sums.elsewhere.fen);
        table.row(book, row.into_iter())?;
    }
    table.end(book)
}

fn cells<'a>(
    facts: &ReportFacts,
    run: &'a RecordedRun,
    sent: TallyRow,
) -> [Cell<'a>; COLUMNS.len()] {
    let (exit, result) = facts.ended(run);
    [
        Cell::Time(run.at),
        run.end.map_or(Cell::Unknown, |(at, _)| Cell::Time(at)),
        Cell::Text(&run.begin.verb),
        Cell::Text(&run.begin.who),
        Cell::Id(&run.begin.version),
        exit.map_or(Cell::Unknown, |code| Cell::Number(code.into())),
        Cell::Text(result),
        Cell::Number(sent.count),
        Cell::Yuan(sent.fen),
    ]
}
