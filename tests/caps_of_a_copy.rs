//! A copy that was put back does not know what was sent since: the daily caps hold all the same,
//! with what another ledger may have sent today.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;

use crate::support::{Campaign, Ran, hongbao, openid};

const NOON: &str = "2026-11-23T12:00:00+08:00";
const NEXT_NOON: &str = "2026-11-24T12:00:00+08:00";

/// A campaign in simulator mode with packets of one yuan, and ten yuan a day.
fn ten_yuan_a_day(packets: usize) -> Campaign {
    let mut campaign = Campaign::of(0);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.set("caps.max_packet_yuan", "\"10.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"10.00\"");
    campaign.set("retry.linger_seconds", "3");
    let mut rows = String::from("openid,amount_fen\n");
    for person in 0..packets {
        writeln!(rows, "{},100", openid(person)).unwrap();
    }
    campaign.write("recipients.csv", rows);
    campaign
}

fn at(campaign: &Campaign, now: &str, verb: &str, more: &[&str]) -> Ran {
    let now = [("HONGBAO_SIMULATED_NOW", now)];
    campaign.start_at(verb, more, &now).wait()
}

/// `hongbao ledger ACTION` with a file beside the campaign's.
fn ledger(campaign: &Campaign, action: &str) {
    let (toml, file) = (campaign.path("campaign.toml"), campaign.path("backup.db"));
    let paths = [&toml, &file].map(|path| path.to_str().unwrap());
    let now = [("HONGBAO_SIMULATED_NOW", NOON)];
    hongbao(&["ledger", action, paths[0], paths[1]], &now)
        .wait()
        .exits(0);
}

fn is_audited(campaign: &Campaign) {
    campaign.verb("audit", &[]).exits(0);
}

#[test]
fn what_the_lost_ledger_paid_today_counts_today() {
    let campaign = ten_yuan_a_day(20);
    at(&campaign, NOON, "load", &[]).exits(0);
    ledger(&campaign, "backup");
    at(&campaign, NOON, "run", &["--max-rows", "7"]);
    assert_eq!(campaign.count("sent"), 7);
    ledger(&campaign, "restore");
    assert_eq!(campaign.count("sent"), 0);
    campaign.unpause();
    at(&campaign, NOON, "run", &[])
        .exits(5)
        .says(&["daily cap"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 10));
    is_audited(&campaign);
    // The same process or another one: what was seen paid stays counted.
    at(&campaign, NOON, "run", &[]).exits(5);
    assert_eq!(campaign.count("sent"), 10);
    at(&campaign, NEXT_NOON, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 20);
    is_audited(&campaign);
}

#[test]
fn a_campaign_that_nobody_asked_about_counts_as_sent_today() {
    let mut campaign = ten_yuan_a_day(7);
    at(&campaign, NOON, "load", &[]).exits(0);
    let first = std::fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    campaign.set("campaign.id", "\"another\"");
    let mut rows = String::from("openid,amount_fen\n");
    for person in 100..120 {
        writeln!(rows, "{},100", openid(person)).unwrap();
    }
    campaign.write("recipients.csv", &rows);
    at(&campaign, NOON, "load", &[]).exits(0);
    ledger(&campaign, "backup");
    campaign.set("campaign.id", "\"lantern\"");
    campaign.write("recipients.csv", &first);
    at(&campaign, NOON, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 7);
    ledger(&campaign, "restore");
    campaign.unpause();
    campaign.set("campaign.id", "\"another\"");
    campaign.write("recipients.csv", &rows);
    campaign.unpause();
    at(&campaign, NOON, "run", &[])
        .exits(5)
        .says(&["daily cap"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (3, 17));
    is_audited(&campaign);
}

#[test]
fn a_person_gets_no_more_than_a_day_allows_from_both_ledgers() {
    let mut campaign = ten_yuan_a_day(0);
    campaign.set("caps.merchant_yuan_per_day", "\"1000.00\"");
    campaign.set("caps.openid_per_day", "10");
    let mut rows = String::from("row_key,openid,amount_fen\n");
    for key in 0..14 {
        writeln!(rows, "k{key},{},100", openid(1)).unwrap();
    }
    campaign.write("recipients.csv", rows);
    at(&campaign, NOON, "load", &[]).exits(0);
    ledger(&campaign, "backup");
    at(&campaign, NOON, "run", &["--max-rows", "7"]);
    ledger(&campaign, "restore");
    campaign.unpause();
    at(&campaign, NOON, "run", &[])
        .exits(5)
        .says(&["daily cap"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 4));
    at(&campaign, NEXT_NOON, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 14);
    is_audited(&campaign);
}
