//! What it costs to go on with a big campaign that is almost over: until the first send of a
//! `run`, and a look at its standing.

use super::aged::{ANY_CAMPAIGN, Aged};
use super::figure::{Figures, median, seconds};
use super::place::Place;
use super::shell::Shell;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;
use super::watch::Watch;

const BAR_SEND: f64 = 0.2;
const BAR_STATUS: f64 = 0.05;
const BAR_STATUS_RATIO: f64 = 5.0;

/// Packets that were not sent yet.
const DUE: u32 = 1_000;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (rows, rounds) = (wanted.rows(10_000_000), wanted.rounds(5));
    let due = DUE.min(rows / 2);
    let mut table = Table::new(format!(
        "resume: a ledger of {rows} rows, {due} of them due, {rounds} rounds"
    ));
    let Some(shell) = Shell::find() else {
        table.note("skipped: no sqlite3 shell to age a ledger with");
        return table;
    };
    let watch = Watch::start(wanted);
    let aged = Aged::load(wanted, rows, &watch.side());
    aged.send(&shell, due);
    tell_status(&mut table, &aged.place, &shell, 4 * rounds);
    let firsts: Vec<_> = (0..rounds).map(|_| watch.first_of(&aged.place)).collect();
    let lines = [
        (
            "until the first request, s",
            Figures::of(firsts.iter().map(|it| it.request)),
        ),
        (
            "until the first send, s",
            Figures::of(firsts.iter().map(|it| it.send)),
        ),
    ];
    for (what, figures) in lines {
        let line = Line::ratio(what, &figures, Bar::AtMost(BAR_SEND));
        table.line(line.sides(seconds(figures.median()), String::new()));
    }
    let left = aged.place.count("ready");
    table.note(format!("{left} packets were due to the end"));
    table
}

fn tell_status(table: &mut Table, place: &Place, shell: &Shell, rounds: u32) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let answer = place.path("answer");
    for _ in 0..rounds {
        ours.push(place.verb("status").exits(0).seconds());
        let asked = shell.csv(&place.ledger(), ANY_CAMPAIGN, &answer).exits(0);
        theirs.push(asked.seconds());
    }
    let ratios = Figures::ratios(&ours, &theirs);
    let line = Line::ratio(
        "status, beside one SELECT",
        &ratios,
        Bar::AtMost(BAR_STATUS_RATIO),
    );
    table.line(line.sides(seconds(median(&ours)), seconds(median(&theirs))));
    table.line(Line::figure(
        "status, s",
        median(&ours),
        Bar::AtMost(BAR_STATUS),
    ));
}
