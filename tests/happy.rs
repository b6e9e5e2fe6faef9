//! A campaign where nothing goes wrong: each packet costs one request.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use crate::support::{Campaign, openid};

#[test]
fn every_packet_costs_one_send_over_at_most_in_flight_connections() {
    let campaign = Campaign::of(5_000);
    let ran = campaign.run().exits(0);
    let report = campaign.path("lantern-report.csv");
    assert_eq!(ran.stdout, format!("{}\n", report.display()));
    let books = campaign.wechat.books();
    assert_eq!(books.counters.sends, 5_000);
    assert_eq!(books.paid_fen, campaign.total_fen());
    // The connection that asks before anything is sent is one of its own.
    let connections = books.counters.max_connections;
    assert!(connections <= 8, "{connections} connections");
    assert!(books.counters.max_in_flight <= 8);
    assert_eq!(campaign.books_agree().count("sent"), 5_000);
    let written = std::fs::read_to_string(report).unwrap();
    assert_eq!(written, campaign.verb("report", &[]).exits(0).stdout);
}

#[test]
fn a_second_run_has_nothing_to_do_and_sends_nothing() {
    let campaign = Campaign::of(20);
    campaign.run().exits(0);
    let before = campaign.wechat.books();
    campaign.run().exits(0).says(&["nothing to do"]);
    let after = campaign.wechat.books();
    assert_eq!(after.counters, before.counters);
    campaign.books_agree();
}

#[test]
fn the_summary_balances_and_names_the_next_command() {
    let campaign = Campaign::of(20);
    let ran = campaign.run().exits(0);
    let summary = ran.stderr.split_once("campaign lantern").unwrap().1;
    assert!(summary.lines().count() <= 12, "{summary}");
    let total = crate::support::total_yuan(campaign.total_fen());
    assert!(summary.starts_with(&format!(" (live): 20 packets, {total} yuan\n")));
    assert!(
        summary.contains(&total) && summary.contains("sent"),
        "{summary}"
    );
    let last = ran.stderr.lines().last().unwrap();
    assert!(last.starts_with("next: hongbao "), "{last}");
}

#[test]
fn texts_arrive_as_they_were_written() {
    let texts = [
        ("wishing", "<祝>&\"'恭喜]]>发财🧧"),
        ("act_name", "A&B<'\">]]>🎉"),
        ("send_name", "]]><x>&amp;&#38;"),
        ("remark", " 前后有空 \\ % 中"),
    ];
    let mut campaign = Campaign::of(4);
    for (key, text) in texts {
        campaign.set(&format!("campaign.{key}"), &format!("{text:?}"));
    }
    let own = "元宵🏮 \"\"q\"\" <&> ]]>";
    let text = format!(
        "openid,amount_fen,wishing\n{},100,\"{own}\"\n{},137,\n{},174,\n{},211,\n",
        openid(0),
        openid(1),
        openid(2),
        openid(3)
    );
    campaign.write("recipients.csv", text);
    campaign.run().exits(0);
    for booked in campaign.wechat.books().orders.values() {
        let fields = booked.order.fields.unpack();
        for (key, text) in texts {
            let is_own = key == "wishing" && booked.order.openid == openid(0);
            let written = own.replace("\"\"", "\"");
            let expected = if is_own { &written } else { text.trim() };
            assert_eq!(fields[key].trim(), expected, "{key}");
        }
    }
    campaign.books_agree();
}

#[test]
fn every_field_of_a_request_is_as_documented() {
    let campaign = Campaign::of(1);
    campaign.run().exits(0);
    let books = campaign.wechat.books();
    let order = &books.orders.values().next().unwrap().order;
    let mut fields = order.fields.unpack();
    let nonce = fields.remove("nonce_str").unwrap();
    assert_eq!(nonce.len(), 32);
    let number = fields.remove("mch_billno").unwrap();
    assert!(
        number.starts_with("10000098") && number.len() == 28,
        "{number}"
    );
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
    let expected = [
        ("act_name", "猜灯谜"),
        ("mch_id", "10000098"),
        ("notify_way", "MINI_PROGRAM_JSAPI"),
        ("re_openid", &openid(0)),
        ("remark", "快来抢"),
        ("send_name", "天虹百货"),
        ("total_amount", "100"),
        ("total_num", "1"),
        ("wishing", "元宵节快乐"),
        ("wxappid", "wx8888888888888888"),
    ];
    assert_eq!(fields, expected);
}
