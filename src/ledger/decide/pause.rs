//! Facts kept with a campaign and not with a bill: pauses, and a person's word about the clock.

use rusqlite::params;

use crate::ledger::fault::LedgerError;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::{CampaignRow, Pause};
use crate::words::note;

/// Pauses a campaign, on record.
pub(in crate::ledger) fn pause(
    tx: &WriteTx<'_>,
    campaign: i64,
    pause: &Pause,
) -> rusqlite::Result<()> {
    let by = if pause.is_halt { "halt" } else { "person" };
    tx.execute(
        "UPDATE campaign SET paused_at = ?2, paused_by = ?3, paused_because = ?4
         WHERE campaign = ?1 AND paused_by IS NOT 'halt'",
        params![campaign, pause.at, by, pause.because],
    )?;
    let event = if pause.is_halt { "halted" } else { "paused" };
    tx.note(campaign, event, pause.at, Some(&pause.because))
}

impl Reader {
    /// Pauses or unpauses a campaign without the lock: a running process obeys within a second.
    /// Unpausing also forgets a daily limit, and with `is_clock_right` lets the clock stand.
    ///
    /// # Errors
    /// Where the row cannot be written.
    pub fn set_pause(
        &self,
        campaign: &CampaignRow,
        change: Option<&Pause>,
        now: i64,
        is_clock_right: bool,
    ) -> Result<(), LedgerError> {
        self.change("writing the pause", |tx| match change {
            Some(change) => pause(tx, campaign.campaign, change),
            None => unpause(tx, campaign.campaign, now, is_clock_right),
        })
    }
}

fn unpause(
    tx: &WriteTx<'_>,
    campaign: i64,
    now: i64,
    is_clock_right: bool,
) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE campaign SET paused_at = NULL, paused_by = NULL, paused_because = NULL,
           deferred_until = NULL, is_clock_right = is_clock_right OR ?2
         WHERE campaign = ?1",
        (campaign, is_clock_right),
    )?;
    if is_clock_right {
        tx.trust_clock(now);
    }
    let note = is_clock_right.then(|| note::clock_is_right().en);
    tx.note(campaign, "unpaused", now, note.as_deref())
}

/// Keeps that WeChat Pay was asked about the campaign's numbers.
pub(in crate::ledger) fn numbers_checked(
    tx: &WriteTx<'_>,
    campaign: i64,
    now: i64,
) -> rusqlite::Result<()> {
    let sql = "UPDATE campaign SET numbers_checked_at = ?2 WHERE campaign = ?1";
    tx.execute(sql, (campaign, now))?;
    tx.note(campaign, "numbers_checked", now, None)
}

/// Keeps that a person's word about the clock was used up.
pub(in crate::ledger) fn clock_word_used(
    tx: &WriteTx<'_>,
    campaign: i64,
    now: i64,
) -> rusqlite::Result<()> {
    let sql = "UPDATE campaign SET is_clock_right = 0 WHERE campaign = ?1";
    tx.execute(sql, [campaign])?;
    tx.note(campaign, "clock_word_used", now, None)
}
