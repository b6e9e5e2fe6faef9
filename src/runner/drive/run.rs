//! The feeder: makes attempts of what is due, keeps workers busy, and knows when to end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::ending::{Ending, Glance};
use super::suspicion;
use crate::domain::bill::Action;
use crate::domain::ids::CampaignId;
use crate::domain::state::State;
use crate::ledger::{Allowed, Attempt, LedgerError, Reader};
use crate::runner::health::breaker::Symptom;
use crate::runner::health::gate::Shut;
use crate::runner::wire::ahead::Ahead;
use crate::runner::wire::worker::{self, Done, Shared, workers_gone};

/// How often pauses, the lock and progress are looked at.
const TICK: Duration = Duration::from_millis(500);
/// Attempts are not committed further ahead than permits come within this time, so that none
/// grows stale waiting.
const AHEAD: Duration = Duration::from_secs(2);
/// In an outage nothing is looked for more often.
const OUTAGE_TICK: Duration = Duration::from_millis(50);
/// One refusal for the rate ends no run, however short it may linger.
const MIN_THROTTLED: Duration = Duration::from_secs(5);
/// The first and the longest gap between probes of a gateway that is down.
const FIRST_PROBE_GAP: Duration = Duration::from_millis(500);
const MAX_PROBE_GAP: Duration = Duration::from_secs(30);

/// How this campaign is run.
#[derive(Debug, Clone)]
pub struct RunSettings {
    /// The campaign.
    pub campaign: CampaignId,
    /// Requests on the wire at most.
    pub in_flight: usize,
    /// How long to wait for what is unresolved.
    pub linger: Duration,
}

/// The feeder's view of a run.
struct Feeder<'a> {
    shared: &'a Arc<Shared>,
    reader: &'a Reader,
    settings: &'a RunSettings,
    ahead: Ahead,
    /// When to look for due bills again; sooner if an answer makes one due.
    look_at: Instant,
    /// When the last bill got further, or the last first send was made.
    progress_at: Instant,
    throttled_since: Option<Instant>,
    next_probe: Instant,
    /// Probes in this outage.
    probes: u32,
    glance: Glance,
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
    let (attempts, mut results) = worker::start(shared, settings.in_flight);
    let mut feeder = Feeder::new(shared, reader, settings);
    suspicion::remember(shared, reader, &settings.campaign).await?;
    let mut tick = Instant::now();
    let ending = loop {
        if Instant::now() >= tick {
            tick = Instant::now() + TICK;
            feeder.ahead.tick();
            feeder.look_around()?;
            progress(feeder.glance);
        }
        if let Some(ending) = feeder.feed(&attempts).await? {
            break ending;
        }
        let wake = feeder.look_at.min(tick);
        tokio::select! {
            biased;
            Some(done) = results.recv() => feeder.take_in(done).await?,
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
    fn new(shared: &'a Arc<Shared>, reader: &'a Reader, settings: &'a RunSettings) -> Self {
        let now = Instant::now();
        Feeder {
            shared,
            reader,
            settings,
            ahead: Ahead::of(settings.in_flight),
            look_at: now,
            progress_at: now,
            throttled_since: None,
            next_probe: now,
            probes: 0,
            glance: Glance::default(),
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
        if self.is_throttled_out() {
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
        self.rest(room > 0)
    }

    /// Which attempts to make now, and how many. In an outage one probe at a time, at growing
    /// intervals; where sends or queries alone fail, the others go on.
    fn next_group(&mut self) -> (Allowed, usize) {
        let Some(outage) = self.shared.gate.outage() else {
            self.probes = 0;
            return (Allowed::of(true, true), self.room());
        };
        let now = Instant::now();
        let is_everything = outage.hits_everything();
        if now >= self.next_probe && (!is_everything || self.ahead.is_empty()) {
            let gap = FIRST_PROBE_GAP * (1 << self.probes.min(6));
            self.next_probe = now + gap.min(MAX_PROBE_GAP);
            self.probes += 1;
            return (Allowed::of(outage.hits_sends, outage.hits_queries), 1);
        }
        let room = if is_everything { 0 } else { self.room() };
        (Allowed::of(!outage.hits_sends, !outage.hits_queries), room)
    }

    fn room(&self) -> usize {
        self.ahead.room(self.shared.pace.room(AHEAD))
    }

    async fn take(
        &mut self,
        attempts: &mpsc::Sender<Attempt>,
        allowed: Allowed,
        room: usize,
    ) -> Result<usize, LedgerError> {
        let now = self.shared.clock.now_ms();
        let taken = self.shared.writer.take(allowed, now, room).await?;
        let count = taken.len();
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

    /// Nothing more is due now: until when, or is the run over?
    fn rest(&mut self, was_everything_taken: bool) -> Result<Option<Ending>, LedgerError> {
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
            let probe_at = Some(self.next_probe).filter(|_| outage.hits_everything());
            let look_at = probe_at.map_or(now, |probe_at| probe_at.min(over_at));
            self.look_at = look_at.max(now + OUTAGE_TICK);
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

    fn wait_for_due(&mut self, now: Instant) -> Result<Option<Ending>, LedgerError> {
        let Some(due) = self.next_due()? else {
            return Ok(self.ahead.is_empty().then(|| self.over(None)));
        };
        let wait = u64::try_from(due - self.shared.clock.now_ms()).unwrap_or(0);
        let due_at = now + Duration::from_millis(wait);
        if self.ahead.is_empty() && due_at > self.progress_at + self.settings.linger {
            return Ok(Some(self.over(Some(due))));
        }
        self.look_at = due_at.min(now + TICK).max(now + Duration::from_millis(1));
        Ok(None)
    }

    fn is_throttled_out(&self) -> bool {
        let patience = self.settings.linger.max(MIN_THROTTLED);
        self.throttled_since
            .is_some_and(|since| since.elapsed() >= patience)
    }

    async fn take_in(&mut self, done: Done) -> Result<(), LedgerError> {
        let now = Instant::now();
        match done.symptom {
            Symptom::Throttled => self.throttled_since = self.throttled_since.or(Some(now)),
            Symptom::Down(_) | Symptom::NotBegun => {}
            _ => self.throttled_since = None,
        }
        self.ahead.end(&done.symptom);
        let Some(recorded) = done.recorded else {
            return Err(self.shared.writer.gone().await);
        };
        let Some((before, after)) = recorded.bill else {
            return Ok(());
        };
        let was_open = matches!(before.state, State::Ready | State::InFlight);
        let is_open = matches!(after.state, State::Ready | State::InFlight);
        self.glance.moved += u64::from(was_open && !is_open);
        // A probe that failed got its bill no further, though it put it in doubt.
        let has_failed = matches!(done.symptom, Symptom::Down(_));
        if before.state != after.state && !is_open && !has_failed {
            self.progress_at = now;
        }
        if let Some(next) = after.next {
            let wait = u64::try_from(next.due - self.shared.clock.now_ms()).unwrap_or(0);
            self.look_at = self.look_at.min(now + Duration::from_millis(wait));
        }
        if self.room() > 0 {
            self.look_at = self.look_at.min(now);
        }
        Ok(())
    }
}
