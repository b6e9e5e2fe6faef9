//! Asks WeChat Pay about bills: about every one that is not settled, once each, and again where
//! the answer told nothing; or about certain ones, until it has said what became of them.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::round::{Among, GAP, Reconciled, Round, Seen};
use crate::domain::outcome::Sighting;
use crate::domain::state::State;
use crate::ledger::LedgerError;
use crate::runner::wire::worker::{Done, Shared};

/// The longest gap between two questions about certain bills.
const MAX_GAP: Duration = Duration::from_secs(30);

/// Queries every unsettled bill of the campaign, and every number that was given up for a new one
/// as long as WeChat Pay may be asked about it.
///
/// # Errors
/// Where the ledger failed.
pub async fn reconcile(shared: &Arc<Shared>, in_flight: usize) -> Result<Reconciled, LedgerError> {
    let former = shared.writer.former(shared.clock.now_ms()).await?;
    let refused = shared.writer.refused(shared.clock.now_ms()).await?;
    let mut round = Round::begin(shared, in_flight);
    // First: an answer about an old number may withdraw its replacement.
    round.ask(Among::These(former)).await?;
    round.ask_up(refused).await?;
    round.ask_unsettled().await?;
    Ok(round.end())
}

/// In a ledger that may be behind, asks about each refused packet, up to the number that WeChat Pay
/// does not know; and about each packet that a daily cap may hold back because another ledger sent
/// some today.
///
/// # Errors
/// Where the ledger failed.
pub async fn walk(shared: &Arc<Shared>, in_flight: usize) -> Result<Reconciled, LedgerError> {
    let refused = shared.writer.unwalked(shared.clock.now_ms()).await?;
    let mut round = Round::begin(shared, in_flight);
    round.ask_up(refused).await?;
    let wanted = shared
        .writer
        .unasked_for_caps(shared.clock.now_ms())
        .await?;
    round.ask(Among::These(wanted)).await?;
    Ok(round.end())
}

/// Queries these refused bills, and the numbers after theirs.
///
/// # Errors
/// Where the ledger failed.
pub(super) async fn ask_about(
    shared: &Arc<Shared>,
    in_flight: usize,
    bills: Vec<i64>,
) -> Result<Reconciled, LedgerError> {
    let mut round = Round::begin(shared, in_flight);
    round.ask_up(bills).await?;
    Ok(round.end())
}

/// Queries these bills, by row, until WeChat Pay has said of each what became of it, or until
/// `patience` is over. Nothing is known of one that no query can change any more.
///
/// # Errors
/// Where the ledger failed.
pub async fn verify(
    shared: &Arc<Shared>,
    bills: Vec<i64>,
    in_flight: usize,
    patience: Duration,
) -> Result<Seen, LedgerError> {
    let mut round = Round::begin(shared, in_flight);
    round.is_enough = has_told;
    round.seen = Some(Seen::new());
    let (end, mut gap, mut among) = (Instant::now() + patience, GAP, bills);
    loop {
        round.ask_once(Among::These(among), false).await?;
        let is_over = round.unclear.is_empty() || Instant::now() + gap > end;
        if is_over || shared.gate.outage().is_some() {
            break;
        }
        among = std::mem::take(&mut round.unclear);
        if shared.gate.unless_shut(pin!(sleep(gap))).await.is_none() {
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
