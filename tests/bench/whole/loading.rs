//! Loading a recipients file, beside the `sqlite3` shell that imports the same file into a table of
//! texts and puts it from there into one with a unique number and a unique row key.
//!
//! The numbers there come in no order, as those that a campaign derives do: an index over numbers
//! that rise costs next to nothing, and ours has none. The shell takes its turn with its own cache
//! and with one that holds both indexes. Both sides' files lie in the same folder and are fsynced.

use std::path::Path;

use tempfile::TempDir;

use super::figure::{Figures, median, seconds};
use super::place::{Place, Side};
use super::recipients::Recipients;
use super::shell::Shell;
use super::stopwatch::Used;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

const BAR_WALL: f64 = 0.5;
/// What the shell is told of its cache, and how a line is called after it.
const CACHES: [(&str, &str); 2] = [
    ("", "its own cache"),
    ("PRAGMA cache_size = -200000;\n", "a cache of 200 MB"),
];
const BAR_MIB: f64 = 64.0;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (rows, rounds) = (wanted.rows(1_000_000), wanted.rounds(5));
    let mut table = Table::new(format!("loading: {rows} rows, {rounds} rounds"));
    let recipients = Recipients::write(&wanted.dir(), 1, rows);
    let shell = Shell::find();
    let (mut ours, mut theirs) = (Vec::new(), CACHES.map(|_| Vec::new()));
    for _ in 0..rounds {
        ours.push(load(&wanted.dir(), &recipients));
        for ((cache, _), theirs) in CACHES.iter().zip(&mut theirs) {
            let shell = shell.as_ref();
            let used = shell.map(|shell| import((shell, cache), &wanted.dir(), &recipients));
            theirs.extend(used.as_ref().map(Used::seconds));
        }
    }
    let wall: Vec<f64> = ours.iter().map(Used::seconds).collect();
    let rate = |wall: &[f64]| format!("{:.0} rows/s", f64::from(rows) / median(wall));
    let sides = |wall: &[f64]| format!("{} ({})", seconds(median(wall)), rate(wall));
    if let Some(shell) = shell {
        for ((_, cache), theirs) in CACHES.iter().zip(&theirs) {
            let ratios = Figures::ratios(&wall, theirs);
            let what = format!("wall, the shell with {cache}");
            let line = Line::ratio(&what, &ratios, Bar::AtMost(BAR_WALL));
            table.line(line.sides(sides(&wall), sides(theirs)));
        }
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

fn import((shell, cache): (&Shell, &str), dir: &Path, recipients: &Recipients) -> Used {
    let dir = TempDir::new_in(dir).unwrap();
    let (database, script) = (dir.path().join("import.db"), dir.path().join("import.sql"));
    let text = format!(
        "{cache}CREATE TABLE staging (row_key TEXT, openid TEXT, amount TEXT);
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
  SELECT '10000098' || printf('%020d', rowid * 618033988749 % 999999999989), row_key, openid,
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
