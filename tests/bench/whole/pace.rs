//! What a packet costs in a short and in a long campaign, for each way to set the pace.
//!
//! It is CPU that is compared: where a limit binds, the time is the limit's.

use super::figure::{median, seconds};
use super::lean::Lean;
use super::place::Place;
use super::recipients::Recipients;
use super::stopwatch::Used;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

/// A packet of a long campaign may cost this much more than one of a short campaign.
const BAR: f64 = 1.3;
const SHORT: u32 = 5_000;
/// Packets of the campaign whose cost counts as that of starting.
const ALMOST_NONE: u32 = 10;

/// A pace: what it is called, packets a second, packets a minute. Zero is no limit.
type Pace = (&'static str, u32, u32);

const PACES: [Pace; 4] = [
    ("no limit", 0, 0),
    ("a limit a second", 10_000, 0),
    ("a limit a minute", 0, 500_000),
    ("both limits", 10_000, 500_000),
];

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (long, rounds) = (wanted.packets(1_000_000), wanted.rounds(3));
    let short = SHORT.min(long / 3);
    let gateway = Lean::start(&wanted.dir(), 0);
    let mut table = Table::new(format!(
        "pace: {short} and {long} packets, {rounds} rounds of the short ones"
    ));
    let mut lists = 0;
    for pace in PACES {
        let mut spent = |packets: u32| {
            lists += 1;
            used(wanted, &gateway, pace, (lists, packets))
                .cpu
                .as_secs_f64()
        };
        let several = |spent: &mut dyn FnMut(u32) -> f64, packets| {
            let all: Vec<f64> = (0..rounds).map(|_| spent(packets)).collect();
            median(&all)
        };
        let start = several(&mut spent, ALMOST_NONE);
        let of_short = several(&mut spent, short);
        let of_long = spent(long);
        let each = |spent: f64, packets| (spent - start) / f64::from(packets - ALMOST_NONE);
        let (short, long) = (each(of_short, short), each(of_long, long));
        let line = Line::figure(pace.0, long / short, Bar::AtMost(BAR));
        table.line(line.sides(seconds(long), seconds(short)));
    }
    table.note(format!(
        "CPU a packet; what {ALMOST_NONE} packets cost is taken off"
    ));
    table
}

/// What the run of a campaign of its own uses.
fn used(wanted: &Wanted, gateway: &Lean, limits: Pace, (tag, packets): (u32, u32)) -> Used {
    let (_, per_second, per_minute) = limits;
    let recipients = Recipients::write(&wanted.dir(), tag, packets);
    let place = Place::new(&wanted.dir(), &recipients, &gateway.side, "");
    place.set("per_second", per_second);
    place.set("per_minute", per_minute);
    place.verb("load").exits(0);
    let used = place.verb("run").exits(0);
    assert_eq!(place.count("sent"), u64::from(packets));
    used
}
