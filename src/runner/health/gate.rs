//! The gate: every worker looks at it before a request leaves.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::breaker::{Breaker, Outage};
use super::halt::Halt;
use super::symptom::Symptom;
use crate::domain::bill::Action;
use crate::domain::policy::MIN_RESEND_MS;
use crate::ledger::{Pause, Said};
use crate::words::Words;

/// The same order is retried after that at the earliest.
const REST: Duration = Duration::from_millis(MIN_RESEND_MS.unsigned_abs());

/// A signal that asks the process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT, Ctrl-C.
    Interrupt,
    /// SIGTERM, or SIGHUP.
    Terminate,
}

impl Signal {
    /// The exit code by the shell's convention, 128 + number.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Signal::Interrupt => 130,
            Signal::Terminate => 143,
        }
    }
}

/// Why nothing more is sent by this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shut {
    /// A signal asked it to stop.
    Signal(Signal),
    /// A person must act.
    Halt(Halt),
    /// The clock cannot be trusted: a person must act.
    WrongClock(Halt),
    /// WeChat Pay refused every request for the rate, for as long as a run waits.
    Throttled,
    /// The campaign was paused from outside.
    Paused(Pause),
    /// A daily limit of the merchant ends then.
    Deferred(i64),
    /// The ledger failed: nothing may be sent that could not be recorded.
    LedgerFailed,
}

impl Shut {
    /// For a log, which has neither a person's words nor WeChat Pay's.
    const fn logged(&self) -> &'static str {
        match self {
            Shut::Signal(_) => "signal",
            Shut::Halt(_) => "halt",
            Shut::WrongClock(_) => "wrong_clock",
            Shut::Throttled => "throttled",
            Shut::Paused(_) => "paused",
            Shut::Deferred(_) => "deferred",
            Shut::LedgerFailed => "ledger_failed",
        }
    }
}

/// When the last attempt of each bill ended, for as long as that matters.
#[derive(Debug, Default)]
struct LastAttempts {
    by_bill: HashMap<i64, Instant>,
    in_order: VecDeque<(Instant, i64)>,
}

/// Open until the first cause shuts it.
#[derive(Debug)]
pub struct Gate {
    shut: Mutex<Option<Shut>>,
    /// Wakes waiters in FIFO order: a simulation repeats itself to the letter.
    woken: Notify,
    breaker: Mutex<Breaker>,
    ended: Mutex<LastAttempts>,
    opened: Instant,
    /// No send leaves from then on, by the wall clock.
    sends_until: AtomicI64,
    /// The clock was found wrong, whatever shut it first.
    is_clock_wrong: AtomicBool,
}

impl Default for Gate {
    fn default() -> Self {
        Gate {
            shut: Mutex::default(),
            woken: Notify::new(),
            breaker: Mutex::default(),
            ended: Mutex::default(),
            opened: Instant::now(),
            sends_until: AtomicI64::new(i64::MAX),
            is_clock_wrong: AtomicBool::new(false),
        }
    }
}

impl Gate {
    /// Shuts it; a halt also overrides a milder cause, so that it is not lost.
    pub fn shut(&self, cause: Shut) {
        let is_grave = |shut: &Shut| {
            matches!(
                shut,
                Shut::Halt(_) | Shut::WrongClock(_) | Shut::LedgerFailed
            )
        };
        if matches!(cause, Shut::WrongClock(_)) {
            self.is_clock_wrong.store(true, Ordering::Relaxed);
        }
        let mut now = self.now();
        let is_graver = is_grave(&cause) && !now.as_ref().is_some_and(is_grave);
        if now.is_none() || is_graver {
            tracing::info!(cause = cause.logged(), "nothing more leaves");
            *now = Some(cause);
            drop(now);
            self.woken.notify_waiters();
        }
    }

    /// Whether the clock was found wrong.
    pub fn is_clock_wrong(&self) -> bool {
        self.is_clock_wrong.load(Ordering::Relaxed)
    }

    fn now(&self) -> MutexGuard<'_, Option<Shut>> {
        self.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets no send leave from `at` on, first or again, in milliseconds of the Unix epoch. Queries
    /// go on.
    pub fn close_sends_at(&self, at: i64) {
        self.sends_until.store(at, Ordering::Relaxed);
    }

    /// Whether the time for sends is over at `now`.
    pub(in crate::runner) fn are_sends_closed(&self, now: i64) -> bool {
        now >= self.sends_until.load(Ordering::Relaxed) && !planted!(SendsAfterClosing)
    }

    /// Why it is shut, if it is.
    #[must_use]
    pub fn is_shut(&self) -> Option<Shut> {
        self.now().clone()
    }

    /// Waits until it is shut, and gives the cause.
    pub async fn cause(&self) -> Shut {
        loop {
            let mut woken = pin!(self.woken.notified());
            // Before the look, so that nothing is missed between the two.
            woken.as_mut().enable();
            if let Some(cause) = self.is_shut() {
                return cause;
            }
            woken.await;
        }
    }

    /// Waits for `wait`, unless the gate is shut before: then `None`.
    pub(in crate::runner) async fn unless_shut<T>(
        &self,
        mut wait: Pin<&mut impl Future<Output = T>>,
    ) -> Option<T> {
        if self.now().is_some() {
            return None;
        }
        // Mostly there is nothing to wait for, and then nothing to listen for either.
        let first = poll_fn(|context| Poll::Ready(wait.as_mut().poll(context))).await;
        if let Poll::Ready(done) = first {
            return Some(done);
        }
        tokio::select! {
            biased;
            _ = self.cause() => None,
            done = wait => Some(done),
        }
    }

    /// Takes the answer of a request that began then into account, and shuts if it says that the
    /// set-up is wrong.
    pub(in crate::runner) fn note(&self, action: Action, symptom: &Symptom, began: Instant) {
        let (answer, code) = symptom.logged();
        tracing::debug!(action = action.name(), answer, code, "answered");
        let halt = self.breaker().note(action, symptom, began);
        if let Some(halt) = halt.filter(|_| !planted!(HaltGoesOn)) {
            self.shut(Shut::Halt(halt));
        }
    }

    /// Takes into account what was said to first sends before this process began.
    pub(in crate::runner) fn remember(&self, said: Vec<Said>) {
        for said in said {
            let halt = self.breaker().remember(said);
            if let Some(halt) = halt {
                self.shut(Shut::Halt(halt));
            }
        }
    }

    /// How many were refused where nobody was accepted, and code and words of the last.
    pub(in crate::runner) fn nobody(&self) -> Option<(usize, String, String)> {
        let breaker = self.breaker();
        let nobody = breaker.streak().nobody();
        nobody.map(|(count, code)| (count, code.to_owned(), breaker.told(code).to_owned()))
    }

    /// Whether a streak of refusals halted.
    pub(in crate::runner) fn has_streak(&self) -> bool {
        self.breaker().streak().has_halted()
    }

    /// The bills, by row, whose refusals accuse the set-up.
    pub(in crate::runner) fn accusers(&self) -> Vec<i64> {
        self.breaker().streak().members()
    }

    /// The failing kind of request, where much fails.
    pub(in crate::runner) fn outage(&self) -> Option<Outage> {
        self.breaker().outage()
    }

    /// The last failure, where the last few requests all failed.
    pub(in crate::runner) fn failing(&self) -> Option<Words> {
        self.breaker().failing()
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An attempt about this bill ended now.
    pub(in crate::runner) fn ended(&self, bill: i64) {
        let now = Instant::now();
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let LastAttempts { by_bill, in_order } = &mut *ended;
        while let Some((at, old)) = in_order.pop_front_if(|(at, _)| now > *at + REST) {
            if by_bill.get(&old) == Some(&at) {
                by_bill.remove(&old);
            }
        }
        by_bill.insert(bill, now);
        in_order.push_back((now, bill));
    }

    /// When this bill may be sent again: a second after its last attempt ended, or after this
    /// process began. On the monotonic clock: no setting of the wall clock shortens it.
    pub(in crate::runner) fn rested(&self, bill: i64) -> Instant {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.by_bill.get(&bill).map_or(self.opened, |at| *at) + REST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cause_stays_but_a_halt_is_not_lost() {
        let gate = Gate::default();
        assert_eq!(gate.is_shut(), None);
        gate.shut(Shut::Deferred(5));
        gate.shut(Shut::Signal(Signal::Interrupt));
        assert_eq!(gate.is_shut(), Some(Shut::Deferred(5)));
        let expired = Symptom::Certificate("expired".to_owned());
        gate.note(Action::Query, &expired, Instant::now());
        assert!(matches!(gate.is_shut(), Some(Shut::Halt(_))));
        gate.shut(Shut::Signal(Signal::Terminate));
        assert!(matches!(gate.is_shut(), Some(Shut::Halt(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_bill_rests_a_second_after_its_attempt_or_the_start() {
        let gate = Gate::default();
        let start = Instant::now();
        assert_eq!(gate.rested(7), start + REST);
        tokio::time::advance(Duration::from_secs(5)).await;
        gate.ended(7);
        assert_eq!(gate.rested(7), start + Duration::from_secs(6));
    }
}
