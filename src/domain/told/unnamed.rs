//! The meaning of a send's answer that names no number: it may be another request's. Each such
//! answer leaves doubt, and no doubtful send is counted for it; its words on the rate, the day and
//! the merchant hold for all.

use super::backoff::{end_of, query_at, resend_at};
use super::outcome::Outcome;
use super::steps::{begin_confirming, resend_or_query, unsettled};
use crate::domain::bill::{Action, Bill, Confirming, Next};
use crate::domain::rules::{MAX_IDLE_QUERIES, Moment, RetryRules};
use crate::domain::state::State;

/// Counts and flags that it leaves. A refusal is asked about once the true answer can come no more.
pub(super) fn note(bill: &mut Bill, said: &Outcome, moment: &Moment, rules: &RetryRules) {
    if bill.state == State::Sent {
        // The resend did not bring the package; after a limit or the rate it is soon sent again.
        let is_tried = said.is_refusal() || matches!(said, Outcome::Processing | Outcome::Clash);
        bill.doubtful_sends += u32::from(is_tried);
        return;
    }
    let cause = match said {
        Outcome::RefusedToConfirm => Some(Confirming::Refusal),
        Outcome::RefusedWithoutOrder | Outcome::RefusedUnlessKnown
            if bill.doubt_since.is_none() =>
        {
            Some(Confirming::UnlessKnown)
        }
        Outcome::RefusedWithoutOrder
        | Outcome::RefusedUnlessKnown
        | Outcome::Accepted(_)
        | Outcome::Processing
        | Outcome::Throttled
        | Outcome::Halted
        | Outcome::Deferred(_)
        | Outcome::Clash
        | Outcome::NotSent(_)
        | Outcome::InDoubt(_)
        | Outcome::Unnamed(_) => None,
    };
    if cause.is_some() {
        begin_confirming(bill, cause, moment);
        bill.confirming_since = Some(moment.now.max(moment.committed + rules.answer_ms));
    } else {
        bill.doubt_since = bill.doubt_since.or(Some(moment.committed));
    }
}

/// The step after it: what holds everybody back holds this number too, and then it goes again.
pub(in crate::domain) fn after(
    bill: &Bill,
    said: &Outcome,
    moment: &Moment,
    rules: &RetryRules,
) -> Option<Next> {
    unsettled(bill)?;
    let asked = query_at(bill.idle_queries, moment, rules);
    let (action, due) = match said {
        Outcome::Halted => (Action::Send, moment.now),
        Outcome::Deferred(until) => (Action::Send, end_of(*until, moment.now)),
        Outcome::Throttled => (Action::Send, resend_at(bill.sends.max(1), moment, rules)),
        Outcome::Processing => (Action::Query, moment.now + rules.processing_query_after_ms),
        Outcome::RefusedWithoutOrder
        | Outcome::RefusedUnlessKnown
        | Outcome::RefusedToConfirm
        | Outcome::Accepted(_)
        | Outcome::Clash
        | Outcome::NotSent(_)
        | Outcome::InDoubt(_)
        | Outcome::Unnamed(_) => (Action::Query, asked.max(bill.confirming_since.unwrap_or(0))),
    };
    if action == Action::Send && !bill.may_send(due, rules) {
        let step = bill.doubtful_sends.max(bill.idle_queries);
        return resend_or_query(bill, step, moment, rules);
    }
    Some(Next { action, due })
}

/// Whether it was asked about so often to no end that a person must look. Not where every send was
/// answered, if only with a limit or the rate: such a number is sent again.
pub(super) fn is_worn_out(bill: &Bill) -> bool {
    let is_answered = bill.doubtful_sends == 0 && bill.confirming.is_none();
    let is_to_be_sent = is_answered && bill.first_sent.is_some() && !bill.is_window_closed;
    bill.idle_queries >= MAX_IDLE_QUERIES && !is_to_be_sent
}
