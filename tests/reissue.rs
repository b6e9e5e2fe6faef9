//! A refused packet under a new number: the last resort, never in place of a number that may pay.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write;
use std::fs;

use hongbao::simulator::{FaultName, Settings};

use crate::fund_flow::paper::Paper;
use crate::support::{Campaign, Ran, for_each_at_once, openid, total_yuan};

/// Ten packets; these rows are refused with this code, the others are paid.
fn refused(rows: &[usize], code: &str) -> Campaign {
    let scripted = rows.iter().map(|row| (openid(*row), code.to_owned()));
    let settings = Settings {
        scripted: scripted.collect(),
        landing_seconds: 1,
        ..Settings::default()
    };
    let mut campaign = Campaign::with(10, settings);
    campaign.set("retry.linger_seconds", "10");
    campaign.set("pace.in_flight", "2");
    campaign.run().exits(3);
    campaign
}

/// The money of these rows, as it is typed.
fn total(campaign: &Campaign, rows: &[usize]) -> String {
    total_yuan(rows.iter().map(|row| campaign.owed[*row].1).sum())
}

/// Asks for new numbers with the right total.
fn reissue(campaign: &Campaign, what: &[&str], rows: &[usize]) -> Ran {
    let total = total(campaign, rows);
    let mut words = what.to_vec();
    words.extend([
        "--because",
        "the people were mended",
        "--confirm-total",
        &total,
    ]);
    campaign.verb("reissue", &words)
}

/// The numbers of a packet, by generation.
fn numbers(campaign: &Campaign, openid: &str) -> Vec<String> {
    let life = campaign.verb("show", &[openid, "--json"]).exits(0);
    let lives: serde_json::Value = serde_json::from_str(&life.stdout).unwrap();
    let number = |life: &serde_json::Value| life["mch_billno"].as_str().unwrap().to_owned();
    lives.as_array().unwrap().iter().map(number).collect()
}

fn payments_of(campaign: &Campaign, openid: &str) -> u64 {
    let books = campaign.wechat.books();
    books
        .of_openid(openid)
        .map(|booked| u64::from(booked.order.payments))
        .sum()
}

#[test]
fn refused_packets_are_sent_again_under_their_own_numbers_and_paid_once() {
    let rows = [3, 7];
    let campaign = refused(&rows, "OPENID_ERROR");
    let sends = campaign.wechat.sends();
    let said = reissue(&campaign, &["--code", "OPENID_ERROR"], &rows).exits(0);
    let said = said.says(&["2 packets", "on record", "next: hongbao run"]);
    assert_eq!(said.stdout.lines().count(), 2, "{}", said.stdout);
    assert_eq!(campaign.wechat.sends(), sends, "a reissue sends nothing");
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("ready")), (8, 2));

    campaign.wechat.change(|settings| settings.scripted.clear());
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 10);
    for row in rows {
        let id = openid(row);
        assert_eq!(payments_of(&campaign, &id), 1);
        let packet = campaign.packet(&id);
        assert_eq!((&*packet["generation"], &*packet["attempts"]), ("1", "2"));
        let life = campaign.verb("show", &[&id]).exits(0).stdout;
        let why = "to be sent again under its own number: the people were mended (by ";
        assert!(life.contains(why), "{life}");
    }
    campaign.run().exits(0).says(&["nothing to do"]);
}

#[test]
fn without_the_right_total_or_a_reason_nothing_is_reissued() {
    let campaign = refused(&[3, 7], "OPENID_ERROR");
    let queries = campaign.wechat.queries();
    let total = total(&campaign, &[3, 7]);
    let code = ["--code", "OPENID_ERROR"];
    let because = [&code[..], &["--because", "x"]].concat();
    campaign
        .verb("reissue", &because)
        .exits(2)
        .says(&[&total, "--confirm-total"]);
    for wrong in ["0.01", "x", ""] {
        let words = [&because[..], &["--confirm-total", wrong]].concat();
        campaign.verb("reissue", &words).exits(2).says(&[&total]);
    }
    let words = [&code[..], &["--confirm-total", &total]].concat();
    campaign
        .verb("reissue", &words)
        .exits(2)
        .says(&["--because"]);
    campaign.verb("reissue", &["--because", "x"]).exits(2);
    assert_eq!(
        campaign.wechat.queries(),
        queries,
        "nothing was asked either"
    );
    assert_eq!(campaign.books_agree().count("refused"), 2);
}

#[test]
fn nothing_but_a_refused_packet_is_reissued() {
    let mut campaign = Campaign::of(10);
    campaign.set("retry.linger_seconds", "0");
    campaign.wechat.change(|settings| {
        let lost = [FaultName::LostAfter].into();
        settings.scripted_faults.insert(openid(4), lost);
    });
    campaign.run().exits(4);
    for (row, state) in [(4, "in_doubt"), (5, "sent")] {
        let said = reissue(&campaign, &[&openid(row)], &[row]).exits(2);
        said.says(&[state, "refused"]);
    }
    let words = ["--code", "OPENID_ERROR", "--because", "x"];
    campaign
        .verb("reissue", &words)
        .exits(2)
        .says(&["no packet"]);
    assert_eq!(campaign.count("ready"), 0);
}

#[test]
fn a_refusal_that_may_have_left_an_order_rests_first() {
    let campaign = refused(&[3], "SEND_FAILED");
    let queries = campaign.wechat.queries();
    let said = reissue(&campaign, &[&openid(3)], &[3]).exits(2);
    said.says(&["too recent", "(Beijing) on, in ", " min"]);
    let words = [
        "--code",
        "SEND_FAILED",
        "--because",
        "x",
        "--confirm-total",
        "1",
    ];
    campaign
        .verb("reissue", &words)
        .exits(2)
        .says(&["too recent"]);
    assert_eq!(campaign.wechat.queries(), queries);
    assert_eq!(campaign.count("refused"), 1);
}

#[test]
fn a_packet_that_is_refused_again_may_be_sent_again_too() {
    let mut campaign = refused(&[3], "OPENID_ERROR");
    campaign.set("retry.refusal_confirm_seconds", "1");
    let id = openid(3);
    reissue(&campaign, &[&id], &[3]).exits(0);
    reissue(&campaign, &[&id], &[3]).exits(2).says(&["`ready`"]);

    campaign.run().exits(3);
    assert_eq!(campaign.books_agree().count("refused"), 1);
    reissue(&campaign, &["--code", "OPENID_ERROR"], &[3]).exits(0);
    campaign.wechat.change(|settings| settings.scripted.clear());
    campaign.run().exits(0);
    assert_eq!(campaign.packet(&id)["generation"], "1");
    assert_eq!(numbers(&campaign, &id).len(), 1);
    assert_eq!(payments_of(&campaign, &id), 1);
    campaign.books_agree();
}

#[test]
fn a_number_that_was_given_up_does_not_count_against_the_caps() {
    let mut campaign = Campaign::of(4);
    let rows = campaign.owed.iter().zip(1..);
    let rows = rows.map(|((openid, fen), key)| format!("{key},{openid},{fen}\n"));
    let rows: Vec<String> = rows.collect();
    // With row keys a person may come twice, so that caps are counted by person.
    let head = "row_key,openid,amount_fen\n";
    campaign.write("recipients.csv", format!("{head}{}", rows.concat()));
    campaign.set("caps.openid_per_day", "1");
    campaign.set("caps.once_per_days", "3");
    campaign.set("pace.in_flight", "1");
    campaign.wechat.change(|settings| {
        settings.scripted = [(openid(3), "OPENID_ERROR".to_owned())].into();
    });
    campaign.run().exits(3);
    reissue(&campaign, &[&openid(3)], &[3]).exits(0);
    campaign.wechat.change(|settings| settings.scripted.clear());
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 4);
    assert_eq!(payments_of(&campaign, &openid(3)), 1);
}

/// One packet whose order failed: in the simulator a user's eleventh packet of a day. What happens
/// to it is told by the hour.
struct Failed {
    campaign: Campaign,
}

impl Failed {
    fn new() -> Self {
        let mut campaign = Campaign::of(1);
        let mut rows = String::from("row_key,openid,amount_fen\n");
        for row in 1..=11 {
            writeln!(rows, "{row},{},100", openid(0)).unwrap();
        }
        campaign.write("recipients.csv", rows);
        campaign.set("gateway.mode", "\"simulator\"");
        campaign.set("caps.openid_per_day", "20");
        campaign.set("pace.in_flight", "1");
        let failed = Failed { campaign };
        failed.at("2026-11-23T12:00:00", "run", &[]).exits(4);
        failed.at("2026-11-23T13:00:00", "run", &[]).exits(3);
        failed
    }

    fn at(&self, time: &str, verb: &str, words: &[&str]) -> Ran {
        let time = format!("{time}+08:00");
        let now = [("HONGBAO_SIMULATED_NOW", time.as_str())];
        self.campaign.start_at(verb, words, &now).wait()
    }

    fn ledger_at(&self, time: &str, verb: &str) -> Ran {
        let (file, copy) = (
            self.campaign.path("campaign.toml"),
            self.campaign.path("copy.db"),
        );
        let words = [
            "ledger",
            verb,
            file.to_str().unwrap(),
            copy.to_str().unwrap(),
        ];
        let time = format!("{time}+08:00");
        crate::support::hongbao(&words, &[("HONGBAO_SIMULATED_NOW", time.as_str())]).wait()
    }

    fn reissue(&self, time: &str) -> Ran {
        let words = [
            "--because",
            "x",
            "--code",
            "SENDNUM_LIMIT",
            "--confirm-total",
            "1",
        ];
        self.at(time, "reissue", &words)
    }

    /// Generation and state of the packet.
    fn last(&self) -> (String, String) {
        let rows = self.campaign.report();
        let last = rows.iter().find(|row| row["row_key"] == "11").unwrap();
        (last["generation"].clone(), last["state"].clone())
    }

    fn payments(&self) -> usize {
        let books = fs::read_to_string(self.campaign.path("hongbao.simulator.jsonl")).unwrap();
        let is_payment = |line: &&str| line.contains(r#""kind":"payment""#);
        books.lines().filter(is_payment).count()
    }
}

/// The ledger that was lost may have paid another number until the copy was put in its place, and
/// WeChat Pay knows that some minutes later.
#[test]
fn a_restored_copy_exports_whom_a_question_ten_minutes_later_found_unpaid() {
    let failed = Failed::new();
    failed.ledger_at("2026-11-24T10:00:00", "backup").exits(0);
    failed.ledger_at("2026-11-24T10:00:00", "restore").exits(0);
    let file = failed.campaign.path("refused.csv");
    let export = [
        "--code",
        "SENDNUM_LIMIT",
        "--export",
        file.to_str().unwrap(),
    ];
    for (question, code) in [("10:09:59", 2), ("10:10:00", 0)] {
        let at = |verb, words: &[&str]| failed.at(&format!("2026-11-24T{question}"), verb, words);
        at("reconcile", &[]);
        let said = at("reissue", &export).exits(code);
        assert_eq!(file.exists(), code == 0, "{question}: {}", said.stderr);
    }
}

#[test]
fn a_number_whose_order_failed_is_reissued_the_next_day() {
    let failed = Failed::new();
    let said = failed.reissue("2026-11-24T09:00:00").exits(0);
    assert!(said.stdout.contains(" -> "), "{}", said.stdout);
    failed.at("2026-11-24T09:01:00", "run", &[]).exits(0);
    assert_eq!(failed.campaign.count("sent"), 11);
    assert_eq!(failed.last(), ("2".to_owned(), "sent".to_owned()));
    let old = failed.at("2026-11-24T10:00:00", "reconcile", &[]).exits(0);
    old.says(&["asked about 12 packets"]);
    assert_eq!(failed.last(), ("2".to_owned(), "sent".to_owned()));
    failed.campaign.verb("audit", &[]).exits(0);
}

/// The bill has the last word about a number that was given up: paid beside the new one it is paid
/// twice, and in its place the ledger does not know of it.
#[test]
fn a_number_that_was_given_up_and_stands_in_the_bill_is_a_break() {
    let failed = Failed::new();
    failed.reissue("2026-11-24T09:00:00").exits(0);
    failed.at("2026-11-24T09:01:00", "run", &[]).exits(0);
    let numbers = numbers(&failed.campaign, "11");
    let [old, new] = [&numbers[0], &numbers[1]];
    let row = failed
        .campaign
        .report()
        .into_iter()
        .find(|row| row["row_key"] == "11");
    let fen: u64 = row.unwrap()["amount_fen"].parse().unwrap();
    let sent: jiff::Timestamp = "2026-11-24T09:01:00+08:00".parse().unwrap();
    let broken = |paid: &[&String]| {
        let mut paper = Paper::default();
        for number in paid {
            paper.out("", number, fen);
        }
        for row in &mut paper.rows {
            row.at_ms = sent.as_millisecond();
        }
        failed.campaign.write("bill.csv", paper.text());
        let file = failed.campaign.path("bill.csv");
        let args = [
            "--no-queries",
            "--json",
            "--instead",
            "--fund-flow",
            file.to_str().unwrap(),
        ];
        let ran = failed.at("2026-11-25T12:00:00", "reconcile", &args);
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let of = |it: &serde_json::Value| {
            let text = |name: &str| it[name].as_str().unwrap().to_owned();
            (text("type"), text("mch_billno"), it["bill_fen"].as_u64())
        };
        let breaks: Vec<_> = document["breaks"]
            .as_array()
            .unwrap()
            .iter()
            .map(of)
            .collect();
        (ran.code, breaks)
    };
    let as_break = |kind: &str, number: &String, fen| (kind.to_owned(), number.clone(), fen);
    assert_eq!(broken(&[new]), (Some(0), Vec::new()));
    let twice = vec![as_break("paid_twice", old, Some(2 * fen))];
    assert_eq!(broken(&[old, new]), (Some(11), twice));
    let other = vec![
        as_break("missing_in_ledger", old, Some(fen)),
        as_break("missing_in_bill", new, None),
    ];
    assert_eq!(broken(&[old]), (Some(11), other));
}

/// A copy from before the new number is put in place once that was paid, and run, reissued and
/// reconciled in every order: the highest number that WeChat Pay knows is found, and nobody is paid
/// again.
#[test]
fn a_new_number_that_another_ledger_sent_is_found_and_not_sent_again() {
    for verbs in [
        &["run"][..],
        &["reconcile"],
        &["reissue"],
        &["reconcile", "reissue", "run"],
        &["reissue", "run", "reconcile"],
    ] {
        let failed = Failed::new();
        failed.ledger_at("2026-11-23T14:00:00", "backup").exits(0);
        failed.reissue("2026-11-24T09:00:00").exits(0);
        failed.at("2026-11-24T09:01:00", "run", &[]).exits(0);
        assert_eq!(failed.last(), ("2".to_owned(), "sent".to_owned()));

        failed.ledger_at("2026-11-24T10:00:00", "restore").exits(0);
        assert_eq!(failed.last(), ("1".to_owned(), "refused".to_owned()));
        failed.at("2026-11-24T10:30:00", "unpause", &[]).exits(0);
        for (hour, verb) in (11..).zip(verbs) {
            let time = format!("2026-11-24T{hour}:00:00");
            match *verb {
                "reissue" => drop(failed.reissue(&time)),
                verb => drop(failed.at(&time, verb, &[])),
            }
        }
        failed.at("2026-11-24T20:00:00", "reconcile", &[]);
        assert_eq!(
            failed.last(),
            ("2".to_owned(), "sent".to_owned()),
            "{verbs:?}"
        );
        failed.at("2026-11-24T20:30:00", "run", &[]).exits(0);
        let status = failed.campaign.status();
        assert_eq!(status["sent_without_package"], 0, "{verbs:?}: {status}");
        assert_eq!(failed.payments(), 11, "{verbs:?}");
        failed.campaign.verb("audit", &[]).exits(0);
    }
}

#[test]
fn refused_rows_are_exported_as_a_file_that_load_takes() {
    let mut campaign = refused(&[3, 7], "OPENID_ERROR");
    let out = campaign.path("again.csv");
    let file = out.to_str().unwrap();
    campaign
        .verb("reissue", &["--export", file])
        .exits(0)
        .says(&["2 refused packets"]);
    let text = fs::read_to_string(&out).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    campaign
        .verb("reissue", &["--export", file])
        .exits(2)
        .says(&["exists and is not to be replaced without --force"]);
    assert_eq!(fs::read_to_string(&out).unwrap(), text, "never overwritten");
    assert_eq!(campaign.count("refused"), 2);

    campaign.set("campaign.id", "\"again\"");
    campaign.set("campaign.recipients", "\"again.csv\"");
    campaign.verb("load", &[]).exits(0);
    assert_eq!(campaign.status()["rows"], 2);
    let total = campaign.owed[3].1 + campaign.owed[7].1;
    assert_eq!(campaign.status()["total_fen"], total);
}

/// An export that was paid by another campaign must not be paid a second time by a reissue.
#[test]
fn what_another_list_pays_since_is_reissued_only_with_a_word() {
    let rows = [3, 7];
    let mut campaign = refused(&rows, "OPENID_ERROR");
    let out = campaign.path("again.csv");
    let export = ["--export", out.to_str().unwrap()];
    campaign.verb("reissue", &export).exits(0);
    let shown = campaign.verb("show", &[&openid(3)]).exits(0);
    assert!(shown.stdout.contains("exported for another list"));
    let told = "2 of these packets were exported before";
    let forced = [&export[..], &["--force"]].concat();
    campaign.verb("reissue", &forced).exits(0).says(&[told]);
    let list = fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    let other = |campaign: &mut Campaign, id: &str, list: &str| {
        campaign.set("campaign.id", &format!("\"{id}\""));
        campaign.set("campaign.recipients", &format!("\"{list}\""));
    };
    other(&mut campaign, "mended", "again.csv");
    campaign.verb("load", &[]).exits(0);
    campaign.wechat.change(|settings| settings.scripted.clear());
    let asked = |campaign: &Campaign| {
        let code = ["--code", "OPENID_ERROR"];
        let said = reissue(campaign, &code, &rows).exits(2);
        said.says(&["campaign mended", "--pay-again mended", "none of these"]);
        let one = reissue(campaign, &[&openid(3)], &[3]).exits(2);
        one.says(&["campaign mended", "--pay-again mended"]);
        assert_eq!(campaign.count("refused"), 2);
    };
    other(&mut campaign, "lantern", "recipients.csv");
    asked(&campaign);
    other(&mut campaign, "mended", "again.csv");
    let owed = campaign.owed.clone();
    campaign.owed = rows.map(|row| owed[row].clone()).to_vec();
    campaign.run().exits(0);
    campaign.owed = owed;
    other(&mut campaign, "lantern", "recipients.csv");
    assert_eq!(
        fs::read_to_string(campaign.path("recipients.csv")).unwrap(),
        list
    );
    asked(&campaign);
    // Nor is it handed out to a third list.
    let third = campaign.path("third.csv");
    let said = campaign.verb("reissue", &["--export", third.to_str().unwrap()]);
    said.exits(2).says(&["campaign mended", "none of these"]);
    assert!(!third.exists());
    let meant = ["--export", third.to_str().unwrap(), "--pay-again", "mended"];
    campaign.verb("reissue", &meant).exits(0);
    campaign.run().exits(3);
    assert_eq!(payments_of(&campaign, &openid(3)), 1);

    let known = [&openid(3)[..], "--pay-again", "mendid"];
    reissue(&campaign, &known, &[3])
        .exits(2)
        .says(&["mendid", "mended"]);
    let again = [&openid(3)[..], "--pay-again", "mended"];
    reissue(&campaign, &again, &[3]).exits(0);
    campaign.run().exits(3);
    assert_eq!(payments_of(&campaign, &openid(3)), 2);
    assert_eq!(payments_of(&campaign, &openid(7)), 1);
}

/// The list may be paid by another ledger, or by hand: nobody here knows.
#[test]
fn what_was_exported_is_reissued_only_with_a_word() {
    let campaign = refused(&[3], "OPENID_ERROR");
    campaign.wechat.change(|settings| settings.scripted.clear());
    let out = campaign.path("again.csv");
    let export = ["--export", out.to_str().unwrap()];
    campaign.verb("reissue", &export).exits(0);
    let said = reissue(&campaign, &["--code", "OPENID_ERROR"], &[3]).exits(2);
    said.says(&["exported", "--pay-again lantern", "none of these"]);
    let meant = [&openid(3)[..], "--pay-again", "lantern"];
    reissue(&campaign, &meant, &[3]).exits(0);
    campaign.run().exits(0);
    assert_eq!(payments_of(&campaign, &openid(3)), 1);
}

/// What the next run sends once more is not handed out to be paid from a list as well.
#[test]
fn a_packet_that_is_owed_a_second_send_is_not_exported() {
    let settings = Settings {
        scripted: (0..4)
            .map(|row| (openid(row), "OPENID_ERROR".to_owned()))
            .collect(),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(4, settings);
    campaign.set("pace.in_flight", "1");
    campaign.set("retry.refusal_confirm_seconds", "1");
    campaign.run();
    std::thread::sleep(std::time::Duration::from_secs(2));
    campaign.verb("reconcile", &[]).exits(3);
    assert_eq!(campaign.count("refused"), 4);
    let out = campaign.path("again.csv");
    let said = campaign.verb("reissue", &["--export", out.to_str().unwrap()]);
    said.exits(2).says(&["the next run sends it once more"]);
    assert!(!out.exists());
}

#[test]
fn an_export_keeps_row_keys_texts_and_other_columns() {
    let mut campaign = Campaign::of(1);
    let rows = "id,openid,金额(分),祝福语,门店\n\
                1,oTest00000000000000000000000,100,好,\"南山, 深圳\"\n\
                2,oTest00000000000000000000001,1230,,\n\
                3,oTest00000000000000000000002,300,,=罗湖\n";
    campaign.write("recipients.csv", rows);
    campaign.owed = vec![(openid(0), 100), (openid(1), 1230), (openid(2), 300)];
    campaign.wechat.change(|settings| {
        let refused = |row| (openid(row), "OPENID_ERROR".to_owned());
        settings.scripted = [refused(0), refused(2)].into();
    });
    campaign.set("pace.in_flight", "1");
    campaign.run().exits(3);
    let out = campaign.path("again.csv");
    let words = ["--code", "OPENID_ERROR", "--export", out.to_str().unwrap()];
    campaign.verb("reissue", &words).exits(0);
    let wanted = "\u{FEFF}row_key,openid,amount_yuan,wishing,门店\r\n\
                  1,oTest00000000000000000000000,1.00,好,\"南山, 深圳\"\r\n\
                  3,oTest00000000000000000000002,3.00,,'=罗湖\r\n";
    assert_eq!(fs::read_to_string(out).unwrap(), wanted);
}

/// A spreadsheet would drop the noughts of a key, and round a long number; a load knows them again.
#[test]
fn an_export_keeps_digits_as_they_stand() {
    let mut campaign = Campaign::of(2);
    let rows = format!(
        "row_key,openid,amount_fen,工号\n1,{},100,\n007,{},100,440301199001011234\n",
        openid(1),
        openid(0)
    );
    campaign.write("recipients.csv", rows);
    campaign.owed = vec![(openid(1), 100), (openid(0), 100)];
    campaign.wechat.change(|settings| {
        settings.scripted = [(openid(0), "OPENID_ERROR".to_owned())].into();
    });
    campaign.set("pace.in_flight", "1");
    campaign.run().exits(3);
    let out = campaign.path("again.csv");
    let export = ["--export", out.to_str().unwrap()];
    campaign.verb("reissue", &export).exits(0);
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.contains("\t007,"), "{text}");
    assert!(text.contains(",\t440301199001011234"), "{text}");
    let said = campaign.verb("load", &[out.to_str().unwrap()]).exits(0);
    said.says(&["0 packets, 0.00 yuan; 1 were loaded before"]);
}

#[test]
fn who_confirms_a_reissue_is_shown_no_openid() {
    let campaign = refused(&[1, 3], "OPENID_ERROR");
    let words = ["--code", "OPENID_ERROR", "--because", "x"];
    let ran = campaign.verb("reissue", &words).exits(2);
    for row in [1, 3] {
        assert!(!ran.stderr.contains(&openid(row)), "{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches('…').count(), 2, "{}", ran.stderr);
}

#[test]
fn a_list_is_not_written_under_the_name_of_a_workbook() {
    let campaign = refused(&[1], "OPENID_ERROR");
    for name in ["again.xlsx", "again.XLS", "again.json", "again.pdf"] {
        let path = campaign.path(name);
        let typed = ["--export", path.to_str().unwrap()];
        campaign
            .verb("reissue", &typed)
            .exits(2)
            .says(&[name, "FILE.csv"]);
        assert!(!path.exists(), "{name}");
    }
}

/// What is refused as soon as it is typed is no next step.
#[test]
fn a_reissue_is_offered_from_when_it_is_taken() {
    for_each_at_once(
        [
            "NO_AUTH",
            "SENDNUM_LIMIT",
            "SEND_FAILED",
            "MONEY_LIMIT",
            "PARAM_ERROR",
        ],
        |code| {
            let campaign = refused(&[3], code);
            let status = campaign.status();
            let others = status["or"].as_array().unwrap();
            let reissue = others.iter().map(|it| it.as_str().unwrap());
            let is_offered = reissue.filter(|it| it.contains(" reissue ")).count() == 1;
            let words = [
                "--code",
                code,
                "--because",
                "it is mended",
                "--confirm-total",
                "0.01",
            ];
            let ran = campaign.verb("reissue", &words).exits(2);
            let is_taken = !ran
                .stderr
                .contains("none of these packets gets a new number");
            assert_eq!(is_offered, is_taken, "{code}: {others:?} {}", ran.stderr);
        },
    );
}

/// Reconciles with a bill that has these numbers paid, of this amount, at nine that morning.
fn billed(failed: &Failed, paid: &[&String], fen: u64) -> Ran {
    billed_so(failed, &[], paid, fen)
}

/// The same with these options.
fn billed_so(failed: &Failed, options: &[&str], paid: &[&String], fen: u64) -> Ran {
    billed_by(failed, (Paper::text, options), paid, fen)
}

fn billed_by(
    failed: &Failed,
    (form, options): (fn(&Paper) -> String, &[&str]),
    paid: &[&String],
    fen: u64,
) -> Ran {
    let mut paper = Paper::default();
    for number in paid {
        paper.out("", number, fen);
    }
    let sent: jiff::Timestamp = "2026-11-24T09:00:30+08:00".parse().unwrap();
    for row in &mut paper.rows {
        row.at_ms = sent.as_millisecond();
    }
    failed.campaign.write("bill.csv", form(&paper));
    let file = failed.campaign.path("bill.csv");
    let args = ["--no-queries", "--fund-flow", file.to_str().unwrap()];
    let args = [&args[..], options].concat();
    failed.at("2026-11-24T09:00:40", "reconcile", &args)
}

/// Neither side is believed over the other: a person asks WeChat Pay.
#[test]
fn what_a_bill_calls_paid_gets_no_new_number_and_none_that_it_has_is_sent() {
    let failed = Failed::new();
    let old = numbers(&failed.campaign, "11").remove(0);
    let show = failed.campaign.verb("show", &["11", "--json"]).exits(0);
    let life: serde_json::Value = serde_json::from_str(&show.stdout).unwrap();
    let fen = life[0]["amount_fen"].as_u64().unwrap();
    let before = failed.payments();
    // However much else the bill has that the ledger does not know.
    let strange: Vec<String> = (0..10_001)
        .map(|at| format!("{}x{at:017}", &old[..10]))
        .collect();
    let other = numbers(&failed.campaign, "1").remove(0);
    let rows: Vec<&String> = strange.iter().chain([&old, &other]).collect();
    billed(&failed, &rows, fen).exits(11);
    failed
        .reissue("2026-11-24T09:01:00")
        .exits(2)
        .says(&["a fund-flow bill says that it was paid"]);
    assert_eq!(numbers(&failed.campaign, "11").len(), 1);
    let export = ["11", "--export", "again.csv"];
    failed
        .at("2026-11-24T09:01:00", "reissue", &export)
        .exits(2)
        .says(&["a fund-flow bill says that it was paid"]);
    let at_risk = || {
        let failed = failed.campaign.verb("report", &["--format", "failed"]);
        failed.exits(0).stdout.contains("\n11,")
    };
    let stage = || {
        let list = ["list", "--json", failed.campaign.dir().to_str().unwrap()];
        let said = crate::support::hongbao(&list, &[]).wait().stdout;
        let listed: serde_json::Value = serde_json::from_str(&said).unwrap();
        listed["campaigns"][0]["state"].to_string()
    };
    assert_eq!((at_risk(), stage().as_str()), (false, "\"break\""));
    // What has no packet of ours is another account's, or another merchant's, and an export may be
    // cut: that it is in none of these takes no word back.
    billed(&failed, &[&"someone".to_owned()], 500).exits(11);
    billed_by(&failed, (Paper::export, &[]), &[&other], fen).exits(11);
    assert_eq!((at_risk(), stage().as_str()), (false, "\"break\""));
    failed
        .reissue("2026-11-24T09:01:30")
        .exits(2)
        .says(&["a fund-flow bill says that it was paid"]);
    // No bill outdoes it by its silence; a person does.
    billed(&failed, &[&other], fen).exits(11);
    assert_eq!((at_risk(), stage().as_str()), (false, "\"break\""));
    billed_so(&failed, &["--instead"], &[&other], fen).exits(3);
    assert_eq!((at_risk(), stage().as_str()), (true, "\"refused\""));
    failed.reissue("2026-11-24T09:02:00").exits(0);
    assert_eq!(failed.last(), ("2".to_owned(), "ready".to_owned()));
    billed(&failed, &[&old], fen).exits(11);
    assert_eq!(failed.last(), ("2".to_owned(), "review".to_owned()));
    failed.at("2026-11-24T09:04:00", "run", &[]);
    assert_eq!(failed.payments(), before, "the new number was sent");
    // Nor is it paid from another list, where a person closes the new number.
    let new = numbers(&failed.campaign, "11").remove(1);
    let close = [&*new, "--unpaid", "--because", "x"];
    failed.at("2026-11-24T09:05:00", "resolve", &close).exits(0);
    let list = failed.campaign.verb("report", &["--format", "failed"]);
    assert!(!list.exits(0).stdout.contains("\n11,"));
    failed.campaign.verb("audit", &[]).exits(0);
}

/// A packet that waits for its send is not sent once a bill has its payment.
#[test]
fn what_a_bill_calls_paid_is_not_sent() {
    let failed = Failed::new();
    let row = |key: u32| format!("{key},{},100\n", openid(0));
    let rows: String = (1..=13).map(row).collect();
    let list = format!("row_key,openid,amount_fen\n{rows}");
    failed.campaign.write("recipients.csv", list);
    let again = ["--allow-repeats", "2"];
    failed.at("2026-11-24T08:00:00", "load", &again).exits(0);
    let paid = numbers(&failed.campaign, "12").remove(0);
    let before = failed.payments();
    billed(&failed, &[&paid], 100).exits(11);
    failed.at("2026-11-24T09:10:00", "run", &[]).exits(11);
    assert_eq!(failed.payments(), before + 1, "row 13 alone");
    let report = failed.campaign.report();
    let state = |key| {
        let row = report.iter().find(|row| row["row_key"] == key);
        row.unwrap()["state"].clone()
    };
    assert_eq!((&*state("12"), &*state("13")), ("review", "sent"));
    failed.campaign.verb("audit", &[]).exits(0);
}
