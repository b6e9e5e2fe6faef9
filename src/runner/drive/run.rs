//! The feeder: makes attempts of what is due, keeps workers busy, and knows when to end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::ending::{Ending, Glance};
use super::follow::Follow;
use super::probes::Probes;
use super::settings::RunSettings;
use super::suspicion;
use crate::domain::bill::Action;
use crate::domain::state::State;
use crate::ledger::{Allowed, Attempt, LedgerError, Reader};
use crate::runner::health::gate::Shut;
use crate::runner::health::throttling::Throttling;
use crate::runner::wire::ahead::Ahead;
use crate::runner::wire::pool::{self, Workers, workers_gone};
use crate::runner::wire::worker::{Done, Shared};
use crate::service;

/// How often pauses, the lock and progress are looked at.
pub(super) const TICK: Duration = Duration::from_millis(500);
/// Attempts are not committed further ahead than permits come within this time, so that none
/// grows stale waiting.
const AHEAD: Duration = Duration::from_secs(2);

/// The feeder's view of a run.
pub(super) struct Feeder<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) reader: &'a Reader,
    pub(super) settings: &'a RunSettings,
    pub(super) ahead: Ahead,
    /// When to look for due bills again; sooner if an answer makes one due.
    pub(super) look_at: Instant,
    /// When the last bill got further, or the last first send was made.
    pub(super) progress_at: Instant,
    /// When an attempt ended last, or none was open.
    pub(super) moved_at: Instant,
    throttling: Throttling,
    pub(super) probes: Probes,
    pub(super) follow: Follow,
    /// When the step is due that the run waits for, if it waits.
    pub(super) waits_for: Option<i64>,
    pub(super) glance: Glance,
}

/// Sends what is due until nothing more can be done now.
///
/// # Errors
/// Where the ledger failed; nothing was sent after that.
pub async fn run(
    shared: &Arc<Shared>,
    reader: &Reader,
    settings: &RunSettings,
    mut progress: impl FnMut(Glance),
) -> Result<Ending, LedgerError> {
    let Workers {
        attempts,
        mut results,
        handed,
    } = pool::start(shared, settings.in_flight);
    let ahead = Ahead::of(settings.in_flight, &handed);
    let mut feeder = Feeder::new(shared, reader, settings, ahead);
    suspicion::remember(shared, reader, &settings.campaign).await?;
    let mut tick = Instant::now();
    let ending = loop {
        if Instant::now() >= tick {
            tick = Instant::now() + TICK;
            feeder.ahead.tick();
            feeder.look_around()?;
            feeder.beat();
            progress(feeder.glance.clone());
        }
        if let Some(ending) = feeder.feed(&attempts).await? {
            break ending;
        }
        let wake = feeder.look_at.min(tick);
        tokio::select! {
            biased;
            Some(done) = results.recv() => feeder.take_in(done).await?,
            () = feeder.ahead.reach_room(feeder.permits()) => feeder.look_if_room(),
            () = sleep_until(wake) => {}
            _ = shared.gate.cause(), if feeder.ahead.is_empty() => {}
        }
        while let Ok(done) = results.try_recv() {
            feeder.take_in(done).await?;
        }
    };
    progress(feeder.glance);
    suspicion::end(shared, reader, ending)
}

impl<'a> Feeder<'a> {
    fn new(
        shared: &'a Arc<Shared>,
        reader: &'a Reader,
        settings: &'a RunSettings,
        ahead: Ahead,
    ) -> Self {
        let now = Instant::now();
        Feeder {
            shared,
            reader,
            settings,
            ahead,
            look_at: now,
            progress_at: now,
            moved_at: now,
            throttling: Throttling::new(settings.linger),
            probes: Probes::new(now),
            follow: Follow::new(now),
            waits_for: None,
            glance: Glance::default(),
        }
    }

    /// Tells the watchdog that the run gets on, or waits with nothing open.
    fn beat(&mut self) {
        let now = Instant::now();
        if self.ahead.is_empty() {
            self.moved_at = now;
        }
        let answer = Duration::from_millis(self.settings.answer_ms.unsigned_abs());
        if now < self.moved_at + answer + service::MARGIN {
            service::beat();
        }
    }

    /// Looks whether somebody paused the campaign or took our lock away.
    fn look_around(&self) -> Result<(), LedgerError> {
        self.shared
            .writer
            .check_lock()
            .inspect_err(|_| self.shared.gate.shut(Shut::LedgerFailed))?;
        self.shared
            .lead
            .watch(&self.shared.writer, &self.shared.clock)?;
        let row = self.reader.campaign(&self.settings.campaign)?;
        let pause = row.and_then(|row| row.pause);
        if let Some(pause) = pause.filter(|_| !planted!(PauseIgnored)) {
            self.shared.gate.shut(Shut::Paused(pause));
        }
        Ok(())
    }

    /// Makes attempts of what is due, or tells why the run is over.
    async fn feed(
        &mut self,
        attempts: &mpsc::Sender<Attempt>,
    ) -> Result<Option<Ending>, LedgerError> {
        if let Some(cause) = self.shared.gate.is_shut() {
            self.look_at = Instant::now() + TICK;
            return Ok(self.ahead.is_empty().then_some(Ending::Shut(cause)));
        }
        if Instant::now() < self.look_at {
            return Ok(None);
        }
        if self.throttling.is_over() {
            // An attempt that waits for a permit is given back at once.
            self.shared.gate.shut(Shut::Throttled);
            return Ok(None);
        }
        let (allowed, room) = self.next_group();
        if room > 0 {
            let taken = self.take(attempts, allowed, room).await?;
            if taken == room {
                return Ok(None);
            }
        }
        self.waits_for = None;
        let ended = self.rest(room > 0)?;
        if ended.is_none() {
            let taken = self.follow.take(&self.lull()).await?;
            self.begin(attempts, taken).await?;
        }
        Ok(ended)
    }

    /// Which attempts to make now, and how many. In an outage one probe at a time, at growing
    /// intervals; where sends or queries alone fail, the others go on.
    fn next_group(&mut self) -> (Allowed, usize) {
        let Some(outage) = self.shared.gate.outage() else {
            self.probes.end();
            return (Allowed::of(!self.are_sends_closed(), true), self.room());
        };
        let now = Instant::now();
        let is_everything = outage.hits_everything();
        if now >= self.probes.next && (!is_everything || self.ahead.is_empty()) {
            self.probes.begin(now);
            let sends = outage.hits_sends && !self.are_sends_closed();
            return (Allowed::of(sends, outage.hits_queries), 1);
        }
        let room = if is_everything { 0 } else { self.room() };
        let sends = !outage.hits_sends && !self.are_sends_closed();
        (Allowed::of(sends, !outage.hits_queries), room)
    }

    fn room(&self) -> usize {
        self.ahead.room(self.permits())
    }

    fn permits(&self) -> usize {
        self.shared.pace.room(AHEAD)
    }

    /// Looks for due bills at once where there is room for them.
    fn look_if_room(&mut self) {
        if self.room() > 0 {
            self.look_at = self.look_at.min(Instant::now());
        }
    }

    async fn take(
        &mut self,
        attempts: &mpsc::Sender<Attempt>,
        allowed: Allowed,
        room: usize,
    ) -> Result<usize, LedgerError> {
        let now = self.shared.clock.now_ms();
        let taken = self.shared.writer.take(allowed, now, room).await?;
        self.begin(attempts, taken).await
    }

    async fn begin(
        &mut self,
        attempts: &mpsc::Sender<Attempt>,
        taken: Vec<Attempt>,
    ) -> Result<usize, LedgerError> {
        let count = taken.len();
        if count > 0 {
            self.glance.waits = None;
        }
        for attempt in taken {
            match attempt.action() {
                Action::Send => self.glance.sends += 1,
                Action::Query => self.glance.queries += 1,
            }
            self.ahead.begin();
            if attempts.send(attempt).await.is_err() {
                return Err(workers_gone());
            }
        }
        Ok(count)
    }

    async fn take_in(&mut self, done: Done) -> Result<(), LedgerError> {
        let now = Instant::now();
        self.moved_at = now;
        let is_followed = self.follow.ended(&done);
        if !is_followed {
            self.throttling.note(&done.symptom);
        }
        self.ahead.end(&done.symptom);
        let Some(recorded) = done.recorded else {
            return Err(self.shared.writer.gone().await);
        };
        let Some((before, after)) = recorded.bill else {
            return Ok(());
        };
        tracing::debug!(bill = done.bill, from = %before.state, to = %after.state, "recorded");
        let was_open = matches!(before.state, State::Ready | State::InFlight);
        let is_open = matches!(after.state, State::Ready | State::InFlight);
        self.glance.moved += u64::from(was_open && !is_open);
        // A probe that failed got its bill no further, though it put it in doubt.
        let has_failed = done.symptom.is_down();
        if before.state != after.state && !is_open && !has_failed && !is_followed {
            self.progress_at = now;
        }
        if let Some(next) = after.next {
            let wait = u64::try_from(next.due - self.shared.clock.now_ms()).unwrap_or(0);
            self.look_at = self.look_at.min(now + Duration::from_millis(wait));
        }
        self.look_if_room();
        Ok(())
    }
}
