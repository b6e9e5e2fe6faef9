//! Both limits hold in every sliding window at the gateway. How little of them is left unused is
//! shown in virtual time beside the pacer.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::thread::sleep;
use std::time::Duration;

use hongbao::simulator::{FaultName, FaultRates, Settings};
use jiff::Timestamp;

use crate::support::{Campaign, is_full, until};

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

/// What WeChat Pay allows a merchant by default.
const PER_SECOND: usize = 30;

/// Five processes one after the other, two of them killed. No sliding second at the gateway holds
/// more than the limit, over their ends and beginnings too, and while one is up hardly a place is
/// left free. A third of all packets are asked about, so that both kinds of request count.
#[test]
fn thirty_a_second_hold_over_restarts_and_kills_and_hardly_a_place_is_left_free() {
    let each = Duration::from_secs(if is_full() { 13 } else { 3 });
    let settings = Settings {
        faults: FaultRates::none().with(FaultName::Processing, 0.33),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(2_500, settings);
    campaign.set("pace.per_second", &PER_SECOND.to_string());
    let arrivals = || campaign.wechat.books().arrivals_ms;
    let mut apart = Vec::new();
    for (process, ends) in ["TERM", "KILL", "TERM", "KILL", "TERM"].iter().enumerate() {
        let before = arrivals().len();
        let running = campaign.start_run();
        until("it asks", || arrivals().len() > before);
        sleep(each);
        let (end, seen) = (Timestamp::now().as_millisecond(), arrivals());
        running.signal(ends);
        let ran = running.wait();
        assert_eq!(ran.code, (*ends == "TERM").then_some(143), "{}", ran.stderr);
        let seen = &seen[before..];
        let gaps = seen.windows(2).map(|two| two[1] - two[0]);
        apart.extend(gaps);
        let up_ms = usize::try_from(end - seen[0]).unwrap();
        let (used, places) = (seen.len(), up_ms * PER_SECOND / 1_000);
        // A machine that plays all other tests meanwhile stands still at times.
        assert!(
            !is_full() || 100 * used >= 97 * places,
            "process {process}: {used} of {places} places"
        );
    }
    // 33 ms at best. The stops of a busy machine do not move the middle.
    apart.sort_unstable();
    let middle = apart[apart.len() / 2];
    assert!((32..=38).contains(&middle), "{middle} ms apart");
    campaign.wechat.until_all_arrived();
    let books = campaign.wechat.books();
    let (sends, queries) = (campaign.wechat.sends(), campaign.wechat.queries());
    assert_eq!(
        u64::try_from(books.arrivals_ms.len()).unwrap(),
        sends + queries
    );
    assert!(queries * 10 > sends, "{queries} questions, {sends} sends");
    let (second, minute) = (books.busiest(1_000), books.busiest(60_000));
    assert!(second <= PER_SECOND, "{second} in a second");
    assert!(minute <= 60 * PER_SECOND, "{minute} in a minute");
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
