//! Sending, beside a loop that only signs, posts and reads.

use super::figure::{Figures, median, number, seconds};
use super::gateway::Gateway;
use super::place::Place;
use super::recipients::Recipients;
use super::stopwatch::{Used, measure};
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

const CONNECTIONS: u32 = 32;
const BAR_RATE: f64 = 0.7;
const BAR_CPU: f64 = 2.5;
const BAR_BYTES: f64 = 900.0;

/// What all rounds used.
#[derive(Default)]
struct Rounds {
    ours: Vec<Used>,
    bare: Vec<Used>,
    /// What the gateway's own process used meanwhile, in seconds.
    gateway: Vec<(f64, f64)>,
    ledger_bytes: u64,
}

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (packets, rounds) = (wanted.packets(20_000), wanted.rounds(5));
    let gateway = Gateway::start(&wanted.dir(), &[], wanted.seed);
    let mut all = Rounds::default();
    for round in 0..rounds {
        let before = gateway.cpu();
        all.ours(wanted, &gateway, (round, packets));
        let between = gateway.cpu();
        all.bare(&gateway, (rounds + round, packets));
        let after = gateway.cpu();
        if let (Some(before), Some(between), Some(after)) = (before, between, after) {
            all.gateway.push((between - before, after - between));
        }
    }
    let books = gateway.books();
    assert_eq!(books.paid_packets, u64::from(2 * rounds * packets));
    assert_eq!(books.paid_twice(), Vec::<&str>::new());
    let mut table = Table::new(format!(
        "sending: {packets} packets, {rounds} rounds, {CONNECTIONS} connections over mutual TLS"
    ));
    all.tell(&mut table, packets);
    table
}

impl Rounds {
    /// A loaded campaign, run to its end.
    fn ours(&mut self, wanted: &Wanted, gateway: &Gateway, (tag, packets): (u32, u32)) {
        let recipients = Recipients::write(&wanted.dir(), tag, packets);
        let place = Place::new(&wanted.dir(), &recipients, &gateway.side, "");
        place.verb("load").exits(0);
        self.ours.push(place.verb("run").exits(0));
        assert_eq!(place.count("sent"), u64::from(packets));
        self.ledger_bytes = place.ledger_bytes();
    }

    /// The same number of packets to other people, as a process of its own.
    fn bare(&mut self, gateway: &Gateway, (tag, packets): (u32, u32)) {
        let address = gateway.side.base_url.trim_start_matches("https://");
        let secrets = gateway.side.secrets.to_str().unwrap();
        let numbers = [tag, packets, CONNECTIONS].map(|n| n.to_string());
        let mut words = vec!["bare", address, secrets];
        words.extend(numbers.iter().map(String::as_str));
        let program = std::env::current_exe().unwrap();
        self.bare
            .push(measure(&program, &words, None, None).exits(0));
    }

    fn tell(&self, table: &mut Table, packets: u32) {
        let rates = |side: &[Used]| side.iter().map(|it| it.rate(packets)).collect::<Vec<_>>();
        let cpus = |side: &[Used]| {
            side.iter()
                .map(|it| it.cpu_each(packets))
                .collect::<Vec<_>>()
        };
        let (ours, bare) = (rates(&self.ours), rates(&self.bare));
        let rate = |side: &[f64]| format!("{:.0}/s", median(side));
        let ratios = Figures::ratios(&ours, &bare);
        let line = Line::ratio("packets a second", &ratios, Bar::AtLeast(BAR_RATE));
        table.line(line.sides(rate(&ours), rate(&bare)));
        let (ours, bare) = (cpus(&self.ours), cpus(&self.bare));
        let cpu = |side: &[f64]| seconds(median(side));
        let ratios = Figures::ratios(&ours, &bare);
        let line = Line::ratio("CPU a packet", &ratios, Bar::AtMost(BAR_CPU));
        table.line(line.sides(cpu(&ours), cpu(&bare)));
        let bytes = number(self.ledger_bytes) / f64::from(packets);
        let line = Line::figure("ledger, bytes a packet", bytes, Bar::AtMost(BAR_BYTES));
        table.line(line);
        if !self.gateway.is_empty() {
            let each = |pick: fn(&(f64, f64)) -> f64| {
                let all: Vec<f64> = self.gateway.iter().map(pick).collect();
                seconds(median(&all) / f64::from(packets))
            };
            let (ours, bare) = (each(|it| it.0), each(|it| it.1));
            table.note(format!(
                "the gateway itself uses {ours} of CPU a packet with ours, {bare} with the bare \
                 loop, on the same cores"
            ));
        }
    }
}
