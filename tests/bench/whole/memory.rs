//! The most memory each verb has at once.

use super::gateway::Gateway;
use super::place::{Place, Side};
use super::recipients::Recipients;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

const BAR_MIB: f64 = 64.0;

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (rows, packets) = (wanted.rows(1_000_000), wanted.packets(50_000));
    let mut table = Table::new("memory: the peak of each verb, in MiB".to_owned());
    let mut tell = |place: &Place, verb: &str, count: u32| {
        let peak = place.verb(verb).exits(0).peak_mib();
        let what = format!("{verb}, {count} packets");
        table.line(Line::figure(&what, peak, Bar::AtMost(BAR_MIB)));
    };
    let recipients = Recipients::write(&wanted.dir(), 1, rows);
    let place = Place::new(&wanted.dir(), &recipients, &Side::nobody(), "");
    for verb in ["plan", "load", "plan", "status", "report"] {
        tell(&place, verb, rows);
    }
    assert_eq!(place.count("ready"), u64::from(rows));
    let gateway = Gateway::start(&wanted.dir(), &[], wanted.seed);
    let recipients = Recipients::write(&wanted.dir(), 2, packets);
    let place = Place::new(&wanted.dir(), &recipients, &gateway.side, "");
    for verb in ["load", "run", "reconcile", "report"] {
        tell(&place, verb, packets);
    }
    assert_eq!(place.count("sent"), u64::from(packets));
    table
}
