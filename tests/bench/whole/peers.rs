//! The same packets by scripts on public SDKs and by the program, each against a gateway of its
//! own that does the same: clean, and with a fault in every eighth request or so.
//!
//! Faults are drawn from seed and number, so each side meets the same ones where it asks first.
//! The truth is in the gateway's books; what a side calls paid or failed is in its own records.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;

use hongbao::simulator::Books;

use super::audit::PAID;
use super::figure::seconds;
use super::gateway::Gateway;
use super::peer::{Installed, PEERS, results};
use super::place::Place;
use super::recipients::Recipients;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

/// Each befalls one request in a hundred; after the last seven of them money has moved.
const FAULTS: [&str; 12] = [
    "lost_before",
    "systemerror_unpaid",
    "http502_unpaid",
    "return_fail",
    "freq_limit",
    "lost_after",
    "systemerror_paid",
    "http502_paid",
    "garbage",
    "truncated",
    "empty",
    "unknown_code",
];

/// Runs of the program until everything must be settled.
const RUNS: u32 = 20;

/// What a side calls a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Called {
    Paid,
    Failed,
    Open,
}

/// What one side made of the packets.
#[derive(Debug, Default)]
struct Outcome {
    packets_a_second: f64,
    peak_mib: f64,
    paid_called_failed: usize,
    unpaid_called_paid: usize,
    paid_twice: usize,
    open: usize,
}

/// One side, clean and with faults.
struct Row {
    name: String,
    clean: Outcome,
    faulty: Outcome,
}

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let packets = wanted.packets(20_000);
    let faults = FAULTS.map(|name| format!("{name}=0.01"));
    let mut table = Table::new(format!(
        "peers: {packets} packets by each side, 32 in flight, clean and with 12 % faults"
    ));
    let recipients = Recipients::write(&wanted.dir(), 1, packets);
    let ours = |faults: &[String]| ours(wanted, &recipients, faults);
    let mut rows = vec![Row {
        name: format!("hongbao {}", env!("CARGO_PKG_VERSION")),
        clean: ours(&[]),
        faulty: ours(&faults),
    }];
    for peer in PEERS {
        match peer.install(wanted.is_full) {
            Ok(installed) => rows.push(Row {
                name: peer.name.to_owned(),
                clean: theirs(wanted, &recipients, &installed, &[]),
                faulty: theirs(wanted, &recipients, &installed, &faults),
            }),
            Err(why) => table.note(format!("skipped: {}: {why}", peer.name)),
        }
    }
    table.note("skipped: wechatpay-php: there is no script on it here");
    tell(&mut table, &rows);
    table
}

/// The program, again and again until nothing is open.
fn ours(wanted: &Wanted, recipients: &Recipients, faults: &[String]) -> Outcome {
    let gateway = Gateway::start(&wanted.dir(), faults, wanted.seed);
    let place = Place::new(&wanted.dir(), recipients, &gateway.side, "");
    place.verb("load").exits(0);
    let (mut took, mut peak_mib) = (0.0, 0.0_f64);
    for _ in 0..RUNS {
        let used = place.verb("run");
        took += used.seconds();
        peak_mib = peak_mib.max(used.peak_mib());
        if used.code == 0 {
            break;
        }
    }
    let called = report(&place).into_iter().map(|row| {
        let called = match row["state"].as_str() {
            state if PAID.contains(&state) => Called::Paid,
            "refused" | "withdrawn" => Called::Failed,
            _ => Called::Open,
        };
        (row["openid"].clone(), called)
    });
    let outcome = Outcome {
        packets_a_second: f64::from(recipients.count) / took,
        peak_mib,
        ..Outcome::default()
    };
    outcome.compare(&called.collect(), &gateway.books())
}

/// A script, once.
fn theirs(
    wanted: &Wanted,
    recipients: &Recipients,
    peer: &Installed<'_>,
    faults: &[String],
) -> Outcome {
    let gateway = Gateway::start(&wanted.dir(), faults, wanted.seed);
    // The numbers of the program, so that both sides ask the gateway about the same orders.
    let place = Place::new(&wanted.dir(), recipients, &gateway.side, "");
    place.verb("load").exits(0);
    let orders = report(&place);
    let (list, database) = (place.path("orders.csv"), place.path("results.db"));
    let mut text = String::from("mch_billno,openid,amount_fen\n");
    for order in &orders {
        let cells = ["mch_billno", "openid", "amount_fen"].map(|name| order[name].as_str());
        writeln!(text, "{}", cells.join(",")).unwrap();
    }
    fs::write(&list, text).unwrap();
    let used = peer.send(&gateway.side, &list, &database).exits(0);
    let results = results(&database);
    let called = orders.into_iter().map(|order| {
        let called = match results.get(&order["mch_billno"]) {
            Some(true) => Called::Paid,
            Some(false) => Called::Failed,
            None => Called::Open,
        };
        (order["openid"].clone(), called)
    });
    let outcome = Outcome {
        packets_a_second: used.rate(recipients.count),
        peak_mib: used.peak_mib(),
        ..Outcome::default()
    };
    outcome.compare(&called.collect(), &gateway.books())
}

/// The rows of the report by the names of their columns.
fn report(place: &Place) -> Vec<HashMap<String, String>> {
    place.verb("report").exits(0);
    let mut csv = csv::Reader::from_path(place.path("stdout")).unwrap();
    csv.deserialize().collect::<Result<_, _>>().unwrap()
}

impl Outcome {
    /// What people are told, against what they got.
    fn compare(mut self, called: &HashMap<String, Called>, books: &Books) -> Outcome {
        let mut payments: HashMap<&str, u32> = HashMap::new();
        for booked in books.orders.values() {
            *payments.entry(&booked.order.openid).or_default() += booked.order.payments;
        }
        for (openid, called) in called {
            let is_paid = payments.get(openid.as_str()).is_some_and(|paid| *paid > 0);
            match called {
                Called::Paid => self.unpaid_called_paid += usize::from(!is_paid),
                Called::Failed => self.paid_called_failed += usize::from(is_paid),
                Called::Open => self.open += 1,
            }
        }
        self.paid_twice = payments.values().filter(|paid| **paid > 1).count();
        self
    }

    fn misstated(&self) -> usize {
        self.paid_called_failed + self.unpaid_called_paid
    }
}

fn tell(table: &mut Table, rows: &[Row]) {
    let ours = &rows[0];
    let bar = Bar::AtMost(0.0);
    let sum = |count: fn(&Outcome) -> usize| {
        let count = count(&ours.clean) + count(&ours.faulty);
        f64::from(u32::try_from(count).unwrap())
    };
    table.line(Line::figure(
        "ours: misstated",
        sum(Outcome::misstated),
        bar,
    ));
    table.line(Line::figure(
        "ours: paid twice",
        sum(|it| it.paid_twice),
        bar,
    ));
    table.line(Line::figure("ours: left open", sum(|it| it.open), bar));
    table.note(format!(
        "faults, 1 % of requests each: {}",
        FAULTS.join(", ")
    ));
    table.note("the counts are those of the run with faults; clean, in the order of the rows:");
    for row in rows {
        let (clean, each) = (&row.clean, seconds(1.0 / row.clean.packets_a_second));
        table.note(format!(
            "  {}: {} misstated, {} paid twice, {} left open; {each} a packet",
            row.name,
            clean.misstated(),
            clean.paid_twice,
            clean.open
        ));
    }
    table.note("");
    table.note(
        "| | packets a second | with faults | memory | paid, called failed | unpaid, called paid \
         | paid twice | left open |",
    );
    table.note("|---|--:|--:|--:|--:|--:|--:|--:|");
    for row in rows {
        let faulty = &row.faulty;
        table.note(format!(
            "| {} | {:.0} | {:.0} | {:.0} MiB | {} | {} | {} | {} |",
            row.name,
            row.clean.packets_a_second,
            faulty.packets_a_second,
            row.clean.peak_mib.max(faulty.peak_mib),
            faulty.paid_called_failed,
            faulty.unpaid_called_paid,
            faulty.paid_twice,
            faulty.open
        ));
    }
}
