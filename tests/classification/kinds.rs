//! One of each kind of answer, and the rules that bills are tried under.

pub(crate) use crate::terms::RULES;
use hongbao::domain::outcome::{Doubt, NotSent, Outcome, Receipt, Sighting, Until};

pub(crate) fn lost() -> Outcome {
    Outcome::InDoubt(Doubt::Timeout)
}

pub(crate) fn paid(has_package: bool) -> Outcome {
    Outcome::Accepted(Receipt {
        send_listid: "1".to_owned(),
        package: has_package.then(|| "p".to_owned()),
    })
}

/// One of each kind of outcome.
pub(crate) fn outcomes() -> Vec<Outcome> {
    let named = named();
    let unnamed = named[2..11].iter().cloned().map(Box::new);
    let unnamed: Vec<Outcome> = unnamed.map(Outcome::Unnamed).collect();
    [named, unnamed].concat()
}

fn named() -> Vec<Outcome> {
    vec![
        paid(true),
        paid(false),
        Outcome::Processing,
        Outcome::Throttled,
        Outcome::RefusedWithoutOrder,
        Outcome::RefusedUnlessKnown,
        Outcome::RefusedToConfirm,
        Outcome::Halted,
        Outcome::Deferred(Until::NextDay),
        Outcome::Deferred(Until::EightOClock),
        Outcome::Clash,
        Outcome::NotSent(NotSent::NotBegun),
        lost(),
    ]
}

/// One of each kind of sighting.
pub(crate) fn sightings() -> Vec<Sighting> {
    vec![
        Sighting::Sending { has_reason: false },
        Sighting::Sending { has_reason: true },
        Sighting::Sent,
        Sighting::Failed,
        Sighting::Received,
        Sighting::Refunding,
        Sighting::Refunded,
        Sighting::NotFound,
        Sighting::Expired,
        Sighting::Clash,
        Sighting::Throttled,
        Sighting::Halted,
        Sighting::NotSent(NotSent::NotBegun),
        Sighting::Unclear(Doubt::Timeout),
    ]
}
