//! An eighth of all answers is faulty, sends and queries alike.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use hongbao::simulator::{FaultName, Settings};

use crate::support::{Agreed, Campaign, an_eighth, for_each_at_once};

/// Every fault there is, in a gateway that works fast and answers late within a test's patience.
fn stormy(seed: u64) -> Settings {
    Settings {
        faults: an_eighth(FaultName::ALL),
        seed,
        processing_seconds: 1,
        landing_seconds: 1,
        late_ms: 1_500,
        ..Settings::default()
    }
}

/// Runs the campaign, and once more where answers that were due later are still open.
fn weathered(seed: u64) -> Agreed {
    let mut campaign = Campaign::with(300, stormy(seed));
    campaign.set("gateway.request_timeout_ms", "1000");
    campaign.set("retry.linger_seconds", "12");
    let ran = campaign.run();
    let agreed = campaign.books_agree();
    let expected = match (agreed.open(), agreed.count("refused")) {
        (0, 0) => 0,
        (0, _) => 3,
        _ => 4,
    };
    let ran = ran.exits(expected);
    assert_eq!(agreed.open(), 0, "seed {seed}: {agreed:?}\n{}", ran.stderr);
    agreed
}

#[test]
fn every_packet_is_sent_or_proven_refused_seed_1() {
    let agreed = weathered(1);
    assert!(agreed.count("sent") > 280, "{agreed:?}");
}

#[test]
fn every_packet_is_sent_or_proven_refused_seed_2() {
    weathered(2);
}

#[test]
fn every_packet_is_sent_or_proven_refused_seed_3() {
    weathered(3);
}

#[test]
fn every_packet_is_sent_or_proven_refused_seed_4() {
    weathered(4);
}

/// Nine in ten answers are lost: little gets through, and nothing wrong is said of it.
#[test]
fn a_gateway_that_hardly_answers_leaves_honest_doubt() {
    let names = [
        FaultName::LostAfter,
        FaultName::SystemErrorPaid,
        FaultName::Garbage,
    ];
    let faults = names
        .iter()
        .fold(an_eighth(&[]), |all, name| all.with(*name, 0.6));
    let campaign = Campaign::with(
        60,
        Settings {
            faults,
            ..Settings::default()
        },
    );
    let ran = campaign.run();
    assert!(matches!(ran.code, Some(4 | 10)), "{}", ran.stderr);
    campaign.books_agree();
    campaign
        .wechat
        .change(|settings| settings.faults = an_eighth(&[]));
    let mended = campaign.run();
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("refused"), 0, "{}", mended.stderr);
}

/// The same storm under a resend that is answered otherwise than the documentation says.
#[test]
fn a_storm_over_a_gateway_that_contradicts_itself_misreports_nothing() {
    use hongbao::simulator::ResendOfPaid;
    let storms = [(5, ResendOfPaid::SendFailed), (6, ResendOfPaid::FatalError)];
    for_each_at_once(storms, |(seed, told)| {
        let settings = Settings {
            resend_of_paid: told,
            ..stormy(seed)
        };
        let mut campaign = Campaign::with(100, settings);
        campaign.set("gateway.request_timeout_ms", "1000");
        campaign.set("retry.linger_seconds", "5");
        campaign.run();
        campaign.books_agree();
    });
}
