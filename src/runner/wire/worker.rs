//! One request at a time: wait for the bill's rest, an open connection and a permit; send;
//! understand; hand to the ledger. The only place that calls the client.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::dice::Dice;
use super::lines::Lines;
use crate::clock::Clock;
use crate::domain::bill::Action;
use crate::domain::ids::MchId;
use crate::domain::outcome::{Answer, Outcome, Sighting};
use crate::domain::policy;
use crate::ledger::{Attempt, Learned, Recorded, Writer};
use crate::runner::health::gate::{Gate, Shut};
use crate::runner::health::reach::Reach;
use crate::runner::health::symptom::Symptom;
use crate::runner::rate::lead::Lead;
use crate::runner::rate::pace::Pace;
use crate::wechat::client::Connection;
use crate::wechat::hbinfo::{self, QueriedNumber};
use crate::wechat::redpack::{self, Frozen};

/// An attempt that was not begun so long after its commit is recorded as not sent.
pub(in crate::runner) const STALE: Duration = Duration::from_secs(5);

/// The merchant's account: connections, signing key and ids.
pub struct Account {
    /// Signs requests.
    pub key: SecretString,
    /// The merchant.
    pub mch_id: MchId,
    /// The mini-program.
    pub wxappid: String,
}

/// Everything that all workers share.
pub struct Shared {
    /// The merchant's account.
    pub account: Account,
    /// The connections.
    pub lines: Lines,
    /// Whether anything may leave.
    pub gate: Arc<Gate>,
    /// Whether the gateway is there.
    pub reach: Reach,
    /// When.
    pub pace: Pace,
    /// How the next process is to date what this one sends.
    pub lead: Lead,
    /// The way to the ledger.
    pub writer: Arc<Writer>,
    /// The time.
    pub clock: Clock,
    /// Chance, which spreads retries.
    pub dice: Dice,
    /// How long a process waits where every answer is a refusal for the rate.
    pub linger: Duration,
    /// A person said that our clock is right, even against the replies.
    pub is_clock_right: bool,
}

/// An attempt that is over.
#[derive(Debug)]
pub(in crate::runner) struct Done {
    pub(in crate::runner) bill: Option<i64>,
    pub(in crate::runner) symptom: Symptom,
    /// Of a query.
    pub(in crate::runner) sighting: Option<Sighting>,
    /// `None`: the ledger failed.
    pub(in crate::runner) recorded: Option<Recorded>,
}

/// The result of a request.
pub(super) enum Brought {
    Outcome(Answer<Outcome>),
    Sighting(Answer<Sighting>),
}

impl Shared {
    pub(super) async fn request(&self, attempt: &Attempt) -> Brought {
        match (attempt.action(), frozen(&self.account, attempt)) {
            (Action::Send, Some(frozen)) => {
                let began = Instant::now();
                let answer = self.send(attempt, &frozen).await;
                self.note_send(&answer, attempt.witness(), began);
                Brought::Outcome(answer)
            }
            (Action::Send | Action::Query, _) => Brought::Sighting(self.ask(attempt).await),
        }
    }

    /// Asks about the attempt's number, and takes the answer into account. By a clock that is wrong
    /// nothing is learnt that the age of a bill decides.
    pub(in crate::runner) async fn ask(&self, attempt: &Attempt) -> Answer<Sighting> {
        let began = Instant::now();
        let mut answer = self.query(attempt).await;
        self.note(Action::Query, &Symptom::of_query(&answer), began);
        if self.gate.is_clock_wrong() && depends_on_time(&answer.verdict) {
            answer.verdict = Sighting::Halted;
        }
        answer
    }

    async fn send(&self, attempt: &Attempt, frozen: &Frozen) -> Answer<Outcome> {
        let needs_rest = attempt.is_resend() && !planted!(NoRest);
        if let (true, Some(bill)) = (needs_rest, attempt.bill()) {
            let rested = pin!(sleep_until(self.gate.rested(bill)));
            self.gate.unless_shut(rested).await;
        }
        let number = attempt.mch_billno();
        let mut connection = self.lines.take(number, attempt.is_apart()).await;
        let body = || frozen.request(&self.account.key);
        let exchange = self
            .exchange(&mut connection, attempt, redpack::PATH, body)
            .await;
        let answer = redpack::outcome(&exchange, frozen, &self.account.key);
        let is_foreign = matches!(&answer.verdict, Outcome::InDoubt(doubt) if doubt.is_foreign());
        self.leave(connection, is_foreign);
        if !matches!(answer.verdict, Outcome::NotSent(_)) {
            self.lines.was_sent(number);
        }
        answer
    }

    async fn query(&self, attempt: &Attempt) -> Answer<Sighting> {
        let asked = QueriedNumber {
            mch_id: self.account.mch_id.clone(),
            wxappid: self.account.wxappid.clone(),
            mch_billno: attempt.mch_billno().clone(),
            owed: attempt
                .openid()
                .map(|openid| (openid.clone(), attempt.amount())),
        };
        let mut connection = self.lines.take(&asked.mch_billno, attempt.is_apart()).await;
        let nonce = || format!("{:032x}", self.dice.throw_wide());
        let body = || asked.request(&nonce(), &self.account.key);
        let exchange = self
            .exchange(&mut connection, attempt, hbinfo::PATH, body)
            .await;
        let answer = hbinfo::seen(&exchange, &asked, &self.account.key);
        if attempt.is_apart() {
            self.lines.was_asked(&asked.mch_billno, &connection);
        }
        let is_foreign = matches!(&answer.verdict, Sighting::Unclear(doubt) if doubt.is_foreign());
        self.leave(connection, is_foreign);
        answer
    }

    /// A connection that brought an answer about another request is out of step: the next one would
    /// get this one's answer.
    fn leave(&self, mut connection: Connection, is_foreign: bool) {
        if is_foreign && !planted!(ForeignConnectionKept) {
            connection.close();
        }
        self.lines.give_back(connection);
    }

    fn note_send(&self, answer: &Answer<Outcome>, witness: Option<i64>, began: Instant) {
        if let Outcome::Deferred(until) = *answer.verdict.said()
            && !planted!(DeferredGoesOn)
        {
            self.gate
                .shut(Shut::Deferred(policy::end_of(until, self.clock.now_ms())));
        }
        self.note(Action::Send, &Symptom::of_send(answer, witness), began);
    }

    /// Takes the answer of a request that began then into account.
    fn note(&self, action: Action, symptom: &Symptom, began: Instant) {
        match symptom {
            Symptom::Throttled if planted!(ThrottledGoesOn) => {}
            Symptom::Throttled => self.pace.throttled(),
            symptom if symptom.is_within_rate() => self.pace.carried_out(),
            _ => {}
        }
        self.gate.note(action, symptom, began);
    }

    pub(super) fn record(
        &self,
        attempt: Attempt,
        brought: Brought,
        done: mpsc::UnboundedSender<Done>,
    ) {
        let bill = attempt.bill();
        // Nothing is to be tried again where the package is there.
        let is_done = matches!(&brought, Brought::Outcome(answer) if answer.verdict.has_package());
        // Before the record: once the ledger has it, the bill may be taken again.
        if let Some(bill) = bill.filter(|_| !is_done) {
            self.gate.ended(bill);
        }
        let gate = Arc::clone(&self.gate);
        let then = move |symptom, sighting| {
            move |recorded: Option<Recorded>| {
                if recorded.is_none() {
                    gate.shut(Shut::LedgerFailed);
                }
                // Without a feeder nobody waits for it; it is recorded all the same.
                let _ = done.send(Done {
                    bill,
                    symptom,
                    sighting,
                    recorded,
                });
            }
        };
        let now = self.clock.now_ms();
        match brought {
            Brought::Outcome(answer) => {
                let symptom = Symptom::of_send(&answer, attempt.witness());
                let dice = if is_done { 0 } else { self.dice.throw() };
                let learned = Learned { now, dice };
                let then = then(symptom, None);
                self.writer.record_send_then(attempt, answer, learned, then);
            }
            Brought::Sighting(answer) => {
                let symptom = Symptom::of_query(&answer);
                let learned = Learned {
                    now,
                    dice: self.dice.throw(),
                };
                let then = then(symptom, Some(answer.verdict.clone()));
                self.writer
                    .record_query_then(attempt, answer, learned, then);
            }
        }
    }
}

/// Whether the age of a bill decides what the sighting does to it: of what was paid, whether it is
/// sent again for its package.
fn depends_on_time(sighting: &Sighting) -> bool {
    matches!(
        sighting,
        Sighting::NotFound | Sighting::Sending { .. } | Sighting::Sent | Sighting::Unclear(_)
    )
}

/// The attempt's fields on the wire; `None` for a number without a bill.
fn frozen(account: &Account, attempt: &Attempt) -> Option<Frozen> {
    Some(Frozen {
        mch_id: account.mch_id.clone(),
        wxappid: account.wxappid.clone(),
        mch_billno: attempt.mch_billno().clone(),
        openid: attempt.openid()?.clone(),
        amount: attempt.amount(),
        texts: Arc::clone(attempt.texts()?),
    })
}
