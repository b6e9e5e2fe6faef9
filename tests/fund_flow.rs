//! Ledger, answers and the merchant's fund-flow bill, matched by the program itself.

#[path = "fund_flow/apart.rs"]
mod apart;
#[path = "fund_flow/hostile.rs"]
mod hostile;
#[path = "fund_flow/paper.rs"]
pub(crate) mod paper;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use hongbao::ledger::{FlowBreak, LedgerError, Reader};
use hongbao::simulator::{FaultName, Gateway, PlantedBreak, Settings};
use serde_json::Value;

use crate::support::{Campaign, Ran, an_eighth, is_full, openid};
use paper::{Paper, PaperRow, beijing_day};

const DAY_MS: i64 = 86_400_000;
const FIRST_DAY: &str = "2027-02-01T10:00:00+08:00";

fn first_ms() -> i64 {
    FIRST_DAY
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_millisecond()
}

/// A campaign against the built-in simulator, on a clock of its own.
fn rehearsal(count: usize) -> Campaign {
    let mut campaign = Campaign::of(count);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign
}

/// A verb at noon of that many days after the first, but for its two hours.
fn on_day(campaign: &Campaign, day: i64, verb: &str, rest: &[&str]) -> Ran {
    let now = jiff::Timestamp::from_millisecond(first_ms() + day * DAY_MS).unwrap();
    let now = now.to_string();
    let variables = [("HONGBAO_SIMULATED_NOW", now.as_str())];
    campaign.start_at(verb, rest, &variables).wait()
}

fn bills(campaign: &Campaign, day: i64, is_broken: bool) -> (Vec<String>, Vec<PlantedBreak>) {
    let gateway = Gateway::read(&campaign.path("hongbao.simulator.jsonl")).unwrap();
    let (bills, planted) = gateway.fund_flow(first_ms() + day * DAY_MS, is_broken);
    let files = bills.into_iter().map(|(date, text)| {
        let name = format!("bill-{date}.csv");
        campaign.write(&name, text);
        campaign.path(&name).to_str().unwrap().to_owned()
    });
    (files.collect(), planted)
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

/// What breaks, and about which number.
fn broken(document: &Value) -> BTreeSet<(String, String)> {
    let breaks = document["breaks"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    breaks
        .map(|it| (text(&it["type"]), text(&it["mch_billno"])))
        .collect()
}

/// The breaks of the last match, as the ledger has them.
fn kept(campaign: &Campaign, ledger: &str) -> (Value, Vec<FlowBreak>) {
    let reader = Reader::open(&campaign.path(ledger)).unwrap().unwrap();
    assert_eq!(reader.audit(None).unwrap().findings, []);
    let id = hongbao::domain::ids::CampaignId::new("lantern").unwrap();
    let row = reader.campaign(&id).unwrap().unwrap();
    let last = reader.flow_matches(&row).unwrap().pop().unwrap();
    let mut breaks = Vec::new();
    let each = |it: &FlowBreak| {
        breaks.push(it.clone());
        Ok::<(), LedgerError>(())
    };
    reader.flow_breaks(&last, each).unwrap();
    let facts = serde_json::json!({
        "matched": last.matched, "matched_fen": last.matched_fen.fen(),
        "foreign": last.foreign_rows, "not_covered": last.not_covered, "days": last.days,
    });
    (facts, breaks)
}

#[test]
fn thirty_one_days_agree_to_the_fen() {
    let campaign = rehearsal(62);
    for day in 0..31 {
        let code = if day < 30 { 5 } else { 0 };
        on_day(&campaign, day, "run", &["--max-rows", "2"]).exits(code);
        // WeChat Pay answers for thirty days.
        if day == 16 {
            on_day(&campaign, day, "reconcile", &[]);
        }
    }
    let dates: Vec<String> = (0..33)
        .map(|day| first_ms() + day * DAY_MS)
        .map(|at| jiff::Timestamp::from_millisecond(at).unwrap().to_string()[..10].to_owned())
        .collect();
    let mut args = vec!["--json"];
    for date in &dates {
        args.extend(["--fetch-fund-flow", date]);
    }
    let fetched = on_day(&campaign, 34, "reconcile", &args).exits(0);
    let document = json(&fetched);
    assert_eq!(document["breaks"], serde_json::json!([]));
    assert_eq!(document["matched"], 62);
    assert_eq!(document["matched_fen"], campaign.total_fen());
    assert_eq!(document["not_covered"], 0);
    assert_eq!(document["days"].as_array().unwrap().len(), 33);
    let (facts, breaks) = kept(&campaign, "hongbao.simulator.db");
    assert_eq!(breaks, []);
    assert_eq!(facts["matched_fen"], document["matched_fen"]);

    // The money that came back is in the bills as well, and the report says the same.
    let report = campaign.report();
    let count = |state: &str| report.iter().filter(|row| row["state"] == state).count();
    assert_eq!(count("received") + count("refunded"), 62);
    assert!(count("refunded") > 3, "{}", count("refunded"));
    assert_eq!(document["came_back"], count("refunded"));
    let refunded = report.iter().filter(|row| row["state"] == "refunded");
    let back: u64 = refunded
        .map(|row| row["amount_fen"].parse::<u64>().unwrap())
        .sum();
    assert_eq!(document["came_back_fen"], back);
    assert_eq!(document["back_not_covered"], 0);
    let (files, _) = bills(&campaign, 34, false);
    let all: String = files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    assert_eq!(all.matches("红包退回").count(), count("refunded"));

    let mut args = vec!["--no-queries", "--json", "--fund-flow"];
    args.extend(files.iter().map(String::as_str));
    let given = json(&on_day(&campaign, 34, "reconcile", &args).exits(0));
    for same in ["matched", "matched_fen", "foreign", "breaks", "not_covered"] {
        assert_eq!(given[same], document[same], "{same}");
    }
    let of_packets = u64::try_from(62 + count("refunded")).unwrap();
    assert_eq!(given["matched_by"]["业务凭证号"], of_packets);

    // Without its days of refunds the sum of those is no sum of all.
    let args = ["--no-queries", "--json", "--fund-flow", &files[0]];
    let first = json(&on_day(&campaign, 34, "reconcile", &args).exits(0));
    let sums =
        ["matched", "came_back", "back_not_covered"].map(|name| first[name].as_u64().unwrap());
    assert_eq!(sums[1] + sums[2], count("refunded") as u64, "{first}");
    assert!(sums[2] > 0, "{first}");

    // A day that is left out is not covered, and no break. In words:
    let mut args = vec!["--no-queries", "--fund-flow"];
    args.extend(files[1..31].iter().map(String::as_str));
    let less = on_day(&campaign, 34, "reconcile", &args).exits(0);
    assert!(
        less.stdout.contains("matched 60 packets"),
        "{}",
        less.stdout
    );
    assert!(
        less.stdout.contains("2 paid packets are of days"),
        "{}",
        less.stdout
    );
    // A day that is asked for twice is one bill.
    let paid = &document["bills"][0];
    let day = dates[0].as_str();
    let args = ["--json", "--fetch-fund-flow", day, "--fetch-fund-flow", day];
    let twice = json(&on_day(&campaign, 34, "reconcile", &args));
    assert_eq!(twice["bills"][0], *paid);
    assert_eq!(twice["bills"].as_array().unwrap().len(), 2, "{twice}");
    assert_eq!(twice["repeated"], 0, "{twice}");
}

#[test]
fn a_refund_that_nobody_asked_about_in_time_is_told_by_the_bill() {
    let campaign = rehearsal(40);
    on_day(&campaign, 0, "run", &[]).exits(0);
    let (files, _) = bills(&campaign, 35, false);
    let mut args = vec!["--no-queries", "--json", "--fund-flow"];
    args.extend(files.iter().map(String::as_str));
    // Whoever may still ask does that first.
    let early = json(&on_day(&campaign, 28, "reconcile", &args));
    assert_eq!(broken(&early), BTreeSet::new());
    let late = json(&on_day(&campaign, 35, "reconcile", &args).exits(4));
    let breaks = broken(&late);
    assert_eq!(breaks.len() as u64, early["came_back"].as_u64().unwrap());
    assert!(breaks.len() > 1, "{late}");
    assert!(breaks.iter().all(|(kind, _)| kind == "refund_unconfirmed"));
    assert_eq!(late["next"], "hongbao explain refund_unconfirmed");
    // The ledger keeps the last answer.
    assert!(campaign.report().iter().all(|row| row["state"] == "sent"));
}

#[test]
fn seven_planted_breaks_are_found_as_seven() {
    let campaign = rehearsal(60);
    on_day(&campaign, 0, "run", &[]).exits(0);
    on_day(&campaign, 2, "reconcile", &[]).exits(0);
    let (files, planted) = bills(&campaign, 5, true);
    let planted: BTreeSet<(String, String)> = planted
        .into_iter()
        .map(|it| (it.kind.to_owned(), it.mch_billno))
        .collect();
    assert_eq!(planted.len(), 7);
    let mut args = vec!["--json", "--fund-flow"];
    args.extend(files.iter().map(String::as_str));
    let document = json(&on_day(&campaign, 5, "reconcile", &args).exits(11));
    assert_eq!(broken(&document), planted);
    assert_eq!(document["breaks"].as_array().unwrap().len(), 7);
    assert_eq!(document["next"], "hongbao explain paid_twice");
    for it in document["breaks"].as_array().unwrap() {
        let [ledger, bill] = [&it["ledger_fen"], &it["bill_fen"]].map(Value::as_u64);
        match it["type"].as_str().unwrap() {
            "missing_in_bill" | "refund_missing" => assert!(ledger.is_some() && bill.is_none()),
            "missing_in_ledger" => assert!(ledger.is_none() && bill.is_some()),
            "amount_differs" => assert_eq!(ledger.map(|fen| fen + 1), bill),
            "paid_twice" => assert_eq!(ledger.map(|fen| 2 * fen), bill),
            "late" => assert_eq!(ledger, bill),
            "refund_without_send" => assert!(bill.is_some()),
            other => panic!("{other}"),
        }
    }
    // Six of the seven are of our packets, one is of a number that nobody has.
    assert_eq!(document["matched"], 54);
    let (facts, breaks) = kept(&campaign, "hongbao.simulator.db");
    assert_eq!(facts["matched"], 54);
    assert_eq!(breaks.len(), 7);
    // Nothing is paused, and nothing is well: who comes later is told, too.
    assert!(campaign.status()["paused"].is_null());
    let later = on_day(&campaign, 5, "run", &[]).exits(11);
    later.says(&["the fund-flow bills do not agree", "hongbao show "]);

    let mut args = vec!["--lang", "zh", "--no-queries", "--fund-flow"];
    args.extend(files.iter().map(String::as_str));
    let told = on_day(&campaign, 5, "reconcile", &args).exits(11);
    for (kind, number) in &planted {
        assert!(
            told.stdout.contains(&format!("  {kind} {number} 账本")),
            "{}",
            told.stdout
        );
        let advice = format!("{kind}：");
        assert!(told.stderr.contains(&advice), "{}", told.stderr);
    }
    assert!(
        told.stdout.contains("核对一致 54 个红包"),
        "{}",
        told.stdout
    );
    assert!(told.stderr.contains("hongbao show"), "{}", told.stderr);

    // The bills as WeChat Pay gives them, of both accounts: in one of them nothing moved.
    let date = |day: i64| {
        let at = jiff::Timestamp::from_millisecond(first_ms() + day * DAY_MS).unwrap();
        at.to_string()[..10].to_owned()
    };
    let dates: Vec<String> = (0..4).map(date).collect();
    let fetch = dates.iter().flat_map(|date| ["--fetch-fund-flow", date]);
    let args: Vec<&str> = ["--no-queries"].into_iter().chain(fetch).collect();
    on_day(&campaign, 5, "reconcile", &args).exits(0);
    on_day(&campaign, 5, "run", &[]).exits(0);
}

#[test]
fn a_break_does_not_hide_what_is_due_beside_it() {
    let campaign = rehearsal(60);
    on_day(&campaign, 0, "run", &["--max-rows", "40"]).exits(5);
    let (files, _) = bills(&campaign, 5, true);
    let mut args = vec!["--no-queries", "--fund-flow"];
    args.extend(files.iter().map(String::as_str));
    on_day(&campaign, 5, "reconcile", &args).exits(11);
    let status = campaign.status();
    let next = status["next"].as_str().unwrap();
    assert!(next.starts_with("hongbao show "), "{status}");
    let others = status["or"].as_array().unwrap().iter();
    let mut others = others.filter_map(Value::as_str);
    assert!(others.any(|it| it.starts_with("hongbao run ")), "{status}");
}

#[test]
fn a_failed_packet_that_a_bill_has_is_not_called_one_to_pay_again() {
    let refused = [(openid(2), "OPENID_ERROR".to_owned())];
    let settings = Settings {
        scripted: refused.into_iter().collect(),
        ..Settings::default()
    };
    let campaign = Campaign::with(4, settings);
    campaign.run().exits(3);
    let rows = campaign.report();
    let failed = rows.iter().find(|row| row["state"] == "refused").unwrap();
    let mut paper = paper(&campaign);
    let fen = failed["amount_fen"].parse().unwrap();
    paper.out("420000", &failed["mch_billno"], fen);
    let page = |name: &str| {
        let file = campaign.path(name);
        let args = ["--format", "html", "--lang", "en", "--out"];
        let args = [&args[..], &[file.to_str().unwrap()]].concat();
        campaign.verb("report", &args).exits(0);
        fs::read_to_string(file).unwrap()
    };
    let advice = "pay it by no other number";
    let before = page("before.html");
    assert!(before.contains("OPENID_ERROR") && !before.contains(advice));
    matched(&campaign, &paper, &[]).exits(11);
    let after = page("after.html");
    assert!(after.contains(advice) && !after.contains(">OPENID_ERROR<"));
    assert!(after.contains("<dd class=\"alarm\">missing_in_ledger 1</dd>"));
}

/// Sent today against a gateway with faults, and settled by a question each.
fn paid(count: usize) -> Campaign {
    let campaign = Campaign::with(
        count,
        Settings {
            faults: an_eighth(FaultName::ALL),
            ..Settings::default()
        },
    );
    campaign.run();
    campaign.wechat.change(|settings| {
        settings.faults = hongbao::simulator::FaultRates::none();
    });
    campaign.run();
    campaign
}

/// Every payment of the campaign as rows.
fn paper(campaign: &Campaign) -> Paper {
    let mut paper = Paper::default();
    for (number, booked) in campaign.wechat.books().orders {
        for _ in 0..booked.order.payments {
            paper.out(&booked.order.send_listid, &number, booked.order.amount_fen);
        }
    }
    paper
}

fn matched(campaign: &Campaign, paper: &Paper, rest: &[&str]) -> Ran {
    campaign.write("bill.csv", paper.text());
    let file = campaign.path("bill.csv");
    let mut args = vec![
        "--no-queries",
        "--json",
        "--fund-flow",
        file.to_str().unwrap(),
    ];
    args.extend(rest);
    campaign.verb("reconcile", &args)
}

#[test]
fn what_faults_left_behind_agrees_with_the_bill() {
    let campaign = paid(60);
    let count = campaign.wechat.books().paid_packets;
    assert!(count > 20, "{count}");
    let document = json(&matched(&campaign, &paper(&campaign), &[]));
    assert_eq!(document["breaks"], serde_json::json!([]));
    let in_doubt = document["in_doubt"].as_u64().unwrap();
    assert_eq!(document["matched"].as_u64().unwrap() + in_doubt, count);
}

#[test]
fn a_row_is_ours_by_either_number_in_any_column() {
    let campaign = Campaign::of(6);
    campaign.run().exits(0);
    let mut paper = paper(&campaign);
    for (index, row) in paper.rows.iter_mut().enumerate() {
        let (voucher, order) = (row.voucher.clone(), row.order.clone());
        (row.voucher, row.order, row.movement) = match index {
            0 => (voucher, String::new(), "m0".to_owned()),
            1 => (String::new(), voucher, "m1".to_owned()),
            2 => (String::new(), "w".to_owned(), voucher),
            3 => (order, "w".to_owned(), "m3".to_owned()),
            4 => ("v".to_owned(), order, "m4".to_owned()),
            _ => ("v".to_owned(), "w".to_owned(), order),
        };
    }
    let ran = matched(&campaign, &paper, &[]).exits(0);
    let document = json(&ran);
    assert_eq!(document["matched"], 6, "{document}");
    for column in ["业务凭证号", "微信支付业务单号", "资金流水单号"] {
        assert_eq!(document["matched_by"][column], 2, "{column}");
    }
    // The same bill twice, and an export that has its rows again, pay nobody twice.
    let other = campaign.path("other.csv");
    campaign.write("other.csv", paper.export());
    let again = json(&matched(&campaign, &paper, &[other.to_str().unwrap()]).exits(0));
    assert_eq!(
        (&again["matched"], &again["repeated"]),
        (&6.into(), &6.into())
    );
}

#[test]
fn a_bill_full_of_other_business_is_no_break() {
    let mut campaign = Campaign::of(4);
    campaign.run().exits(0);
    let mut paper = paper(&campaign);
    for n in 0..2_000_u64 {
        // As long as a number of ours, and of another merchant.
        let number = format!("10000099{n:020}");
        let order = format!("42000023{n:020}");
        paper.add(&order, &number, 100 + n, n % 3 == 0, ["交易", "交易"]);
    }
    paper.out("1000041701202611230000000099999", "promo-7", 100);
    let document = json(&matched(&campaign, &paper, &[]).exits(0));
    assert_eq!(document["breaks"], serde_json::json!([]));
    assert_eq!(document["matched"], 4);
    assert_eq!(
        (&document["verb"], &document["exit"]),
        (&"reconcile".into(), &0.into())
    );
    assert_eq!(document["status"], campaign.status());
    assert_eq!(document["foreign"], 2_001);
    let labels = document["foreign_labels"].as_array().unwrap();
    let rows: u64 = labels.iter().map(|it| it["rows"].as_u64().unwrap()).sum();
    assert_eq!(rows, 2_001);
    // Bills that name nothing of this merchant's may be another's.
    let strange = Paper {
        rows: paper.rows[4..].to_vec(),
    };
    let ran = matched(&campaign, &strange, &[]).exits(0);
    ran.says(&["not one row names a packet of merchant"]);
    // A label that a person gave makes a row ours.
    campaign.set("fund_flow.labels", "[\"现金红包\"]");
    let ran = matched(&campaign, &paper, &[]).exits(11);
    let told = [("missing_in_ledger".to_owned(), "promo-7".to_owned())];
    assert_eq!(broken(&json(&ran)), BTreeSet::from(told));
    // The same file under another name is no second bill.
    let same = campaign.path("same.csv");
    std::fs::copy(campaign.path("bill.csv"), &same).unwrap();
    let again = matched(&campaign, &paper, &[same.to_str().unwrap()]);
    let again = json(&again.says(&["is the same bill as"]));
    assert_eq!(again["foreign"], 2_000, "{again}");
    assert_eq!(again["repeated"], 0, "{again}");
}

#[test]
fn the_exit_code_tells_grave_breaks_from_others() {
    let campaign = Campaign::of(5);
    campaign.run().exits(0);
    let whole = paper(&campaign);
    let without = Paper {
        rows: whole.rows[1..].to_vec(),
    };
    matched(&campaign, &without, &[]).exits(4);
    let mut late = whole.clone();
    late.rows[2].at_ms += 2 * DAY_MS;
    let ran = matched(&campaign, &late, &[]).exits(4);
    assert_eq!(json(&ran)["counts"]["late"], 1);
    let mut next_day = whole.clone();
    next_day.rows[2].at_ms += DAY_MS;
    matched(&campaign, &next_day, &[]).exits(0);
    let mut other = whole.clone();
    other.rows[0].fen += 1;
    let ran = matched(&campaign, &other, &[]).exits(11);
    assert_eq!(json(&ran)["counts"]["amount_differs"], 1);
    // Of those days no packet is missing.
    let mut yesterday = whole;
    for row in &mut yesterday.rows {
        row.at_ms -= 5 * DAY_MS;
    }
    yesterday.rows.truncate(1);
    // The bill that names a movement last has the word on its day and its amount.
    let ran = matched(&campaign, &yesterday, &[]).exits(4);
    assert_eq!(json(&ran)["not_covered"], 4);
    assert_eq!(json(&ran)["counts"]["early"], 1, "nobody was paid then");
    assert_eq!(json(&ran)["days"].as_array().unwrap().len(), 1);
    assert_eq!(json(&ran)["so_far"]["matched"], 4);
    assert!(beijing_day(yesterday.rows[0].at_ms) < beijing_day(next_day.rows[0].at_ms));
}

#[test]
fn a_bill_that_is_cut_or_does_not_add_up_is_refused_before_anything_is_asked() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    let queries = campaign.wechat.queries();
    let whole = paper(&campaign).text();
    let lines: Vec<&str> = whole.split_inclusive("\r\n").collect();
    let mut refused = BTreeMap::new();
    for (name, text, says) in [
        ("cut", lines[..3].concat(), "line 3: the file ends here"),
        (
            "row",
            whole.replacen(lines[2], "", 1),
            "line 5: the summary says 资金流水总笔数 3",
        ),
        ("half", whole[..whole.len() / 2].to_owned(), "line "),
        ("page", "<html>".to_owned(), "web page"),
        ("other", "a,b\n1,2\n".to_owned(), "no fund-flow bill"),
        ("empty", String::new(), "the file is empty"),
    ] {
        campaign.write("bad.csv", text);
        let good = campaign.path("bill.csv");
        campaign.write("bill.csv", &whole);
        let bad = campaign.path("bad.csv");
        let files = [good.to_str().unwrap(), bad.to_str().unwrap()];
        let ran = campaign.verb("reconcile", &["--fund-flow", files[0], files[1]]);
        refused.insert(name, ran.exits(6).says(&[says, "bad.csv"]).stdout);
        let zh = ["--lang", "zh", "--fund-flow", files[1]];
        campaign.verb("reconcile", &zh).exits(6).says(&["未采用"]);
        let document = json(&campaign.verb("reconcile", &["--json", "--fund-flow", files[1]]));
        assert_eq!(document["error"]["next"], "hongbao explain fund-flow");
    }
    assert!(refused.values().all(String::is_empty), "{refused:?}");
    assert_eq!(campaign.wechat.queries(), queries);
    let missing = campaign.path("missing.csv");
    let missing = ["--fund-flow", missing.to_str().unwrap()];
    campaign
        .verb("reconcile", &missing)
        .exits(6)
        .says(&["missing.csv"]);
    campaign.verb("reconcile", &["--no-queries"]).exits(2);
    for date in ["yesterday", "2026-13-01", "2099-01-01"] {
        campaign
            .verb("reconcile", &["--fetch-fund-flow", date])
            .exits(2);
    }
}

/// A bill of other business and of strange numbers: neither rows nor breaks are held.
#[test]
fn a_large_bill_is_matched_in_little_memory() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    let count: u64 = if is_full() { 1_000_000 } else { 40_000 };
    let mut paper = paper(&campaign);
    for n in 0..count {
        let merchant = if n % 2 == 0 { "10000098" } else { "10000099" };
        let (order, number) = (format!("42{n:026}"), format!("{merchant}x{n:019}"));
        paper.add(&order, &number, 100, false, ["交易", "交易"]);
    }
    campaign.write("bill.csv", paper.text());
    drop(paper);
    let file = campaign.path("bill.csv");
    let args = [
        "--no-queries",
        "--json",
        "--fund-flow",
        file.to_str().unwrap(),
    ];
    let mut child = campaign.start("reconcile", &args);
    let mut peak = 0;
    while !child.is_over() {
        peak = child.peak_kib().unwrap_or(0).max(peak);
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let document = json(&child.wait().exits(11));
    assert_eq!(document["foreign"], count / 2);
    assert_eq!(
        document["breaks"].as_array().unwrap().len() as u64,
        count / 2
    );
    assert_eq!(document["matched"], 3);
    assert!(peak < 64 * 1024, "{peak} KiB");
}

#[test]
fn people_without_keys_can_match() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    let paper = paper(&campaign);
    for file in fs::read_dir(campaign.path("secrets")).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let document = json(&matched(&campaign, &paper, &[]).exits(0));
    assert_eq!(document["matched"], 3);
}

/// As a finance department does it: yesterday's bill, each morning.
#[test]
fn bills_given_day_by_day_are_seen_together() {
    let campaign = rehearsal(9);
    for (day, code) in [(0, 5), (1, 5), (2, 0)] {
        on_day(&campaign, day, "run", &["--max-rows", "3"]).exits(code);
    }
    let given = |day: i64, file: &str, rest: &[&str]| {
        let args = [&["--no-queries", "--fund-flow", file], rest].concat();
        on_day(&campaign, day, "reconcile", &args)
    };
    let (files, _) = bills(&campaign, 3, false);
    let mut so_far = Vec::new();
    for file in &files {
        let document = json(&given(3, file, &["--json"]).exits(0));
        let matched = ["matched", "not_covered"].map(|it| document["so_far"][it].as_u64().unwrap());
        so_far.push(matched);
        assert_eq!(
            document["matched"],
            3.min(9 - 3 * (so_far.len() as u64 - 1)),
            "{document}"
        );
    }
    assert_eq!(so_far[..3], [[3, 6], [6, 3], [9, 0]]);

    // One packet once more, in a bill of two days later.
    let number = campaign.report()[0]["mch_billno"].clone();
    let bill = |name: &str, day: i64, rows: &[(&str, u64)]| {
        let mut paper = Paper::default();
        paper.out("shop", "shop", 500);
        for (number, fen) in rows {
            paper.out("second", number, *fen);
        }
        for row in &mut paper.rows {
            row.at_ms = first_ms() + day * DAY_MS;
        }
        campaign.write(name, paper.text());
        campaign.path(name).to_str().unwrap().to_owned()
    };
    let fen = campaign.report()[0]["amount_fen"].parse().unwrap();
    let again = bill("again.csv", 4, &[(&number, fen)]);
    let told = given(6, &again, &[]).exits(11);
    let line = format!("  paid_twice {number} ledger ");
    assert!(told.stdout.contains(&line), "{}", told.stdout);
    assert!(told.stdout.contains("booked 2027-02-01"), "{}", told.stdout);
    assert!(
        told.stdout
            .contains("with 3 bills given before: matched 8, "),
        "{}",
        told.stdout
    );
    // Bills of other days, and of nothing, leave it.
    let other = bill("other.csv", 5, &[]);
    let carried = given(6, &other, &[]).exits(11);
    assert!(
        carried.stdout.contains("1 break of bills given before"),
        "{}",
        carried.stdout
    );
    let document = json(&given(6, &other, &["--json"]).exits(11));
    assert_eq!(document["breaks"], serde_json::json!([]));
    assert_eq!(document["carried"][0]["mch_billno"], number.as_str());
    assert_eq!(campaign.status()["bill_breaks"]["paid_twice"], 1);
    // A person says that the bill was wrong.
    let right = bill("right.csv", 4, &[]);
    given(6, &right, &[]).exits(11);
    let document = json(&given(6, &right, &["--instead", "--json"]).exits(0));
    assert_eq!(document["so_far"]["matched"], 9, "{document}");
    assert_eq!(campaign.status()["bill_breaks"], serde_json::json!({}));
    // Each of the matches is as it was written.
    kept(&campaign, "hongbao.simulator.db");
}

/// What the merchant's support explained is not held against every run that follows.
#[test]
fn a_break_that_a_person_explained_counts_no_more() {
    let mut campaign = Campaign::of(4);
    campaign.set("report.formats", "[\"csv\", \"xlsx\"]");
    campaign.run().exits(0);
    let mut paper = paper(&campaign);
    let strange = "10000098zzzzzzzzzzzzzzzzzzzz";
    paper.out("strange", strange, 100);
    matched(&campaign, &paper, &[]).exits(11);
    campaign.run().exits(11);
    let workbook = || fs::read(campaign.path("lantern-report.xlsx")).unwrap();
    let alarmed = workbook();
    let because = "the shop's other program, ticket 7";
    let resolve = |number: &str, code: u8| {
        let args = [number, "--explained", "--because", because];
        campaign.verb("resolve", &args).exits(code.into())
    };
    resolve("10000098yyyyyyyyyyyyyyyyyyyy", 2).says(&["no break of"]);
    resolve(strange, 0).says(&["counted no more: missing_in_ledger"]);
    let status = campaign.status();
    assert_eq!(status["bill_breaks"], serde_json::json!({}));
    assert_eq!(status["bill_breaks_explained"], 1);
    campaign.run().exits(0);
    assert!(workbook() != alarmed, "the workbook tells the explanation");
    let again = json(&matched(&campaign, &paper, &[]).exits(0));
    assert_eq!(
        (&again["breaks"], &again["carried"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    assert_eq!(again["explained"][0]["mch_billno"], strange);
    let words = again["explained"][0]["explained"].as_str().unwrap();
    assert!(words.starts_with(because), "{words}");
    // It was of that amount.
    resolve(strange, 2);
    paper.rows.last_mut().unwrap().fen = 200;
    let other = json(&matched(&campaign, &paper, &[]).exits(11));
    assert_eq!(other["breaks"][0]["bill_fen"], 200, "{other}");
    resolve(strange, 0);
    assert_eq!(campaign.status()["bill_breaks_explained"], 1);
    // And of that time.
    paper.rows.last_mut().unwrap().at_ms -= 600_000;
    matched(&campaign, &paper, &[]).exits(11);
    campaign.verb("audit", &[]).exits(0);
}

/// Rows of one bill are movements of their own; only those of two bills may be the same one.
#[test]
fn a_row_that_one_bill_has_twice_is_a_second_payment() {
    let mut campaign = Campaign::of(4);
    campaign.set("report.formats", "[\"csv\", \"xlsx\"]");
    campaign.run().exits(0);
    let one = paper(&campaign);
    let twice = |change: fn(&mut PaperRow)| {
        let mut paper = one.clone();
        let mut row = paper.rows[0].clone();
        change(&mut row);
        paper.rows.push(row);
        paper
    };
    for (what, paper) in [
        ("the same row", twice(|_| ())),
        ("another order", twice(|row| row.order = "w".to_owned())),
        ("no movement", twice(|row| row.movement = String::new())),
    ] {
        let document = json(&matched(&campaign, &paper, &[]).exits(11));
        let found = broken(&document);
        assert!(
            found.iter().any(|(kind, _)| kind == "paid_twice"),
            "{what}: {found:?}"
        );
    }
    // A match of other days does not hide it.
    let mut other_day = Paper::default();
    other_day.out("foreign", "foreign", 100);
    other_day.rows[0].at_ms -= 3 * DAY_MS;
    matched(&campaign, &other_day, &[]).exits(11);
    let status = campaign.verb("status", &[]).exits(0).stdout;
    assert!(status.contains("paid_twice 1"), "{status}");
    assert_eq!(campaign.status()["bill_breaks"]["paid_twice"], 1);
    let workbook = campaign.path("lantern-report.xlsx");
    let before = fs::read(&workbook).unwrap();
    let found = matched(&campaign, &one, &[]).exits(0);
    assert!(fs::read(&workbook).unwrap() != before, "the match is in it");
    assert_eq!(
        campaign.status()["bill_breaks"],
        serde_json::json!({}),
        "{}",
        found.stderr
    );
    // A second bill has the payments again, and one more.
    let other = campaign.path("other.csv");
    campaign.write("other.csv", twice(|row| row.order = "v".to_owned()).text());
    let document = json(&matched(&campaign, &one, &[other.to_str().unwrap()]).exits(11));
    assert_eq!(document["repeated"], 4);
}
