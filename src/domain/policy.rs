//! What to do next about a bill. Pure: the clock and the dice are parameters.

use super::backoff::{query_at, resend_at};
use super::bill::{Action, Again, Bill, Confirming, Next};
use super::caps::DAY_MS;
use super::outcome::{Outcome, Sighting};
pub use super::rules::{Moment, Rules};
use super::state::{Event, State};
use super::{reissue, unnamed};

pub use super::backoff::{MIN_RESEND_MS, end_of};

/// Sends of one bill that may end in doubt before it is only queried.
pub const MAX_DOUBTFUL_SENDS: u32 = 8;
/// Queries in a row that may move nothing before a person must look.
pub const MAX_IDLE_QUERIES: u32 = 40;
/// Queries reach back 30 days; one day is left for a person.
pub const QUERY_DAYS_MS: i64 = 29 * DAY_MS;
/// NOT_FOUND answers that confirm a refusal.
const CONFIRMING_QUERIES: u32 = 3;

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
pub(super) fn note_outcome(bill: &mut Bill, outcome: &Outcome, moment: &Moment, rules: &Rules) {
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

pub(super) fn begin_confirming(bill: &mut Bill, cause: Option<Confirming>, moment: &Moment) {
    bill.confirming = cause;
    bill.confirming_since = cause.map(|_| moment.now);
    bill.not_found = 0;
}

/// The step after a send, the bill being in its new state.
pub(super) fn after_send(
    bill: &Bill,
    outcome: &Outcome,
    moment: &Moment,
    rules: &Rules,
) -> Option<Next> {
    let next = |action, due| Some(Next { action, due });
    let send = |due| next(Action::Send, due);
    let query = |due| next(Action::Query, due);
    match outcome {
        Outcome::Processing if bill.state == State::Processing => {
            query(moment.now + rules.processing_query_after_ms)
        }
        Outcome::Unnamed(said) => unnamed::after(bill, said, moment, rules),
        // What holds it back is kept with the campaign: the bill itself may go at once.
        Outcome::Halted | Outcome::Deferred(_) => send(moment.now),
        Outcome::Throttled | Outcome::NotSent(_) => {
            send(resend_at(bill.sends.max(1), moment, rules))
        }
        // A resend that settled nothing is followed by a query.
        Outcome::InDoubt(_) if bill.doubtful_sends > 1 => {
            unsettled(bill).and_then(|()| query(query_at(bill.idle_queries, moment, rules)))
        }
        Outcome::Accepted(_) | Outcome::InDoubt(_) | Outcome::Processing => {
            resend_or_query(bill, moment, rules)
        }
        Outcome::RefusedWithoutOrder
        | Outcome::RefusedUnlessKnown
        | Outcome::RefusedToConfirm
        | Outcome::Clash => {
            unsettled(bill).and_then(|()| query(query_at(bill.idle_queries, moment, rules)))
        }
    }
}

/// Counts that a sighting leaves with the bill.
pub(super) fn note_sighting(bill: &mut Bill, sighting: &Sighting, moment: &Moment) {
    match sighting {
        Sighting::NotFound => {
            bill.idle_queries += 1;
            // Begun before the send's deadline it may have overtaken the order.
            let is_late = bill
                .confirming_since
                .is_none_or(|since| moment.committed >= since);
            bill.not_found += u32::from(is_late);
        }
        Sighting::Sending { has_reason: true } => {
            bill.idle_queries += 1;
            let may_confirm = bill.confirming != Some(Confirming::Clash);
            if bill.state != State::Review && may_confirm {
                let since = bill.confirming_since;
                begin_confirming(bill, Some(Confirming::Refusal), moment);
                bill.confirming_since = since.or(bill.confirming_since);
            }
        }
        // Being worked on is no refusal: from now on only WeChat Pay's word ends the doubt.
        Sighting::Sending { has_reason: false } => {
            bill.idle_queries += 1;
            bill.doubt_since = bill.doubt_since.or(bill.first_sent).or(Some(moment.now));
        }
        Sighting::Unclear(_) => bill.idle_queries += 1,
        Sighting::Sent if bill.state == State::Sent => bill.idle_queries += 1,
        Sighting::Failed if bill.again == Some(Again::Owed) => bill.again = Some(Again::Failed),
        Sighting::Sent
        | Sighting::Failed
        | Sighting::Received
        | Sighting::Refunding
        | Sighting::Refunded
        | Sighting::Clash
        | Sighting::Throttled
        | Sighting::Halted
        | Sighting::NotSent(_) => {}
    }
}

/// The event that a sighting is for this bill; its counts are already noted.
pub(super) fn event_of_sighting(
    bill: &Bill,
    sighting: &Sighting,
    moment: &Moment,
    rules: &Rules,
) -> Event {
    if bill.state == State::Ready {
        return reissue::event_of_first_word(sighting);
    }
    let is_open = matches!(bill.state, State::InDoubt | State::Processing);
    let is_worn_out = unnamed::is_worn_out(bill) || bill.is_past_queries(moment.now);
    match sighting {
        Sighting::Sent => Event::SeenSent,
        Sighting::Failed => Event::SeenFailed,
        Sighting::Received => Event::SeenReceived,
        Sighting::Refunding => Event::SeenRefunding,
        Sighting::Refunded => Event::SeenRefunded,
        Sighting::Clash if is_open => Event::GivenUp,
        // Only a payment, or FAILED, settles a clash; anything else is for a person.
        Sighting::NotFound | Sighting::Sending { .. }
            if is_open && bill.confirming == Some(Confirming::Clash) =>
        {
            Event::GivenUp
        }
        Sighting::NotFound if is_refusal_confirmed(bill, moment, rules) => Event::RefusalConfirmed,
        Sighting::NotFound | Sighting::Sending { .. } | Sighting::Unclear(_)
            if is_open && is_worn_out =>
        {
            Event::GivenUp
        }
        Sighting::NotFound => Event::NotFound,
        Sighting::Sending { has_reason: false } => Event::SeenSending,
        Sighting::Sending { has_reason: true } => Event::SeenFailing,
        Sighting::Clash
        | Sighting::Throttled
        | Sighting::Halted
        | Sighting::NotSent(_)
        | Sighting::Unclear(_) => Event::SeenNothing,
    }
}

/// Whether every attempt was answered with a refusal, and queries over the whole confirming
/// time did not find the number. A held refusal left no order by its kind: one query is enough
/// once this run has had a packet accepted.
fn is_refusal_confirmed(bill: &Bill, moment: &Moment, rules: &Rules) -> bool {
    if planted!(NotFoundIsFailure) && bill.state == State::InDoubt {
        return true;
    }
    if bill.state != State::InDoubt || bill.doubt_since.is_some() {
        return false;
    }
    let was_asked_long_enough = bill.not_found >= CONFIRMING_QUERIES
        && bill
            .confirming_since
            .is_some_and(|since| moment.now - since >= rules.refusal_confirm_ms);
    match bill.confirming {
        Some(Confirming::Held) => moment.has_accepted || was_asked_long_enough,
        Some(Confirming::UnlessKnown) => {
            bill.not_found > 0 && bill.is_believed(moment) || was_asked_long_enough
        }
        Some(Confirming::Refusal) => was_asked_long_enough,
        Some(Confirming::Clash) | None => false,
    }
}

/// Ends confirming where the event made it pointless: outside `in_doubt`, and where a refused
/// resend of a number in doubt left no order, so that sending it again is the way on.
pub(super) fn leave_confirming(bill: &mut Bill, event: Event, moment: &Moment) {
    let was_doubted = bill.doubt_since.is_some();
    let is_over = event == Event::NotFound && was_doubted;
    // That a number was asked about before its first send stays known until then.
    let is_asked_first = bill.state == State::Ready;
    if (bill.state != State::InDoubt && !is_asked_first) || is_over {
        begin_confirming(bill, None, moment);
    }
}

/// The step after a query, the bill being in its new state.
pub(super) fn after_query(
    bill: &Bill,
    before: State,
    moment: &Moment,
    rules: &Rules,
) -> Option<Next> {
    match bill.state {
        State::Processing if before != State::Processing => {
            let due = moment.now + rules.processing_query_after_ms;
            Some(Next {
                action: Action::Query,
                due,
            })
        }
        State::Processing => {
            let due = query_at(bill.idle_queries, moment, rules);
            Some(Next {
                action: Action::Query,
                due,
            })
        }
        State::InDoubt if bill.confirming.is_some() => {
            let due = confirm_at(bill, moment, rules);
            Some(Next {
                action: Action::Query,
                due,
            })
        }
        State::InDoubt | State::Sent => resend_or_query(bill, moment, rules),
        State::Ready if bill.not_found > 0 => Some(Next {
            action: Action::Send,
            due: moment.now,
        }),
        State::Ready => Some(Next {
            action: Action::Query,
            due: query_at(bill.idle_queries, moment, rules),
        }),
        State::InFlight
        | State::Received
        | State::Refunding
        | State::Refunded
        | State::Refused
        | State::Review => None,
    }
}

/// A bill in doubt, or paid without its package, is resent inside its window and queried
/// outside; a bill that lacks nothing has no next step.
pub(super) fn resend_or_query(bill: &Bill, moment: &Moment, rules: &Rules) -> Option<Next> {
    unsettled(bill)?;
    let due = resend_at(
        bill.doubtful_sends.max(bill.idle_queries).max(1),
        moment,
        rules,
    );
    if bill.may_send(due, rules) {
        return Some(Next {
            action: Action::Send,
            due,
        });
    }
    if bill.state == State::Sent && bill.is_window_over(moment.now, rules) {
        return None;
    }
    Some(Next {
        action: Action::Query,
        due: query_at(bill.idle_queries, moment, rules),
    })
}

pub(super) fn unsettled(bill: &Bill) -> Option<()> {
    let is_open = bill.state == State::InDoubt || bill.is_sent_without_package();
    is_open.then_some(())
}

/// As [`query_at`], but in time for the query that may confirm the refusal.
fn confirm_at(bill: &Bill, moment: &Moment, rules: &Rules) -> i64 {
    let due = query_at(bill.idle_queries, moment, rules);
    let confirmed = bill
        .confirming_since
        .map_or(i64::MAX, |since| since + rules.refusal_confirm_ms);
    if confirmed > moment.now {
        due.min(confirmed)
    } else {
        due
    }
}
