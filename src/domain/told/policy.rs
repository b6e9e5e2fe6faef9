//! Decides a bill's next step. Pure: the clock and the dice are parameters.

use super::backoff::{query_at, resend_at};
use super::outcome::Outcome;
use super::steps::{begin_confirming, resend_or_query, unsettled};
use super::unnamed;
use crate::domain::bill::{Action, Bill, Confirming, Next};
use crate::domain::state::{Event, State};

pub use super::backoff::{MIN_RESEND_MS, end_of};
pub use super::outcome::is_known;
pub use crate::domain::rules::{
    MAX_DOUBTFUL_SENDS, MAX_IDLE_QUERIES, Moment, QUERY_DAYS_MS, RetryRules,
};

/// The event that an outcome is for this bill.
pub(super) fn event_of_outcome(bill: &Bill, outcome: &Outcome, moment: &Moment) -> Event {
    let (is_first, is_doubted) = (bill.state == State::InFlight, bill.state == State::InDoubt);
    match outcome {
        Outcome::RefusedWithoutOrder | Outcome::RefusedToConfirm
            if planted!(LaterNoClearsDoubt) && is_doubted =>
        {
            Event::RefusalConfirmed
        }
        Outcome::RefusedToConfirm if planted!(RefusalNotConfirmed) && is_first => {
            Event::RefusedForGood
        }
        Outcome::Processing if planted!(ProcessingResentAtOnce) => Event::Doubted,
        Outcome::Accepted(_) => Event::Accepted,
        Outcome::Processing => Event::Taken,
        Outcome::Throttled | Outcome::Halted | Outcome::Deferred(_) | Outcome::NotSent(_) => {
            Event::NotCarriedOut
        }
        // Final at once only where no earlier attempt may have paid, and where this run has
        // shown that its appid and texts are good for somebody, or it is the second refusal.
        Outcome::RefusedWithoutOrder if is_first && bill.is_believed(moment) => {
            Event::RefusedForGood
        }
        Outcome::RefusedWithoutOrder
        | Outcome::RefusedUnlessKnown
        | Outcome::RefusedToConfirm
        | Outcome::Clash => Event::RefusedMaybe,
        Outcome::Unnamed(said) if said.is_refusal() => Event::RefusedMaybe,
        Outcome::InDoubt(_) | Outcome::Unnamed(_) => Event::Doubted,
    }
}

/// Counts and flags that an outcome leaves with the bill, before its state moves.
pub(super) fn note_outcome(
    bill: &mut Bill,
    outcome: &Outcome,
    moment: &Moment,
    rules: &RetryRules,
) {
    match outcome {
        Outcome::Accepted(receipt) => {
            bill.has_package |= receipt.package.is_some();
            if !bill.has_package {
                bill.doubtful_sends += 1;
            }
            begin_confirming(bill, None, moment);
        }
        // A resend that did not fetch the package leaves no doubt about the payment.
        Outcome::InDoubt(_) | Outcome::Processing | Outcome::Clash if bill.state == State::Sent => {
            bill.doubtful_sends += 1;
        }
        refusal if refusal.is_refusal() && bill.state == State::Sent => bill.doubtful_sends += 1,
        Outcome::InDoubt(_) => {
            bill.doubtful_sends += 1;
            bill.doubt_since = bill.doubt_since.or(Some(moment.committed));
        }
        Outcome::Processing => {
            bill.doubt_since = bill.doubt_since.or(Some(moment.committed));
            begin_confirming(bill, None, moment);
        }
        Outcome::NotSent(_) => {
            bill.sends = bill.sends.saturating_sub(1);
            if bill.sends == 0 {
                bill.first_sent = None;
            }
        }
        Outcome::RefusedWithoutOrder
            if bill.state == State::InFlight && !bill.is_believed(moment) =>
        {
            begin_confirming(bill, Some(Confirming::Held), moment);
        }
        Outcome::RefusedUnlessKnown if bill.doubt_since.is_none() => {
            begin_confirming(bill, Some(Confirming::UnlessKnown), moment);
        }
        Outcome::RefusedToConfirm => begin_confirming(bill, Some(Confirming::Refusal), moment),
        Outcome::Clash => begin_confirming(bill, Some(Confirming::Clash), moment),
        Outcome::Unnamed(said) => unnamed::note(bill, said, moment, rules),
        Outcome::RefusedWithoutOrder
        | Outcome::RefusedUnlessKnown
        | Outcome::Throttled
        | Outcome::Halted
        | Outcome::Deferred(_) => {}
    }
}

/// The step after a send, the bill being in its new state.
pub(super) fn after_send(
    bill: &Bill,
    outcome: &Outcome,
    moment: &Moment,
    rules: &RetryRules,
) -> Option<Next> {
    let next = |action, due| Some(Next { action, due });
    let send = |due| next(Action::Send, due);
    let query = |due| next(Action::Query, due);
    match outcome {
        Outcome::Processing if bill.state == State::Processing => {
            query(moment.now + rules.processing_query_after_ms)
        }
        Outcome::Unnamed(said) => unnamed::after(bill, said, moment, rules),
        // The reason to wait is kept with the campaign: the bill itself may go at once.
        Outcome::Halted | Outcome::Deferred(_) => send(moment.now),
        Outcome::Throttled | Outcome::NotSent(_) => {
            send(resend_at(bill.sends.max(1), moment, rules))
        }
        // A resend that settled nothing is followed by a query.
        Outcome::InDoubt(_) if bill.doubtful_sends > 1 => {
            unsettled(bill).and_then(|()| query(query_at(bill.idle_queries, moment, rules)))
        }
        Outcome::Accepted(_) | Outcome::InDoubt(_) | Outcome::Processing => {
            let step = bill.doubtful_sends.max(bill.idle_queries);
            resend_or_query(bill, step, moment, rules)
        }
        Outcome::RefusedWithoutOrder
        | Outcome::RefusedUnlessKnown
        | Outcome::RefusedToConfirm
        | Outcome::Clash => {
            unsettled(bill).and_then(|()| query(query_at(bill.idle_queries, moment, rules)))
        }
    }
}
