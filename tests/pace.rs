//! Both limits hold in every sliding window at the gateway. How little of them is left unused is
//! shown in virtual time beside the pacer.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::thread::sleep;
use std::time::Duration;

use crate::support::{Campaign, until};

#[test]
fn no_sliding_second_at_the_gateway_holds_more_than_the_limit() {
    let mut campaign = Campaign::of(400);
    campaign.set("pace.per_second", "100");
    campaign.set("pace.in_flight", "16");
    campaign.run().exits(0);
    let books = campaign.wechat.books();
    assert!(books.busiest(1_000) <= 100, "{}", books.busiest(1_000));
    campaign.books_agree();
}

#[test]
fn the_limit_of_a_minute_holds_over_two_processes() {
    let mut campaign = Campaign::of(200);
    campaign.set("pace.per_minute", "120");
    let asked = || campaign.wechat.books().arrivals_ms.len();
    let first = campaign.start_run();
    until("the allowance is used", || asked() >= 120);
    sleep(Duration::from_millis(700));
    first.signal("TERM");
    first.wait().exits(143);
    let second = campaign.start_run();
    sleep(Duration::from_millis(1_500));
    second.signal("TERM");
    second.wait().exits(143);
    assert_eq!(asked(), 120, "the second process knows what the first sent");
    campaign.books_agree();
}

/// In simulator mode, where the clock of a run can be set. The minute goes by no clock that
/// anybody sets.
#[test]
fn it_holds_though_the_clock_was_set_forward_between_them() {
    let mut campaign = Campaign::of(100);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.set("pace.per_minute", "60");
    let run_at = |now| campaign.start_at("run", &[], &[("HONGBAO_SIMULATED_NOW", now)]);
    let sent = || campaign.count("sent");
    let first = run_at("2026-11-23T12:00:00+08:00");
    until("the allowance is used", || sent() >= 60);
    first.signal("TERM");
    first.wait().exits(143);
    let second = run_at("2026-11-23T12:01:05+08:00");
    sleep(Duration::from_millis(1_500));
    second.signal("TERM");
    second.wait().exits(143);
    assert_eq!(sent(), 60, "the second process knows what the first sent");
}

#[test]
fn an_unknown_limit_of_the_gateway_slows_down_and_loses_nothing() {
    let campaign = Campaign::of(150);
    campaign
        .wechat
        .change(|settings| settings.limits.per_second = Some(40));
    campaign.run().exits(0);
    let books = campaign.wechat.books();
    assert!(books.counters.throttled > 0);
    assert_eq!(campaign.books_agree().count("sent"), 150);
}
