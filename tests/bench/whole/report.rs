//! The report of a campaign that was sent, beside the `sqlite3` shell that writes the same rows.

use std::fs;

use super::aged::{Aged, REPORT_CELLS, REPORT_COLUMNS};
use super::figure::{Figures, median, seconds};
use super::place::Side;
use super::shell::Shell;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

const BAR: f64 = 1.0;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (rows, rounds) = (wanted.rows(1_000_000), wanted.rounds(5));
    let mut table = Table::new(format!("report: {rows} rows, {rounds} rounds"));
    let Some(shell) = Shell::find() else {
        table.note("skipped: no sqlite3 shell to compare with");
        return table;
    };
    let aged = Aged::load(wanted, rows, &Side::nobody());
    aged.send(&shell, 0);
    let (mut ours, mut cells, mut columns) = (Vec::new(), Vec::new(), Vec::new());
    let ledger = aged.place.ledger();
    let (same, raw) = (aged.place.path("cells"), aged.place.path("columns"));
    for _ in 0..rounds {
        ours.push(aged.place.verb("report").exits(0).seconds());
        cells.push(shell.csv(&ledger, REPORT_CELLS, &same).exits(0).seconds());
        columns.push(shell.csv(&ledger, REPORT_COLUMNS, &raw).exits(0).seconds());
    }
    let written = |path| fs::read_to_string(path).unwrap().replace('"', "");
    let (report, cells_written) = (written(aged.place.path("stdout")), written(same));
    let is_same = report.lines().eq(cells_written.lines());
    assert!(is_same, "the shell's rows are not the report's");
    let sides = [
        ("wall, the same cells", cells),
        ("wall, raw columns", columns),
    ];
    for (what, reference) in sides {
        let ratios = Figures::ratios(&ours, &reference);
        let line = Line::ratio(what, &ratios, Bar::AtMost(BAR));
        table.line(line.sides(seconds(median(&ours)), seconds(median(&reference))));
    }
    table.note(format!(
        "reference: the sqlite3 shell, SQLite {}",
        shell.version()
    ));
    table
}
