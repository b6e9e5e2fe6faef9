//! Asks WeChat Pay about packets before a person takes them back: what another ledger sent is none
//! of theirs to take.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::round::{Reconciled, Round};
use crate::ledger::LedgerError;
use crate::runner::wire::worker::Shared;

/// The next in sending order, and as many spread over all.
const EACH: usize = 6;

/// Asks about some of these bills, by row and in sending order: the next ones, and others spread
/// over all. About all of them where they are few, where the ledger may be behind the truth, or
/// where one of the first is known, which shows that it is.
///
/// # Errors
/// Where the ledger failed.
pub async fn ask_before_withdrawing(
    shared: &Arc<Shared>,
    in_flight: usize,
    bills: &[i64],
) -> Result<Reconciled, LedgerError> {
    let mut round = Round::begin(shared, in_flight);
    if planted!(WithdrawnUnasked) {
        return Ok(round.end());
    }
    let is_behind = async || shared.writer.is_behind(shared.clock.now_ms()).await;
    let first = if is_behind().await? {
        (0..bills.len()).collect()
    } else {
        sample(bills.len())
    };
    let pick = |is_first: bool| -> Vec<i64> {
        let places = bills.iter().enumerate();
        let picked = places.filter(|(place, _)| first.contains(place) == is_first);
        // Questions are asked from the end of the list.
        picked.map(|(_, bill)| *bill).rev().collect()
    };
    round.ask_up(pick(true)).await?;
    if first.len() < bills.len() && is_behind().await? {
        round.ask_up(pick(false)).await?;
    }
    Ok(round.end())
}

/// Which places of so many are asked about.
fn sample(count: usize) -> BTreeSet<usize> {
    if count <= 2 * EACH {
        return (0..count).collect();
    }
    let rest = count - EACH - 1;
    let spread = (0..EACH).map(|step| EACH + rest * step / (EACH - 1));
    (0..EACH).chain(spread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_ones_are_asked_about_and_others_up_to_the_last() {
        for count in [0, 1, 6, 12] {
            assert_eq!(sample(count), (0..count).collect());
        }
        for count in [13, 14, 25, 100, 1_000_000] {
            let sample = sample(count);
            assert_eq!(sample.len(), 2 * EACH, "{count}: {sample:?}");
            assert!((0..EACH).all(|place| sample.contains(&place)));
            assert_eq!(sample.last(), Some(&(count - 1)));
        }
    }
}
