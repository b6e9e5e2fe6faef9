//! The one place where the gateway and its books file meet: an answer leaves only after its
//! entries are written.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::simulator::books::journal::Journal;
use crate::simulator::clock::SimulatorClock;
use crate::simulator::rules::gateway::Gateway;
use crate::simulator::wire::reply::GatewayReply;

/// The gateway behind its lock, shared by all connections.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct DurableGateway(Arc<Mutex<Inside>>);

#[derive(Debug)]
struct Inside {
    gateway: Gateway,
    journal: Option<Journal>,
    is_open: bool,
    arrivals: watch::Sender<u64>,
}

impl DurableGateway {
    /// An open one.
    pub(in crate::simulator) fn new(gateway: Gateway, journal: Option<Journal>) -> Self {
        DurableGateway(Arc::new(Mutex::new(Inside {
            gateway,
            journal,
            is_open: true,
            arrivals: watch::Sender::new(0),
        })))
    }

    /// Answers a request. A closed one answers nothing.
    pub(in crate::simulator) fn answer(
        &self,
        path: &str,
        body: &[u8],
        clock: &SimulatorClock,
    ) -> GatewayReply {
        let mut inside = self.lock();
        if !inside.is_open {
            return GatewayReply::never();
        }
        // Asked for under the lock, so that arrivals are noted in the order of their times.
        let now_ms = clock();
        let reply = inside.gateway.answer(path, body, now_ms);
        inside.write_down();
        // Told between the books and the answer: a watcher can kill the client before it reads
        // the answer.
        inside.arrivals.send_modify(|count| *count += 1);
        if inside.is_open {
            reply
        } else {
            GatewayReply::never()
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// Writes new entries. Where that fails it closes: an answer nobody can look up again
    /// would make the books worthless.
    fn write_down(&mut self) {
        let entries = self.gateway.take_entries();
        let Some(journal) = &mut self.journal else {
            return;
        };
        if let Err(error) = journal.append(&entries) {
            tracing::error!(%error, "the simulator's books cannot be written; it stops answering");
            self.is_open = false;
        }
    }
}
