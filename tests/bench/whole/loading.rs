//! Loading a recipients file, beside the `sqlite3` shell that imports the same file and puts it
//! into a table with a unique number and a unique row key.

use std::path::Path;

use tempfile::TempDir;

use super::figure::{Figures, median, seconds};
use super::place::{Place, Side};
use super::recipients::Recipients;
use super::shell::Shell;
use super::stopwatch::Used;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

const BAR_WALL: f64 = 1.0;
const BAR_MIB: f64 = 64.0;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (rows, rounds) = (wanted.rows(1_000_000), wanted.rounds(5));
    let mut table = Table::new(format!("loading: {rows} rows, {rounds} rounds"));
    let recipients = Recipients::write(&wanted.dir(), 1, rows);
    let shell = Shell::find();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(load(&wanted.dir(), &recipients));
        if let Some(shell) = &shell {
            theirs.push(import(shell, &wanted.dir(), &recipients).seconds());
        }
    }
    let wall: Vec<f64> = ours.iter().map(Used::seconds).collect();
    let rate = |wall: &[f64]| format!("{:.0} rows/s", f64::from(rows) / median(wall));
    let sides = |wall: &[f64]| format!("{} ({})", seconds(median(wall)), rate(wall));
    if let Some(shell) = shell {
        let ratios = Figures::ratios(&wall, &theirs);
        let line = Line::ratio("wall", &ratios, Bar::AtMost(BAR_WALL));
        table.line(line.sides(sides(&wall), sides(&theirs)));
        table.note(format!(
            "reference: the sqlite3 shell, SQLite {}",
            shell.version()
        ));
    } else {
        table.note(format!(
            "skipped: no sqlite3 shell to compare with; ours {}",
            sides(&wall)
        ));
    }
    let peak = Figures::of(ours.iter().map(Used::peak_mib)).most();
    table.line(Line::figure("peak memory, MiB", peak, Bar::AtMost(BAR_MIB)));
    table
}

fn load(dir: &Path, recipients: &Recipients) -> Used {
    let place = Place::new(dir, recipients, &Side::nobody(), "");
    let used = place.verb("load").exits(0);
    let status = place.status();
    assert_eq!(status["rows"], recipients.count);
    assert_eq!(status["total_fen"], recipients.total_fen);
    used
}

fn import(shell: &Shell, dir: &Path, recipients: &Recipients) -> Used {
    let dir = TempDir::new_in(dir).unwrap();
    let (database, script) = (dir.path().join("import.db"), dir.path().join("import.sql"));
    let text = format!(
        "CREATE TABLE staging (row_key TEXT, openid TEXT, amount TEXT);
.mode csv
.import --skip 1 \"{}\" staging
CREATE TABLE packet (
  id         INTEGER PRIMARY KEY,
  number     TEXT NOT NULL UNIQUE,
  row_key    TEXT NOT NULL UNIQUE,
  openid     TEXT NOT NULL,
  amount_fen INTEGER NOT NULL
);
INSERT INTO packet (number, row_key, openid, amount_fen)
  SELECT '1000009820261123' || printf('%012d', rowid), row_key, openid,
    CAST(round(amount * 100) AS INTEGER)
  FROM staging;
",
        recipients.path.display()
    );
    std::fs::write(&script, text).unwrap();
    let used = shell.run(&database, &script, None).exits(0);
    let sums = shell.ask(&database, "SELECT count(*), sum(amount_fen) FROM packet");
    assert_eq!(
        sums,
        format!("{}|{}", recipients.count, recipients.total_fen)
    );
    used
}
