//! What is kept with a campaign and not with a bill: pauses, limits that end by themselves,
//! and the words under which answers are stored.

use rusqlite::params;

use super::campaign::CampaignRow;
use super::fault::LedgerError;
use super::page::Page;
use super::query::Reader;
use crate::domain::outcome::{Outcome, Sighting};
use crate::words::note;

/// Why a campaign sends nothing for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Since when.
    pub at: i64,
    /// Whether the runner halted; otherwise a person paused it.
    pub is_halt: bool,
    /// In words.
    pub because: String,
}

/// Pauses a campaign, on record.
pub(super) fn pause(page: &Page<'_>, campaign: i64, pause: &Pause) -> rusqlite::Result<()> {
    let by = if pause.is_halt { "halt" } else { "person" };
    page.execute(
        "UPDATE campaign SET paused_at = ?2, paused_by = ?3, paused_because = ?4
         WHERE campaign = ?1 AND paused_by IS NOT 'halt'",
        params![campaign, pause.at, by, pause.because],
    )?;
    let event = if pause.is_halt { "halted" } else { "paused" };
    page.note(campaign, event, pause.at, Some(&pause.because))
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
        self.change("writing the pause", |page| match change {
            Some(change) => pause(page, campaign.campaign, change),
            None => unpause(page, campaign.campaign, now, is_clock_right),
        })
    }
}

fn unpause(page: &Page<'_>, campaign: i64, now: i64, is_clock_right: bool) -> rusqlite::Result<()> {
    page.execute(
        "UPDATE campaign SET paused_at = NULL, paused_by = NULL, paused_because = NULL,
           deferred_until = NULL, is_clock_right = is_clock_right OR ?2
         WHERE campaign = ?1",
        (campaign, is_clock_right),
    )?;
    if is_clock_right {
        page.trust_clock(now);
    }
    let note = is_clock_right.then(|| note::clock_is_right().en);
    page.note(campaign, "unpaused", now, note.as_deref())
}

/// Keeps that WeChat Pay was asked about the campaign's numbers.
pub(super) fn numbers_checked(page: &Page<'_>, campaign: i64, now: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE campaign SET numbers_checked_at = ?2 WHERE campaign = ?1";
    page.execute(sql, (campaign, now))?;
    page.note(campaign, "numbers_checked", now, None)
}

/// Keeps that a person's word about the clock was used up.
pub(super) fn clock_word_used(page: &Page<'_>, campaign: i64, now: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE campaign SET is_clock_right = 0 WHERE campaign = ?1";
    page.execute(sql, [campaign])?;
    page.note(campaign, "clock_word_used", now, None)
}

/// The word of an outcome in `attempt.answer`.
pub(super) fn outcome_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Unnamed(said) => unnamed_word(said),
        Outcome::Accepted(_) => "accepted",
        Outcome::Processing => "processing",
        Outcome::Throttled => "throttled",
        Outcome::RefusedWithoutOrder => "refused",
        Outcome::RefusedUnlessKnown => "refused_unless_known",
        Outcome::RefusedToConfirm => "refused_to_confirm",
        Outcome::Halted => "halted",
        Outcome::Deferred(_) => "deferred",
        Outcome::Clash => "clash",
        Outcome::NotSent(_) => "not_sent",
        Outcome::InDoubt(_) => "in_doubt",
    }
}

/// The same of an answer that named no number.
fn unnamed_word(said: &Outcome) -> &'static str {
    match said {
        Outcome::Processing => "unnamed_processing",
        Outcome::Throttled => "unnamed_throttled",
        Outcome::RefusedWithoutOrder => "unnamed_refused",
        Outcome::RefusedUnlessKnown => "unnamed_refused_unless_known",
        Outcome::RefusedToConfirm => "unnamed_refused_to_confirm",
        Outcome::Halted => "unnamed_halted",
        Outcome::Deferred(_) => "unnamed_deferred",
        Outcome::Clash => "unnamed_clash",
        Outcome::Accepted(_) | Outcome::NotSent(_) | Outcome::InDoubt(_) | Outcome::Unnamed(_) => {
            "in_doubt"
        }
    }
}

/// The word of a sighting in `attempt.answer`.
pub(super) const fn sighting_word(sighting: &Sighting) -> &'static str {
    match sighting {
        Sighting::Sending { has_reason: false } => "sending",
        Sighting::Sending { has_reason: true } => "sending_with_reason",
        Sighting::Sent => "sent",
        Sighting::Failed => "failed",
        Sighting::Received => "received",
        Sighting::Refunding => "refunding",
        Sighting::Refunded => "refunded",
        Sighting::NotFound => "not_found",
        Sighting::Clash => "clash",
        Sighting::Throttled => "throttled",
        Sighting::Halted => "halted",
        Sighting::NotSent(_) => "not_sent",
        Sighting::Unclear(_) => "unclear",
    }
}
