//! How a query's answer changes a bill, and the step after it. Pure, as all of policy is.

use super::backoff::query_at;
use super::dated::date;
use super::outcome::{Doubt, Sighting, is_known};
use super::steps::{begin_confirming, resend_or_query};
use super::unnamed;
use crate::domain::bill::{Action, Again, Bill, Confirming, Next};
use crate::domain::caps::DAY_MS;
use crate::domain::rules::{Moment, Provable, QUERY_DAYS_MS, RetryRules};
use crate::domain::state::{Event, State};

/// How long after the last send that nobody answered a query may free its number.
const FREED_MS: i64 = DAY_MS;
/// NOT_FOUND answers that confirm a refusal.
const CONFIRMING_QUERIES: u32 = 3;

/// Counts that a sighting leaves with the bill.
pub(super) fn note_sighting(bill: &mut Bill, sighting: &Sighting, moment: &Moment) {
    date(bill, sighting, moment);
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
        // WeChat Pay was not asked for nothing: nobody waited for its answer.
        Sighting::Unclear(Doubt::Interrupted) => {}
        Sighting::Unclear(_) => bill.idle_queries += 1,
        Sighting::Sent if bill.state == State::Sent => bill.idle_queries += 1,
        Sighting::Failed if is_sighted(bill.state) && !stays_a_persons(bill, moment) => {
            if bill.again == Some(Again::Owed) {
                bill.again = Some(Again::Failed);
            }
            bill.idle_queries = 0;
            begin_confirming(bill, Some(Confirming::Failed), moment);
        }
        Sighting::Sent
        | Sighting::Failed
        | Sighting::Received
        | Sighting::Refunding
        | Sighting::Refunded
        | Sighting::Expired
        | Sighting::Clash
        | Sighting::Throttled
        | Sighting::Halted
        | Sighting::NotSent(_) => {}
    }
}

/// Whether what a query says about a bill in this state moves it.
fn is_sighted(state: State) -> bool {
    matches!(
        state,
        State::Ready | State::InDoubt | State::Processing | State::Review
    )
}

/// Whether `FAILED` leaves a bill to a person: its number was given up for a later one, which is
/// asked about by itself, and then somebody was paid under it after all.
fn stays_a_persons(bill: &Bill, moment: &Moment) -> bool {
    let is_given_up = moment.provable == Provable::Nothing;
    bill.state == State::Review && is_given_up && !planted!(FailedReopensGivenUp)
}

/// The event that a sighting of the next number is for the bill before it.
pub(super) fn event_of_next(sighting: &Sighting, moment: &Moment) -> Event {
    if *sighting == Sighting::NotFound && moment.provable == Provable::OnlyKnown {
        Event::GivenUp
    } else if *sighting == Sighting::NotFound {
        Event::NextUnknown
    } else if is_known(sighting) {
        Event::NextKnown
    } else {
        Event::SeenNothing
    }
}

/// The event that a sighting is for this bill; its counts are already noted.
pub(super) fn event_of_sighting(
    bill: &Bill,
    sighting: &Sighting,
    moment: &Moment,
    rules: &RetryRules,
) -> Event {
    let is_open = matches!(bill.state, State::InDoubt | State::Processing);
    // Where FAILED was said, only the next number is asked about.
    let is_worn_out = bill.confirming != Some(Confirming::Failed)
        && (unnamed::is_worn_out(bill) || bill.is_past_queries(moment.now));
    match sighting {
        Sighting::Sent => Event::SeenSent,
        Sighting::Failed if planted!(FailedIsFinal) && bill.state == State::InDoubt => {
            Event::RefusalConfirmed
        }
        Sighting::Failed if stays_a_persons(bill, moment) => Event::SeenNothing,
        Sighting::Failed => Event::SeenFailed,
        Sighting::Received => Event::SeenReceived,
        Sighting::Refunding => Event::SeenRefunding,
        Sighting::Refunded => Event::SeenRefunded,
        Sighting::Clash | Sighting::Expired if is_open || bill.state == State::Ready => {
            Event::GivenUp
        }
        // Another ledger sent it, and nobody can ask about it any more.
        Sighting::Expired if bill.state == State::Withdrawn => Event::GivenUp,
        Sighting::NotFound
            if bill.state == State::Withdrawn && moment.provable == Provable::OnlyKnown =>
        {
            Event::GivenUp
        }
        // Nobody sends it: a person may have paid it by other means since.
        _ if is_disproven(bill, sighting, moment) => Event::GivenUp,
        // Only a payment, or FAILED, settles a clash; anything else is for a person.
        Sighting::NotFound | Sighting::Sending { .. }
            if is_open && bill.confirming == Some(Confirming::Clash) =>
        {
            Event::GivenUp
        }
        Sighting::NotFound if is_refusal_confirmed(bill, moment, rules) => Event::RefusalConfirmed,
        Sighting::NotFound if is_freed(bill, moment) => Event::Freed,
        Sighting::NotFound | Sighting::Sending { .. } | Sighting::Unclear(_)
            if is_open && is_worn_out =>
        {
            Event::GivenUp
        }
        Sighting::NotFound => Event::NotFound,
        Sighting::Sending { has_reason: false } => Event::SeenSending,
        Sighting::Sending { has_reason: true } => Event::SeenFailing,
        Sighting::Clash
        | Sighting::Expired
        | Sighting::Throttled
        | Sighting::Halted
        | Sighting::NotSent(_)
        | Sighting::Unclear(_) => Event::SeenNothing,
    }
}

/// Whether a bill is proven unpaid, and WeChat Pay has an order after all, or paid something else
/// under its number.
fn is_disproven(bill: &Bill, sighting: &Sighting, moment: &Moment) -> bool {
    if *sighting == Sighting::Clash {
        let is_proven = matches!(bill.state, State::Refused | State::Withdrawn);
        return is_proven && moment.is_paid_otherwise;
    }
    let is_known = matches!(sighting, Sighting::Sending { .. } | Sighting::Expired);
    let is_live = bill.state == State::Refused && moment.provable != Provable::Nothing;
    is_known && is_live && !planted!(KnownStaysRefused)
}

/// Whether every attempt was answered with a refusal, and queries over the whole confirming
/// time did not find the number. A held refusal left no order by its kind: one query is enough
/// once this run has had a packet accepted, or where a person has its second chance.
fn is_refusal_confirmed(bill: &Bill, moment: &Moment, rules: &RetryRules) -> bool {
    if planted!(NotFoundIsFailure) && bill.state == State::InDoubt {
        return true;
    }
    let is_refused = bill.state == State::InDoubt && bill.doubt_since.is_none();
    // What nobody can ask about any more is not proven.
    if !is_refused || bill.is_past_queries(moment.now) {
        return false;
    }
    let is_long = |since: i64| moment.now - since >= rules.refusal_confirm_ms;
    let was_asked_long_enough =
        bill.not_found >= CONFIRMING_QUERIES && bill.confirming_since.is_some_and(is_long);
    match bill.confirming {
        Some(Confirming::Held) => bill.is_believed(moment) || was_asked_long_enough,
        Some(Confirming::UnlessKnown) => {
            bill.not_found > 0 && bill.is_believed(moment) || was_asked_long_enough
        }
        Some(Confirming::Refusal) => was_asked_long_enough,
        Some(Confirming::Clash | Confirming::Failed) | None => false,
    }
}

/// Whether NOT_FOUND frees a number in doubt: from a day after the answer to its last send was due,
/// until queries do not reach back any more, WeChat Pay knows what has landed.
fn is_freed(bill: &Bill, moment: &Moment) -> bool {
    let may_be_free = match bill.confirming {
        None | Some(Confirming::Refusal | Confirming::UnlessKnown | Confirming::Held) => {
            bill.state == State::InDoubt
        }
        Some(Confirming::Clash | Confirming::Failed) => false,
    };
    bill.doubt_since
        .filter(|_| may_be_free)
        .is_some_and(|since| {
            let last = moment.unanswered_until.unwrap_or(since).max(since);
            let first = bill.first_sent.unwrap_or(since).min(since);
            moment.committed >= last.saturating_add(FREED_MS)
                && moment.committed < first.saturating_add(QUERY_DAYS_MS)
        })
}

/// Ends confirming where the event made it pointless: outside `in_doubt`, and where a refused
/// resend of a number in doubt left no order, so that sending it again is the way on.
pub(super) fn leave_confirming(bill: &mut Bill, event: Event, moment: &Moment) {
    let was_doubted = bill.doubt_since.is_some();
    let is_failed = bill.confirming == Some(Confirming::Failed);
    let is_over = event == Event::NotFound && was_doubted && !is_failed;
    // That a number was asked about before its first send stays known until then.
    let is_asked_first = bill.state == State::Ready;
    if (bill.state != State::InDoubt && !is_asked_first) || is_over {
        begin_confirming(bill, None, moment);
    }
}

/// The step after a query, the bill being in its new state.
pub(super) fn after_query(
    bill: &Bill,
    (before, event): (State, Event),
    moment: &Moment,
    rules: &RetryRules,
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
        State::InDoubt if bill.confirming == Some(Confirming::Failed) => {
            let due = if bill.idle_queries == 0 {
                moment.now
            } else {
                query_at(bill.idle_queries, moment, rules)
            };
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
        // A number that WeChat Pay does not know is sent as if nobody had asked.
        State::InDoubt if event == Event::NotFound => {
            resend_or_query(bill, bill.doubtful_sends, moment, rules)
        }
        State::InDoubt | State::Sent => {
            let step = bill.doubtful_sends.max(bill.idle_queries);
            resend_or_query(bill, step, moment, rules)
        }
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
        | State::Withdrawn
        | State::Review => None,
    }
}

/// As [`query_at`], but in time for the query that may confirm the refusal.
fn confirm_at(bill: &Bill, moment: &Moment, rules: &RetryRules) -> i64 {
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
