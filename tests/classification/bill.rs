//! Bills in every condition in which an answer can find them, brought there by real steps, and
//! what became of them in words.

use hongbao::domain::bill::Bill;
use hongbao::domain::outcome::{Outcome, Sighting};
use hongbao::domain::policy::Moment;
use hongbao::domain::state::Event;

use crate::kinds::{RULES, lost, paid};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A bill whose next answer comes at a moment.
#[derive(Clone)]
pub(crate) struct Condition {
    pub(crate) name: &'static str,
    pub(crate) bill: Bill,
    pub(crate) moment: Moment,
}

fn moment(now: i64, has_accepted: bool) -> Moment {
    Moment {
        has_accepted,
        ..Moment::at(now)
    }
}

/// `bill` as it is, asked about at `now`.
fn condition(name: &'static str, bill: Bill, now: i64) -> Condition {
    let moment = moment(now, true);
    Condition { name, bill, moment }
}

fn sent_with(outcome: &Outcome) -> Bill {
    let mut bill = Bill::new(0);
    send(&mut bill, 0);
    told(&mut bill, outcome, 0);
    bill
}

fn send(bill: &mut Bill, now: i64) {
    assert!(bill.may_send(now, &RULES), "{bill:?}");
    bill.dispatch(now).unwrap();
}

fn told(bill: &mut Bill, outcome: &Outcome, now: i64) {
    let moment = moment(now, true);
    bill.record_send(outcome, &moment, &RULES).unwrap();
}

fn seen(mut bill: Bill, sightings: &[Sighting], now: i64) -> Bill {
    for sighting in sightings {
        let moment = moment(now, true);
        bill.record_query(sighting, &moment, &RULES).unwrap();
    }
    bill
}

/// Every condition in which a send can be on its way.
pub(crate) fn sending() -> Vec<Condition> {
    let again = |name, mut bill: Bill, now| {
        send(&mut bill, now);
        condition(name, bill, now)
    };
    let first = again("first send", Bill::new(0), 0);
    let mut nothing_accepted = first.clone();
    nothing_accepted.name = "first send, nothing accepted yet";
    nothing_accepted.moment.has_accepted = false;
    let throttled = sent_with(&Outcome::Throttled);
    let doubted = again("in doubt, sent again", sent_with(&lost()), 2000);
    let mut doubted_idle = doubted.clone();
    doubted_idle.name = "in doubt, sent again, nothing accepted yet";
    doubted_idle.moment.has_accepted = false;
    let mut unfound = sent_with(&lost());
    send(&mut unfound, 2000);
    told(&mut unfound, &Outcome::RefusedToConfirm, 2000);
    let unfound = seen(unfound, &[Sighting::NotFound], 4000);
    vec![
        first,
        nothing_accepted,
        again("throttled once, sent again", throttled, 2000),
        doubted,
        doubted_idle,
        again("in doubt, refused, not found, sent again", unfound, 9000),
        again(
            "in doubt, the eighth send",
            worn(8, sent_with(&lost())),
            60_000,
        ),
        again("sent, its package missing", sent_with(&paid(false)), 2000),
    ]
}

/// `bill` with its count of doubtful sends one below `sends`.
fn worn(sends: u32, mut bill: Bill) -> Bill {
    for step in bill.doubtful_sends..sends - 1 {
        let now = i64::from(step) * 5000;
        send(&mut bill, now);
        told(&mut bill, &lost(), now);
    }
    bill
}

/// Every condition in which a bill can be asked about.
pub(crate) fn asked_about() -> Vec<Condition> {
    [open(), confirming(), settled()].concat()
}

fn open() -> Vec<Condition> {
    let in_doubt = || sent_with(&lost());
    let idle = seen(in_doubt(), &[const { Sighting::NotFound }; 39], 1000);
    let mut remembered = Bill::new(0);
    let now = moment(0, true);
    remembered.apply(Event::Remembered, &now, &RULES).unwrap();
    vec![
        condition("in doubt", in_doubt(), 5000),
        condition("in doubt, window closed", in_doubt(), 24 * HOUR),
        condition("in doubt, the 40th idle query", idle, 5000),
        condition("in doubt for 29 days", in_doubt(), 29 * 24 * HOUR),
        condition("in doubt, never sent by us", remembered, 5000),
        condition("processing", sent_with(&Outcome::Processing), 20 * MINUTE),
    ]
}

fn confirming() -> Vec<Condition> {
    let refused = sent_with(&Outcome::RefusedToConfirm);
    let twice = seen(refused.clone(), &[const { Sighting::NotFound }; 2], 1000);
    let mut held = Bill::new(0);
    send(&mut held, 0);
    let nothing_accepted = moment(0, false);
    held.record_send(&Outcome::RefusedWithoutOrder, &nothing_accepted, &RULES)
        .unwrap();
    let mut still_held = condition("held, nothing accepted yet", held.clone(), 5000);
    still_held.moment.has_accepted = false;
    let mut held_long = held.clone();
    for now in [1000, 2000] {
        held_long
            .record_query(&Sighting::NotFound, &moment(now, false), &RULES)
            .unwrap();
    }
    let name = "held, nothing accepted yet, the third query after ten minutes";
    let mut held_long = condition(name, held_long, 10 * MINUTE);
    held_long.moment.has_accepted = false;
    let mut doubted = sent_with(&lost());
    send(&mut doubted, 2000);
    told(&mut doubted, &Outcome::RefusedToConfirm, 2000);
    let doubted = seen(
        doubted,
        &[const { Sighting::Sending { has_reason: true } }; 3],
        4000,
    );
    let unnamed = |said| sent_with(&Outcome::Unnamed(Box::new(said)));
    let unless_known = sent_with(&Outcome::RefusedUnlessKnown);
    let nobodys = unnamed(Outcome::RefusedWithoutOrder);
    let mut nothing_accepted = condition("unless known, nothing accepted", unless_known, 1000);
    let unless_known = Condition {
        name: "unless known, then something accepted",
        ..nothing_accepted.clone()
    };
    nothing_accepted.moment.has_accepted = false;
    vec![
        nothing_accepted,
        unless_known,
        condition(
            "unnamed refusal, before its deadline",
            nobodys.clone(),
            24_999,
        ),
        condition("unnamed refusal, at its deadline", nobodys, 25_000),
        condition("unnamed halt", unnamed(Outcome::Halted), HOUR),
        condition("refused, to confirm, the first query", refused, 1000),
        condition(
            "refused, to confirm, the third query too early",
            twice.clone(),
            10 * MINUTE - 1,
        ),
        condition(
            "refused, to confirm, the third query after ten minutes",
            twice,
            10 * MINUTE,
        ),
        condition("in doubt, refused, asked for an hour", doubted, HOUR),
        still_held,
        held_long,
        condition("held, then something accepted", held, 5000),
        condition("clash", sent_with(&Outcome::Clash), 5000),
    ]
}

fn settled() -> Vec<Condition> {
    let sent = || sent_with(&paid(true));
    let after = |sighting| seen(sent(), &[sighting], 1000);
    let review = seen(sent_with(&Outcome::Clash), &[Sighting::NotFound], 1000);
    vec![
        condition("sent", sent(), 5000),
        condition("sent, its package missing", sent_with(&paid(false)), 5000),
        condition("received", after(Sighting::Received), 5000),
        condition("refunding", after(Sighting::Refunding), 5000),
        condition("refunded", after(Sighting::Refunded), 5000),
        condition("refused", sent_with(&Outcome::RefusedWithoutOrder), 5000),
        condition("review", review, 5000),
    ]
}

/// The bill in words: its state, why it is confirmed, a star where only payment or FAILED ends
/// its doubt, and the next step with its delay at the least chance.
pub(crate) fn words(bill: &Bill, now: i64) -> String {
    let mut words = bill.state.name().to_owned();
    if let Some(cause) = bill.confirming {
        words.extend(["(", cause.name(), ")"]);
    }
    if bill.doubt_since.is_some() {
        words += "*";
    }
    if bill.is_sent_without_package() {
        words += ", no package";
    }
    match bill.next {
        Some(next) => words + &format!(", {} {}", next.action.name(), delay(next.due - now)),
        None => words,
    }
}

fn delay(ms: i64) -> String {
    match ms {
        0 => "now".to_owned(),
        _ if ms % HOUR == 0 => format!("in {} h", ms / HOUR),
        _ if ms % MINUTE == 0 => format!("in {} min", ms / MINUTE),
        _ if ms % 1000 == 0 => format!("in {} s", ms / 1000),
        _ => format!("in {ms} ms"),
    }
}
