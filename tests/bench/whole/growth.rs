//! How the cost of each verb grows with the campaign, from ten thousand rows on by tens.

use std::time::Duration;

use super::aged::Aged;
use super::figure::{median, seconds};
use super::place::Place;
use super::shell::Shell;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;
use super::watch::Watch;

/// What costs the same for each row may cost this much more for each in a larger campaign.
const BAR_LINEAR: f64 = 1.2;
/// What does not depend on the rows; half as much again is what short times spread by.
const BAR_FLAT: f64 = 1.5;

/// A list that was saved this long before its load is known by its stamp, as lists of people are; a
/// newer one is read at each look.
const SETTLED: Duration = Duration::from_secs(4);

/// Rows of the campaign whose costs count as those of starting.
const ALMOST_NONE: u32 = 10;

/// Seconds at one size.
struct Costs {
    rows: u32,
    load: f64,
    report: f64,
    status: f64,
    first_send: f64,
}

/// One of the costs.
type Pick = fn(&Costs) -> f64;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (most, rounds) = (wanted.rows(1_000_000), wanted.rounds(3));
    let mut table = Table::new(format!("growth: up to {most} rows, {rounds} rounds"));
    let Some(shell) = Shell::find() else {
        table.note("skipped: no sqlite3 shell to age ledgers with");
        return table;
    };
    let first = if wanted.is_full { 10_000 } else { 30 };
    let watch = Watch::start(wanted);
    let none = costs(wanted, &watch, &shell, (ALMOST_NONE, rounds));
    let sizes = (0..).map(|power| first * 10_u32.pow(power));
    let sizes = sizes.take_while(|rows| *rows <= most);
    let all: Vec<Costs> = sizes
        .map(|rows| costs(wanted, &watch, &shell, (rows, rounds)))
        .collect();
    let (smallest, larger) = all.split_first().unwrap();
    table.note(format!(
        "what {ALMOST_NONE} rows cost is taken off load and report"
    ));
    tell(&mut table, smallest, smallest, &none);
    for costs in larger {
        tell(&mut table, costs, smallest, &none);
    }
    table
}

fn costs(wanted: &Wanted, watch: &Watch, shell: &Shell, (rows, rounds): (u32, u32)) -> Costs {
    let mut load = Vec::new();
    let mut aged = Aged::load(wanted, rows, &watch.side());
    std::thread::sleep(SETTLED);
    for _ in 0..rounds {
        let place = Place::new(&wanted.dir(), &aged.recipients, &watch.side(), "");
        load.push(place.verb("load").exits(0).seconds());
        aged.place = place;
    }
    aged.send(shell, 1_000.min(rows / 2));
    let of = |verb: &str, rounds: u32| {
        let times: Vec<f64> = (0..rounds)
            .map(|_| aged.place.verb(verb).exits(0).seconds())
            .collect();
        median(&times)
    };
    let (report, status) = (of("report", rounds), of("status", 5 * rounds));
    // Each run uses up to sixty-four of the packets that are due; a small campaign has few.
    let runs = if rows < 1_000 { 1 } else { rounds };
    let sends: Vec<f64> = (0..runs)
        .map(|_| watch.first_of(&aged.place).send)
        .collect();
    Costs {
        rows,
        load: median(&load),
        report,
        status,
        first_send: median(&sends),
    }
}

fn tell(table: &mut Table, costs: &Costs, smallest: &Costs, none: &Costs) {
    let Costs { rows, .. } = costs;
    let linear: [(&str, Pick); 2] = [("load", |it| it.load), ("report", |it| it.report)];
    for (verb, pick) in linear {
        let each = |costs: &Costs| (pick(costs) - pick(none)) / f64::from(costs.rows);
        let ratio = each(costs) / each(smallest);
        let line = Line::figure(&format!("{verb}, {rows}"), ratio, Bar::AtMost(BAR_LINEAR));
        table.line(line.sides(format!("{} a row", seconds(each(costs))), String::new()));
    }
    let flat: [(&str, Pick); 2] = [
        ("status", |it| it.status),
        ("first send", |it| it.first_send),
    ];
    for (what, pick) in flat {
        let ratio = pick(costs) / pick(smallest);
        let line = Line::figure(&format!("{what}, {rows}"), ratio, Bar::AtMost(BAR_FLAT));
        table.line(line.sides(seconds(pick(costs)), String::new()));
    }
}
