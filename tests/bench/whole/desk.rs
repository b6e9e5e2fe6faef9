//! What finance gets of a campaign that was sent: the workbook, the page, the match with the
//! fund-flow bill; and what a mini-program gets.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};

use super::aged::{Aged, BILL, Since};
use super::figure::{number, seconds};
use super::gateway::Gateway;
use super::shell::Shell;
use super::stopwatch::Used;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

const BAR_MIB: f64 = 64.0;
const BAR_PAGE_MB: f64 = 2.0;
/// Seconds for a million packets.
const BARS: [(&str, f64); 4] = [
    ("workbook", 30.0),
    ("page", 2.0),
    ("claims", 10.0),
    ("match", 60.0),
];

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let rows = wanted.rows(1_000_000);
    let mut table = Table::new(format!("desk: {rows} packets"));
    let Some(shell) = Shell::find() else {
        table.note("skipped: no sqlite3 shell to age ledgers with");
        return table;
    };
    let gateway = Gateway::start(&wanted.dir(), &[], wanted.seed);
    let aged = Aged::load(wanted, rows, &gateway.side);
    aged.send_since(&shell, 0, Since::Today);
    let place = &aged.place;
    let at = |name: &str| place.path(name).to_str().unwrap().to_owned();
    let (book, page, sheet, bill) = (
        at("r.xlsx"),
        at("r.html"),
        at("claims.jsonl"),
        at("bill.csv"),
    );
    tell(
        &mut table,
        "workbook",
        place.verb_with("report", &["--out", &book]).exits(0),
    );
    tell(
        &mut table,
        "page",
        place.verb_with("report", &["--out", &page]).exits(0),
    );
    let bytes = fs::metadata(&page).unwrap().len();
    let megabytes = number(bytes) / 1e6;
    table.line(Line::figure(
        "page, MB",
        megabytes,
        Bar::AtMost(BAR_PAGE_MB),
    ));
    let words = ["--all", "--out", &sheet];
    tell(
        &mut table,
        "claims",
        place.verb_with("claims", &words).exits(0),
    );
    let claims = BufReader::new(File::open(&sheet).unwrap()).lines().count();
    assert_eq!(claims, rows as usize, "a claim for each packet");
    shell
        .csv(&place.ledger(), BILL, place.path("bill.csv").as_path())
        .exits(0);
    let words = ["--no-queries", "--json", "--fund-flow", &bill];
    let matched = place.verb_with("reconcile", &words).exits(0);
    tell(&mut table, "match", matched);
    let told = fs::read_to_string(place.path("stdout")).unwrap();
    let all = format!("\"matched\":{rows},");
    assert!(
        told.contains(&all) && told.contains("\"breaks\":[]"),
        "{told}"
    );
    table.note("the match leaves the CSV report as well, as `reconcile` does");
    table
}

fn tell(table: &mut Table, what: &str, used: Used) {
    let bar = BARS.iter().find(|(name, _)| *name == what).unwrap().1;
    let wall = Line::figure(&format!("{what}, s"), used.seconds(), Bar::AtMost(bar));
    let cpu = format!("{} of CPU", seconds(used.cpu_each(1)));
    table.line(wall.sides(cpu, String::new()));
    let peak = format!("{what}, peak in MiB");
    table.line(Line::figure(&peak, used.peak_mib(), Bar::AtMost(BAR_MIB)));
}
