//! The one place where the gateway and its books file meet: an answer leaves only after its
//! entries are written. Requests that came together are written together.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use crate::simulator::books::journal::Journal;
use crate::simulator::clock::SimulatorClock;
use crate::simulator::error::SimulatorError;
use crate::simulator::rules::gateway::Gateway;
use crate::simulator::wire::reply::GatewayReply;

/// The gateway behind its lock, shared by all connections.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct DurableGateway {
    inside: Arc<Mutex<Inside>>,
    busy: Arc<AtomicUsize>,
    /// Answers that are not written whole.
    unsent: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Inside {
    gateway: Gateway,
    journal: Option<Journal>,
    is_open: bool,
    /// Whether it takes no request any more.
    is_ending: bool,
    /// Hears why it closed by itself.
    broken: Option<oneshot::Sender<SimulatorError>>,
    /// Requests that were carried out and are not told to who watches arrivals.
    untold: u64,
    arrivals: watch::Sender<u64>,
}

/// An answer that is not written whole.
#[derive(Debug)]
pub(super) struct OpenAnswer(Arc<AtomicUsize>);

impl Drop for OpenAnswer {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How often the end of open requests is looked for.
const LOOK: Duration = Duration::from_millis(5);

/// A request for as long as it is being answered.
#[derive(Debug)]
pub(super) struct Busy<'d> {
    durable: &'d DurableGateway,
    count: usize,
}

impl DurableGateway {
    /// An open one, and what hears why it closed by itself.
    pub(in crate::simulator) fn new(
        gateway: Gateway,
        journal: Option<Journal>,
    ) -> (Self, oneshot::Receiver<SimulatorError>) {
        let (broken, hears) = oneshot::channel();
        let inside = Inside {
            gateway,
            journal,
            is_open: true,
            is_ending: false,
            broken: Some(broken),
            untold: 0,
            arrivals: watch::Sender::new(0),
        };
        let durable = DurableGateway {
            inside: Arc::new(Mutex::new(inside)),
            busy: Arc::default(),
            unsent: Arc::default(),
        };
        (durable, hears)
    }

    /// A request came.
    pub(super) fn begin(&self) -> Busy<'_> {
        let count = self.busy.fetch_add(1, Ordering::Relaxed) + 1;
        Busy {
            durable: self,
            count,
        }
    }

    /// For as long as an answer is not written whole.
    pub(super) fn unsent(&self) -> OpenAnswer {
        self.unsent.fetch_add(1, Ordering::Relaxed);
        OpenAnswer(Arc::clone(&self.unsent))
    }

    /// Takes no request any more, and waits for the answers to those that came, but no longer
    /// than `most`.
    pub(in crate::simulator) async fn drain(&self, most: Duration) {
        self.lock().is_ending = true;
        let over = Instant::now() + most;
        while self.unsent.load(Ordering::Relaxed) > 0 && Instant::now() < over {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// How many requests were carried out so far, to be watched.
    pub(in crate::simulator) fn arrivals(&self) -> watch::Receiver<u64> {
        self.lock().arrivals.subscribe()
    }

    /// Lets `act` change or read the gateway.
    pub(in crate::simulator) fn with<R>(&self, act: impl FnOnce(&mut Gateway) -> R) -> R {
        let mut inside = self.lock();
        let result = act(&mut inside.gateway);
        inside.write_down();
        result
    }

    /// Lets go of the books file and answers no more.
    pub(in crate::simulator) fn close(&self) {
        let mut inside = self.lock();
        inside.is_open = false;
        inside.journal = None;
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Busy<'_> {
    /// Answers the request once its entries are written. A closed gateway answers nothing.
    pub(super) async fn answer(
        &self,
        path: &str,
        body: &[u8],
        clock: &SimulatorClock,
    ) -> GatewayReply {
        let Some(reply) = self.carry_out(path, body, clock) else {
            return GatewayReply::never();
        };
        // Whatever else is there is carried out meanwhile, and who is first back writes it all.
        tokio::task::yield_now().await;
        let mut inside = self.durable.lock();
        inside.write_down();
        if inside.is_open {
            reply
        } else {
            GatewayReply::never()
        }
    }

    fn carry_out(&self, path: &str, body: &[u8], clock: &SimulatorClock) -> Option<GatewayReply> {
        let mut inside = self.durable.lock();
        inside.gateway.traffic.answering(self.count);
        if !inside.is_open || inside.is_ending {
            return None;
        }
        // Asked for under the lock, so that arrivals are noted in the order of their times.
        let now_ms = clock();
        inside.untold += 1;
        Some(inside.gateway.answer(path, body, now_ms))
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.durable.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Inside {
    /// Writes new entries. Where that fails it closes: an answer nobody can look up again
    /// would make the books worthless.
    fn write_down(&mut self) {
        let entries = self.gateway.take_entries();
        if let Some(journal) = &mut self.journal
            && let Err(error) = journal.append(&entries)
        {
            tracing::error!(
                ?error,
                "the simulator's books cannot be written; it stops answering"
            );
            self.is_open = false;
            if let Some(broken) = self.broken.take() {
                // Nobody may be listening.
                let _ = broken.send(error);
            }
        }
        // Told between the books and the answers: a watcher can kill the client before it reads
        // its own.
        let untold = std::mem::take(&mut self.untold);
        if untold > 0 {
            self.arrivals.send_modify(|count| *count += untold);
        }
    }
}
