//! A copy that was put back does not know what was sent since: the daily caps hold all the same,
//! with what another ledger may have sent today.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;

use crate::support::{Campaign, openid};

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

#[test]
fn what_the_lost_ledger_paid_today_counts_today() {
    let campaign = ten_yuan_a_day(20);
    campaign.at(NOON, "load", &[]).exits(0);
    campaign.ledger_at(NOON, "backup", "backup.db").exits(0);
    campaign.at(NOON, "run", &["--max-rows", "7"]);
    assert_eq!(campaign.count("sent"), 7);
    campaign.ledger_at(NOON, "restore", "backup.db").exits(0);
    assert_eq!(campaign.count("sent"), 0);
    campaign.unpause();
    campaign.at(NOON, "run", &[]).exits(5).says(&["daily cap"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 10));
    campaign.is_audited();
    // The same process or another one: what was seen paid stays counted.
    campaign.at(NOON, "run", &[]).exits(5);
    assert_eq!(campaign.count("sent"), 10);
    campaign.at(NEXT_NOON, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 20);
    campaign.is_audited();
}

#[test]
fn a_campaign_that_nobody_asked_about_counts_as_sent_today() {
    let mut campaign = ten_yuan_a_day(7);
    campaign.at(NOON, "load", &[]).exits(0);
    let first = std::fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    campaign.set("campaign.id", "\"another\"");
    let mut rows = String::from("openid,amount_fen\n");
    for person in 100..120 {
        writeln!(rows, "{},100", openid(person)).unwrap();
    }
    campaign.write("recipients.csv", &rows);
    campaign.at(NOON, "load", &[]).exits(0);
    campaign.ledger_at(NOON, "backup", "backup.db").exits(0);
    campaign.set("campaign.id", "\"lantern\"");
    campaign.write("recipients.csv", &first);
    campaign.at(NOON, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 7);
    campaign.ledger_at(NOON, "restore", "backup.db").exits(0);
    campaign.unpause();
    campaign.set("campaign.id", "\"another\"");
    campaign.write("recipients.csv", &rows);
    campaign.unpause();
    let counted = "7 packets of campaign lantern may have been sent today by another ledger";
    campaign
        .at(NOON, "run", &[])
        .exits(5)
        .says(&["daily cap", counted]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (3, 17));
    campaign.is_audited();
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
    campaign.at(NOON, "load", &[]).exits(0);
    campaign.ledger_at(NOON, "backup", "backup.db").exits(0);
    campaign.at(NOON, "run", &["--max-rows", "7"]);
    campaign.ledger_at(NOON, "restore", "backup.db").exits(0);
    campaign.unpause();
    campaign.at(NOON, "run", &[]).exits(5).says(&["daily cap"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 4));
    campaign.at(NEXT_NOON, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 14);
    campaign.is_audited();
}
