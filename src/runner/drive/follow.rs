//! Follows what was sent to its end while a run waits: claims and refunds are learned by requests
//! whose place no send wants.
//!
//! A follow-up is made in a lull only: no other request is open, and the next step of the campaign
//! is not due before the follow-up's answer is there, late as it may be, and its place in the
//! window of a second is free again. Of the window of a minute it takes what the steps that fall
//! into it leave over. So each send leaves when it would have left without it. A run never goes on
//! for it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::settings::RunSettings;
use crate::domain::outcome::Sighting;
use crate::domain::rules::MAX_DOUBTFUL_SENDS;
use crate::ledger::{Attempt, LedgerError, Reader};
use crate::runner::health::symptom::Symptom;
use crate::runner::wire::worker::{Done, Shared};

/// How many are open at once: fewer failures in a row than anything is concluded from.
const LINES: usize = 2;
/// How long a request holds its place in the window of a second, once its answer is there.
const SECOND: i64 = 1100;
const MINUTE: i64 = 60_000;
/// Requests that a step which is due may lead to within a minute: sends and questions in turn.
const EACH: usize = 2 * MAX_DOUBTFUL_SENDS as usize;
/// After one that failed.
const REST: Duration = Duration::from_mins(10);
/// Between two looks at the whole campaign; nobody is asked about in each.
const PASS: Duration = Duration::from_mins(5);

/// The follow-ups of a run.
#[derive(Debug)]
pub(super) struct Follow {
    /// The row that the look at the campaign has come to.
    after: i64,
    /// Bills that are asked about now.
    open: HashSet<i64>,
    /// Nobody is asked about before.
    rests_until: Instant,
}

/// A run's spare time.
pub(super) struct Lull<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) reader: &'a Reader,
    pub(super) settings: &'a RunSettings,
    /// Its open requests, follow-ups included.
    pub(super) open: usize,
    /// When its next step is due; `None` where it does not wait for one.
    pub(super) due: Option<i64>,
}

impl Follow {
    pub(super) fn new(now: Instant) -> Self {
        Follow {
            after: 0,
            open: HashSet::new(),
            rests_until: now,
        }
    }

    /// The follow-ups that may leave now, durable.
    pub(super) async fn take(&mut self, lull: &Lull<'_>) -> Result<Vec<Attempt>, LedgerError> {
        let (shared, reader) = (lull.shared, lull.reader);
        if Instant::now() < self.rests_until {
            return Ok(Vec::new());
        }
        let room = self.room(lull)?;
        if room == 0 {
            return Ok(Vec::new());
        }
        let now = shared.clock.now_ms();
        let found = reader.to_follow(&lull.settings.campaign, self.after, now, room)?;
        self.after = found.last;
        if found.is_all {
            (self.after, self.rests_until) = (0, Instant::now() + PASS);
        }
        if found.bills.is_empty() {
            return Ok(Vec::new());
        }
        let taken = shared.writer.take_bills(found.bills, now).await?;
        self.open.extend(taken.iter().filter_map(Attempt::bill));
        Ok(taken)
    }

    /// How many may leave now and cost no send its place.
    fn room(&self, lull: &Lull<'_>) -> Result<usize, LedgerError> {
        let left = LINES.saturating_sub(self.open.len());
        if planted!(FollowTakesASlot) {
            return Ok(left);
        }
        let answered = lull.settings.answer_ms + SECOND;
        let now = lull.shared.clock.now_ms();
        let is_lull = lull.due.is_some_and(|due| due >= now + answered);
        if left == 0 || !is_lull || lull.open > self.open.len() {
            return Ok(0);
        }
        let until = now + answered + MINUTE;
        let steps = lull.reader.due_until(&lull.settings.campaign, until)?;
        let wanted = usize::try_from(steps).unwrap_or(usize::MAX);
        let wanted = wanted.saturating_mul(EACH).saturating_add(self.open.len());
        let free = lull.shared.pace.room(Duration::ZERO);
        Ok(left.min(free.saturating_sub(wanted)))
    }

    /// Whether it is a follow-up that is over. Trouble that it met is no reason to ask on, nor to
    /// end the run.
    pub(super) fn ended(&mut self, done: &Done) -> bool {
        let is_one = done.bill.is_some_and(|bill| self.open.remove(&bill));
        let is_told = done.sighting.as_ref().is_some_and(Sighting::is_told);
        if is_one && !is_told && done.symptom != Symptom::NotBegun {
            self.rests_until = Instant::now() + REST;
        }
        is_one
    }
}
