//! One exchange of a request and its answer: not begun too late, not asked for ever, and by a clock
//! that can be trusted.

use std::pin::{Pin, pin};

use tokio::time::{Instant, timeout_at};

use super::worker::{STALE, Shared};
use crate::domain::bill::Action;
use crate::domain::outcome::{Doubt, NotSent};
use crate::ledger::Attempt;
use crate::runner::health::gate::Shut;
use crate::runner::health::timing::differs;
use crate::wechat::client::Connection;
use crate::wechat::reply::Exchange;

impl Shared {
    pub(super) async fn exchange(
        &self,
        connection: &mut Connection,
        attempt: &Attempt,
        path: &'static str,
        body: impl FnOnce() -> Vec<u8>,
    ) -> Exchange {
        let began = Instant::now();
        let opening = pin!(connection.ready());
        let opening = self.bounded(attempt, began, opening);
        let ready = match self.gate.unless_shut(pin!(opening)).await {
            Some(Some(Ok(ready))) => ready,
            Some(opened) => {
                let late = || NotSent::Connect("time limit".to_owned());
                let cause = opened.and_then(Result::err).unwrap_or_else(late);
                self.reach.failed(began, &cause.words());
                return Exchange::NotSent(cause);
            }
            None => return Exchange::NotSent(NotSent::NotBegun),
        };
        let body = body();
        let Some(permit) = self.gate.unless_shut(pin!(self.pace.permit())).await else {
            return Exchange::NotSent(NotSent::NotBegun);
        };
        if self.is_stale(attempt) || self.writer.has_failed() {
            return Exchange::NotSent(NotSent::NotBegun);
        }
        #[cfg(feature = "planted")]
        if planted!(OpenidInLog) {
            tracing::debug!(?attempt, "a request leaves");
        }
        let began = Instant::now();
        let mut post = pin!(ready.post(path, body));
        let exchange = if planted!(CancelledIsNotSent) {
            let ended = self.gate.unless_shut(post.as_mut()).await;
            ended.unwrap_or(Exchange::NotSent(NotSent::NotBegun))
        } else {
            let answer = self.bounded(attempt, began, post.as_mut()).await;
            answer.unwrap_or(Exchange::InDoubt(Doubt::Timeout))
        };
        match &exchange {
            Exchange::Reply(reply) => {
                self.reach.arrived();
                self.pace.arrived(permit);
                self.check_clock(reply.date);
            }
            Exchange::NotSent(cause) => self.reach.failed(began, &cause.words()),
            Exchange::InDoubt(doubt) => self.reach.failed(began, &doubt.words()),
        }
        exchange
    }

    /// A question is given up with the gateway, a send never: its answer is waited for.
    async fn bounded<T>(
        &self,
        attempt: &Attempt,
        began: Instant,
        step: Pin<&mut impl Future<Output = T>>,
    ) -> Option<T> {
        match (attempt.action(), self.reach.ends(began)) {
            (Action::Query, Some(ends)) => timeout_at(ends, step).await.ok(),
            (Action::Send | Action::Query, _) => Some(step.await),
        }
    }

    /// By whichever clock is later: tokio's stands still while the machine sleeps, and what was
    /// made ready before must not leave in a burst when it wakes; the machine's may be set back.
    fn is_stale(&self, attempt: &Attempt) -> bool {
        let now = self.clock.now_ms();
        let age = now - attempt.committed_at();
        let is_old = u128::try_from(age).is_ok_and(|age| age > STALE.as_millis());
        // The time for sends may have ended while it waited for its permit.
        let is_late = attempt.action() == Action::Send && self.gate.are_sends_closed(now);
        is_late || attempt.since().elapsed() > STALE || (is_old && !planted!(StaleBySleepingClock))
    }

    /// A clock that is wrong makes windows and daily limits wrong.
    fn check_clock(&self, date: Option<i64>) {
        self.writer.hear(date);
        let theirs = date.filter(|_| !self.is_clock_right);
        let halt = theirs.and_then(|theirs| differs(self.clock.now_ms(), theirs));
        if let Some(halt) = halt {
            self.gate.shut(Shut::WrongClock(halt));
        }
    }
}
