//! A ledger that may be behind the truth: packets that it calls unsent may have been sent since its
//! last write. So it asks about everything that is not settled before it sends it.

use super::advance::Cause;
use super::page::Page;
use super::recover::{move_unsent, recover};
use crate::domain::bill::Bill;
use crate::domain::policy::Rules;
use crate::domain::state::Event;
use crate::words::note;

/// Calls everything in doubt that may have happened `since` then, in every campaign; how many
/// packets are asked about before they are sent.
pub(super) fn mark_behind(
    page: &Page<'_>,
    rules: &Rules,
    (since, now): (i64, i64),
) -> rusqlite::Result<u64> {
    let event = Event::Restored;
    let note = note::copied().en;
    let cause = Cause::noted(event, now, &note);
    let mut count = 0;
    for campaign in campaigns(page)? {
        recover(page, campaign, rules, now)?;
        let picks = "(next_action IN ('send', 'resend') OR state = 'ready')";
        let step = |bill: &mut Bill| bill.restore(since, now);
        count += move_unsent(page, campaign, picks, &cause, step)?;
        let note = note::all_copied().en;
        page.note(campaign, event.name(), now, Some(&note))?;
    }
    Ok(count)
}

/// Every campaign of the ledger, by row.
pub(super) fn campaigns(page: &Page<'_>) -> rusqlite::Result<Vec<i64>> {
    page.prepare("SELECT campaign FROM campaign ORDER BY campaign")?
        .query_map([], |row| row.get(0))?
        .collect()
}
