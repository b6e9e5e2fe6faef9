//! From nothing to the help text.

use super::figure::{Figures, number, seconds};
use super::place::program;
use super::stopwatch::measure;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

/// What a person does not notice.
const BAR_MS: f64 = 10.0;
const BAR_MB: f64 = 15.0;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let runs = wanted.rounds(50);
    let times = (0..runs).map(|_| {
        measure(program(), &["--help"], None, None)
            .exits(0)
            .seconds()
    });
    let times = Figures::of(times);
    let bytes = std::fs::metadata(program()).unwrap().len();
    let mut table = Table::new(format!("startup: hongbao --help, {runs} runs"));
    let (least, most) = (seconds(times.least()), seconds(times.most()));
    let wall = Line::figure("milliseconds", times.median() * 1e3, Bar::AtMost(BAR_MS));
    table.line(wall.sides(format!("{least}..{most}"), String::new()));
    let size = Line::figure("program, MB", number(bytes) / 1e6, Bar::AtMost(BAR_MB));
    table.line(size);
    table
}
