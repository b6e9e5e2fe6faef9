//! The merchant's own troubles: nobody is refused for them, and the same numbers are paid later.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::thread::sleep;
use std::time::{Duration, Instant};

use hongbao::simulator::{FaultName, FaultRates, Limits, Settings};

use crate::support::{Campaign, for_each_at_once, openid, until};

const IN_FLIGHT: u64 = 8;

/// Sends that paid nothing.
fn failing(campaign: &Campaign) -> u64 {
    let books = campaign.wechat.books();
    books.counters.sends - books.paid_packets
}

fn unpaused_and_run(campaign: &Campaign) {
    campaign.verb("unpause", &[]).exits(0);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 100);
    assert_eq!(campaign.wechat.books().orders.len(), 100, "new numbers");
}

fn without_enough_money() -> Campaign {
    let settings = Settings {
        balance_fen: Some(20_000),
        ..Settings::default()
    };
    Campaign::with(100, settings)
}

#[test]
fn balance_gone_halts_within_a_few_requests_and_refuses_nobody() {
    let campaign = without_enough_money();
    let words = ["halted: NOTENOUGH", "evidence: ", "remedy: ", "unpause"];
    campaign.run().exits(11).says(&words);
    let failed = failing(&campaign);
    assert!((1..=IN_FLIGHT + 3).contains(&failed), "{failed} failed");
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("refused"), 0);
    assert_eq!(
        agreed.count("sent") + agreed.count("ready"),
        100,
        "{agreed:?}"
    );
    campaign.wechat.top_up(1_000_000);
    unpaused_and_run(&campaign);
}

#[test]
fn a_halted_campaign_stays_halted_until_a_person_unpauses_it() {
    let campaign = without_enough_money();
    campaign.run().exits(11);
    let before = campaign.wechat.books().counters;
    campaign
        .run()
        .exits(11)
        .says(&["halted since", "NOTENOUGH"]);
    assert_eq!(campaign.wechat.books().counters, before);
    assert_eq!(campaign.status()["paused"]["by"], "halt");
    campaign.wechat.top_up(1_000_000);
    unpaused_and_run(&campaign);
    assert!(campaign.status()["paused"].is_null());
}

#[test]
fn unpausing_without_a_top_up_halts_again() {
    let campaign = without_enough_money();
    campaign.run().exits(11);
    campaign.verb("unpause", &[]).exits(0);
    let before = failing(&campaign);
    campaign.run().exits(11);
    assert!(failing(&campaign) - before <= IN_FLIGHT + 3);
    assert_eq!(campaign.books_agree().count("refused"), 0);
}

/// The merchant's right is withdrawn in mid-campaign, and given back.
fn a_merchant_wide_code(code: &str) {
    let mut campaign = Campaign::of(100);
    campaign.set("pace.per_second", "100");
    let run = campaign.start_run();
    until("it is under way", || {
        campaign.wechat.books().paid_packets > 10
    });
    let withdraw = |code: Option<String>| {
        campaign
            .wechat
            .change(|settings| settings.merchant_wide = code);
    };
    withdraw(Some(code.to_owned()));
    run.wait().exits(11).says(&[code, "remedy: "]);
    assert!(failing(&campaign) <= IN_FLIGHT + 3, "{code}");
    let agreed = campaign.books_agree();
    // The code names no number: whom it was said about, nobody knows yet.
    let unrefused = ["sent", "ready", "in_doubt"].map(|state| agreed.count(state));
    assert_eq!(unrefused.iter().sum::<u64>(), 100, "{agreed:?}");
    withdraw(None);
    unpaused_and_run(&campaign);
}

#[test]
fn a_merchant_wide_code_halts_and_blames_no_packet() {
    let codes = ["PAYER_ACCOUNT_ABNORMAL", "API_METHOD_CLOSED", "CA_ERROR"];
    for_each_at_once(codes, a_merchant_wide_code);
}

#[test]
fn a_daily_limit_of_the_merchant_stops_until_its_time() {
    let limits = Limits {
        merchant_fen_per_day: Some(20_000),
        ..Limits::default()
    };
    let settings = Settings {
        limits,
        ..Settings::default()
    };
    let campaign = Campaign::with(100, settings);
    let words = ["a daily limit of the merchant", "00:01:00 (Beijing)"];
    campaign.run().exits(5).says(&words);
    assert!(failing(&campaign) <= IN_FLIGHT + 3);
    assert_eq!(campaign.books_agree().count("refused"), 0);
    let before = campaign.wechat.books().counters;
    campaign.run().exits(5).says(&words);
    assert_eq!(campaign.wechat.books().counters, before);
    assert!(campaign.status()["deferred_until"].is_string());
}

/// Of the preflight's question, too: it is the first to hear of the clock.
#[test]
fn by_a_clock_that_is_wrong_no_refusal_is_confirmed() {
    let settings = Settings {
        scripted: [(openid(0), "SENDNUM_LIMIT".to_owned())].into(),
        query_faults: Some(FaultRates::none().with(FaultName::NotFound, 1.0)),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(2, settings);
    campaign.set("retry.first_backoff_ms", "100");
    campaign.set("retry.linger_seconds", "2");
    campaign.set("retry.refusal_confirm_seconds", "5");
    let begun = Instant::now();
    campaign.run().exits(4);
    assert!(begun.elapsed() < Duration::from_secs(5), "it ends before");
    sleep(Duration::from_secs(5));
    campaign.wechat.set_ahead(-3_600_000);
    campaign.run().exits(11).says(&["--clock-is-right"]);
    assert_eq!(campaign.count("in_doubt"), 1);
}
