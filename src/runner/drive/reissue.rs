//! Gives packets new numbers, each after a question about its old one.

use std::sync::Arc;
use std::time::Duration;

use super::reconcile::ask_about;
use super::round::Reconciled;
use crate::ledger::{LedgerError, Reissued, Wanted};
use crate::runner::health::gate::Shut;
use crate::runner::wire::worker::{STALE, Shared};

/// How long after its commit the answer to a request is due at the latest.
#[must_use]
pub fn longest_ms(connect: Duration, answer: Duration) -> i64 {
    let longest = STALE + connect + answer;
    i64::try_from(longest.as_millis()).unwrap_or(i64::MAX)
}

/// The result of a reissue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    /// The questions about the old numbers.
    pub asked: Reconciled,
    /// The outcome for each packet; empty where something stopped the questions.
    pub bills: Vec<Reissued>,
}

/// Asks about every bill that is wanted, and gives new numbers to those that WeChat Pay's answer
/// frees. Where anything shut the gate, a wrong clock included, no answer is trusted; but refusals
/// for the rate say nothing of the answers before them.
///
/// # Errors
/// Where the ledger failed: what was not reissued before still is not.
pub async fn reissue(
    shared: &Arc<Shared>,
    in_flight: usize,
    wanted: Wanted,
) -> Result<Renewed, LedgerError> {
    let asked = ask_about(shared, in_flight, wanted.bills.clone()).await?;
    let is_trusted = matches!(asked.shut, None | Some(Shut::Throttled));
    let bills = if is_trusted {
        shared.writer.reissue(wanted, shared.clock.now_ms()).await?
    } else {
        Vec::new()
    };
    Ok(Renewed { asked, bills })
}
