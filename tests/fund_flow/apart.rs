//! Bills that are given in commands of their own come to what they come to together; and that a
//! bill is silent about a payment ends it nowhere by itself.

use std::collections::BTreeSet;
use std::fs;

use hongbao::simulator::Settings;
use serde_json::Value;

use super::paper::{Paper, PaperRow};
use super::{DAY_MS, bills, broken, first_ms, json, on_day, paper, rehearsal};
use crate::support::{Campaign, openid};

const MINUTE_MS: i64 = 60_000;

/// Three packets that were paid and one that was refused, each movement with a number of its own.
fn three_and_one() -> (Campaign, Paper) {
    let refused = [(openid(2), "OPENID_ERROR".to_owned())];
    let settings = Settings {
        scripted: refused.into_iter().collect(),
        ..Settings::default()
    };
    let campaign = Campaign::with(4, settings);
    campaign.run().exits(3);
    let paper = paper(&campaign);
    (campaign, paper)
}

/// A payment of the refused one.
fn of_refused(campaign: &Campaign, paper: &Paper) -> PaperRow {
    let rows = campaign.report();
    let refused = rows.iter().find(|row| row["state"] == "refused").unwrap();
    PaperRow {
        voucher: refused["mch_billno"].clone(),
        order: "1000041701202611230000000000077".to_owned(),
        movement: "1000050301202611230000000000077".to_owned(),
        fen: refused["amount_fen"].parse().unwrap(),
        ..paper.rows[0].clone()
    }
}

/// A second payment of the first packet, ten minutes before, by another order.
fn second(paper: &Paper) -> PaperRow {
    PaperRow {
        at_ms: paper.rows[0].at_ms - 10 * MINUTE_MS,
        order: "1000041701202611230000000000088".to_owned(),
        movement: "1000050301202611230000000000088".to_owned(),
        ..paper.rows[0].clone()
    }
}

fn of(rows: Vec<PaperRow>) -> Paper {
    Paper { rows }
}

/// Gives bills in one command; the result.
fn given(campaign: &Campaign, bills: &[(&str, String)], options: &[&str]) -> (Value, Vec<String>) {
    let mut args = vec!["--no-queries".to_owned(), "--json".to_owned()];
    args.extend(options.iter().map(|it| (*it).to_owned()));
    args.push("--fund-flow".to_owned());
    for (name, text) in bills {
        campaign.write(name, text);
        args.push(campaign.path(name).to_str().unwrap().to_owned());
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let document = json(&campaign.verb("reconcile", &args));
    let standing = campaign.status()["bill_breaks"].clone();
    let kinds = standing.as_object().unwrap().keys().cloned().collect();
    (document, kinds)
}

/// Gives one bill; its exit code, and the kinds of breaks that stand after it.
fn one(campaign: &Campaign, name: &str, text: String) -> (u64, Vec<String>) {
    let (document, kinds) = given(campaign, &[(name, text)], &[]);
    (document["exit"].as_u64().unwrap(), kinds)
}

fn stands(code: u64, kinds: &[&str]) -> (u64, Vec<String>) {
    (code, kinds.iter().map(|&kind| kind.to_owned()).collect())
}

#[test]
fn a_bill_that_was_given_before_brings_nothing_new() {
    let (campaign, paper) = three_and_one();
    let mut newer = paper.clone();
    newer.rows.push(of_refused(&campaign, &paper));
    assert_eq!(one(&campaign, "v1.csv", paper.text()), stands(3, &[]));
    let held = stands(11, &["missing_in_ledger"]);
    assert_eq!(one(&campaign, "v2.csv", newer.text()), held);
    let rows = || {
        let ledger = rusqlite::Connection::open(campaign.path("hongbao.db")).unwrap();
        let sql = "SELECT count(*) FROM flow_row";
        ledger
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let before = rows();
    // However often a folder of bills is given again, in whatever order.
    for name in ["v1.csv", "v2.csv", "v1.csv"] {
        let text = fs::read_to_string(campaign.path(name)).unwrap();
        let (document, kinds) = given(&campaign, &[(name, text)], &[]);
        assert_eq!((document["exit"].as_u64().unwrap(), kinds), held, "{name}");
        assert_eq!(document["matched"], 3, "{document}");
    }
    assert_eq!(rows(), before);
    // A person says that it is the newest.
    let (document, kinds) = given(&campaign, &[("v1.csv", paper.text())], &["--instead"]);
    assert_eq!((document["exit"].as_u64(), kinds), (Some(3), vec![]));
}

/// Each of these is silent about a payment of a packet that the ledger calls refused.
#[test]
fn no_bill_frees_a_packet_by_its_silence() {
    let (campaign, paper) = three_and_one();
    let mut full = paper.clone();
    full.rows.push(of_refused(&campaign, &paper));
    let held = stands(11, &["missing_in_ledger"]);
    assert_eq!(one(&campaign, "full.csv", full.text()), held);
    let mut shop = Paper::default();
    shop.add("shop", "shop", 500, false, ["x", "x"]);
    for (name, text) in [
        ("whole.csv", paper.text()),
        ("filtered.csv", of(paper.rows[..1].to_vec()).text()),
        ("export.csv", paper.export()),
        ("shop.csv", shop.text()),
    ] {
        assert_eq!(one(&campaign, name, text), held, "{name}");
    }
}

#[test]
fn rows_without_numbers_are_one_only_in_one_minute_and_by_one_order() {
    let rounded = |row: PaperRow| PaperRow {
        movement: "1.00005E+30".to_owned(),
        ..row
    };
    // The bills of two accounts, one saved by a spreadsheet: apart, and in one command.
    let (campaign, paper) = three_and_one();
    let other = of(vec![rounded(second(&paper))]);
    assert_eq!(one(&campaign, "basic.csv", paper.text()).0, 3);
    let twice = stands(11, &["paid_twice"]);
    assert_eq!(one(&campaign, "operation.csv", other.text()), twice);
    let (together, _) = three_and_one();
    let bills = [("basic.csv", paper.text()), ("operation.csv", other.text())];
    let (document, _) = given(&together, &bills, &[]);
    assert_eq!(document["exit"], 11);
    // The same payments in a copy: a spreadsheet's, or an export without orders and seconds.
    let mut copy = paper.clone();
    for row in &mut copy.rows {
        *row = rounded(row.clone());
        row.order.clear();
        row.at_ms -= row.at_ms.rem_euclid(MINUTE_MS);
    }
    for bills in [
        vec![("copy.csv", copy.export())],
        vec![("copy.csv", copy.text())],
        vec![("a.csv", paper.export()), ("copy.csv", copy.export())],
    ] {
        let (_, kinds) = given(&campaign, &bills, &[]);
        assert_eq!(kinds, twice.1, "{bills:?}");
        let (_, kinds) = given(&together, &bills, &[]);
        assert_eq!(kinds, twice.1, "{bills:?}");
    }
}

/// Two payments of one packet in an export without numbers: a later row with a number is one of
/// them.
#[test]
fn a_row_takes_the_place_of_one() {
    let (campaign, paper) = three_and_one();
    let mut rows = paper.rows.clone();
    rows.push(second(&paper));
    for row in &mut rows {
        row.movement.clear();
        row.order.clear();
    }
    let twice = stands(11, &["paid_twice"]);
    assert_eq!(one(&campaign, "export.csv", of(rows).export()), twice);
    assert_eq!(one(&campaign, "a.csv", paper.export()), twice);
    assert_eq!(one(&campaign, "b.csv", paper.export() + "\n"), twice);
}

/// A copy without numbers lies between two payments of one minute, by two accounts.
#[test]
fn a_copy_keeps_the_numbers_of_what_it_copies() {
    let (campaign, paper) = three_and_one();
    assert_eq!(one(&campaign, "basic.csv", paper.text()), stands(3, &[]));
    let mut copy = paper.clone();
    for row in &mut copy.rows {
        row.movement.clear();
        row.order.clear();
    }
    assert_eq!(one(&campaign, "copy.csv", copy.export()), stands(3, &[]));
    let mut other = second(&paper);
    other.at_ms = paper.rows[0].at_ms;
    let twice = stands(11, &["paid_twice"]);
    assert_eq!(one(&campaign, "other.csv", of(vec![other]).text()), twice);
}

/// Numbers that went through a float: many movements have the same.
#[test]
fn one_number_by_two_orders_is_two_movements() {
    let (campaign, paper) = three_and_one();
    let same = "4200000000202702006287073281";
    let with = |row: &PaperRow, order: &str| PaperRow {
        movement: same.to_owned(),
        order: order.to_owned(),
        ..row.clone()
    };
    let refused = of_refused(&campaign, &paper);
    let of_account = of(vec![with(&refused, "1000041701202611230000000000021")]);
    let held = "missing_in_ledger".to_owned();
    let (_, kinds) = one(&campaign, "basic.csv", of_account.text());
    assert!(kinds.contains(&held), "{kinds:?}");
    let other = of(vec![with(
        &paper.rows[0],
        "1000041701202611230000000000022",
    )]);
    let (_, kinds) = one(&campaign, "operation.csv", other.text());
    assert!(kinds.contains(&held), "{kinds:?}");
    let again = with(&second(&paper), "1000041701202611230000000000023");
    let (_, kinds) = one(&campaign, "third.csv", of(vec![again]).text());
    assert!(kinds.contains(&"paid_twice".to_owned()), "{kinds:?}");
}

#[test]
fn a_part_of_a_day_says_nothing_about_the_rest() {
    let (campaign, paper) = three_and_one();
    let mut full = paper.clone();
    let mut late = second(&paper);
    late.at_ms = paper.rows[0].at_ms + MINUTE_MS;
    full.rows.push(late);
    let twice = stands(11, &["paid_twice"]);
    assert_eq!(one(&campaign, "full.csv", full.text()), twice);
    assert_eq!(one(&campaign, "noon.csv", paper.text()), twice);
    // Nor does it where another bill had the rest without it before.
    assert_eq!(one(&campaign, "export.csv", paper.export()), twice);
    let few = of(vec![paper.rows[0].clone(), paper.rows[2].clone()]);
    assert_eq!(one(&campaign, "few.csv", few.text()), twice);
    // An export of both accounts, and then the whole bill of one.
    let (campaign, paper) = three_and_one();
    let mut both = paper.clone();
    both.rows.push(second(&paper));
    assert_eq!(one(&campaign, "both.csv", both.export()), twice);
    assert_eq!(
        one(&campaign, "one.csv", of(paper.rows[..1].to_vec()).text()),
        twice
    );
}

/// A bill may have a row of the next day's first second, and that day is fetched the day after.
#[test]
fn a_row_at_midnight_is_of_the_bill_that_has_it() {
    let campaign = rehearsal(3);
    on_day(&campaign, 0, "run", &[]).exits(0);
    let (files, _) = bills(&campaign, 3, false);
    let mut days = vec!["--no-queries", "--fund-flow"];
    days.extend(files.iter().map(String::as_str));
    on_day(&campaign, 3, "reconcile", &days).exits(0);
    let row = campaign.report().remove(0);
    let fen: u64 = row["amount_fen"].parse().unwrap();
    let mut night = Paper::default();
    night.out("shop", "shop", 500);
    night.out("1000041701202611230000000000088", &row["mch_billno"], fen);
    let midnight = first_ms() + 10 * DAY_MS + 14 * 60 * MINUTE_MS;
    night.rows[0].at_ms = midnight - 60 * MINUTE_MS;
    night.rows[1].at_ms = midnight;
    campaign.write("night.csv", night.text());
    let file = campaign.path("night.csv");
    let given = [
        "--no-queries",
        "--json",
        "--fund-flow",
        file.to_str().unwrap(),
    ];
    let document = json(&on_day(&campaign, 14, "reconcile", &given).exits(11));
    assert_eq!(document["days"], serde_json::json!(["2027-02-11"]));
    for date in ["2027-02-12", "2027-02-11"] {
        // Where nothing moved, nothing is outdone either.
        let fetch = ["--no-queries", "--json", "--fetch-fund-flow", date];
        let fetched = json(&on_day(&campaign, 14, "reconcile", &fetch).exits(11));
        assert_eq!(
            fetched["carried"][0]["type"], "paid_twice",
            "{date}: {fetched}"
        );
    }
}

/// What was other business when it was given may be ours by now, and the other way round.
#[test]
fn whose_a_row_is_may_turn_out_later_and_is_not_forgotten() {
    let (mut campaign, paper) = three_and_one();
    let mut all = paper.clone();
    all.out("q", "promo-7", 100);
    assert_eq!(one(&campaign, "all.csv", all.text()), stands(3, &[]));
    campaign.set("fund_flow.labels", "[\"现金红包\"]");
    let shop = |name: &str| {
        let mut shop = Paper::default();
        shop.add(name, "shop", 500, false, ["x", "x"]);
        shop.rows[0].at_ms -= DAY_MS;
        shop.text()
    };
    let held = stands(11, &["missing_in_ledger"]);
    assert_eq!(one(&campaign, "shop.csv", shop("one")), held);
    campaign.set("fund_flow.labels", "[]");
    assert_eq!(
        one(&campaign, "other.csv", shop("two")).1,
        Vec::<String>::new()
    );
    campaign.set("fund_flow.labels", "[\"现金红包\"]");
    all.out("r", "promo-8", 100);
    assert_eq!(one(&campaign, "more.csv", all.text()), held);
    campaign.set("fund_flow.labels", "[]");
    // It was ours when it was given.
    assert_eq!(one(&campaign, "third.csv", shop("three")), held);
}

/// Random payments, two of them double, in bills of days and accounts that are given in any order,
/// some once more in another form: apart they come to what they come to in one command.
#[test]
fn apart_and_together_are_the_same() {
    let (first, paper) = three_and_one();
    let (mut seed, rounds) = (7_u64, 12);
    let mut dice = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    for round in 0..rounds {
        let mut rows = paper.rows.clone();
        rows.push(second(&paper));
        rows.push(PaperRow {
            at_ms: paper.rows[1].at_ms - DAY_MS,
            movement: "1000050301202611230000000000099".to_owned(),
            ..paper.rows[1].clone()
        });
        rows.push(of_refused(&first, &paper));
        let mut bills: Vec<Vec<PaperRow>> = vec![Vec::new(); 3];
        for row in rows.split_off(usize::from(dice(2) == 0)) {
            bills[usize::try_from(dice(3)).unwrap()].push(row);
        }
        bills.retain(|rows| !rows.is_empty());
        let mut files: Vec<(String, String)> = Vec::new();
        for (at, rows) in bills.into_iter().enumerate() {
            if dice(2) == 0 {
                files.push((format!("again-{round}-{at}.csv"), of(rows.clone()).export()));
            }
            files.push((format!("bill-{round}-{at}.csv"), of(rows).text()));
        }
        let turn = usize::try_from(dice(files.len() as u64)).unwrap();
        files.rotate_left(turn);
        let files: Vec<(&str, String)> = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.clone()))
            .collect();
        let (together, apart) = (three_and_one().0, three_and_one().0);
        let (document, _) = given(&together, &files, &[]);
        let mut last = BTreeSet::new();
        for file in &files {
            let (document, _) = given(&apart, std::slice::from_ref(file), &[]);
            last = broken(&document);
            let carried = serde_json::json!({"breaks": document["carried"]});
            last.extend(broken(&carried));
        }
        assert_eq!(last, broken(&document), "round {round}: {files:?}");
    }
}
