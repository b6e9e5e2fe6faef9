//! When a request may leave: never more than the limit in any sliding second and minute.
//!
//! WeChat Pay counts when requests arrive, we know when they leave and when their replies come.
//! A reply is at least the fastest way back later than its request's arrival, so a request counts
//! from its reply less the fastest reply seen, plus [`GUARD`] for the way there; one without a
//! reply yet from [`UNANSWERED`] after it left. So neither jitter on the wire nor a busy machine
//! pushes a second over the limit, and a slow gateway costs little of the allowance.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::spacing::Spacing;

/// The longest fastest way to the gateway that is allowed for. It costs 2.4 % of a full second's
/// allowance where replies take longer than this.
const GUARD: Duration = Duration::from_millis(25);
/// How late a request may arrive whose reply has not come a whole window later.
const UNANSWERED: Duration = Duration::from_millis(200);
/// How long a waiting permit sleeps before it looks again: replies make room sooner.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// First hold after a throttled answer, and the longest.
const FIRST_HOLD: Duration = Duration::from_millis(100);
const MAX_HOLD: Duration = Duration::from_secs(30);

/// Grants permits, first come, first served.
#[derive(Debug)]
pub struct Pace {
    turn: tokio::sync::Mutex<()>,
    slots: Mutex<Slots>,
}

/// One request's place in the windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit(u64);

#[derive(Debug)]
struct Slots {
    windows: Vec<Window>,
    spacing: Spacing,
    held_until: Instant,
    throttled: u32,
    granted: u64,
    /// The fastest reply of this process.
    fastest: Duration,
}

/// The last `limit` requests, without those at its end that are over.
#[derive(Debug)]
struct Window {
    limit: usize,
    span: Duration,
    requests: VecDeque<Departure>,
    /// The number of the oldest.
    first: u64,
    /// The number of the oldest that is not over when room was last asked for, and that time:
    /// so each request is looked at once, however many there are.
    held: (u64, Instant),
}

/// When a request left, and when it had arrived at the latest, once its reply tells.
#[derive(Debug, Clone, Copy)]
struct Departure {
    left: Instant,
    arrived: Option<Instant>,
}

impl Pace {
    /// `None` is no limit. `recent` are the ages of requests that other processes sent, oldest
    /// first: the windows know them.
    #[must_use]
    pub fn new(
        per_second: Option<NonZeroU32>,
        per_minute: Option<NonZeroU32>,
        recent: &[Duration],
    ) -> Self {
        let now = Instant::now();
        let limits = [(per_second, 1), (per_minute, 60)];
        let windows = limits
            .into_iter()
            .filter_map(|(limit, seconds)| Some((limit?, seconds)))
            .map(|(limit, seconds)| Window::new(limit, Duration::from_secs(seconds), recent, now))
            .collect();
        let granted = recent.len() as u64;
        let slots = Slots {
            windows,
            spacing: Spacing::new(per_second),
            held_until: now,
            throttled: 0,
            granted,
            fastest: Duration::MAX,
        };
        Pace {
            turn: tokio::sync::Mutex::new(()),
            slots: Mutex::new(slots),
        }
    }

    /// Waits until one request may leave.
    pub async fn permit(&self) -> Permit {
        let _turn = self.turn.lock().await;
        loop {
            let free_at = match self.slots().grant(Instant::now()) {
                Ok(permit) => return permit,
                Err(free_at) => free_at,
            };
            let wait = free_at.saturating_duration_since(Instant::now());
            tracing::trace!(?wait, "for a permit");
            sleep_until(free_at.min(Instant::now() + LOOK_AGAIN)).await;
        }
    }

    /// The reply of a request has come, so the request had arrived.
    pub fn arrived(&self, permit: Permit) {
        self.slots().arrived(permit, Instant::now());
    }

    /// How long until the next permit can be granted.
    #[must_use]
    pub fn wait(&self) -> Duration {
        let now = Instant::now();
        let slots = self.slots();
        let free_at = slots.free_at(now).max(slots.spacing.free_at());
        free_at.saturating_duration_since(now)
    }

    /// How many permits come within `ahead`; attempts made for more would only grow stale.
    #[must_use]
    pub fn room(&self, ahead: Duration) -> usize {
        let until = Instant::now() + ahead;
        let mut slots = self.slots();
        if slots.held_until > until {
            return 0;
        }
        let rooms = slots
            .windows
            .iter_mut()
            .map(|window| window.room(until, ahead));
        rooms.min().unwrap_or(usize::MAX)
    }

    /// WeChat Pay refused for the rate: nobody sends for a while, longer each time in a row.
    pub(in crate::runner) fn throttled(&self) {
        let mut slots = self.slots();
        let hold = FIRST_HOLD
            .saturating_mul(1 << slots.throttled.min(16))
            .min(MAX_HOLD);
        let now = Instant::now();
        // Answers to requests that were under way together are one sign, not many; but after each
        // it is quiet for a while.
        if now >= slots.held_until {
            slots.throttled += 1;
            slots.held_until = now + hold;
        } else {
            slots.held_until = slots.held_until.max(now + FIRST_HOLD);
        }
    }

    /// A request was carried out: the rate is right again.
    pub(in crate::runner) fn carried_out(&self) {
        self.slots().throttled = 0;
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    /// A permit, or when to ask again.
    fn grant(&mut self, now: Instant) -> Result<Permit, Instant> {
        let free_at = self.free_at(now);
        if free_at > now {
            return Err(free_at);
        }
        if !planted!(NoPace) {
            self.spacing.take()?;
        }
        let request = Departure {
            left: now,
            arrived: None,
        };
        for window in &mut self.windows {
            window.push(request);
        }
        self.granted += 1;
        Ok(Permit(self.granted - 1))
    }

    /// When windows and hold have room. The spacing is asked last: to ask is to take.
    fn free_at(&self, now: Instant) -> Instant {
        if planted!(NoPace) {
            return now;
        }
        let free = self.windows.iter().filter_map(Window::free_at).max();
        free.unwrap_or(now).max(self.held_until)
    }

    fn arrived(&mut self, permit: Permit, now: Instant) {
        for window in &mut self.windows {
            if let Some(request) = window.request(permit) {
                self.fastest = self.fastest.min(now - request.left);
                let arrived = now.checked_sub(self.fastest).unwrap_or(now) + GUARD;
                request.arrived = Some(arrived.min(now));
            }
        }
    }
}

impl Departure {
    fn arrived_by(&self) -> Instant {
        self.arrived.unwrap_or(self.left + UNANSWERED)
    }

    /// The last moment of it in a window of this span.
    fn counts_until(&self, span: Duration) -> Instant {
        self.arrived_by() + span
    }
}

impl Window {
    fn new(limit: NonZeroU32, span: Duration, recent: &[Duration], now: Instant) -> Self {
        let limit = usize::try_from(limit.get()).unwrap_or(usize::MAX);
        let mut window = Window {
            limit,
            span,
            requests: VecDeque::new(),
            first: 0,
            held: (0, now),
        };
        for age in recent {
            let left = now.checked_sub(*age).unwrap_or(now);
            window.push(Departure {
                left,
                arrived: Some(left + GUARD),
            });
        }
        window
    }

    fn push(&mut self, request: Departure) {
        self.requests.push_back(request);
        let span = self.span;
        let is_over = |oldest: &Departure| oldest.counts_until(span) < request.left;
        while self.requests.len() > self.limit || self.requests.front().is_some_and(is_over) {
            self.requests.pop_front();
            self.first += 1;
        }
    }

    fn request(&mut self, permit: Permit) -> Option<&mut Departure> {
        let place = usize::try_from(permit.0.checked_sub(self.first)?).ok()?;
        // It may have arrived later than was thought.
        self.held.0 = self.held.0.min(permit.0);
        self.requests.get_mut(place)
    }

    /// Permits that this window grants until `until`, `ahead` from now: they are granted in turn,
    /// so one request that is not over holds back all behind it.
    fn room(&mut self, until: Instant, ahead: Duration) -> usize {
        if self.span <= ahead {
            let spans = ahead.as_millis() / self.span.as_millis();
            return self
                .limit
                .saturating_mul(usize::try_from(spans).unwrap_or(1));
        }
        let (known, at) = self.held;
        let known = if until < at { 0 } else { known };
        let known = usize::try_from(known.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let is_over = |request: &&Departure| request.counts_until(self.span) <= until;
        let more = self.requests.iter().skip(known).take_while(is_over);
        let over = known + more.count();
        self.held = (self.first + over as u64, until);
        let held = self.requests.len().saturating_sub(over);
        self.limit.saturating_sub(held)
    }

    /// When the oldest of a full window is out of it; `None` where there is room.
    fn free_at(&self) -> Option<Instant> {
        let is_full = self.requests.len() >= self.limit;
        let oldest = self.requests.front().filter(|_| is_full)?;
        // One tick more: both ends of a second belong to it.
        Some(oldest.counts_until(self.span) + Duration::from_millis(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(n: u32) -> Option<NonZeroU32> {
        NonZeroU32::new(n)
    }

    /// Sends for `seconds` of virtual time; each reply takes `latency`.
    async fn leave_times(pace: &Pace, seconds: u64, latency: Duration) -> Vec<Duration> {
        let start = Instant::now();
        let mut times = Vec::new();
        let mut open = VecDeque::new();
        while start.elapsed() < Duration::from_secs(seconds) {
            let permit = pace.permit().await;
            times.push(start.elapsed());
            open.push_back((Instant::now() + latency, permit));
            while open.front().is_some_and(|(at, _)| *at <= Instant::now()) {
                open.pop_front()
                    .into_iter()
                    .for_each(|(_, permit)| pace.arrived(permit));
            }
        }
        times
    }

    fn most_within(times: &[Duration], span: Duration) -> usize {
        let count = |from: &Duration| {
            times
                .iter()
                .filter(|at| *at >= from && **at <= *from + span)
                .count()
        };
        times.iter().map(count).max().unwrap_or(0)
    }

    #[tokio::test(start_paused = true)]
    async fn no_sliding_second_holds_more_than_the_limit_and_97_percent_are_used() {
        // The share of a second between two requests is no whole number of milliseconds, as timers
        // have them, at 30 a second.
        for (second, latency) in [(100, 1), (100, 20), (100, 300), (30, 1), (30, 20)] {
            let pace = Pace::new(limit(second), limit(60 * second), &[]);
            let times = leave_times(&pace, 30, Duration::from_millis(latency)).await;
            let (most, all) = (usize::try_from(second).unwrap(), times.len());
            assert!(
                most_within(&times, Duration::from_secs(1)) <= most,
                "{second} a second, latency {latency}"
            );
            assert!(
                100 * all >= 97 * 30 * most,
                "{all} requests at {second} a second, latency {latency}"
            );
        }
    }

    /// Every second request asks ten milliseconds late.
    #[tokio::test(start_paused = true)]
    async fn a_late_wake_up_is_caught_up_with_at_a_low_rate_too() {
        let pace = Pace::new(limit(30), limit(1_800), &[]);
        let (start, mut times) = (Instant::now(), Vec::new());
        while start.elapsed() < Duration::from_secs(10) {
            let permit = pace.permit().await;
            times.push(start.elapsed());
            pace.arrived(permit);
            if times.len() % 2 == 0 {
                tokio::time::advance(Duration::from_millis(43)).await;
            }
        }
        assert!(most_within(&times, Duration::from_millis(999)) <= 30);
        assert!(times.len() >= 291, "{} of 300 places", times.len());
    }

    /// Each request arrives late by chance, and is answered a millisecond after that.
    #[tokio::test(start_paused = true)]
    async fn jitter_on_the_way_pushes_no_second_over_the_limit() {
        let pace = std::sync::Arc::new(Pace::new(limit(100), None, &[]));
        let (start, mut dice) = (Instant::now(), 1u64);
        let mut arrivals = Vec::new();
        for _ in 0..2000 {
            let permit = pace.permit().await;
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let late = Duration::from_millis(if dice >> 61 == 0 {
                (dice >> 33) % 190
            } else {
                1
            });
            let arrival = Instant::now() + late;
            arrivals.push(arrival - start);
            let pace = std::sync::Arc::clone(&pace);
            tokio::spawn(async move {
                sleep_until(arrival + Duration::from_millis(1)).await;
                pace.arrived(permit);
            });
        }
        assert_eq!(most_within(&arrivals, Duration::from_secs(1)), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn no_sliding_minute_holds_more_than_the_limit() {
        let pace = Pace::new(limit(25), limit(60), &[]);
        let times = leave_times(&pace, 200, Duration::from_millis(5)).await;
        assert!(most_within(&times, Duration::from_mins(1)) <= 60);
        assert!(times.len() >= 180, "{}", times.len());
    }

    #[tokio::test(start_paused = true)]
    async fn requests_of_the_process_before_count() {
        let recent = vec![Duration::from_millis(300); 10];
        let pace = Pace::new(limit(10), None, &recent);
        let start = Instant::now();
        pace.permit().await;
        assert!(start.elapsed() >= Duration::from_millis(700));
    }

    #[tokio::test(start_paused = true)]
    async fn the_room_ahead_is_what_every_window_grants() {
        let ahead = Duration::from_secs(2);
        let pace = Pace::new(limit(10), limit(15), &[]);
        assert_eq!(pace.room(ahead), 15);
        for _ in 0..12 {
            pace.permit().await;
        }
        assert_eq!(pace.room(ahead), 3);
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(pace.room(ahead), 15);
        assert_eq!(Pace::new(None, None, &[]).room(ahead), usize::MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn requests_are_spaced_and_not_sent_in_one_burst() {
        let pace = Pace::new(limit(10), None, &[]);
        let times = leave_times(&pace, 5, Duration::from_millis(1)).await;
        assert!(most_within(&times, Duration::from_millis(150)) <= 3);
    }

    #[tokio::test(start_paused = true)]
    async fn without_limits_nothing_waits() {
        let pace = Pace::new(None, None, &[]);
        let start = Instant::now();
        for _ in 0..10_000 {
            pace.permit().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn throttled_answers_in_a_row_hold_longer_each_time() {
        let pace = Pace::new(None, None, &[]);
        pace.throttled();
        pace.throttled();
        assert_eq!(pace.wait(), FIRST_HOLD);
        tokio::time::advance(FIRST_HOLD / 2).await;
        pace.throttled();
        assert_eq!(pace.wait(), FIRST_HOLD);
        tokio::time::advance(FIRST_HOLD).await;
        pace.throttled();
        assert_eq!(pace.wait(), FIRST_HOLD * 2);
        tokio::time::advance(FIRST_HOLD * 2).await;
        pace.carried_out();
        pace.throttled();
        assert_eq!(pace.wait(), FIRST_HOLD);
    }

    /// Replies come in any order, some late, some never; room is asked for in between.
    #[tokio::test(start_paused = true)]
    async fn room_is_the_same_as_if_every_request_were_looked_at_anew() {
        let (span, ahead) = (Duration::from_mins(1), Duration::from_secs(2));
        let mut window = Window::new(limit(500).unwrap(), span, &[], Instant::now());
        let (mut open, mut dice, mut least) = (Vec::new(), 1u64, usize::MAX);
        for number in 0..5000 {
            window.push(Departure {
                left: Instant::now(),
                arrived: None,
            });
            open.push(Permit(number));
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let place = usize::try_from(dice >> 33).unwrap() % open.len();
            if let Some(request) = window.request(open.swap_remove(place)) {
                request.arrived = Some(Instant::now());
            }
            tokio::time::advance(Duration::from_millis(dice >> 57)).await;
            let until = Instant::now() + ahead;
            let room = window.room(until, ahead);
            window.held = (0, until);
            assert_eq!(room, window.room(until, ahead), "after request {number}");
            least = least.min(room);
        }
        assert_eq!(least, 0, "the window is full at times");
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_keeps_what_it_holds_however_high_its_limit() {
        let mut window = Window::new(limit(u32::MAX).unwrap(), FIRST_HOLD, &[], Instant::now());
        for _ in 0..1000 {
            window.push(Departure {
                left: Instant::now(),
                arrived: Some(Instant::now()),
            });
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert_eq!(window.requests.len(), 101);
    }
}
