//! The workers: how many there are, the way to them, and back.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::ahead::Ahead;
use super::handed::Handed;
use super::traced::traced;
use super::worker::{Done, Shared};
use crate::ledger::{Attempt, LedgerError};
use crate::words::ledger as words;

/// The way to the workers, and back.
pub(in crate::runner) struct Workers {
    /// They end when it is dropped.
    pub(in crate::runner) attempts: mpsc::Sender<Attempt>,
    pub(in crate::runner) results: mpsc::UnboundedReceiver<Done>,
    /// What `results` will tell of.
    pub(in crate::runner) handed: Arc<Handed>,
}

/// Starts `count` workers.
pub(in crate::runner) fn start(shared: &Arc<Shared>, count: usize) -> Workers {
    // Attempts committed ahead wait here, and never more.
    let (attempts, inbox) = mpsc::channel(Ahead::most(count));
    let (done, results) = mpsc::unbounded_channel();
    let inbox = Arc::new(Mutex::new(inbox));
    let handed = Arc::new(Handed::default());
    for _ in 0..count {
        let (shared, inbox) = (Arc::clone(shared), Arc::clone(&inbox));
        tokio::spawn(work(shared, inbox, (done.clone(), Arc::clone(&handed))));
    }
    Workers {
        attempts,
        results,
        handed,
    }
}

async fn work(
    shared: Arc<Shared>,
    inbox: Arc<Mutex<mpsc::Receiver<Attempt>>>,
    (done, handed): (mpsc::UnboundedSender<Done>, Arc<Handed>),
) {
    loop {
        let next = inbox.lock().await.recv().await;
        let Some(attempt) = next else { return };
        let brought = {
            // Pinned where it is made: it is some kilobytes, and each layer around it would move
            // them.
            let request = pin!(shared.request(&attempt));
            traced(&attempt, request).await
        };
        if planted!(CancelledIsForgotten) && shared.gate.is_shut().is_some() {
            continue;
        }
        // The worker goes on while the ledger commits: recording costs no connection.
        shared.record(attempt, brought, done.clone());
        handed.add();
    }
}

/// A worker that panicked is a defect; its open attempt is found in doubt at the next start.
pub(in crate::runner) fn workers_gone() -> LedgerError {
    LedgerError::WriterGone(words::worker_gone())
}
