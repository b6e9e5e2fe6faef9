//! What a plan tells before anything is paid: a digest of what is paid, whatever the file looks
//! like, and what the ledger knows of the list already.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;

use encoding_rs::GB18030;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

use crate::support::{Campaign, Ran, openid};

const NOON: (&str, &str) = ("HONGBAO_SIMULATED_NOW", "2026-11-23T12:00:00+08:00");

/// A campaign that plays in simulator mode, whose clock a test can set.
fn played(rows: impl AsRef<[u8]>) -> Campaign {
    let mut campaign = Campaign::of(0);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.write("recipients.csv", rows);
    campaign
}

fn at_noon(campaign: &Campaign, verb: &str, rest: &[&str]) -> Ran {
    campaign.start_at(verb, rest, &[NOON]).wait()
}

fn plan(campaign: &Campaign) -> Value {
    let ran = at_noon(campaign, "plan", &["--json"]).exits(0);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn digest(campaign: &Campaign) -> String {
    plan(campaign)["digest"].as_str().unwrap().to_owned()
}

#[test]
fn the_digest_is_that_of_what_is_paid_and_not_of_how_it_is_written() {
    let fen = format!("openid,amount_fen\n{},100\n{},250\n", openid(1), openid(2));
    let mut campaign = played(&fen);
    let first = digest(&campaign);
    let yuan = format!(
        "\u{feff}shop,amount_yuan,openid\r\na,1.00,{}\r\nb,2.50,{}\r\n",
        openid(1),
        openid(2)
    );
    campaign.write("recipients.csv", &yuan);
    assert_eq!(digest(&campaign), first, "another way to write it");
    for other in [
        yuan.replace("2.50", "2.51"),
        yuan.replace("0002\r", "0003\r"),
    ] {
        campaign.write("recipients.csv", &other);
        assert_ne!(digest(&campaign), first, "{other}");
    }
    campaign.write("recipients.csv", &yuan);
    for (key, other, back) in [
        ("caps.openid_per_day", "11", "10"),
        ("caps.once_per_days", "1", "0"),
        ("campaign.wishing", "\"x\"", "\"元宵节快乐\""),
        ("campaign.id", "\"x\"", "\"lantern\""),
    ] {
        campaign.set(key, other);
        assert_ne!(digest(&campaign), first, "{key}");
        campaign.set(key, back);
    }
    at_noon(&campaign, "load", &[]).exits(0);
    assert_eq!(digest(&campaign), first, "loaded");
    let ledger = rusqlite::Connection::open(campaign.path("hongbao.simulator.db")).unwrap();
    let change = "UPDATE bill SET amount_fen = amount_fen + 1 WHERE bill = 2;
         UPDATE bill SET amount_fen = amount_fen - 1 WHERE bill = 1;";
    ledger.execute_batch(change).unwrap();
    assert_ne!(digest(&campaign), first, "one fen in the ledger");
}

/// Row key, openid, yuan, and words of the row's own.
fn list() -> Vec<[String; 4]> {
    let wishing = ["", "元宵节快乐", "恭喜发财，大吉大利"];
    let row = |n: usize| {
        [
            format!("单-{n}"),
            openid(n),
            format!("{}.{:02}", n + 1, n * 7),
            wishing[n % 3].to_owned(),
        ]
    };
    (0..12).map(row).collect()
}

const HEADER: [&str; 4] = ["业务单号", "openid", "金额(元)", "祝福语"];

fn text(delimiter: &str) -> String {
    let mut text = HEADER.join(delimiter) + "\r\n";
    for row in list() {
        text += &(row.join(delimiter) + "\r\n");
    }
    text
}

/// Ids and words are text, amounts are numbers with two decimals.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let (sheet, yuan) = (book.add_worksheet(), Format::new().set_num_format("0.00"));
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_string(0, column, name).unwrap();
    }
    for (number, [key, openid, amount, words]) in (1..).zip(list()) {
        sheet.write_string(number, 0, key).unwrap();
        sheet.write_string(number, 1, openid).unwrap();
        let amount: f64 = amount.parse().unwrap();
        sheet
            .write_number_with_format(number, 2, amount, &yuan)
            .unwrap();
        sheet.write_string(number, 3, words).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn the_same_list_in_any_form_has_one_digest() {
    let commas = text(",");
    let utf16 = "\u{feff}".to_owned() + &text("\t");
    let utf16: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let forms: [(&str, Vec<u8>); 8] = [
        ("UTF-8", commas.clone().into_bytes()),
        ("UTF-8 with BOM", ("\u{feff}".to_owned() + &commas).into()),
        ("GB18030", GB18030.encode(&commas).0.into_owned()),
        ("UTF-16LE, tabs", utf16),
        ("tabs", text("\t").into()),
        ("semicolons", text(";").into()),
        ("GB18030, tabs", GB18030.encode(&text("\t")).0.into_owned()),
        ("XLSX", workbook()),
    ];
    let mut first = None;
    for (form, bytes) in forms {
        let campaign = played(bytes);
        let planned = digest(&campaign);
        assert_eq!(
            first.get_or_insert_with(|| planned.clone()),
            &planned,
            "{form}"
        );
        at_noon(&campaign, "load", &[]).exits(0);
        assert_eq!(digest(&campaign), planned, "{form}, loaded");
    }
    let changed = played(commas.replace("1.00", "1.01"));
    assert_ne!(first, Some(digest(&changed)));
}

/// So many people, one packet each.
fn people(count: usize) -> String {
    let mut rows = String::from("openid,amount_fen\n");
    for person in 0..count {
        writeln!(rows, "{},{}", openid(person), 100 + person).unwrap();
    }
    rows
}

#[test]
fn a_plan_shows_who_was_paid_before_and_where_the_list_was_loaded() {
    let mut campaign = played(people(6));
    let nobody = json!({"days": 30, "people": 0, "rows": 0});
    assert_eq!(plan(&campaign)["past"]["paid_lately"], nobody);
    at_noon(&campaign, "run", &[]).exits(0);
    campaign.set("campaign.id", "\"another\"");
    let past = json!({
        "also_under": ["lantern"],
        "met": [{
            "campaign": "lantern", "same": "file",
            "sent": 6, "unasked": 0, "owed": 0, "of": 6,
        }],
        "paid_lately": {"days": 30, "people": 6, "rows": 6},
    });
    assert_eq!(plan(&campaign)["past"], past);
    let words = at_noon(&campaign, "plan", &[]).exits(0).stdout;
    for told in [
        "is already loaded under campaign lantern",
        "6 of the people",
    ] {
        assert!(words.contains(told), "{words}");
    }
    at_noon(&campaign, "load", &[]).exits(0);
    assert_eq!(plan(&campaign)["past"], past, "loaded");
    // A month later nobody was paid lately.
    let later = [("HONGBAO_SIMULATED_NOW", "2026-12-23T12:00:00+08:00")];
    let planned = campaign.start_at("plan", &["--json"], &later).wait();
    let planned: Value = serde_json::from_str(&planned.stdout).unwrap();
    assert_eq!(planned["past"]["paid_lately"], nobody);
}

#[test]
fn who_was_paid_lately_is_refused_by_every_verb_where_the_caps_say_so() {
    let mut campaign = played(people(6));
    at_noon(&campaign, "run", &[]).exits(0);
    campaign.set("campaign.id", "\"another\"");
    campaign.set("caps.once_per_days", "1");
    let rows = people(2) + &format!("{},100\n", openid(8));
    campaign.write("recipients.csv", &rows);
    let why = "was sent a packet in the last 1 day (once_per_days): by campaign lantern";
    for (verb, rest) in [
        ("plan", &[][..]),
        ("load", &["--check"]),
        ("load", &[]),
        ("run", &[]),
    ] {
        at_noon(&campaign, verb, rest)
            .exits(6)
            .says(&[why, "line 2, openid", "line 3, openid"]);
    }
    let next = [("HONGBAO_SIMULATED_NOW", "2026-11-24T12:00:00+08:00")];
    for verb in ["plan", "run"] {
        campaign.start_at(verb, &[], &next).wait().exits(0);
    }
}

#[test]
fn a_plan_ends_after_a_year() {
    let mut rows = String::from("row_key,openid,amount_fen\n");
    for key in 0..400 {
        writeln!(rows, "k{key},{},100", openid(1)).unwrap();
    }
    let mut campaign = played(rows);
    campaign.set("caps.openid_per_day", "1");
    let planned = plan(&campaign);
    assert_eq!(planned["days"].as_array().unwrap().len(), 366);
    assert_eq!(planned["later"], 34);
}

#[test]
fn a_plan_says_which_of_its_limits_wechat_pay_does_not_give_everybody() {
    let mut campaign = played(people(2));
    campaign.set("pace.per_second", "30");
    assert_eq!(plan(&campaign)["above_default"], json!([]));
    let words = at_noon(&campaign, "plan", &[]).exits(0).stdout;
    assert!(!words.contains("agreement"), "{words}");
    campaign.set("pace.per_second", "31");
    campaign.set("caps.openid_per_day", "11");
    campaign.set("caps.openid_yuan_per_day", "\"1000.01\"");
    campaign.set("caps.merchant_yuan_per_day", "\"1000000.01\"");
    let all = [
        "per_second",
        "openid_per_day",
        "openid_yuan_per_day",
        "merchant_yuan_per_day",
    ];
    assert_eq!(plan(&campaign)["above_default"], json!(all));
    let words = at_noon(&campaign, "plan", &[]).exits(0).stdout;
    assert!(words.contains(&all.join(", ")), "{words}");
}
