//! A run while nothing is due: until when it waits, what it does beside, and whether it is over.

use std::time::Duration;

use tokio::time::Instant;

use super::ending::{Ending, Waits};
use super::follow::Lull;
use super::run::{Feeder, TICK};
use crate::ledger::LedgerError;

/// In an outage nothing is looked for more often.
const OUTAGE_TICK: Duration = Duration::from_millis(50);
/// Nor what is due and cannot be taken yet: each look is a commit.
const HELD_TICK: Duration = Duration::from_millis(20);

impl<'a> Feeder<'a> {
    pub(super) fn lull(&self) -> Lull<'a> {
        Lull {
            shared: self.shared,
            reader: self.reader,
            settings: self.settings,
            open: self.ahead.open(),
            due: self.waits_for,
        }
    }

    /// Nothing more is due now: until when, or is the run over?
    pub(super) fn rest(
        &mut self,
        was_everything_taken: bool,
    ) -> Result<Option<Ending>, LedgerError> {
        let now = Instant::now();
        self.look_at = now + TICK;
        if let Some(outage) = self.shared.gate.outage() {
            // The last failures may have been about packets that are settled since.
            if self.ahead.is_empty() && self.next_due()?.is_none() {
                return Ok(Some(self.over(None)));
            }
            let over_at = self.progress_at + self.settings.linger;
            let is_over = now >= over_at && self.ahead.is_empty();
            // Where sends or queries alone fail, others may be due.
            let probe_at = Some(self.probes.next).filter(|_| outage.hits_everything());
            let look_at = probe_at.map_or(now, |probe_at| probe_at.min(over_at));
            self.look_at = look_at.max(now + OUTAGE_TICK);
            self.glance.waits = Some(Waits {
                next: self.at(self.probes.next),
                until: self.at(over_at),
                gateway: Some(outage.evidence.clone()),
            });
            return Ok(is_over.then_some(Ending::Unreachable(outage.evidence)));
        }
        if !was_everything_taken {
            // Full, or out of permits: an answer or the pace makes room.
            let wait = self.shared.pace.wait().min(TICK);
            self.look_at = now + wait.max(Duration::from_millis(1));
            return Ok(None);
        }
        self.wait_for_due(now)
    }

    /// When the next step is due that this run may make; `None` where there is none.
    fn next_due(&self) -> Result<Option<i64>, LedgerError> {
        let is_limit_reached = self.shared.writer.is_limit_reached();
        let id = &self.settings.campaign;
        let due = self.reader.next_due(id, is_limit_reached)?;
        let owed = if is_limit_reached {
            None
        } else {
            self.reader.owed_again(id, self.shared.clock.now_ms())?
        };
        Ok(due.into_iter().chain(owed).min())
    }

    fn over(&self, due: Option<i64>) -> Ending {
        Ending::at(due, self.shared.writer.is_limit_reached())
    }

    /// Whether no send may leave any more, first or again.
    pub(super) fn are_sends_closed(&self) -> bool {
        let now = self.shared.clock.now_ms();
        self.shared.gate.are_sends_closed(now)
    }

    /// The end of a run with nothing to do before `due`: it may be the closing that ends it.
    fn end(&self, due: Option<i64>) -> Result<Ending, LedgerError> {
        let next = self.next_due()?.filter(|_| self.are_sends_closed());
        let waits_for_opening = next.is_some_and(|next| due.is_none_or(|due| next < due));
        Ok(if waits_for_opening {
            Ending::Closed
        } else {
            self.over(due)
        })
    }

    fn wait_for_due(&mut self, now: Instant) -> Result<Option<Ending>, LedgerError> {
        let due = if self.are_sends_closed() {
            self.reader.next_query(&self.settings.campaign)?
        } else {
            self.next_due()?
        };
        let Some(due) = due else {
            let is_over = self.ahead.is_empty();
            return Ok(is_over.then_some(self.end(None)?));
        };
        let wait = u64::try_from(due - self.shared.clock.now_ms()).unwrap_or(0);
        let due_at = now + Duration::from_millis(wait);
        if due_at > self.progress_at + self.settings.linger {
            // Not for follow-ups: the run ends with the last answer.
            if self.ahead.is_empty() {
                // Too few requests were made for an outage, and all of them failed.
                return Ok(Some(match self.shared.gate.failing() {
                    Some(why) => Ending::Unreachable(why),
                    None => self.end(Some(due))?,
                }));
            }
        } else {
            self.waits_for = Some(due);
            self.glance.waits = Some(Waits {
                next: due,
                until: self.at(self.progress_at + self.settings.linger),
                gateway: self.shared.gate.failing(),
            });
        }
        // What is due and was not taken waits for an answer, which wakes the feeder: a cap that is
        // nearly reached, say.
        let soonest = if due_at > now {
            Duration::from_millis(1)
        } else {
            HELD_TICK
        };
        self.look_at = due_at.min(now + TICK).max(now + soonest);
        Ok(None)
    }

    /// That moment on the wall clock.
    fn at(&self, moment: Instant) -> i64 {
        let wait = moment.saturating_duration_since(Instant::now()).as_millis();
        let wait = i64::try_from(wait).unwrap_or(i64::MAX);
        self.shared.clock.now_ms().saturating_add(wait)
    }
}
