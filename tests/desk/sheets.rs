//! Sheets of a workbook that are there only sometimes: the match, and what one sheet cannot hold.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use hongbao::domain::ids::CampaignId;
use hongbao::domain::tally::{PaidOtherwise, WithoutPackage};
use hongbao::ledger::{LedgerError, Overdue, Reader};
use hongbao::report::{Advice, Extra, ReportFacts, Standing, XlsxReport};
use hongbao::words::{Lang, Text};
use serde_json::{Value, json};

use super::{finished, has, written};
use crate::fund_flow::paper::Paper;
use crate::support::Campaign;

/// The sheets by name, in order, where openpyxl is there.
fn sheets(book: &Path) -> Option<Vec<(String, Vec<Vec<Value>>)>> {
    let lane = "workbooks in openpyxl";
    if !has(lane, "python3", &["-c", "import openpyxl"]) {
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/desk/sheets.py");
    let ran = Command::new("python3")
        .arg(script)
        .arg(book)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    Some(serde_json::from_slice(&ran.stdout).unwrap())
}

fn names(sheets: &[(String, Vec<Vec<Value>>)]) -> Vec<&str> {
    sheets.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn the_match_has_a_sheet_where_one_was_made_and_none_where_none_was() {
    let campaign = finished();
    let book = campaign.path("before.xlsx");
    written(&campaign, "before.xlsx", &["--lang", "zh"]);
    let Some(before) = sheets(&book) else {
        return;
    };
    let always = ["汇总", "明细", "失败明细", "待确认"];
    assert_eq!(names(&before), [&always[..], &["运行记录"]].concat());
    // One is missing, one was paid another amount, and two are somebody else's.
    let mut paper = Paper::default();
    let orders = campaign.wechat.books().orders;
    let paid: Vec<_> = orders.iter().filter(|(_, it)| it.order.is_paid()).collect();
    for (at, (number, booked)) in paid.iter().enumerate().skip(1) {
        let order = &booked.order;
        let fen = order.amount_fen + u64::from(at == 1);
        paper.out(&order.send_listid, number, fen);
    }
    paper.add("1", "promo-1", 500, false, ["交易", "交易"]);
    paper.add("2", "promo-2", 700, true, ["交易", "交易"]);
    campaign.write("bill.csv", paper.text());
    let bill = campaign.path("bill.csv");
    let flags = ["--no-queries", "--fund-flow", bill.to_str().unwrap()];
    campaign.verb("reconcile", &flags).exits(11);
    written(&campaign, "after.xlsx", &["--lang", "zh"]);
    let after = sheets(&campaign.path("after.xlsx")).unwrap();
    assert_eq!(names(&after), [&always[..], &["对账", "运行记录"]].concat());
    let rows = &after[4].1;
    assert_eq!(
        rows[0][..3],
        [json!("对账时间"), json!("结果"), json!("个数")]
    );
    let told: Vec<(&Value, &Value)> = rows[1..].iter().map(|row| (&row[1], &row[2])).collect();
    let expected = [
        ("相符", 9),
        ("当日账单未提供", 0),
        ("其他业务流水", 2),
        ("amount_differs", 1),
        ("missing_in_bill", 1),
    ];
    let expected: Vec<(Value, Value)> = expected.map(|(what, n)| (json!(what), json!(n))).into();
    let expected: Vec<(&Value, &Value)> = expected.iter().map(|(what, n)| (what, n)).collect();
    assert_eq!(told, expected);
    let yuan = |fen: u64| json!(f64::from(u32::try_from(fen).unwrap()) / 100.0);
    let (number, booked) = paid[1];
    let fen = booked.order.amount_fen;
    let differs = &rows[4];
    assert_eq!(
        differs[3..5],
        [json!(number), json!(booked.order.send_listid)]
    );
    assert_eq!(
        (differs[5].as_f64(), differs[6].as_f64()),
        (yuan(fen).as_f64(), yuan(fen + 1).as_f64())
    );
    let missing = &rows[5];
    assert_eq!(
        (&missing[3], &missing[6]),
        (&json!(paid[0].0), &Value::Null)
    );
    let says = |row: &[Value]| {
        row[8..10]
            .iter()
            .all(|it| it.as_str().is_some_and(|it| !it.is_empty()))
    };
    assert!(says(differs) && says(missing), "each says what to do");
}

#[test]
fn a_payment_and_its_return_that_both_differ_are_two_lines() {
    let campaign = finished();
    let orders = campaign.wechat.books().orders;
    let (number, booked) = orders.iter().find(|(_, it)| it.order.is_paid()).unwrap();
    let (order, fen) = (&booked.order.send_listid, booked.order.amount_fen);
    let mut paper = Paper::default();
    paper.out(order, number, fen + 1);
    paper.add(order, number, fen + 2, true, ["现金红包", "红包退回"]);
    campaign.write("bill.csv", paper.text());
    let bill = campaign.path("bill.csv");
    let flags = ["--no-queries", "--fund-flow", bill.to_str().unwrap()];
    campaign.verb("reconcile", &flags).exits(11);
    written(&campaign, "both.xlsx", &["--lang", "zh"]);
    let Some(sheets) = sheets(&campaign.path("both.xlsx")) else {
        return;
    };
    let (_, rows) = sheets.iter().find(|(name, _)| name == "对账").unwrap();
    let differs = rows.iter().filter(|row| row[1] == "amount_differs");
    let told: Vec<f64> = differs.map(|row| row[6].as_f64().unwrap()).collect();
    let yuan = |fen: u64| f64::from(u32::try_from(fen).unwrap()) / 100.0;
    assert_eq!(told, [yuan(fen + 1), yuan(fen + 2)]);
}

#[test]
fn a_failed_packet_that_a_bill_has_is_marked_in_its_sheet() {
    let campaign = finished();
    let rows = campaign.report();
    let failed = rows.iter().find(|row| row["state"] == "refused").unwrap();
    let mut paper = Paper::default();
    for (number, booked) in campaign.wechat.books().orders {
        if booked.order.is_paid() {
            let order = booked.order;
            paper.out(&order.send_listid, &number, order.amount_fen);
        }
    }
    let fen = failed["amount_fen"].parse().unwrap();
    paper.out("420000", &failed["mch_billno"], fen);
    campaign.write("bill.csv", paper.text());
    let bill = campaign.path("bill.csv");
    let flags = ["--no-queries", "--fund-flow", bill.to_str().unwrap()];
    campaign.verb("reconcile", &flags).exits(11);
    written(&campaign, "billed.xlsx", &["--lang", "zh"]);
    let Some(sheets) = sheets(&campaign.path("billed.xlsx")) else {
        return;
    };
    let (_, rows) = sheets.iter().find(|(name, _)| name == "失败明细").unwrap();
    let told = rows[1].last().and_then(Value::as_str).unwrap();
    assert!(told.contains("请勿用其他单号再付"), "{told}");
}

/// A workbook of this ledger whose sheets have so few rows.
fn with_rows(campaign: &Campaign, sheet_rows: u32) -> std::path::PathBuf {
    let reader = Reader::open(&campaign.path("hongbao.db")).unwrap().unwrap();
    let row = reader
        .campaign(&CampaignId::new("lantern").unwrap())
        .unwrap()
        .unwrap();
    let files = reader.files(&row).unwrap();
    let facts = ReportFacts {
        standing: Standing {
            id: "lantern".to_owned(),
            mode: "live",
            tally: reader.tally(&row).unwrap(),
            campaign: Some(row.clone()),
            without_package: WithoutPackage::default(),
            refused: Vec::new(),
            paid_otherwise: PaidOtherwise::default(),
            broken: Vec::new(),
            overdue: Overdue::default(),
            bill_breaks: hongbao::domain::flow::breaks::StandingBreaks::default(),
            denied: 0,
            unasked: 0,
            journal: None,
        },
        written_at: 1_795_435_200_000,
        lists: Vec::new(),
        approved: None,
        billed: HashSet::new(),
        budget: None,
        per_minute: None,
        flow: Vec::new(),
        runs: reader.runs(&row).unwrap(),
        is_held: false,
        exit: |_| None,
        advice: |_| Advice {
            meaning: Text { en: "", zh: "" },
            remedy: Text { en: "", zh: "" },
        },
        lang: Lang::En,
    };
    let extra = Extra::of(&files);
    let mut book = XlsxReport::with_rows(campaign.dir(), facts, extra, sheet_rows).unwrap();
    let each = |batch: Vec<_>| {
        for packet in &batch {
            book.row(packet).unwrap();
        }
        Ok::<_, LedgerError>(batch)
    };
    reader.report(&row, each).unwrap();
    let path = campaign.path(&format!("{sheet_rows}.xlsx"));
    book.end(&path, None).unwrap();
    path
}

#[test]
fn what_one_sheet_cannot_hold_goes_on_in_the_next_under_the_same_header() {
    let campaign = finished();
    for _ in 0..3 {
        campaign.verb("reconcile", &[]).exits(3);
    }
    for (limit, parts) in [
        (6, [5, 5, 2].as_slice()),
        (7, &[6, 6]),
        (13, &[12]),
        (12, &[11, 1]),
    ] {
        let Some(all) = sheets(&with_rows(&campaign, limit)) else {
            return;
        };
        let is_of = |name: &str, (title, _): &(String, _)| {
            title == name
                || title
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with(' '))
        };
        let packets: Vec<_> = all.iter().filter(|it| is_of("Packets", it)).collect();
        let titles: Vec<&str> = packets.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(titles, ["Packets", "Packets 2", "Packets 3"][..parts.len()]);
        let rows: Vec<usize> = packets.iter().map(|(_, rows)| rows.len() - 1).collect();
        assert_eq!(rows, parts, "{limit}");
        let mut openids = Vec::new();
        for (title, rows) in packets {
            assert_eq!(rows[0][..2], [json!("row_key"), json!("openid")], "{title}");
            openids.extend(rows[1..].iter().map(|row| row[1].clone()));
        }
        let owed: Vec<Value> = campaign
            .owed
            .iter()
            .map(|(openid, _)| json!(openid))
            .collect();
        assert_eq!(openids, owed, "each once, in its order");
    }
    // Four runs, under a limit of two of them a sheet.
    let all = sheets(&with_rows(&campaign, 3)).unwrap();
    let runs = all.iter().filter(|(name, _)| name.starts_with("Runs"));
    assert_eq!(runs.map(|(_, rows)| rows.len()).collect::<Vec<_>>(), [3, 3]);
}
