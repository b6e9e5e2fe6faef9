//! Refusals: which are final at once, which are confirmed first, and which accuse the set-up.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hongbao::simulator::Settings;
use support::{Campaign, openid, until};

/// Twenty packets; these rows are always refused with this code.
fn refusing(rows: &[usize], code: &str) -> Campaign {
    let scripted = rows.iter().map(|row| (openid(*row), code.to_owned()));
    let settings = Settings {
        scripted: scripted.collect(),
        landing_seconds: 3,
        ..Settings::default()
    };
    Campaign::with(20, settings)
}

#[test]
fn a_refusal_that_leaves_no_order_is_final_at_once() {
    let campaign = refusing(&[17], "OPENID_ERROR");
    campaign.run().exits(3);
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("refused")), (19, 1));
    assert_eq!(campaign.wechat.sends(), 20);
    assert_eq!(
        campaign.wechat.queries(),
        20,
        "only those before the first send"
    );
    let packet = campaign.packet(&openid(17));
    assert_eq!(packet["err_code"], "OPENID_ERROR");
    assert_eq!(packet["err_code_des"], "openid和appid不匹配");
    assert_eq!(packet["attempts"], "1");
    assert!(!packet["settled_at"].is_empty());
}

#[test]
fn a_second_run_after_refusals_exits_3_again_and_sends_nothing() {
    let campaign = refusing(&[17], "OPENID_ERROR");
    campaign.run().exits(3);
    campaign.run().exits(3).says(&["nothing to do"]);
    assert_eq!(campaign.wechat.sends(), 20);
}

#[test]
fn a_refusal_that_may_have_left_an_order_is_final_only_after_failed() {
    for code in [
        "NO_AUTH",
        "SENDNUM_LIMIT",
        "RCVDAMOUNT_LIMIT",
        "SEND_FAILED",
    ] {
        let mut campaign = refusing(&[5], code);
        campaign.set("retry.linger_seconds", "10");
        campaign.run().exits(3);
        let agreed = campaign.books_agree();
        assert_eq!(agreed.count("sent"), 19, "{code}");
        assert_eq!(agreed.count("refused"), 1, "{code}");
        assert_eq!(campaign.packet(&openid(5))["err_code"], code);
        let books = campaign.wechat.books();
        let refused = openid(5);
        let booked = books.of_openid(&refused).next().unwrap();
        assert!(booked.requests.queries > 1, "{code}: it was asked about");
        assert_eq!(booked.requests.sends, 1, "{code}: it was not sent again");
        if code != "SEND_FAILED" {
            let asked_ms = booked.requests.last_ms - booked.order.taken_ms;
            assert!(asked_ms >= 3_000, "{code}: refused after {asked_ms} ms");
        }
    }
}

#[test]
fn while_the_order_says_sending_with_a_reason_the_packet_is_in_doubt() {
    let mut campaign = refusing(&[5], "NO_AUTH");
    campaign
        .wechat
        .change(|settings| settings.landing_seconds = 600);
    campaign.set("retry.linger_seconds", "1");
    campaign.run().exits(4);
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("in_doubt"), 1, "{agreed:?}");
    assert_eq!(agreed.count("sent"), 19);
}

#[test]
fn a_first_row_that_is_refused_is_held_until_somebody_is_paid() {
    let mut campaign = refusing(&[0], "OPENID_ERROR");
    campaign.set("pace.in_flight", "1");
    campaign.run().exits(3);
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("refused")), (19, 1));
    let life = campaign.verb("show", &[&openid(0), "--json"]).exits(0);
    let lives: serde_json::Value = serde_json::from_str(&life.stdout).unwrap();
    let moves = lives[0]["moves"].as_array().unwrap();
    let moves: Vec<&str> = moves.iter().filter_map(|one| one["to"].as_str()).collect();
    assert!(moves.contains(&"in_doubt"), "{moves:?}");
}

/// Everybody is refused with this code: the set-up is wrong, and no packet is to blame.
fn accuses_the_set_up(code: &str, most: u64) {
    let everybody = (0..60).map(|row| (openid(row), code.to_owned()));
    let scripted: BTreeMap<String, String> = everybody.collect();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let campaign = Campaign::with(60, settings);
    campaign.run().exits(11).says(&["halted", code, "remedy: "]);
    let sends = campaign.wechat.sends();
    assert!(sends <= most + 8 + 3, "{code}: {sends} sends");
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("refused"), 0, "{code}: {agreed:?}");
    campaign.wechat.change(|settings| settings.scripted.clear());
    campaign.verb("unpause", &[]).exits(0);
    campaign.run();
    let agreed = campaign.books_agree();
    assert!(agreed.count("sent") >= 60 - sends, "{code}: {agreed:?}");
}

#[test]
fn ten_refusals_of_one_code_in_a_row_halt() {
    accuses_the_set_up("OPENID_ERROR", 10);
}

#[test]
fn five_in_a_row_halt_where_the_code_may_hide_a_setting_of_the_merchant() {
    accuses_the_set_up("NO_AUTH", 5);
    accuses_the_set_up("PARAM_ERROR", 5);
}

#[test]
fn one_user_takes_no_more_than_a_days_packets() {
    let mut campaign = Campaign::of(0);
    campaign
        .wechat
        .change(|settings| settings.landing_seconds = 1);
    let mut text = String::from("row_key,openid,amount_fen\n");
    for row in 0..12 {
        writeln!(text, "k{row},{},100", openid(0)).unwrap();
        campaign.owed.push((openid(0), 100));
    }
    campaign.write("recipients.csv", text);
    campaign.set("retry.linger_seconds", "10");
    // A cap of our own would hold the last two back before WeChat Pay refuses them.
    campaign.set("caps.openid_per_day", "20");
    campaign.run().exits(3);
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("refused")), (10, 2));
}

#[test]
fn a_number_in_doubt_is_not_cleared_by_a_refusal() {
    let campaign = Campaign::of(20);
    campaign.wechat.change(|settings| {
        use hongbao::simulator::FaultName::{LostAfter, LostBefore};
        // The first is paid and the second is not; both answers are lost.
        settings
            .scripted_faults
            .insert(openid(3), [LostAfter].into());
        settings
            .scripted_faults
            .insert(openid(4), [LostBefore].into());
    });
    let run = campaign.start_run();
    let is_taken = || {
        campaign
            .wechat
            .books()
            .of_openid(&openid(3))
            .next()
            .is_some()
    };
    until("row 3 was paid", is_taken);
    campaign.wechat.change(|settings| {
        settings
            .scripted
            .insert(openid(3), "OPENID_ERROR".to_owned());
        settings
            .scripted
            .insert(openid(4), "OPENID_ERROR".to_owned());
    });
    run.wait();
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("refused"), 0, "{agreed:?}");
    assert!(agreed.count("sent") >= 19, "{agreed:?}");
}
