//! What is above a daily cap waits for the next Beijing day: it is neither sent nor failed, and the
//! gateway has nothing to refuse.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::fmt::Write as _;

use support::{Campaign, Ran, openid};

const NOON: &str = "2026-11-23T12:00:00+08:00";
const NEXT_NOON: &str = "2026-11-24T12:00:00+08:00";

/// A campaign that plays in simulator mode, whose clock a test can set.
fn played(rows: &str) -> Campaign {
    let mut campaign = Campaign::of(0);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.write("recipients.csv", rows);
    campaign
}

/// Packets of one yuan each to the same person.
fn packets_of_one(count: usize) -> String {
    let mut rows = String::from("row_key,openid,amount_fen\n");
    for key in 0..count {
        writeln!(rows, "k{key},{},100", openid(1)).unwrap();
    }
    rows
}

fn run_at(campaign: &Campaign, now: &str) -> Ran {
    let at = [("HONGBAO_SIMULATED_NOW", now)];
    campaign.start_at("run", &[], &at).wait()
}

/// Requests that the gateway refused for a limit, as the report has them.
fn refused_for_limits(campaign: &Campaign) -> usize {
    let is_limit = |code: &str| code.ends_with("_LIMIT");
    let rows = campaign.report();
    rows.iter().filter(|row| is_limit(&row["err_code"])).count()
}

fn is_audited(campaign: &Campaign) {
    campaign.verb("audit", &[]).exits(0);
}

#[test]
fn twelve_packets_of_one_openid_take_two_days() {
    let campaign = played(&packets_of_one(12));
    let ran = run_at(&campaign, NOON).exits(5);
    ran.says(&["2 packets are above a daily cap", "2026-11-24 00:00:00"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 2));
    is_audited(&campaign);
    // The same day once more: nothing leaves.
    run_at(&campaign, NOON).exits(5).says(&["2026-11-24"]);
    assert_eq!(campaign.count("ready"), 2);
    run_at(&campaign, NEXT_NOON).exits(0);
    assert_eq!(campaign.count("sent"), 12);
    assert_eq!(refused_for_limits(&campaign), 0);
    is_audited(&campaign);
}

#[test]
fn the_money_of_one_openid_is_bounded_over_all_campaigns_of_the_ledger() {
    let mut campaign = played(&packets_of_one(5));
    campaign.set("caps.openid_yuan_per_day", "\"7.00\"");
    campaign.set("caps.max_packet_yuan", "\"1.00\"");
    run_at(&campaign, NOON).exits(0);
    campaign.set("campaign.id", "\"another\"");
    run_at(&campaign, NOON)
        .exits(5)
        .says(&["3 packets are above a daily cap"]);
    assert_eq!(campaign.count("sent"), 2);
    run_at(&campaign, NEXT_NOON).exits(0);
    is_audited(&campaign);
}

#[test]
fn the_merchants_cap_holds_back_the_rest_of_the_day() {
    let mut rows = String::from("openid,amount_fen\n");
    for person in 0..200 {
        writeln!(rows, "{},100", openid(person)).unwrap();
    }
    let mut campaign = played(&rows);
    campaign.set("caps.merchant_yuan_per_day", "\"120.00\"");
    campaign.set("caps.max_packet_yuan", "\"100.00\"");
    let ran = run_at(&campaign, NOON).exits(5);
    ran.says(&["80 packets are above a daily cap", "2026-11-24 00:00:00"]);
    assert_eq!(campaign.count("sent"), 120);
    is_audited(&campaign);
    run_at(&campaign, NOON).exits(5);
    assert_eq!(campaign.count("sent"), 120);
    run_at(&campaign, NEXT_NOON).exits(0);
    assert_eq!(campaign.count("sent"), 200);
    is_audited(&campaign);
}

#[test]
fn a_packet_above_the_largest_is_refused_at_load_by_its_cell() {
    let rows = format!("openid,amount_fen\n{},5001\n", openid(1));
    let mut campaign = played(&rows);
    campaign.set("caps.max_packet_yuan", "\"50.00\"");
    let ran = run_at(&campaign, NOON).exits(6);
    ran.says(&["line 2, amount_fen `5001`", "max_packet_yuan"]);
    campaign.set("caps.max_packet_yuan", "\"50.01\"");
    campaign.verb("load", &[]).exits(0);
    // Lowered afterwards, it holds back what was loaded before.
    campaign.set("caps.max_packet_yuan", "\"50.00\"");
    run_at(&campaign, NOON).exits(5);
    assert_eq!(campaign.count("ready"), 1);
}

#[test]
fn once_in_so_many_days_is_refused_at_load_and_held_back_before_a_send() {
    let mut campaign = played(&packets_of_one(2));
    campaign.set("caps.once_per_days", "2");
    run_at(&campaign, NOON).exits(5);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (1, 1));
    run_at(&campaign, NEXT_NOON).exits(5);
    assert_eq!(campaign.count("sent"), 1);
    campaign.set("campaign.id", "\"another\"");
    let ran = run_at(&campaign, NEXT_NOON).exits(6);
    ran.says(&["2 openids of this file were paid within the last 2 days"]);
    campaign.set("campaign.id", "\"lantern\"");
    run_at(&campaign, "2026-11-25T12:00:00+08:00").exits(0);
    assert_eq!(campaign.count("sent"), 2);
    is_audited(&campaign);
}

#[test]
fn a_cap_below_one_packet_is_refused_in_the_campaign_file() {
    let mut campaign = played(&packets_of_one(1));
    campaign.set("caps.openid_yuan_per_day", "\"100.00\"");
    run_at(&campaign, NOON)
        .exits(7)
        .says(&["openid_yuan_per_day", "below max_packet_yuan"]);
}
