//! What is above a daily cap waits for the next Beijing day: it is neither sent nor failed, and the
//! gateway has nothing to refuse.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;

use hongbao::simulator::Settings;
use serde_json::{Value, json};

use crate::support::{Campaign, hongbao, openid, until};

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

fn load_at_noon(campaign: &Campaign) {
    campaign.at(NOON, "load", &[]).exits(0);
}

fn plan_at(campaign: &Campaign, now: &str) -> Value {
    let ran = campaign.at(now, "plan", &["--json"]).exits(0);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Requests that the gateway refused for a limit, as the report has them.
fn refused_for_limits(campaign: &Campaign) -> usize {
    let is_limit = |code: &str| code.ends_with("_LIMIT");
    let rows = campaign.report();
    rows.iter().filter(|row| is_limit(&row["err_code"])).count()
}

/// A run at `now` sends the rest, and none of all of them is refused for a limit.
fn all_leave_by(campaign: &Campaign, now: &str, all: u64) {
    campaign.at(now, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), all);
    assert_eq!(refused_for_limits(campaign), 0);
    campaign.is_audited();
}

#[test]
fn twelve_packets_of_one_openid_take_two_days() {
    let campaign = played(&packets_of_one(12));
    let planned = plan_at(&campaign, NOON);
    let days = json!([
        {"date": "2026-11-23", "rows": 10, "fen": 1000},
        {"date": "2026-11-24", "rows": 2, "fen": 200},
    ]);
    assert_eq!(planned["days"], days);
    assert_eq!(
        planned["held_back"],
        json!([{"cap": "openid_per_day", "rows": 2, "people": ["oTest0…01"]}])
    );
    load_at_noon(&campaign);
    let loaded = plan_at(&campaign, NOON);
    assert_eq!(
        (&loaded["days"], &loaded["digest"]),
        (&days, &planned["digest"])
    );
    let ran = campaign.at(NOON, "run", &[]).exits(5);
    ran.says(&["2 packets are above a daily cap", "2026-11-24 00:01:00"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 2));
    campaign.is_audited();
    // The same day once more: nothing leaves.
    campaign.at(NOON, "run", &[]).exits(5).says(&["2026-11-24"]);
    assert_eq!(campaign.count("ready"), 2);
    all_leave_by(&campaign, NEXT_NOON, 12);
}

#[test]
fn the_money_of_one_openid_is_bounded_over_all_campaigns_of_the_ledger() {
    let mut campaign = played(&packets_of_one(5));
    campaign.set("caps.openid_yuan_per_day", "\"7.00\"");
    campaign.set("caps.max_packet_yuan", "\"1.00\"");
    campaign.at(NOON, "run", &[]).exits(0);
    campaign.set("campaign.id", "\"another\"");
    campaign
        .at(NOON, "run", &[])
        .exits(5)
        .says(&["3 packets are above a daily cap"]);
    assert_eq!(campaign.count("sent"), 2);
    campaign.at(NEXT_NOON, "run", &[]).exits(0);
    campaign.is_audited();
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
    let ran = campaign.at(NOON, "run", &[]).exits(5);
    ran.says(&["80 packets are above a daily cap", "2026-11-24 00:01:00"]);
    assert_eq!(campaign.count("sent"), 120);
    campaign.is_audited();
    let words = [&*openid(150), "--because", "x"];
    campaign.at(NOON, "withdraw", &words).exits(0);
    let ran = campaign.at(NOON, "run", &[]).exits(5);
    ran.says(&["79 packets are above a daily cap"]);
    assert_eq!(campaign.count("sent"), 120);
    campaign.at(NEXT_NOON, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 199);
    campaign.is_audited();
}

#[test]
fn a_packet_above_the_largest_is_refused_at_load_by_its_cell() {
    let rows = format!("openid,amount_fen\n{},5001\n", openid(1));
    let mut campaign = played(&rows);
    campaign.set("caps.max_packet_yuan", "\"50.00\"");
    let ran = campaign.at(NOON, "run", &[]).exits(6);
    ran.says(&["line 2, amount_fen `5001`", "max_packet_yuan"]);
    campaign.set("caps.max_packet_yuan", "\"50.01\"");
    load_at_noon(&campaign);
    // Lowered afterwards, it holds back what was loaded before.
    campaign.set("caps.max_packet_yuan", "\"50.00\"");
    campaign.at(NOON, "run", &[]).exits(5);
    assert_eq!(campaign.count("ready"), 1);
}

#[test]
fn once_in_so_many_days_is_refused_at_load_and_held_back_before_a_send() {
    let mut campaign = played(&packets_of_one(2));
    campaign.set("caps.once_per_days", "2");
    campaign.at(NOON, "run", &[]).exits(5);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (1, 1));
    campaign.at(NEXT_NOON, "run", &[]).exits(5);
    assert_eq!(campaign.count("sent"), 1);
    campaign.set("campaign.id", "\"another\"");
    let ran = campaign.at(NEXT_NOON, "run", &[]).exits(6);
    ran.says(&[
        "2 × sent a packet too lately",
        "by campaign lantern on 2026-11-23",
    ]);
    campaign.set("campaign.id", "\"lantern\"");
    campaign
        .at("2026-11-25T12:00:00+08:00", "run", &[])
        .exits(0);
    assert_eq!(campaign.count("sent"), 2);
    campaign.is_audited();
}

#[test]
fn a_cap_below_one_packet_is_refused_in_the_campaign_file() {
    let mut campaign = played(&packets_of_one(1));
    campaign.set("caps.openid_yuan_per_day", "\"100.00\"");
    campaign
        .at(NOON, "run", &[])
        .exits(7)
        .says(&["openid_yuan_per_day", "below max_packet_yuan"]);
}

/// Numbers without a pattern, the same each time.
fn scattered(index: u64, below: u64) -> u64 {
    (index.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) % below
}

#[test]
fn each_day_of_the_plan_is_what_the_run_of_that_day_sends() {
    let mut rows = String::from("row_key,openid,amount_fen\n");
    for key in 0..150 {
        let person = usize::try_from(scattered(key, 20)).unwrap();
        let fen = 100 + scattered(key + 1_000, 200);
        writeln!(rows, "k{key},{},{fen}", openid(person)).unwrap();
    }
    let mut campaign = played(&rows);
    campaign.set("caps.max_packet_yuan", "\"3.00\"");
    campaign.set("caps.openid_per_day", "3");
    campaign.set("caps.openid_yuan_per_day", "\"5.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"60.00\"");
    let planned = plan_at(&campaign, NOON);
    let days = planned["days"].as_array().unwrap();
    assert!(days.len() > 3, "{days:?}");
    let sent = || {
        let status = campaign.status();
        let sent = &status["states"]["sent"];
        (
            sent["count"].as_u64().unwrap(),
            sent["fen"].as_u64().unwrap(),
        )
    };
    let mut before = (0, 0);
    for (index, day) in days.iter().enumerate() {
        let now = format!("{}T12:00:00+08:00", day["date"].as_str().unwrap());
        let left = plan_at(&campaign, &now);
        assert_eq!(left["days"].as_array().unwrap(), &days[index..], "{now}");
        campaign
            .at(&now, "run", &[])
            .exits(if index + 1 == days.len() { 0 } else { 5 });
        let after = sent();
        let (rows, fen) = (day["rows"].as_u64().unwrap(), day["fen"].as_u64().unwrap());
        assert_eq!(
            (after.0 - before.0, after.1 - before.1),
            (rows, fen),
            "{now}"
        );
        before = after;
    }
    assert_eq!(refused_for_limits(&campaign), 0);
    campaign.is_audited();
}

#[test]
fn a_run_that_is_killed_forgets_nobody_it_sent_to() {
    let mut rows = String::from("row_key,openid,amount_fen\n");
    for key in 0..480 {
        writeln!(rows, "k{key},{},100", openid(key % 40)).unwrap();
    }
    let mut campaign = played(&rows);
    campaign.set("pace.per_second", "200");
    let mut run = campaign.start_at("run", &[], &[("HONGBAO_SIMULATED_NOW", NOON)]);
    let books = campaign.path("hongbao.simulator.jsonl");
    until("some packets are paid", || {
        std::fs::read_to_string(&books).is_ok_and(|text| text.lines().count() > 60)
    });
    run.kill();
    drop(run);
    campaign.set("pace.per_second", "0");
    campaign.at(NOON, "run", &[]).exits(5);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (400, 80));
    campaign.at(NEXT_NOON, "run", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 480);
    assert_eq!(refused_for_limits(&campaign), 0);
    campaign.is_audited();
}

#[test]
fn one_packet_each_of_two_campaigns_is_two_to_each_person() {
    let mut rows = String::from("openid,amount_fen\n");
    for person in 0..7 {
        writeln!(rows, "{},{}", openid(person), 100 + person).unwrap();
    }
    let mut campaign = played(&rows);
    campaign.set("caps.openid_per_day", "1");
    campaign.at(NOON, "run", &[]).exits(0);
    campaign.set("campaign.id", "\"another\"");
    // Five of them, and one who got nothing yet.
    let known = rows.lines().take(6).collect::<Vec<_>>().join("\n");
    campaign.write("recipients.csv", format!("{known}\n{},100\n", openid(9)));
    let planned = plan_at(&campaign, NOON);
    assert_eq!(planned["days"][0]["rows"], 1, "{planned}");
    campaign
        .at(NOON, "run", &[])
        .exits(5)
        .says(&["5 packets are above a daily cap", "2026-11-24 00:01:00"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (1, 5));
    campaign.at(NEXT_NOON, "run", &[]).exits(0);
    campaign.is_audited();
}

#[test]
fn around_midnight_both_days_are_kept_to() {
    let campaign = played(&packets_of_one(25));
    campaign
        .at("2026-11-23T23:59:30+08:00", "run", &[])
        .exits(5);
    assert_eq!(campaign.count("sent"), 10);
    // WeChat Pay may have counted those on the new day.
    campaign
        .at("2026-11-24T12:00:00+08:00", "run", &[])
        .exits(5)
        .says(&["2026-11-25 00:01:00"]);
    assert_eq!(campaign.count("sent"), 10);
    campaign
        .at("2026-11-25T00:01:00+08:00", "run", &[])
        .exits(5);
    assert_eq!(campaign.count("sent"), 20);
    campaign.is_audited();
}

#[test]
fn doubt_is_cleared_up_on_a_day_whose_money_is_spent() {
    let scripted = [(openid(0), "SYSTEMERROR".to_owned())];
    let mut campaign = Campaign::with(
        10,
        Settings {
            scripted: scripted.into(),
            ..Settings::default()
        },
    );
    campaign.set("caps.max_packet_yuan", "\"5.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"5.00\"");
    campaign
        .run()
        .exits(4)
        .says(&["7 packets are above a daily cap"]);
    assert_eq!((campaign.count("sent"), campaign.count("in_doubt")), (2, 1));
    campaign.wechat.change(|settings| settings.scripted.clear());
    campaign.run().exits(5);
    assert_eq!(campaign.packet(&openid(0))["state"], "sent");
    campaign.is_audited();
}

/// `hongbao ledger ACTION` at noon, with a file beside the campaign's.
fn ledger_at_noon(campaign: &Campaign, action: &str) {
    let (toml, file) = (campaign.path("campaign.toml"), campaign.path("backup.db"));
    let paths = [&toml, &file].map(|path| path.to_str().unwrap());
    let at = [("HONGBAO_SIMULATED_NOW", NOON)];
    hongbao(&["ledger", action, paths[0], paths[1]], &at)
        .wait()
        .exits(0);
}

fn restored(mut campaign: Campaign) -> Campaign {
    campaign.set("retry.linger_seconds", "3");
    load_at_noon(&campaign);
    ledger_at_noon(&campaign, "backup");
    ledger_at_noon(&campaign, "restore");
    campaign.unpause();
    campaign
}

#[test]
fn what_a_restored_copy_never_sent_keeps_to_the_caps_of_the_day() {
    let campaign = restored(played(&packets_of_one(12)));
    campaign
        .at(NOON, "run", &[])
        .exits(5)
        .says(&["2026-11-24 00:01:00"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 2));
    all_leave_by(&campaign, "2026-11-24T08:00:00+08:00", 12);
}

#[test]
fn the_merchants_cap_holds_for_a_restored_copy_too() {
    let mut campaign = played(&packets_of_one(8));
    campaign.set("caps.max_packet_yuan", "\"5.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"5.00\"");
    let campaign = restored(campaign);
    campaign.at(NOON, "run", &[]).exits(5);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (5, 3));
    all_leave_by(&campaign, "2026-11-24T08:00:00+08:00", 8);
}

#[test]
fn a_cap_that_is_raised_today_is_planned_for_when_the_run_goes_on() {
    let mut campaign = played(&packets_of_one(12));
    campaign.at(NOON, "run", &[]).exits(5);
    campaign.set("caps.openid_per_day", "20");
    let planned = plan_at(&campaign, NOON);
    assert_eq!(
        planned["days"],
        json!([{"date": "2026-11-24", "rows": 2, "fen": 200}])
    );
    campaign.at(NOON, "run", &[]).exits(5);
    assert_eq!(campaign.count("sent"), 10);
    campaign.at(NEXT_NOON, "run", &[]).exits(0);
    campaign.is_audited();
}

#[test]
fn what_is_above_a_largest_packet_that_was_lowered_is_not_said_to_leave() {
    let mut campaign = played("openid,amount_fen\n");
    campaign.set("retry.linger_seconds", "3");
    let rows = [100, 500, 100].into_iter().enumerate();
    let rows = rows.fold(String::from("openid,amount_fen\n"), |mut rows, (n, fen)| {
        writeln!(rows, "{},{fen}", openid(n)).unwrap();
        rows
    });
    campaign.write("recipients.csv", &rows);
    load_at_noon(&campaign);
    campaign.set("caps.max_packet_yuan", "\"2.00\"");
    let says = "1 of them is above max_packet_yuan and will never be sent";
    campaign.at(NOON, "run", &[]).exits(5).says(&[says]);
    assert_eq!(campaign.count("sent"), 2);
    campaign.at(NEXT_NOON, "run", &[]).exits(5).says(&[says]);
    campaign.is_audited();
}

/// What was sent today counts for the day of WeChat Pay's answers, whatever a person says of a
/// clock that was set back.
#[test]
fn a_clock_that_is_set_back_and_called_right_gives_no_other_day() {
    let campaign = played(&packets_of_one(12));
    load_at_noon(&campaign);
    campaign.at(NOON, "run", &[]).exits(5);
    let before = "2026-11-22T12:00:00+08:00";
    let at = [("HONGBAO_SIMULATED_NOW", before)];
    campaign.at(before, "run", &[]).exits(11).says(&[
        "if it is right already, type instead: hongbao unpause ",
        " --clock-is-right\n",
        "/campaign.toml\n",
    ]);
    for _ in 0..2 {
        let unpause = campaign.start_at("unpause", &["--clock-is-right"], &at);
        unpause.wait().exits(0);
        let ran = campaign.at(before, "run", &[]).exits(5);
        ran.says(&["2 packets are above a daily cap", "2026-11-24 00:01:00"]);
        assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 2));
    }
    assert_eq!(plan_at(&campaign, before)["days"][0]["date"], "2026-11-24");
    all_leave_by(&campaign, NEXT_NOON, 12);
}

/// A first send is dated by the answers before it: the clock may be set right again the same day.
#[test]
fn what_a_clock_a_day_behind_sent_counts_for_the_day_on_which_it_was() {
    let mut campaign = Campaign::of(8);
    campaign.set("caps.max_packet_yuan", "\"10.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"10.00\"");
    campaign.owe((0..8).map(|row| (openid(row), 200)).collect());
    campaign.wechat.set_ahead(25 * 3_600_000);
    campaign.verb("load", &[]).exits(0);
    campaign.run().exits(11).says(&["--clock-is-right"]);
    assert_eq!(campaign.wechat.sends(), 0);
    campaign.verb("unpause", &["--clock-is-right"]).exits(0);
    campaign.run().exits(5).says(&["daily cap"]);
    assert_eq!(campaign.count("sent"), 5);
    let tomorrow = campaign.report()[0]["first_sent_at"].clone();
    let day = hongbao::clock::beijing(hongbao::simulator::machine_clock()() + 25 * 3_600_000);
    assert_eq!(tomorrow[..13], day[..13], "by the gateway's clock");
    campaign.is_audited();
}

/// One answer with a wrong time halts the run; those after it say which day it is.
#[test]
fn an_answer_of_another_day_gives_no_other_day_once_the_next_is_right() {
    let mut campaign = Campaign::of(8);
    campaign.set("caps.max_packet_yuan", "\"10.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"10.00\"");
    let owed: Vec<(String, u64)> = (0..8).map(|row| (openid(row), 200)).collect();
    campaign.owe(owed[..3].to_vec());
    campaign.run().exits(0);
    campaign.owe(owed);
    campaign.verb("load", &[]).exits(0);
    campaign.wechat.set_ahead(25 * 3_600_000);
    campaign.run().exits(11).says(&["--clock-is-right"]);
    campaign.wechat.set_ahead(0);
    campaign.verb("unpause", &["--clock-is-right"]).exits(0);
    campaign.run().exits(5).says(&["daily cap"]);
    assert_eq!(campaign.wechat.sends(), 5);
    campaign.is_audited();
}

/// What the merchant's trouble put off is sent on another day, and counts on that one.
#[test]
fn what_was_put_off_counts_on_the_day_on_which_it_is_sent() {
    let mut campaign = Campaign::of(20);
    campaign.set("caps.max_packet_yuan", "\"10.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"10.00\"");
    campaign.owe((0..20).map(|row| (openid(row), 100)).collect());
    let balance = |fen| {
        campaign
            .wechat
            .change(|settings| settings.balance_fen = Some(fen));
    };
    balance(400);
    campaign.run().exits(11).says(&["NOTENOUGH"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (4, 16));
    campaign.is_audited();
    balance(10_000);
    campaign.wechat.set_ahead(25 * 3_600_000);
    campaign.verb("unpause", &["--clock-is-right"]).exits(0);
    campaign.run().exits(5).says(&["daily cap"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (14, 6));
    campaign.is_audited();
}

/// Nobody was paid by what is refused: the day's money is for others.
#[test]
fn a_refusal_gives_its_day_back() {
    let mut campaign = Campaign::of(14);
    campaign.set("caps.max_packet_yuan", "\"10.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"10.00\"");
    campaign.owe((0..14).map(|row| (openid(row), 100)).collect());
    // By then somebody was accepted: the refusals are final at once.
    campaign.set("pace.in_flight", "4");
    campaign.wechat.change(|settings| {
        for person in [8, 9] {
            settings
                .scripted
                .insert(openid(person), "OPENID_ERROR".to_owned());
        }
    });
    campaign.run().exits(5).says(&["daily cap"]);
    assert_eq!((campaign.count("sent"), campaign.count("refused")), (10, 2));
    campaign.is_audited();
}
