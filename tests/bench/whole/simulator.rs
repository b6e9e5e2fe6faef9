//! What a request costs the built-in simulator, beside the lean gateway, which judges nothing and
//! keeps no books.

use super::bare::{CONNECTIONS, Speech, pay};
use super::figure::{Figures, median, number, seconds};
use super::gateway::Gateway;
use super::lean::Lean;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

/// It judges every field and writes its books, where the lean one finds three and writes nothing.
/// Of about 7 µs it is what 1.5 was of the lean one before, which took 11.5.
const BAR_CPU: f64 = 2.5;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (packets, rounds) = (wanted.packets(100_000), wanted.rounds(5));
    let (ours, lean) = (
        Gateway::start(&wanted.dir(), &[], wanted.seed),
        Lean::start(&wanted.dir(), 0),
    );
    let (mut of_ours, mut of_lean) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let load = |side, cpu: &dyn Fn() -> Option<f64>| {
            let before = cpu();
            pay(side, Speech::Framed, (round, packets));
            cpu().zip(before).map(|(after, before)| after - before)
        };
        of_ours.extend(load(&ours.side, &|| ours.cpu()));
        of_lean.extend(load(&lean.side, &|| lean.cpu()));
    }
    assert_eq!(ours.books().paid_packets, u64::from(packets * rounds));
    let mut table = Table::new(format!(
        "simulator: {packets} packets of the bare loop, {rounds} rounds, {CONNECTIONS} connections"
    ));
    if of_ours.is_empty() || of_lean.is_empty() {
        table.note("skipped: this system does not tell what another process used");
        return table;
    }
    let each = |all: &[f64]| seconds(median(all) / number(u64::from(packets)));
    // At the small size the hundredths of a second that a system counts are none.
    if of_lean.iter().all(|cpu| *cpu > 0.0) {
        let ratios = Figures::ratios(&of_ours, &of_lean);
        let line = Line::ratio("CPU a request", &ratios, Bar::AtMost(BAR_CPU));
        table.line(line.sides(each(&of_ours), each(&of_lean)));
    }
    table
}
