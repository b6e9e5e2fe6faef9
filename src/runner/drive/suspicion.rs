//! Refusals that accuse the set-up together: before a run, and at its end.

use std::sync::Arc;

use super::ending::Ending;
use crate::domain::caps::DAY_MS;
use crate::domain::ids::CampaignId;
use crate::ledger::{LedgerError, Reader};
use crate::runner::health::gate::Shut;
use crate::runner::health::halt::{Halt, nobody_halt};
use crate::runner::health::streak::WINDOW;
use crate::runner::wire::worker::Shared;

/// A streak of refusals goes on where the process before left it, however long ago. Who was refused
/// by one that was killed before anybody was accepted is sent once more: it could not halt.
pub(in crate::runner) async fn remember(
    shared: &Arc<Shared>,
    reader: &Reader,
    campaign: &CampaignId,
) -> Result<(), LedgerError> {
    let now = shared.clock.now_ms();
    let last = reader.last_said(campaign)?;
    let since = last.map_or(now, |last| last.min(now)) - DAY_MS;
    let said = reader.said_lately(campaign, since, WINDOW)?;
    shared.gate.remember(said);
    if shared.gate.nobody().is_some() && !reader.has_accepted_since(since)? {
        let bills = shared.gate.accusers();
        shared.writer.excuse(bills, now).await?;
    }
    Ok(())
}

/// Where everybody was refused, a run halts, however small; a halt names the bills whose refusals
/// accuse the set-up.
pub(in crate::runner) fn end(
    shared: &Arc<Shared>,
    reader: &Reader,
    ending: Ending,
) -> Result<Ending, LedgerError> {
    let (gate, since) = (&shared.gate, shared.clock.now_ms() - DAY_MS);
    let mut nobody = gate.nobody().filter(|_| !planted!(NobodyAcceptedGoesOn));
    if nobody.is_some() && reader.has_accepted_since(since)? {
        nobody = None;
    }
    let excused = gate.accusers();
    Ok(match (ending, nobody) {
        (Ending::Shut(Shut::Halt(halt)), nobody) if nobody.is_some() || gate.has_streak() => {
            Ending::Shut(Shut::Halt(Halt { excused, ..halt }))
        }
        (
            Ending::Finished | Ending::Waiting(_) | Ending::Bounded(_) | Ending::Closed,
            Some((count, code, words)),
        ) => {
            let halt = nobody_halt(count, &code, &words);
            gate.shut(Shut::Halt(halt.clone()));
            Ending::Shut(Shut::Halt(Halt { excused, ..halt }))
        }
        (ending, _) => ending,
    })
}
