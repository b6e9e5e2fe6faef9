//! One round of questions: each goes to a worker, and what has no usable answer is asked again.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use crate::domain::bill::{Bill, Confirming};
use crate::domain::outcome::Sighting;
use crate::ledger::{Attempt, LedgerError};
use crate::runner::drive::ending::Glance;
use crate::runner::drive::run::TICK;
use crate::runner::health::gate::Shut;
use crate::runner::health::symptom::Symptom;
use crate::runner::health::throttling::Throttling;
use crate::runner::wire::ahead::Ahead;
use crate::runner::wire::pool::{self, workers_gone};
use crate::runner::wire::worker::{Done, Shared};
use crate::service;
use crate::words::Words;

/// How often a bill is asked about whose answers tell nothing.
const PASSES: u32 = 5;
/// Between two passes.
pub(super) const GAP: Duration = Duration::from_secs(1);

/// A hold after a refusal for the rate may last half of that.
const MIN_PATIENCE: Duration = Duration::from_mins(1);

/// The result of a reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reconciled {
    /// Bills asked about.
    pub asked: u64,
    /// Bills whose state moved.
    pub moved: u64,
    /// Bills without a usable answer in the end.
    pub unanswered: u64,
    /// Bills that were paid by their replies, first sent two days ago or more, and that WeChat Pay
    /// does not know, or calls failing: a reason beside SENDING.
    pub denied: u64,
    /// Why it ended early, if it did.
    pub shut: Option<Shut>,
    /// The gateway gave no usable answers any more, or none at all: a failure in words.
    pub outage: Option<Words>,
}

/// Which bills are asked about.
pub(super) enum Among {
    /// These, the first in front, which this process sends nothing about.
    InOrder(VecDeque<i64>),
    /// These, by row.
    These(Vec<i64>),
    /// The numbers after these bills', by row.
    Next(Vec<i64>),
}

/// The state of one reconciliation.
pub(super) struct Round<'a> {
    shared: &'a Arc<Shared>,
    attempts: mpsc::Sender<Attempt>,
    results: mpsc::UnboundedReceiver<Done>,
    ahead: Ahead,
    /// When the answers of a tick are counted.
    tick: Instant,
    done: Reconciled,
    throttling: Throttling,
    pub(super) unclear: Vec<i64>,
    /// Those of the last questions that had no usable answer in the end.
    left: HashSet<i64>,
    /// Answers to all questions.
    queries: u64,
    /// Bills that were called `FAILED`: the numbers after theirs are asked about.
    failed: Vec<i64>,
    /// How far it is, for a progress bar.
    tell: Option<Tell<'a>>,
    /// Whether an answer is all that was to be learnt.
    pub(super) is_enough: fn(&Done) -> bool,
    /// The last answers, where they are wanted.
    pub(in crate::runner) seen: Option<Seen>,
}

/// Told how far a round is.
pub(super) type Tell<'a> = &'a mut dyn FnMut(Glance);

/// The last answer about each bill by row, and the bill after it.
pub type Seen = BTreeMap<i64, (Bill, Sighting)>;

impl<'a> Round<'a> {
    pub(in crate::runner) fn begin(shared: &'a Arc<Shared>, in_flight: usize) -> Self {
        let workers = pool::start(shared, in_flight);
        Round {
            shared,
            ahead: Ahead::close(in_flight, &workers.handed),
            attempts: workers.attempts,
            results: workers.results,
            tick: Instant::now() + TICK,
            done: Reconciled::default(),
            throttling: Throttling::new(shared.linger.max(MIN_PATIENCE)),
            unclear: Vec::new(),
            left: HashSet::new(),
            queries: 0,
            failed: Vec::new(),
            tell: None,
            is_enough: |done| done.sighting.as_ref().is_some_and(Sighting::is_told),
            seen: None,
        }
    }

    pub(super) fn end(self) -> Reconciled {
        let outage = self.shared.gate.outage().map(|outage| outage.evidence);
        Reconciled {
            shut: self.shared.gate.is_shut(),
            outage: outage.or_else(|| self.shared.reach.missed()),
            ..self.done
        }
    }

    /// Tells `tell` how far it is.
    pub(super) fn telling(self, tell: Tell<'a>) -> Self {
        Round {
            tell: Some(tell),
            ..self
        }
    }

    /// The numbers after those that were called `FAILED`; whether there were any.
    pub(super) async fn ask_on(&mut self) -> Result<bool, LedgerError> {
        let failed = std::mem::take(&mut self.failed);
        if failed.is_empty() || !self.goes_on() {
            return Ok(false);
        }
        self.ask(Among::Next(failed)).await?;
        Ok(true)
    }

    /// These bills, which are refused, and the numbers after theirs.
    pub(super) async fn ask_up(&mut self, bills: Vec<i64>) -> Result<(), LedgerError> {
        self.ask(Among::These(bills.clone())).await?;
        if self.goes_on() {
            self.ask(Among::Next(bills)).await?;
        }
        Ok(())
    }

    /// Whether questions may still be asked.
    pub(super) fn goes_on(&self) -> bool {
        let Shared { gate, reach, .. } = &**self.shared;
        gate.is_shut().is_none() && gate.outage().is_none() && !reach.is_over()
    }

    pub(in crate::runner) async fn ask(&mut self, mut among: Among) -> Result<(), LedgerError> {
        let is_next = matches!(among, Among::Next(_));
        let again = if is_next { Among::Next } else { Among::These };
        for pass in 1..=PASSES {
            // The number after a bill's is a question about the same bill.
            self.ask_once(among, pass == 1 && !is_next).await?;
            if self.unclear.is_empty() || !self.goes_on() || pass == PASSES {
                break;
            }
            among = again(std::mem::take(&mut self.unclear));
            sleep(GAP * pass).await;
        }
        let left: HashSet<i64> = std::mem::take(&mut self.unclear).into_iter().collect();
        let before = if is_next { &self.left } else { &HashSet::new() };
        self.done.unanswered += left.difference(before).count() as u64;
        self.left = left;
        Ok(())
    }

    pub(super) async fn ask_once(
        &mut self,
        mut among: Among,
        is_first: bool,
    ) -> Result<(), LedgerError> {
        loop {
            if Instant::now() >= self.tick {
                self.tick = Instant::now() + TICK;
                self.ahead.tick();
            }
            // The pace does not count: a question waits for its permit, and one that grows stale
            // is asked again.
            let room = self.ahead.room(usize::MAX);
            // In an outage every further question would only wear out the bound on them.
            let taken = if self.goes_on() && room > 0 {
                self.take(&mut among, room).await?
            } else {
                Vec::new()
            };
            for attempt in taken {
                self.ahead.begin();
                if self.attempts.send(attempt).await.is_err() {
                    return Err(workers_gone());
                }
            }
            if self.ahead.is_empty() {
                return Ok(());
            }
            tokio::select! {
                biased;
                over = self.results.recv() => {
                    self.take_in(over.ok_or_else(workers_gone)?, is_first).await?;
                }
                () = self.ahead.reach_room(usize::MAX) => {}
            }
            // Answers that one commit recorded come together.
            while let Ok(over) = self.results.try_recv() {
                self.take_in(over, is_first).await?;
            }
        }
    }

    async fn take(&mut self, among: &mut Among, room: usize) -> Result<Vec<Attempt>, LedgerError> {
        let writer = &self.shared.writer;
        writer.check_lock()?;
        self.shared.lead.watch(writer, &self.shared.clock)?;
        let now = self.shared.clock.now_ms();
        match among {
            Among::InOrder(bills) => {
                let mut taken = Vec::new();
                while taken.is_empty() && !bills.is_empty() {
                    let next = bills.drain(..room.min(bills.len())).collect();
                    taken = writer.take_unsettled(next, now).await?;
                }
                Ok(taken)
            }
            // A bill that is settled by now gives no attempt, and room for another one.
            Among::These(bills) => {
                let mut taken = Vec::new();
                while taken.is_empty() && !bills.is_empty() {
                    let rest = bills.len().saturating_sub(room);
                    taken = writer.take_bills(bills.split_off(rest), now).await?;
                }
                Ok(taken)
            }
            Among::Next(bills) => {
                let mut taken = Vec::new();
                while taken.is_empty() && !bills.is_empty() {
                    let rest = bills.len().saturating_sub(room);
                    taken = writer.take_next(bills.split_off(rest), now).await?;
                }
                Ok(taken)
            }
        }
    }

    async fn take_in(&mut self, over: Done, is_first: bool) -> Result<(), LedgerError> {
        self.ahead.end(&over.symptom);
        self.throttling.note(&over.symptom);
        if over.symptom == Symptom::Throttled && self.throttling.is_over() {
            self.shared.gate.shut(Shut::Throttled);
        }
        service::beat();
        if is_first {
            self.done.asked += 1;
        }
        self.queries += 1;
        if let Some(tell) = &mut self.tell {
            tell(Glance {
                moved: self.done.asked,
                queries: self.queries,
                ..Glance::default()
            });
        }
        let is_unclear = !(self.is_enough)(&over);
        if is_unclear {
            self.unclear.extend(over.bill);
        }
        let Some(recorded) = over.recorded else {
            return Err(self.shared.writer.gone().await);
        };
        let Some((before, after)) = recorded.bill else {
            return Ok(());
        };
        tracing::debug!(bill = over.bill, from = %before.state, to = %after.state, "recorded");
        self.done.moved += u64::from(before.state != after.state);
        let says_no = over.sighting.as_ref().is_some_and(Sighting::is_denial);
        let is_denied = says_no && after.must_be_known(self.shared.clock.now_ms());
        self.done.denied += u64::from(is_denied);
        // Where the next number's question told nothing, it was asked already.
        if after.confirming == Some(Confirming::Failed) && !is_unclear {
            self.failed.extend(over.bill);
        }
        if let (Some(seen), Some(bill), Some(sighting)) = (&mut self.seen, over.bill, over.sighting)
        {
            seen.insert(bill, (after, sighting));
        }
        Ok(())
    }
}
