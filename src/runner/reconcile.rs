//! Asks WeChat Pay about bills: about every one that is not settled, once each, and again where
//! the answer told nothing; or about certain ones, until it has said what became of them.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::gate::Shut;
use super::worker::{self, Crew, Done, is_clear, workers_gone};
use crate::domain::bill::Bill;
use crate::domain::outcome::Sighting;
use crate::domain::state::State;
use crate::ledger::{Attempt, LedgerError};
use crate::words::Words;

/// How often a bill is asked about whose answers tell nothing.
const PASSES: u32 = 5;
/// Between two passes.
const GAP: Duration = Duration::from_secs(1);
/// The longest gap between two questions about certain bills.
const MAX_GAP: Duration = Duration::from_secs(30);

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

/// Which bills are asked about.
enum Among {
    /// Every unsettled one after this row.
    Unsettled(i64),
    /// These, by row.
    These(Vec<i64>),
}

/// The state of one reconciliation.
struct Round<'a> {
    crew: &'a Arc<Crew>,
    attempts: mpsc::Sender<Attempt>,
    results: mpsc::UnboundedReceiver<Done>,
    in_flight: usize,
    done: Reconciled,
    unclear: Vec<i64>,
    outstanding: usize,
    /// Whether an answer is all that was to be learnt.
    is_enough: fn(&Done) -> bool,
    /// The last answers, where they are wanted.
    seen: Option<Seen>,
}

/// The last answer about each bill by row, and the bill after it.
pub type Seen = BTreeMap<i64, (Bill, Sighting)>;

/// Queries every unsettled bill of the campaign, and every number that was given up for a new one
/// as long as WeChat Pay may be asked about it.
///
/// # Errors
/// Where the ledger failed.
pub async fn reconcile(crew: &Arc<Crew>, in_flight: usize) -> Result<Reconciled, LedgerError> {
    let former = crew.writer.former(crew.clock.now_ms()).await?;
    let mut round = Round::begin(crew, in_flight);
    // First: what one of them tells may take the number in its place out of the run.
    round.ask(Among::These(former)).await?;
    round.ask(Among::Unsettled(0)).await?;
    Ok(round.end())
}

/// Queries these bills.
///
/// # Errors
/// Where the ledger failed.
pub(super) async fn ask_about(
    crew: &Arc<Crew>,
    in_flight: usize,
    bills: Vec<i64>,
) -> Result<Reconciled, LedgerError> {
    let mut round = Round::begin(crew, in_flight);
    round.ask(Among::These(bills)).await?;
    Ok(round.end())
}

/// Queries these bills, by row, until WeChat Pay has said of each what became of it, or until
/// `patience` is over. Nothing is known of one that no query can change any more.
///
/// # Errors
/// Where the ledger failed.
pub async fn verify(
    crew: &Arc<Crew>,
    bills: Vec<i64>,
    in_flight: usize,
    patience: Duration,
) -> Result<Seen, LedgerError> {
    let mut round = Round::begin(crew, in_flight);
    round.is_enough = has_told;
    round.seen = Some(Seen::new());
    let (end, mut gap, mut among) = (Instant::now() + patience, GAP, bills);
    loop {
        round.ask_once(Among::These(among), false).await?;
        let is_over = round.unclear.is_empty() || Instant::now() + gap > end;
        if is_over || crew.gate.outage().is_some() {
            break;
        }
        among = std::mem::take(&mut round.unclear);
        if crew.gate.unless_shut(pin!(sleep(gap))).await.is_none() {
            break;
        }
        gap = (gap * 2).min(MAX_GAP);
    }
    Ok(round.seen.unwrap_or_default())
}

/// Whether WeChat Pay said what became of a bill, or the machine must not decide it any more.
fn has_told(done: &Done) -> bool {
    let after = done.recorded.as_ref().and_then(|it| it.bill.as_ref());
    let is_over = after.is_some_and(|(_, bill)| bill.state == State::Review);
    let is_told = done.sighting.as_ref().is_some_and(|sighting| {
        sighting.is_payment() || matches!(sighting, Sighting::Failed | Sighting::Clash)
    });
    is_over || is_told || after.is_some_and(|(_, bill)| bill.state.is_final())
}

impl<'a> Round<'a> {
    fn begin(crew: &'a Arc<Crew>, in_flight: usize) -> Self {
        let (attempts, results) = worker::start(crew, in_flight);
        Round {
            crew,
            attempts,
            results,
            in_flight,
            done: Reconciled::default(),
            unclear: Vec::new(),
            outstanding: 0,
            is_enough: |done| done.sighting.as_ref().is_some_and(is_clear),
            seen: None,
        }
    }

    fn end(self) -> Reconciled {
        Reconciled {
            shut: self.crew.gate.is_shut(),
            outage: self.crew.gate.outage().map(|outage| outage.evidence),
            ..self.done
        }
    }

    async fn ask(&mut self, mut among: Among) -> Result<(), LedgerError> {
        let gate = &self.crew.gate;
        for pass in 1..=PASSES {
            self.ask_once(among, pass == 1).await?;
            let is_over = gate.is_shut().is_some() || gate.outage().is_some();
            if self.unclear.is_empty() || is_over || pass == PASSES {
                break;
            }
            among = Among::These(std::mem::take(&mut self.unclear));
            sleep(GAP * pass).await;
        }
        self.done.unanswered += std::mem::take(&mut self.unclear).len() as u64;
        Ok(())
    }

    async fn ask_once(&mut self, mut among: Among, is_first: bool) -> Result<(), LedgerError> {
        // As many as there are workers: a query waits for its permit with nothing else ahead,
        // and one that grows stale is asked again.
        loop {
            let room = self.in_flight - self.outstanding;
            // In an outage every further question would only wear out the bound on them.
            let is_open = self.crew.gate.is_shut().is_none() && self.crew.gate.outage().is_none();
            let taken = if is_open && room > 0 {
                self.take(&mut among, room).await?
            } else {
                Vec::new()
            };
            for attempt in taken {
                self.outstanding += 1;
                if self.attempts.send(attempt).await.is_err() {
                    return Err(workers_gone());
                }
            }
            if self.outstanding == 0 {
                return Ok(());
            }
            if let Some(over) = self.results.recv().await {
                self.take_in(over, is_first).await?;
            }
        }
    }

    async fn take(&self, among: &mut Among, room: usize) -> Result<Vec<Attempt>, LedgerError> {
        let writer = &self.crew.writer;
        writer.check_lock()?;
        self.crew.lead.watch(writer, &self.crew.clock)?;
        let now = self.crew.clock.now_ms();
        match among {
            Among::Unsettled(cursor) => {
                let taken = writer.take_unsettled(*cursor, now, room).await?;
                let last = taken.iter().filter_map(Attempt::bill).max();
                *cursor = last.unwrap_or(*cursor);
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
        }
    }

    async fn take_in(&mut self, over: Done, is_first: bool) -> Result<(), LedgerError> {
        self.outstanding -= 1;
        if is_first {
            self.done.asked += 1;
        }
        if !(self.is_enough)(&over) {
            self.unclear.extend(over.bill);
        }
        let Some(recorded) = over.recorded else {
            return Err(self.crew.writer.gone().await);
        };
        let Some((before, after)) = recorded.bill else {
            return Ok(());
        };
        self.done.moved += u64::from(before.state != after.state);
        if let (Some(seen), Some(bill), Some(sighting)) = (&mut self.seen, over.bill, over.sighting)
        {
            seen.insert(bill, (after, sighting));
        }
        Ok(())
    }
}
