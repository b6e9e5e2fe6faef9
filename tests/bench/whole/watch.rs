//! A gateway in the bench's own process, which sees when the first requests of a run arrive.

use std::fs::{File, read_to_string};
use std::net::SocketAddr;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hongbao::simulator::{FaultName, FaultRates, Settings, Simulator, machine_clock};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::place::{Place, Side};
use super::wanted::Wanted;

/// A run that has sent nothing by then never will.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a send waits for its answer: the run is told to stop meanwhile, so that few of the
/// packets that are due are gone when the next run starts.
const LATE_MS: u64 = 400;

/// The gateway. Queries are answered at once, sends late.
pub(crate) struct Watch {
    // Dropped before the runtime that serves it.
    simulator: Simulator,
    _runtime: Runtime,
    dir: TempDir,
}

/// When the first requests arrived, in seconds from the start of the process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct First {
    pub(crate) request: f64,
    pub(crate) send: f64,
}

impl Watch {
    /// Listens.
    pub(crate) fn start(wanted: &Wanted) -> Watch {
        let runtime = Runtime::new().unwrap();
        let settings = Settings {
            faults: FaultRates::none().with(FaultName::Late, 1.0),
            query_faults: Some(FaultRates::none()),
            late_ms: LATE_MS,
            ..Settings::default()
        };
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let started = Simulator::start(settings, None, listen, machine_clock());
        let simulator = runtime.block_on(started).unwrap();
        let dir = tempfile::tempdir_in(wanted.dir()).unwrap();
        simulator.write_credentials(dir.path()).unwrap();
        Watch {
            simulator,
            _runtime: runtime,
            dir,
        }
    }

    /// How to reach it.
    pub(crate) fn side(&self) -> Side {
        Side {
            base_url: self.simulator.base_url(),
            secrets: self.dir.path().to_owned(),
        }
    }

    /// Starts a run, stops it as soon as something was sent, and tells when that was.
    pub(crate) fn first_of(&self, place: &Place) -> First {
        let requests_before = self.simulator.books().arrivals_ms.len();
        let sends_before = self.simulator.books().counters.sends;
        let start = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut command = place.command("run");
        let log = place.path("log");
        command.stderr(File::create(&log).unwrap());
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while self.simulator.books().counters.sends == sends_before {
            assert!(begun.elapsed() < PATIENCE, "nothing is sent");
            if let Some(status) = child.try_wait().unwrap() {
                panic!(
                    "{status} before anything was sent: {}",
                    read_to_string(&log).unwrap()
                );
            }
            sleep(Duration::from_millis(5));
        }
        kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(143));
        let books = self.simulator.books();
        let since = |at_ms: i64| {
            let at_ms = u64::try_from(at_ms).unwrap();
            Duration::from_millis(at_ms)
                .saturating_sub(start)
                .as_secs_f64()
        };
        // The clock ticks in milliseconds; the millisecond of the start is not over yet.
        let firsts = books.orders.values().map(|it| it.requests.first_ms);
        let ours = firsts.filter(|&at_ms| at_ms >= i64::try_from(start.as_millis()).unwrap());
        First {
            request: since(books.arrivals_ms[requests_before]),
            send: since(ours.min().unwrap()),
        }
    }
}
