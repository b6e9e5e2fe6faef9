//! The same people are not paid under another name.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::ops::Range;

use hongbao::simulator::Settings;

use crate::support::{Campaign, Case, hongbao, openid, total_yuan};

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
    campaign.verb("status", &[]).exits(2);
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
    campaign.verb("status", &[]).exits(2);
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

/// The list of rows with these numbers, each one fen more than in the first campaign.
fn list_of(rows: impl Iterator<Item = usize>) -> String {
    let line = |row: usize| format!("{},{}\n", openid(row), 300 + row);
    let lines: String = rows.map(line).collect();
    format!("openid,amount_fen\n{lines}")
}

#[test]
fn every_campaign_of_the_people_is_named_at_once_and_all_may_be() {
    let mut campaign = Campaign::of(10);
    campaign.run().exits(0);
    let total = total_yuan(campaign.total_fen());
    let paid = ["--live", "--confirm-total", &total];
    campaign.set("campaign.id", "\"second year\"");
    let again = [&paid[..], &["--pay-again", "lantern"]].concat();
    campaign.verb("run", &again).exits(0);
    campaign.set("campaign.id", "\"third\"");
    let both = "--pay-again lantern --pay-again 'second year'";
    for (verb, rest) in [("load", &[][..]), ("plan", &[]), ("load", &["--check"])] {
        campaign.verb(verb, rest).exits(6).says(&[both]);
        let one = [rest, &["--pay-again", "lantern"]].concat();
        let ran = campaign.verb(verb, &one).exits(6);
        let ran = ran.says(&["with --pay-again 'second year'"]);
        assert!(
            !ran.stderr.contains("--pay-again lantern"),
            "{}",
            ran.stderr
        );
    }
    for named in [
        &["--pay-again", "all"][..],
        &["--pay-again", "second year", "--pay-again", "lantern"],
    ] {
        campaign.verb("plan", named).exits(0);
        let check = [&["--check"], named].concat();
        campaign.verb("load", &check).exits(0);
    }
    assert_eq!(campaign.wechat.sends(), 20);
    let again = [&paid[..], &["--pay-again", "all"]].concat();
    campaign.verb("run", &again).exits(0);
    assert_eq!(campaign.wechat.sends(), 30);
    campaign.is_audited();
}

#[test]
fn two_lists_of_the_same_people_that_were_loaded_before_either_was_sent_pay_once() {
    let first = Campaign::of(10);
    first.verb("load", &[]).exits(0);
    let path = first.path("corrected.toml");
    let text = std::fs::read_to_string(first.path("campaign.toml")).unwrap();
    let text = text.replace("\"lantern\"", "\"corrected\"");
    std::fs::write(&path, text.replace("recipients.csv", "corrected.csv")).unwrap();
    first.write("corrected.csv", list_of(0..11));
    let path = path.to_str().unwrap();
    hongbao(&["load", path], &[]).wait().exits(0);
    first.run().exits(0);
    assert_eq!(first.wechat.sends(), 10);
    let total = total_yuan((0..11).map(|row| 300 + row).sum());
    let again = ["run", path, "--live", "--confirm-total", &total];
    let said = [
        "campaign lantern sent 10 of the 11 people",
        "--pay-again lantern",
    ];
    hongbao(&again, &[]).wait().exits(6).says(&said);
    assert_eq!(first.wechat.sends(), 10);
    // Nobody is led to a run that would be refused.
    let plan = format!("next: hongbao plan {path}\n");
    hongbao(&["status", path], &[])
        .wait()
        .exits(0)
        .says(&[&plan]);
    let word = [&again[..], &["--pay-again", "lantern"]].concat();
    hongbao(&word, &[]).wait().exits(0);
    assert_eq!(first.wechat.sends(), 21);
    // What was sent once goes on without the word.
    hongbao(&again, &[]).wait().exits(0);
}

/// Who still waits in a campaign that has begun may have been paid by another since.
#[test]
fn a_campaign_goes_on_only_with_a_word_where_another_paid_those_who_wait() {
    let campaign = Campaign::of(10);
    let limited = |options: &[&str]| {
        let money = total_yuan(campaign.total_fen());
        let words = [&["--live", "--confirm-total", &money][..], options].concat();
        campaign.verb("run", &words)
    };
    limited(&["--max-rows", "5"]).exits(5);
    let other = campaign.path("other.toml");
    let text = std::fs::read_to_string(campaign.path("campaign.toml")).unwrap();
    let text = text.replace("\"lantern\"", "\"other\"");
    std::fs::write(&other, text.replace("recipients.csv", "other.csv")).unwrap();
    campaign.write("other.csv", list_of(5..10));
    let other = other.to_str().unwrap();
    hongbao(&["load", other], &[]).wait().exits(0);
    let total = total_yuan((5..10).map(|row| 300 + row).sum());
    let pay = ["run", other, "--live", "--confirm-total", &total];
    hongbao(&pay, &[]).wait().exits(0);
    assert_eq!(campaign.wechat.sends(), 10);
    let said = ["campaign other sent 5 of the 5 people", "--pay-again other"];
    limited(&[]).exits(6).says(&said);
    let file = campaign.path("campaign.toml");
    let plan = format!("next: hongbao plan {}\n", file.display());
    campaign.verb("status", &[]).exits(0).says(&[&plan]);
    assert_eq!(campaign.wechat.sends(), 10);
    // One word is enough for what was sent until then.
    limited(&["--pay-again", "other", "--max-rows", "2"]).exits(5);
    limited(&[]).exits(0);
    assert_eq!(campaign.wechat.sends(), 15);
    campaign.is_audited();
}

/// One packet more of a campaign that met few of them is no reason to ask.
#[test]
fn a_campaign_goes_on_where_another_paid_few_of_those_who_wait() {
    let campaign = Campaign::of(20);
    let money = total_yuan(campaign.total_fen());
    let live = ["--live", "--confirm-total", &money];
    let other = campaign.path("other.toml");
    let text = std::fs::read_to_string(campaign.path("campaign.toml")).unwrap();
    let text = text.replace("\"lantern\"", "\"other\"");
    std::fs::write(&other, text.replace("recipients.csv", "other.csv")).unwrap();
    campaign.write("other.csv", list_of((20..29).chain([19])));
    let other = other.to_str().unwrap();
    hongbao(&["load", other], &[]).wait().exits(0);
    let total = total_yuan((19..29).map(|row| 300 + row).sum());
    let pay = ["run", other, "--live", "--confirm-total", &total];
    let nine = [&pay[..], &["--max-rows", "9"]].concat();
    hongbao(&nine, &[]).wait().exits(5);
    let five = [&live[..], &["--max-rows", "5"]].concat();
    campaign.verb("run", &five).exits(5);
    hongbao(&pay, &[]).wait().exits(0);
    campaign.verb("run", &live).exits(0);
    assert_eq!(campaign.wechat.sends(), 30);
}

#[test]
fn a_corrected_list_is_not_paid_again_without_a_word() {
    let mut campaign = Campaign::of(10);
    campaign.run().exits(0);
    campaign.set("campaign.id", "\"corrected\"");
    for (list, count, people) in [
        (list_of(0..11), 10, 11),
        (list_of(0..10), 10, 10),
        (list_of(1..10), 9, 9),
        // More than half of the earlier campaign's, and of the new list's.
        (list_of(4..40), 6, 36),
        (list_of(8..11), 2, 3),
    ] {
        campaign.write("recipients.csv", list);
        let said = format!(
            "campaign lantern sent {count} of the {people} people of this list a packet in the \
             last 30 days (10 people in all)"
        );
        let words = [&said[..], "with --pay-again lantern"];
        campaign.verb("plan", &[]).exits(6).says(&words);
        campaign.verb("load", &["--check"]).exits(6).says(&words);
        campaign.verb("load", &[]).exits(6).says(&words);
        let typed = ["--live", "--confirm-total", "1"];
        campaign.verb("run", &typed).exits(6).says(&words);
    }
    assert_eq!(campaign.wechat.sends(), 10);
    let chinese = campaign.verb("load", &["--lang", "zh"]).exits(6);
    chinese.says(&["此名单的 3 人中，有 2 人在最近 30 天内已由活动 lantern 发过红包"]);
    // Half of either is told, and may be.
    campaign.write("recipients.csv", list_of(5..15));
    let told = "campaign lantern sent 5 of the 10 people of this list";
    let ran = campaign.verb("load", &["--json"]).exits(0).says(&[told]);
    assert!(!ran.stderr.contains("--pay-again"), "{}", ran.stderr);
    let object: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let met = serde_json::json!(
        [{"campaign": "lantern", "same": null, "sent": 5, "unasked": 0, "owed": 0, "of": 10}]
    );
    assert_eq!(object["met"], met);
}

#[test]
fn who_waits_for_a_packet_of_another_campaign_is_told_of_until_it_is_paid() {
    let mut campaign = Campaign::of(10);
    campaign.verb("load", &[]).exits(0);
    let total = total_yuan(campaign.total_fen());
    let live = ["--live", "--confirm-total", &total];
    let few = [&live[..], &["--max-rows", "3"]].concat();
    campaign.set("campaign.id", "\"second\"");
    campaign.write("recipients.csv", list_of(0..12));
    let told = "campaign lantern has a packet waiting for 10 of the 12 people of this list";
    campaign.verb("load", &["--check"]).exits(0).says(&[told]);
    campaign.set("campaign.id", "\"lantern\"");
    campaign.owe(campaign.owed.clone());
    campaign.verb("run", &few).exits(5);
    campaign.set("campaign.id", "\"second\"");
    campaign.write("recipients.csv", list_of(0..12));
    let told = "campaign lantern sent 3 of the 12 people of this list a packet in the last 30 days \
         (3 people in all) and has one waiting for 7 more";
    campaign.verb("load", &["--check"]).exits(6).says(&[told]);
}

#[test]
fn a_list_that_was_loaded_before_the_other_was_paid_says_so_when_it_runs() {
    let mut campaign = Campaign::of(10);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.id", "\"second\"");
    campaign.write("second.csv", list_of(0..12));
    campaign.set("campaign.recipients", "\"second.csv\"");
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.id", "\"lantern\"");
    campaign.set("campaign.recipients", "\"recipients.csv\"");
    campaign.verb("run", &[]).exits(0);
    campaign.set("campaign.id", "\"second\"");
    campaign.set("campaign.recipients", "\"second.csv\"");
    let told = "campaign lantern sent 10 of the 12 people of this list a packet";
    campaign
        .verb("run", &["--max-rows", "2"])
        .exits(5)
        .says(&[told]);
    // Once it has begun it has been told.
    let ran = campaign.verb("run", &[]).exits(0);
    assert!(!ran.stderr.contains("lantern sent"), "{}", ran.stderr);
}

#[test]
fn a_live_plan_refuses_the_people_that_its_run_would_refuse() {
    let mut campaign = Campaign::of(4);
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.id", "\"second\"");
    campaign.write("second.csv", list_of(0..5));
    campaign.set("campaign.recipients", "\"second.csv\"");
    campaign.verb("load", &["--pay-again", "lantern"]).exits(0);
    campaign.verb("plan", &[]).exits(0);
    campaign.set("campaign.id", "\"lantern\"");
    campaign.set("campaign.recipients", "\"recipients.csv\"");
    campaign.run().exits(0);
    campaign.set("campaign.id", "\"second\"");
    campaign.set("campaign.recipients", "\"second.csv\"");
    let told = "campaign lantern sent 4 of the 5 people of this list a packet";
    for verb in ["plan", "run"] {
        campaign.verb(verb, &[]).exits(6).says(&[told]);
    }
    let ran = campaign.verb("plan", &["--pay-again", "lantern"]).exits(0);
    assert!(
        ran.stdout.contains(" --pay-again lantern"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_outside_case_is_told_by_load_and_says_what_live_would_want() {
    let case = Case::of("03");
    let ran = case.shell(". ./run.sh").exits(0);
    let told = "note: campaign first sent 5 of the 6 people of this list a packet in the last 30 \
         days (5 people in all); in live mode this is refused (exit 6) without \
         --pay-again first";
    ran.says(&[told]);
}

#[test]
fn a_month_later_nobody_is_told_of() {
    let mut campaign = Campaign::of(4);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign
        .at("2026-10-20T12:00:00+08:00", "run", &[])
        .exits(0);
    campaign.set("campaign.id", "\"second\"");
    campaign.write("recipients.csv", list_of(0..4));
    let last = campaign.at("2026-11-18T23:00:00+08:00", "load", &["--check"]);
    last.exits(0).says(&["campaign lantern sent 4 of the 4"]);
    let ran = campaign.at("2026-11-20T12:00:00+08:00", "load", &["--check"]);
    assert!(!ran.exits(0).stderr.contains("lantern sent"));
    // The same list is the same whenever it was paid.
    campaign.owe(campaign.owed.clone());
    let ran = campaign.at("2027-11-20T12:00:00+08:00", "load", &["--check"]);
    ran.exits(0)
        .says(&["already loaded under campaign lantern"]);
}

#[test]
fn once_per_days_names_everybody_in_the_list_of_rejects_too() {
    let mut campaign = Campaign::of(3);
    campaign.run().exits(0);
    campaign.set("campaign.id", "\"second\"");
    campaign.set("caps.once_per_days", "7");
    campaign.write("recipients.csv", list_of(1..9));
    let ran = campaign.verb("load", &[]).exits(6);
    let by = "was sent a packet in the last 7 days (once_per_days): by campaign lantern on 20";
    let ran = ran.says(&["line 2, openid", "line 3, openid", by]);
    assert!(!ran.stderr.contains("line 4"), "{}", ran.stderr);
    let rejects = std::fs::read_dir(campaign.dir()).unwrap();
    let mut rejects = rejects.map(|file| file.unwrap().path());
    let rejects = rejects.find(|path| path.to_string_lossy().contains("rejects"));
    let rejects = std::fs::read_to_string(rejects.unwrap()).unwrap();
    for row in [1, 2] {
        assert!(rejects.contains(&openid(row)), "{rejects}");
    }
    assert_eq!(
        (rejects.lines().count(), rejects.matches(by).count()),
        (3, 2)
    );
    campaign.write("recipients.csv", list_of(3..9));
    campaign.verb("load", &[]).exits(0);
}

/// A slip in an id is not a person's word for anything.
#[test]
fn a_campaign_to_be_paid_again_that_there_is_none_of_is_refused_with_those_that_there_are() {
    let mut campaign = Campaign::of(3);
    let total = total_yuan(campaign.total_fen());
    let pay = ["--live", "--confirm-total", &total];
    let verbs = [
        ("plan", &[][..]),
        ("load", &["--check"]),
        ("load", &[]),
        ("run", &pay),
    ];
    let refused = |campaign: &Campaign, id: &str, says: &[&str]| {
        for (verb, rest) in verbs {
            let rest = [rest, &["--pay-again", id]].concat();
            campaign.verb(verb, &rest).exits(2).says(says);
        }
    };
    refused(
        &campaign,
        "lantren",
        &["--pay-again lantren: ", "has no other campaign; leave"],
    );
    assert!(!campaign.path("hongbao.db").exists());
    campaign.run().exits(0);
    campaign.set("campaign.id", "\"second\"");
    let says = ["hongbao.db has no other campaign of this name; it has lantern"];
    refused(&campaign, "lantren", &says);
    // Nor is it somebody's own.
    refused(&campaign, "second", &says);
    let zh = [
        "--pay-again",
        "all",
        "--pay-again",
        "Lantern",
        "--lang",
        "zh",
    ];
    campaign
        .verb("plan", &zh)
        .exits(2)
        .says(&["没有此名称的其他活动；其中的其他活动有 lantern"]);
    campaign.verb("load", &["--pay-again", "lantern"]).exits(0);
    // A rehearsal takes the words of the live run.
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.verb("plan", &["--pay-again", "lantern"]).exits(0);
    campaign.verb("plan", &["--pay-again", "lantren"]).exits(2);
}

#[test]
fn no_campaign_is_called_all() {
    let mut campaign = Campaign::of(3);
    campaign.set("campaign.id", "\"all\"");
    let ran = campaign.verb("load", &[]).exits(7);
    ran.says(&[
        "campaign.id",
        "`all` stands for every campaign behind --pay-again",
    ]);
    campaign.set("campaign.id", "\"all of them\"");
    campaign.verb("load", &[]).exits(0);
}

/// What was refused while the set-up was to blame is paid once, whichever campaign of its people
/// is mended first.
#[test]
fn what_another_list_pays_since_is_not_sent_once_more_without_a_word() {
    for is_confirmed in [true, false] {
        let (campaign, paid) = refused_and_paid_by_another(0..14, is_confirmed);
        let said = [
            "5 packets that were refused with OPENID_ERROR",
            "--pay-again second",
        ];
        campaign.run().exits(3).says(&said);
        assert_eq!(campaign.wechat.sends(), paid + 5);
        campaign.run().exits(3).says(&said);
        let total = total_yuan(campaign.owed[4..9].iter().map(|owed| owed.1).sum());
        let because = ["--because", "both are meant", "--confirm-total", &total];
        let refused = ["--code", "OPENID_ERROR"];
        let without = [&refused[..], &because].concat();
        campaign
            .verb("reissue", &without)
            .exits(2)
            .says(&["second"]);
        let with = [&without[..], &["--pay-again", "second"]].concat();
        campaign.verb("reissue", &with).exits(0);
        campaign.run().exits(0);
        assert_eq!(campaign.wechat.sends(), paid + 10);
    }
}

/// Where nobody of it was sent anything that may be paid, it is as a first run.
#[test]
fn a_campaign_that_was_refused_whole_is_as_one_that_was_not_sent() {
    let (campaign, paid) = refused_and_paid_by_another(4..10, true);
    let said = ["campaign second", "--pay-again second"];
    campaign.run().exits(6).says(&said);
    assert_eq!(campaign.wechat.sends(), paid);
    let total = total_yuan(campaign.total_fen());
    let word = ["--live", "--confirm-total", &total, "--pay-again", "second"];
    campaign.verb("run", &word).exits(0);
    assert_eq!(campaign.wechat.sends(), paid + 6);
}

/// A campaign of these rows whose rows from 4 on were refused in a run that halted, and that is not
/// paused any more; another list was paid since to five of their people. Then how many were sent.
fn refused_and_paid_by_another(rows: Range<usize>, is_confirmed: bool) -> (Campaign, u64) {
    let settings = Settings {
        scripted: (4..14)
            .map(|row| (openid(row), "OPENID_ERROR".to_owned()))
            .collect(),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(14, settings);
    campaign.owe(campaign.owed[rows].to_vec());
    campaign.set("pace.in_flight", "1");
    campaign.set("retry.refusal_confirm_seconds", "1");
    campaign.run().exits(11);
    if is_confirmed {
        std::thread::sleep(std::time::Duration::from_secs(2));
        campaign.verb("reconcile", &[]).exits(3);
    }
    let paid = campaign.wechat.sends();
    let other = |campaign: &mut Campaign, id: &str, list: &str| {
        campaign.set("campaign.id", &format!("\"{id}\""));
        campaign.set("campaign.recipients", &format!("\"{list}\""));
    };
    other(&mut campaign, "second", "second.csv");
    campaign.write("second.csv", list_of(4..9));
    let told = "campaign lantern has a packet waiting for 5 of the 5 people of this list";
    let word: &[&str] = if is_confirmed {
        &[]
    } else {
        &["--pay-again", "lantern"]
    };
    let loaded = campaign.verb("load", word).exits(0);
    if is_confirmed {
        loaded.says(&[told]);
    }
    campaign.wechat.change(|settings| settings.scripted.clear());
    let total = total_yuan((304..309).sum());
    let second = ["--live", "--confirm-total", &total];
    let second = [&second[..], word].concat();
    campaign.verb("run", &second).exits(0);
    assert_eq!(campaign.wechat.sends(), paid + 5);
    other(&mut campaign, "lantern", "recipients.csv");
    campaign.verb("unpause", &[]).exits(0);
    (campaign, paid + 5)
}
