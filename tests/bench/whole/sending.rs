//! Sending, beside a loop that only signs, posts and reads, and beside the same loop over the
//! program's own client and over the library that most programs use.
//!
//! All stand before a gateway that costs less CPU a request than any of them, so none waits for it;
//! what it costs is printed. `--work 28` makes it one of about 40 µs. A run writes its CSV report,
//! as it always does, and no workbook: that one has a bench of its own (`desk`). One round more,
//! which is not timed, logs each commit.

use std::fs::File;
use std::process::Stdio;

use super::bare::{CONNECTIONS, Speech, pay};
use super::figure::{Figures, median, number, seconds};
use super::lean::Lean;
use super::place::Place;
use super::recipients::Recipients;
use super::stopwatch::Used;
use super::table::{Bar, Line, Table};
use super::wanted::Wanted;

const CSV_ALONE: &str = "[report]\nformats = [\"csv\"]\n";
const BAR_RATE: f64 = 0.7;
const BAR_CPU: f64 = 2.0;
const BAR_BYTES: f64 = 900.0;

/// What all rounds used.
#[derive(Default)]
struct Rounds {
    ours: Vec<Turn>,
    bare: Vec<Turn>,
    /// The loop over the program's own client.
    client: Vec<Turn>,
    /// The loop over reqwest.
    library: Vec<Turn>,
    ledger_bytes: u64,
    commits: u64,
}

/// What a client used, and the gateway's own process meanwhile.
struct Turn {
    client: Used,
    /// In seconds.
    gateway: Option<f64>,
}

/// Measures it.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let (packets, rounds) = (wanted.packets(100_000), wanted.rounds(5));
    let mut gateway = Lean::start(&wanted.dir(), wanted.work);
    let mut all = Rounds::default();
    for round in 0..rounds {
        all.ours(wanted, &gateway, (round, packets));
        for (which, speech) in (1..).zip([Speech::Framed, Speech::Client, Speech::Library]) {
            let tagged = (which * rounds + round, packets);
            let turn = Turn::of(&gateway, || pay(&gateway.side, speech, tagged));
            all.loops(speech).push(turn);
        }
    }
    all.logged(wanted, &gateway, (4 * rounds, packets));
    let sends = u64::from((4 * rounds + 1) * packets);
    assert_eq!(gateway.sends(), (sends, sends), "sends, and their numbers");
    let mut table = Table::new(format!(
        "sending: {packets} packets, {rounds} rounds, {CONNECTIONS} connections over mutual TLS, a \
         gateway that computes {} µs more",
        wanted.work
    ));
    all.tell(&mut table, packets);
    table
}

/// A loaded campaign, and its list.
fn loaded(wanted: &Wanted, gateway: &Lean, (tag, packets): (u32, u32)) -> (Recipients, Place) {
    let recipients = Recipients::write(&wanted.dir(), tag, packets);
    let place = Place::new(&wanted.dir(), &recipients, &gateway.side, CSV_ALONE);
    place.verb("load").exits(0);
    (recipients, place)
}

impl Turn {
    fn of(gateway: &Lean, client: impl FnOnce() -> Used) -> Turn {
        let before = gateway.cpu();
        let client = client();
        let used = gateway.cpu().zip(before);
        let gateway = used.map(|(after, before)| after - before);
        Turn { client, gateway }
    }

    /// The part of both cores, or of however many there are, that nobody used.
    fn idle(&self, cores: f64) -> Option<f64> {
        let used = self.client.cpu.as_secs_f64() + self.gateway?;
        Some(1.0 - used / (self.client.seconds() * cores))
    }
}

impl Rounds {
    /// A loaded campaign, run to its end.
    fn ours(&mut self, wanted: &Wanted, gateway: &Lean, (tag, packets): (u32, u32)) {
        let (_list, place) = loaded(wanted, gateway, (tag, packets));
        self.ours
            .push(Turn::of(gateway, || place.verb("run").exits(0)));
        assert_eq!(place.count("sent"), u64::from(packets));
        self.ledger_bytes = place.ledger_bytes();
    }

    /// Of the same number of packets to other people.
    fn loops(&mut self, speech: Speech) -> &mut Vec<Turn> {
        match speech {
            Speech::Framed => &mut self.bare,
            Speech::Client => &mut self.client,
            Speech::Library => &mut self.library,
        }
    }

    /// As [`Rounds::ours`], counting the commits.
    fn logged(&mut self, wanted: &Wanted, gateway: &Lean, (tag, packets): (u32, u32)) {
        let (_list, place) = loaded(wanted, gateway, (tag, packets));
        let log = place.path("log");
        let mut command = place.command("run");
        command.env("HONGBAO_LOG", "debug").stdout(Stdio::null());
        let status = command.stderr(File::create(&log).unwrap()).status();
        assert!(status.unwrap().success());
        let text = std::fs::read_to_string(log).unwrap();
        let commits = text
            .lines()
            .filter(|line| line.contains(" committed jobs="));
        self.commits = commits.count() as u64;
    }

    fn tell(&self, table: &mut Table, packets: u32) {
        let of = |side: &[Turn], figure: &dyn Fn(&Used) -> f64| -> Vec<f64> {
            side.iter().map(|turn| figure(&turn.client)).collect()
        };
        let rate = |side: &[f64]| format!("{:.0}/s", median(side));
        let (ours, bare) = (&self.ours, &self.bare);
        let rates = [ours, bare].map(|side| of(side, &|it| it.rate(packets)));
        let ratios = Figures::ratios(&rates[0], &rates[1]);
        let line = Line::ratio("packets a second", &ratios, Bar::AtLeast(BAR_RATE));
        table.line(line.sides(rate(&rates[0]), rate(&rates[1])));
        let cpu = |side: &[f64]| seconds(median(side));
        let cpus = [ours, bare].map(|side| of(side, &|it| it.cpu_each(packets)));
        let ratios = Figures::ratios(&cpus[0], &cpus[1]);
        let line = Line::ratio("CPU a packet", &ratios, Bar::AtMost(BAR_CPU));
        table.line(line.sides(cpu(&cpus[0]), cpu(&cpus[1])));
        let bytes = number(self.ledger_bytes) / f64::from(packets);
        let line = Line::figure("ledger, bytes a packet", bytes, Bar::AtMost(BAR_BYTES));
        table.line(line);
        for (over, side) in [("our client", &self.client), ("reqwest", &self.library)] {
            let theirs = of(side, &|it| it.rate(packets));
            let their_cpu = of(side, &|it| it.cpu_each(packets));
            let [slower, dearer] = [(&rates[0], &theirs), (&cpus[0], &their_cpu)]
                .map(|(ours, theirs)| Figures::ratios(ours, theirs).median());
            let (rate, cpu) = (rate(&theirs), cpu(&their_cpu));
            table.note(format!(
                "the loop over {over}: {rate}, {cpu}; ours is {slower:.2} and {dearer:.2} of it"
            ));
        }
        self.note(table, f64::from(packets), median(&rates[0]));
    }

    fn note(&self, table: &mut Table, packets: f64, rate: f64) {
        let each = packets / number(self.commits);
        let a_second = rate / each;
        table.note(format!(
            "{each:.0} packets a commit, {a_second:.0} commits a second"
        ));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let cores = f64::from(u32::try_from(cores).unwrap());
        let sides = [
            ("ours", &self.ours),
            ("the bare loop", &self.bare),
            ("the loop over our client", &self.client),
            ("the loop over reqwest", &self.library),
        ];
        for (who, side) in sides {
            let gateway: Option<Vec<f64>> = side.iter().map(|turn| turn.gateway).collect();
            let idle: Option<Vec<f64>> = side.iter().map(|turn| turn.idle(cores)).collect();
            let (Some(gateway), Some(idle)) = (gateway, idle) else {
                continue;
            };
            let (gateway, idle) = (seconds(median(&gateway) / packets), median(&idle) * 100.0);
            table.note(format!(
                "with {who} the gateway uses {gateway} of CPU a packet, and {idle:.0} % of \
                 {cores} cores are idle"
            ));
        }
    }
}
