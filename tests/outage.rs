//! A gateway that goes away in mid-campaign: it is probed, not hammered, and nothing is lost.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use hongbao::simulator::{FaultName, FaultRates, Settings};

use crate::support::{Campaign, Child, openid, until};

/// The most attempts that are made ready for eight requests on the wire.
const READY: u64 = 12 * 8;

/// A run that is under way when every request begins to meet this fault.
fn cut_off(campaign: &Campaign, fault: FaultName) -> (Child, u64) {
    let run = campaign.start_run();
    until("it is under way", || {
        campaign.wechat.books().paid_packets > 20
    });
    let faults = FaultRates::none().with(fault, 1.0);
    campaign.wechat.change(|settings| settings.faults = faults);
    let books = campaign.wechat.books();
    (run, books.counters.sends + books.counters.queries)
}

fn back_again(campaign: &Campaign) {
    campaign
        .wechat
        .change(|settings| settings.faults = FaultRates::none());
}

fn slow(linger_seconds: &str) -> Campaign {
    let mut campaign = Campaign::of(200);
    campaign.set("pace.per_second", "80");
    campaign.set("retry.linger_seconds", linger_seconds);
    campaign
}

fn ends_unresolved(fault: FaultName) {
    let mut campaign = slow("3");
    let (run, before) = cut_off(&campaign, fault);
    run.wait()
        .exits(4)
        .says(&["gives no usable answer any more", "next: hongbao run"]);
    let books = campaign.wechat.books();
    let after = books.counters.sends + books.counters.queries - before;
    // Ten in a row open the breaker, what was made ready before still comes, and then one probe
    // at a time: at half a second, one, two, four. Without it the pace alone would bound them, at
    // eighty a second.
    assert!(after <= 10 + READY + 6, "{fault}: {after} requests");
    assert_eq!(campaign.books_agree().count("refused"), 0, "{fault}");
    back_again(&campaign);
    campaign.set("pace.per_second", "0");
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 200, "{fault}");
}

#[test]
fn connections_that_all_break_end_the_run_after_its_patience() {
    ends_unresolved(FaultName::LostBefore);
}

#[test]
fn a_proxy_that_answers_502_ends_the_run_after_its_patience() {
    ends_unresolved(FaultName::Http502Unpaid);
}

#[test]
fn payments_behind_a_proxy_that_answers_502_are_found() {
    ends_unresolved(FaultName::Http502Paid);
}

#[test]
fn a_gateway_that_comes_back_in_time_needs_nobody() {
    let campaign = slow("20");
    let (run, before) = cut_off(&campaign, FaultName::LostBefore);
    until("it was cut off", || {
        let books = campaign.wechat.books();
        books.counters.sends + books.counters.queries > before + 10
    });
    back_again(&campaign);
    run.wait().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 200);
}

#[test]
fn a_gateway_that_refuses_everything_for_the_rate_ends_with_5() {
    let campaign = slow("2");
    let (run, _) = cut_off(&campaign, FaultName::FreqLimit);
    run.wait().exits(5).says(&["rate", "[pace]"]);
    let agreed = campaign.books_agree();
    // FREQ_LIMIT names no number here: whom it was said about, nobody knows yet.
    let unrefused = ["sent", "ready", "in_doubt"].map(|state| agreed.count(state));
    assert_eq!(unrefused.iter().sum::<u64>(), 200, "{agreed:?}");
    back_again(&campaign);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 200);
}

/// Twelve queries in a row fail, and the resends after them settle everything.
#[test]
fn an_outage_of_queries_that_nobody_waits_for_ends_no_run_as_unreachable() {
    let mut campaign = Campaign::of(12);
    campaign.set("pace.in_flight", "12");
    campaign.set("retry.linger_seconds", "30");
    campaign.wechat.change(|settings| {
        let twice = [FaultName::SystemErrorPaid, FaultName::SystemErrorPaid];
        let faults = (0..12).map(|row| (openid(row), twice.into()));
        settings.scripted_faults = faults.collect();
    });
    let run = campaign.start_run();
    until("its set-up was checked", || campaign.wechat.sends() > 0);
    campaign.wechat.change(|settings| {
        settings.query_faults = Some(FaultRates::none().with(FaultName::Garbage, 1.0));
    });
    let ran = run.wait().exits(0);
    assert!(!ran.stderr.contains("no usable answer"), "{}", ran.stderr);
    assert_eq!(
        campaign.wechat.queries(),
        9 + 12,
        "the first six and six spread, three of them the same; and one each"
    );
    assert_eq!(campaign.books_agree().count("sent"), 12);
}

/// Held back a little after each of fifteen refusals, and not for longer each time: the answers
/// between them say that the rate is right.
#[test]
fn refusals_for_the_rate_among_answers_hold_up_no_questions_for_minutes() {
    let campaign = Campaign::of(300);
    campaign.run().exits(0);
    campaign.wechat.change(|settings| {
        settings.query_faults = Some(FaultRates::none().with(FaultName::FreqLimit, 0.05));
    });
    let mut reconcile = campaign.start("reconcile", &[]);
    until("everybody was asked about", || reconcile.is_over());
    assert!(campaign.wechat.queries() > 300);
}

/// They fail one after the other at the end, when everybody else has long been answered.
#[test]
fn answers_that_come_too_late_at_the_end_are_no_outage() {
    let mut campaign = Campaign::of(120);
    campaign.set("gateway.request_timeout_ms", "1000");
    campaign.set("pace.in_flight", "60");
    campaign.run().exits(0);
    campaign.wechat.change(|settings| {
        settings.late_ms = 3000;
        settings.query_faults = Some(FaultRates::none().with(FaultName::Late, 0.3));
    });
    let before = campaign.wechat.queries();
    let reconcile = campaign.start("reconcile", &[]);
    until("all were asked about", || {
        campaign.wechat.queries() >= before + 120
    });
    campaign
        .wechat
        .change(|settings| settings.query_faults = None);
    reconcile.wait().exits(0);
}

/// The number after one that failed is asked about in turn, and a few times more.
#[test]
fn a_next_number_that_nobody_tells_of_ends_a_reconciliation() {
    let settings = Settings {
        scripted: [(openid(0), "SENDNUM_LIMIT".to_owned())].into(),
        landing_seconds: 5,
        ..Settings::default()
    };
    let mut campaign = Campaign::with(1, settings);
    campaign.set("retry.linger_seconds", "1");
    campaign.run().exits(11);
    campaign.wechat.set_ahead(10_000);
    campaign.set("pace.per_second", "2");
    let before = campaign.wechat.queries();
    let mut reconcile = campaign.start("reconcile", &[]);
    until("FAILED was said", || campaign.wechat.queries() > before);
    campaign.wechat.change(|settings| {
        settings.query_faults = Some(FaultRates::none().with(FaultName::SystemErrorUnpaid, 1.0));
    });
    until("it ends", || reconcile.is_over());
    reconcile.wait().exits(4);
    assert_eq!(campaign.count("in_doubt"), 1);
}

/// Whoever begins to answer has taken our certificate: no setting is accused, and a timer tries
/// again.
#[test]
fn first_answers_that_break_off_accuse_no_certificate() {
    let settings = Settings {
        faults: FaultRates::none().with(FaultName::Truncated, 1.0),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(3, settings);
    campaign.set("retry.linger_seconds", "5");
    let ran = campaign.run().exits(10).says(&["the answer broke off"]);
    assert!(!ran.stderr.contains("cert_file"), "{}", ran.stderr);
    let told = campaign.verb("doctor", &[]).exits(7).stdout;
    assert!(told.contains("the answer broke off"), "{told}");
    assert!(told.contains("try again later"), "{told}");
    back_again(&campaign);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 3);
}
