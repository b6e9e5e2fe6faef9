//! Asks WeChat Pay about every bill that is not settled, once each, and again where the answer
//! told nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::gate::Shut;
use super::worker::{self, Crew, Done, workers_gone};
use crate::ledger::{Attempt, LedgerError};
use crate::words::Words;

/// How often a bill is asked about whose answers tell nothing.
const PASSES: u32 = 5;
/// Between two passes.
const GAP: Duration = Duration::from_secs(1);

/// What a reconciliation did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reconciled {
    /// Bills asked about.
    pub asked: u64,
    /// Bills whose state moved.
    pub moved: u64,
    /// Bills without a usable answer in the end.
    pub unanswered: u64,
    /// Why it ended early, if it did.
    pub shut: Option<Shut>,
    /// The gateway gave no usable answers any more: the last failure in words.
    pub outage: Option<Words>,
}

/// The state of one reconciliation.
struct Round {
    done: Reconciled,
    cursor: i64,
    again: Vec<i64>,
    unclear: Vec<i64>,
    outstanding: usize,
}

/// Queries every unsettled bill of the campaign.
///
/// # Errors
/// Where the ledger failed.
pub async fn reconcile(crew: &Arc<Crew>, in_flight: usize) -> Result<Reconciled, LedgerError> {
    let (attempts, mut results) = worker::start(crew, in_flight);
    let done = Reconciled::default();
    let mut round = Round {
        done,
        cursor: 0,
        again: Vec::new(),
        unclear: Vec::new(),
        outstanding: 0,
    };
    for pass in 0..PASSES {
        if pass > 0 {
            let is_over = crew.gate.is_shut().is_some() || crew.gate.outage().is_some();
            if round.unclear.is_empty() || is_over {
                break;
            }
            round.again = std::mem::take(&mut round.unclear);
            sleep(GAP * pass).await;
        }
        round
            .ask_all(crew, pass == 0, (&attempts, &mut results), in_flight)
            .await?;
    }
    round.done.unanswered = round.unclear.len() as u64;
    round.done.shut = crew.gate.is_shut();
    round.done.outage = crew.gate.outage().map(|outage| outage.evidence);
    Ok(round.done)
}

impl Round {
    async fn ask_all(
        &mut self,
        crew: &Arc<Crew>,
        is_first: bool,
        (attempts, results): (&mpsc::Sender<Attempt>, &mut mpsc::UnboundedReceiver<Done>),
        in_flight: usize,
    ) -> Result<(), LedgerError> {
        // As many as there are workers: a query waits for its permit with nothing else ahead,
        // and one that grows stale is asked again.
        loop {
            let room = in_flight - self.outstanding;
            // In an outage every further question would only wear out the bound on them.
            let is_open = crew.gate.is_shut().is_none() && crew.gate.outage().is_none();
            let taken = if is_open && room > 0 {
                self.take(crew, is_first, room).await?
            } else {
                Vec::new()
            };
            for attempt in taken {
                self.outstanding += 1;
                if attempts.send(attempt).await.is_err() {
                    return Err(workers_gone());
                }
            }
            if self.outstanding == 0 {
                return Ok(());
            }
            if let Some(over) = results.recv().await {
                self.take_in(crew, over, is_first).await?;
            }
        }
    }

    async fn take(
        &mut self,
        crew: &Crew,
        is_first: bool,
        room: usize,
    ) -> Result<Vec<Attempt>, LedgerError> {
        crew.writer.check_lock()?;
        let now = crew.clock.now_ms();
        let taken = if is_first {
            crew.writer.take_unsettled(self.cursor, now, room).await?
        } else {
            let rest = self.again.len().saturating_sub(room);
            crew.writer
                .take_bills(self.again.split_off(rest), now)
                .await?
        };
        let last = taken.iter().filter_map(Attempt::bill).max();
        self.cursor = last.unwrap_or(self.cursor);
        Ok(taken)
    }

    async fn take_in(
        &mut self,
        crew: &Crew,
        over: Done,
        is_first: bool,
    ) -> Result<(), LedgerError> {
        self.outstanding -= 1;
        if is_first {
            self.done.asked += 1;
        }
        if !over.is_clear {
            self.unclear.extend(over.bill);
        }
        let Some(recorded) = over.recorded else {
            return Err(crew.writer.gone().await);
        };
        let moved = recorded
            .bill
            .is_some_and(|(before, after)| before.state != after.state);
        self.done.moved += u64::from(moved);
        Ok(())
    }
}
