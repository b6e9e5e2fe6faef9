//! The simulator, started in the test's process and asked from its thread.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hongbao::simulator::{Books, FaultName, FaultRates, Settings, Simulator, machine_clock};
use tokio::runtime::Runtime;

use super::until;

/// A stand-in for WeChat Pay. It serves on threads of its own until it is dropped.
pub(crate) struct Wechat {
    // Dropped before the runtime that serves it.
    simulator: Simulator,
    ahead_ms: Arc<AtomicI64>,
    _runtime: Runtime,
}

impl Wechat {
    /// Starts one with these settings on any free port.
    pub(crate) fn start(settings: Settings) -> Wechat {
        Wechat::open(settings, None)
    }

    /// As [`Wechat::start`], with books in a file that outlive it.
    pub(crate) fn open(settings: Settings, books: Option<&Path>) -> Wechat {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let ahead_ms = Arc::new(AtomicI64::new(0));
        let (machine, ahead) = (machine_clock(), Arc::clone(&ahead_ms));
        let clock = Arc::new(move || machine() + ahead.load(Ordering::Relaxed));
        let started = Simulator::start(settings, books, listen, clock);
        let simulator = runtime.block_on(started).unwrap();
        Wechat {
            simulator,
            ahead_ms,
            _runtime: runtime,
        }
    }

    pub(crate) fn base_url(&self) -> String {
        self.simulator.base_url()
    }

    /// Writes what a merchant needs to speak to it.
    pub(crate) fn write_credentials(&self, dir: &Path) {
        std::fs::create_dir_all(dir).unwrap();
        self.simulator.write_credentials(dir).unwrap();
    }

    pub(crate) fn books(&self) -> Books {
        self.simulator.books()
    }

    /// The bills of all days so far, by their date.
    pub(crate) fn fund_flow(&self) -> BTreeMap<String, String> {
        self.simulator.fund_flow(false).0
    }

    pub(crate) fn sends(&self) -> u64 {
        self.books().counters.sends
    }

    pub(crate) fn queries(&self) -> u64 {
        self.books().counters.queries
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Settings)) {
        self.simulator.change(change);
    }

    /// Waits until it has read all that left for it: a process that was killed is gone before its
    /// last request is read, and the next one's second of rest would begin too early.
    pub(crate) fn until_all_arrived(&self) {
        let url = self.base_url();
        let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
        until("all arrived", || !has_connections(port));
    }

    /// Sets its clock so far ahead of the machine's: to the program, the machine's is behind.
    pub(crate) fn set_ahead(&self, ms: i64) {
        self.ahead_ms.store(ms, Ordering::Relaxed);
    }

    pub(crate) fn top_up(&self, fen: u64) {
        self.simulator.top_up(fen);
    }
}

/// About an eighth of all answers faulty, every listed fault as often as the others.
pub(crate) fn an_eighth(names: &[FaultName]) -> FaultRates {
    let count = u32::try_from(names.len()).unwrap();
    let rate = 0.125 / f64::from(count);
    names
        .iter()
        .fold(FaultRates::none(), |faults, name| faults.with(*name, rate))
}

/// Whether a connection to this port is open on our side.
fn has_connections(port: u16) -> bool {
    /// Of a connection that is over, and of who waits for one.
    const TIME_WAIT_AND_LISTEN: [&str; 2] = ["06", "0A"];
    let local = format!(":{port:04X}");
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    table.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_ours = words.get(1).is_some_and(|it| it.ends_with(&local));
        is_ours && !TIME_WAIT_AND_LISTEN.contains(&words[3])
    })
}
