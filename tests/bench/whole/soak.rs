//! Campaign after campaign against a gateway that fails in every way a run can outlast, the
//! runner killed again and again, and in the end both sides' books against each other.
//!
//! Left out are the faults after which the gateway takes ten minutes to say what became of a
//! packet; `tests/faults.rs` has them with a gateway that is quicker.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::audit::Audit;
use super::gateway::Gateway;
use super::place::Place;
use super::recipients::{Recipients, mixed};
use super::table::{Bar, Line, Table};
use super::vitals::Vitals;
use super::wanted::Wanted;

/// Packets of one campaign.
const CAMPAIGN: u32 = 100_000;
/// Packets for each kill.
const KILL_EVERY: u32 = 10_000;
/// Runs after the last kill until everything must be settled.
const LAST_RUNS: u32 = 20;
/// How often the runner is looked at.
const LOOK: Duration = Duration::from_millis(20);

const FAULTS: &[&str] = &[
    "lost_before=0.004",
    "lost_after=0.004",
    "systemerror_unpaid=0.004",
    "systemerror_paid=0.004",
    "http502_unpaid=0.002",
    "http502_paid=0.002",
    "garbage=0.002",
    "truncated=0.002",
    "empty=0.002",
    "late=0.0002",
    "wrong_echo=0.001",
    "wrong_sign=0.001",
    "unknown_code=0.002",
    "return_fail=0.002",
    "freq_limit=0.0005",
    "no_package=0.002",
    "not_found=0.01",
];

/// Quick retries, so that a campaign ends soon after its last kill.
const RETRY: &str = "request_timeout_ms = 2000\n\
     [retry]\nfirst_backoff_ms = 200\nmax_backoff_seconds = 2\nlinger_seconds = 30\n";

/// What became of all campaigns so far.
struct Soak<'a> {
    wanted: &'a Wanted,
    begun: Instant,
    /// Draws so far.
    drawn: u32,
    /// The longest life of a runner that is to be killed, in milliseconds.
    longest_ms: u64,
    kills: u32,
    runs: u32,
    vitals: Vitals,
    audit: Audit,
}

/// Soaks.
pub(crate) fn run(wanted: &Wanted) -> Table {
    let packets = wanted.packets(2_000_000);
    let mut soak = Soak {
        wanted,
        begun: Instant::now(),
        drawn: 0,
        longest_ms: if wanted.is_full { 4_000 } else { 200 },
        kills: 0,
        runs: 0,
        vitals: Vitals::default(),
        audit: Audit::default(),
    };
    let mut left = packets;
    while left > 0 {
        let count = left.min(CAMPAIGN);
        soak.campaign(count);
        left -= count;
    }
    let table = soak.table(packets);
    assert!(soak.audit.is_clean(), "{table}");
    table
}

impl Soak<'_> {
    /// One campaign from its file to the comparison of the books.
    fn campaign(&mut self, count: u32) {
        let (dir, faults) = (self.wanted.dir(), FAULTS.iter().map(ToString::to_string));
        let seed = self.wanted.seed.wrapping_add(self.drawn);
        let gateway = Gateway::start(&dir, &faults.collect::<Vec<_>>(), seed);
        let recipients = Recipients::write(&dir, seed % 10_000, count);
        let place = Place::new(&dir, &recipients, &gateway.side, RETRY);
        place.verb("load").exits(0);
        let mut kills = (count / KILL_EVERY).max(3);
        while kills > 0 {
            let life = self.draw(self.longest_ms);
            match self.live(place.command("run"), Some(life)) {
                None => kills -= 1,
                // Quicker than the kill: nothing is left to interrupt.
                Some(0) => break,
                Some(code) => assert_eq!(code, 4, "exit code"),
            }
        }
        for _ in 0..LAST_RUNS {
            if self.live(place.command("run"), None) == Some(0) {
                break;
            }
            // What it has asked about ten times it asks about minutes later; this asks at once.
            self.live(place.command("reconcile"), None);
        }
        self.audit.compare(&place, &gateway.books(), &recipients);
    }

    /// Starts a runner and looks at it until its end or until `life` is over. The exit code, or
    /// `None` where it was killed.
    fn live(&mut self, mut command: Command, life: Option<Duration>) -> Option<i32> {
        self.runs += 1;
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child: Child = quiet.spawn().unwrap();
        let born = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return status.code();
            }
            if life.is_some_and(|life| born.elapsed() >= life) {
                self.kills += 1;
                child.kill().unwrap();
                child.wait().unwrap();
                return None;
            }
            sleep(LOOK);
            self.vitals.look(child.id(), self.begun.elapsed());
        }
    }

    fn draw(&mut self, most_ms: u64) -> Duration {
        self.drawn += 1;
        let seed = (u64::from(self.wanted.seed) << 32) | u64::from(self.drawn);
        Duration::from_millis(20 + mixed(seed) % most_ms)
    }

    fn table(&self, packets: u32) -> Table {
        let minutes = self.begun.elapsed().as_secs_f64() / 60.0;
        let mut table = Table::new(format!(
            "soak: {packets} packets in {minutes:.1} minutes, {} runs, {} of them killed",
            self.runs, self.kills
        ));
        for (what, count) in self.audit.faults() {
            table.line(Line::figure(what, f64::from(count), Bar::AtMost(0.0)));
        }
        table.note(self.audit.sums());
        self.audit.shown().iter().for_each(|it| table.note(it));
        for slice in self.vitals.slices(10) {
            table.note(slice);
        }
        table
    }
}
