//! The same people are not paid under another name.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use crate::support::{Campaign, openid, total_yuan};

fn lines(head: &str, line: impl Fn(usize) -> String) -> String {
    let lines = (0..10).map(|row| line(row) + "\n");
    format!("{head}\n{}", lines.collect::<String>())
}

fn amount(campaign: &Campaign, row: usize) -> u64 {
    campaign.owed[row].1
}

#[test]
fn a_rehearsal_marks_nothing_in_the_live_ledger() {
    let mut campaign = Campaign::of(10);
    campaign.set("gateway.mode", "\"simulator\"");
    let ran = campaign.verb("run", &[]).exits(0);
    assert!(ran.stderr.starts_with("mode: simulator"), "{}", ran.stderr);
    assert!(campaign.path("hongbao.simulator.db").exists());
    assert!(!campaign.path("hongbao.db").exists());
    assert_eq!(campaign.wechat.sends(), 0);
    campaign.set("gateway.mode", "\"live\"");
    assert_eq!(campaign.status()["rows"], 0);
    let ran = campaign.run().exits(0);
    assert!(ran.stderr.starts_with("mode: live"), "{}", ran.stderr);
    assert_eq!(campaign.wechat.sends(), 10);
    assert_eq!(campaign.books_agree().count("sent"), 10);
}

#[test]
fn the_same_list_under_another_campaign_names_the_earlier_one() {
    let mut campaign = Campaign::of(10);
    campaign.run().exits(0);
    let first = campaign.wechat.books();
    campaign.set("campaign.id", "\"second\"");
    let words = ["lantern", "--pay-again lantern"];
    campaign.run().exits(6).says(&words);
    campaign.verb("load", &[]).exits(6).says(&words);
    campaign.verb("plan", &[]).exits(6).says(&words);
    assert_eq!(campaign.status()["rows"], 0);
    assert_eq!(campaign.wechat.sends(), 10);
    let total = total_yuan(campaign.total_fen());
    let flags = [
        "--live",
        "--confirm-total",
        &total,
        "--pay-again",
        "lantern",
    ];
    campaign.verb("run", &flags).exits(0);
    let mut second = campaign.wechat.books();
    second
        .orders
        .retain(|number, _| !first.orders.contains_key(number));
    assert_eq!(campaign.agrees_with(&second).count("sent"), 10);
}

#[test]
fn another_order_or_another_format_is_the_same_list() {
    let mut campaign = Campaign::of(10);
    campaign.run().exits(0);
    campaign.set("campaign.id", "\"second\"");
    let reversed = lines("amount_yuan,openid", |row| {
        let row = 9 - row;
        let fen = amount(&campaign, row);
        format!("{},{}", total_yuan(fen), openid(row))
    });
    campaign.write("recipients.csv", reversed);
    campaign.run().exits(6).says(&["--pay-again lantern"]);
    let with_keys = lines("id,openid,amount_fen", |row| {
        format!("k{row},{},{}", openid(row), amount(&campaign, row))
    });
    campaign.write("recipients.csv", with_keys);
    campaign.run().exits(6).says(&["--pay-again lantern"]);
    assert_eq!(campaign.wechat.sends(), 10);
}

#[test]
fn a_new_row_key_column_does_not_make_new_people() {
    let campaign = Campaign::of(10);
    campaign.run().exits(0);
    let with_keys = lines("row_key,openid,amount_fen", |row| {
        format!("k{row},{},{}", openid(row), amount(&campaign, row))
    });
    campaign.write("recipients.csv", with_keys);
    for verb in ["load", "run"] {
        let ran = match verb {
            "load" => campaign.verb("load", &[]),
            _ => campaign.run(),
        };
        ran.exits(6).says(&["lantern"]);
    }
    assert_eq!(campaign.wechat.sends(), 10);
    assert_eq!(campaign.books_agree().count("sent"), 10);
}

#[test]
fn repeats_inside_a_campaign_must_be_counted() {
    let mut campaign = Campaign::of(10);
    let keyed = |key: &str, campaign: &Campaign| {
        lines("row_key,openid,amount_fen", |row| {
            format!("{key}{row},{},{}", openid(row), amount(campaign, row))
        })
    };
    campaign.write("recipients.csv", keyed("a", &campaign));
    campaign.run().exits(0);
    campaign.write("recipients.csv", keyed("b", &campaign));
    campaign
        .verb("load", &[])
        .exits(6)
        .says(&["10 openids", "--allow-repeats 10"]);
    campaign.verb("load", &["--allow-repeats", "9"]).exits(6);
    campaign.verb("load", &["--allow-repeats", "10"]).exits(0);
    campaign.owed.extend(crate::support::rows(10));
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 20);
}

#[test]
fn a_rehearsal_only_notes_that_the_list_was_used_before() {
    let mut campaign = Campaign::of(10);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.verb("run", &[]).exits(0);
    campaign.set("campaign.id", "\"second\"");
    campaign.verb("run", &[]).exits(0);
    assert_eq!(campaign.status()["states"]["sent"]["count"], 10);
}

/// The list as a spreadsheet saves it: other bytes, the same people and amounts.
#[test]
fn the_same_list_in_another_form_is_the_same_list() {
    let mut campaign = Campaign::of(10);
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.id", "\"second\"");
    let text = std::fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0u32..).zip(text.lines()) {
        let (openid, fen) = line.split_once(',').unwrap();
        sheet.write(row, 0, openid).unwrap();
        match fen.parse::<f64>() {
            Ok(fen) => sheet.write(row, 1, fen).unwrap(),
            Err(_) => sheet.write(row, 1, fen).unwrap(),
        };
    }
    let yuan = |line: &str| match line.rsplit_once(',') {
        Some((openid, "amount_fen")) => format!("{openid}\t金额(元)\r\n"),
        Some((openid, fen)) => {
            let fen = fen.parse::<u64>().unwrap();
            format!("'{openid}\t￥{}\r\n", total_yuan(fen))
        }
        None => panic!("{line}"),
    };
    let in_yuan: String = text.lines().rev().map(yuan).collect::<Vec<_>>().concat();
    let (body, head) = in_yuan.split_at(in_yuan.find("openid\t").unwrap());
    let in_yuan = encoding_rs::GB18030
        .encode(&format!("{head}{body}"))
        .0
        .into_owned();
    for bytes in [utf16, book.save_to_buffer().unwrap(), in_yuan] {
        campaign.write("recipients.csv", bytes);
        let words = ["this list of openids and amounts", "--pay-again lantern"];
        campaign.verb("load", &[]).exits(6).says(&words);
    }
    let one_more = format!("{text}{},100\n", openid(11));
    campaign.write("recipients.csv", one_more);
    campaign.verb("load", &[]).exits(0);
}
