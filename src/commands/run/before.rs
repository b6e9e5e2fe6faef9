//! What ends a run before a packet is sent: what the ledger says, and the first answers.

use std::sync::Arc;

use crate::commands::finish::run_end::RunEnd;
use crate::commands::setup::context::Context;
use crate::domain::ids::MchBillno;
use crate::domain::state::State;
use crate::error::Error;
use crate::ledger::{CampaignRow, LedgerError, Reader, Writer};
use crate::runner::{Ending, Preflight, Shared, Shut, preflight};
use crate::words::{audit, run as words};

/// How the run ends without a request, if it does: paused, nothing due, or a limit of the day.
pub(in crate::commands) async fn ended_before(
    context: &Context,
    reader: &Reader,
    writer: &Writer,
    row: &CampaignRow,
    now: i64,
) -> Result<Option<RunEnd>, Error> {
    // A pause is obeyed before anything is looked for: `reconcile` asks meanwhile.
    if let Some(pause) = &row.pause {
        return Ok(Some(RunEnd::Ending(Ending::Shut(Shut::Paused(
            pause.clone(),
        )))));
    }
    let id = &context.campaign.id;
    let due = reader.due_for_run(id, now)?;
    // In a ledger that is behind, those who are refused are asked about.
    if due.is_none() && !writer.is_behind(now).await? {
        // Whatever is ready has a row, and is due at some time.
        let ready = reader.tally(row)?.of(State::Ready).count;
        if ready > 0 {
            let (path, what) = (context.campaign.ledger.clone(), audit::lost_ready(ready));
            return Err(LedgerError::Damaged { path, what }.into());
        }
        return Ok(Some(RunEnd::NothingToDo));
    }
    // Doubts are cleared up also on a day on which nothing more is sent.
    let deferred = row.deferred_until.filter(|until| *until > now);
    let deferred = deferred.filter(|until| due.is_some_and(|due| due >= *until));
    Ok(deferred.map(|until| RunEnd::Ending(Ending::Shut(Shut::Deferred(until)))))
}

/// In live mode the first requests are queries.
pub(in crate::commands) async fn ask_first(
    context: &Context,
    shared: &Arc<Shared>,
    ours: &[MchBillno],
) -> Result<Option<RunEnd>, Error> {
    if !context.is_live() {
        return Ok(None);
    }
    if !ours.is_empty() {
        context.tell(&words::asks_first(ours.len()));
    }
    Ok(
        match preflight(shared, ours, context.campaign.retry.linger).await? {
            Preflight::Clear => None,
            Preflight::Remembered(number) => {
                context.warn(&words::remembered(number));
                None
            }
            Preflight::Unreachable(why) => Some(RunEnd::Unreachable(why)),
            Preflight::Shut(Shut::Halt(halt)) => Some(RunEnd::SetUp(halt)),
            Preflight::Shut(cause) => Some(RunEnd::Ending(Ending::Shut(cause))),
        },
    )
}
