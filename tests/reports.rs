//! What the tool tells about a campaign: reports, status, show, plan, explain.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;

use hongbao::simulator::Settings;
use serde_json::Value;

use crate::support::{Campaign, hongbao, openid, total_yuan};

const COLUMNS: &str = "row_key,openid,amount_fen,amount_yuan,state,mch_billno,generation,\
                       send_listid,attempts,err_code,err_code_des,first_sent_at,settled_at,\
                       received_at,refunded_at,refunded_fen,reason,asked_at,paid_fen,paid_openid";
const STATES: [&str; 11] = [
    "ready",
    "in_flight",
    "in_doubt",
    "processing",
    "sent",
    "received",
    "refunding",
    "refunded",
    "refused",
    "withdrawn",
    "review",
];

/// Ten packets with columns of their own, one of them refused.
fn finished() -> Campaign {
    let scripted = [(openid(7), "OPENID_ERROR".to_owned())].into();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let campaign = Campaign::with(10, settings);
    let mut text = String::from("openid,amount_fen,门店,state,+note\n");
    for (openid, fen) in &campaign.owed {
        writeln!(text, "{openid},{fen},南山店,open,=HYPERLINK(1)").unwrap();
    }
    campaign.write("recipients.csv", text);
    campaign.run().exits(3);
    campaign
}

#[test]
fn a_csv_report_has_the_columns_that_are_promised_and_the_files_own() {
    let campaign = finished();
    let report = campaign
        .verb("report", &["--format", "csv", "--lang", "en"])
        .exits(0)
        .stdout;
    let head = report.lines().next().unwrap();
    assert_eq!(head, format!("{COLUMNS},门店,file_state,'+note"));
    let rows = campaign.report();
    assert_eq!(rows.len(), 10);
    let sent = &rows[0];
    assert_eq!(sent["row_key"], openid(0));
    assert_eq!(
        (&*sent["amount_fen"], &*sent["amount_yuan"]),
        ("100", "1.00")
    );
    assert_eq!((&*sent["state"], &*sent["generation"]), ("sent", "1"));
    assert_eq!((&*sent["attempts"], &*sent["err_code"]), ("1", ""));
    assert!(sent["first_sent_at"].ends_with("+08:00"), "{sent:?}");
    assert_eq!(
        sent["settled_at"], "",
        "it may still be claimed or flow back"
    );
    assert_eq!((&*sent["门店"], &*sent["file_state"]), ("南山店", "open"));
    assert_eq!(sent["'+note"], "'=HYPERLINK(1)", "no spreadsheet runs it");
    let refused = campaign.packet(&openid(7));
    assert_eq!(
        (&*refused["state"], &*refused["err_code"]),
        ("refused", "OPENID_ERROR")
    );
    assert!(refused["settled_at"].ends_with("+08:00"));
    campaign.books_agree();
}

#[test]
fn a_chinese_report_opens_in_excel() {
    let campaign = finished();
    let out = campaign.path("结果.csv");
    let flags = ["--lang", "zh", "--out", out.to_str().unwrap()];
    let ran = campaign.verb("report", &flags).exits(0);
    assert_eq!(ran.stdout, "");
    let report = std::fs::read_to_string(out).unwrap();
    assert!(report.starts_with("\u{feff}业务单号,用户openid,金额(分),金额(元),状态"));
    assert_eq!(report.lines().count(), 11);
    let english = campaign.verb("report", &[]).exits(0).stdout;
    assert!(!english.starts_with('\u{feff}'));
}

#[test]
fn a_json_report_says_the_same() {
    let campaign = finished();
    let ran = campaign.verb("report", &["--format", "json"]).exits(0);
    let objects: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let rows = campaign.report();
    assert_eq!(objects.len(), rows.len());
    for (object, row) in objects.iter().zip(&rows) {
        for column in COLUMNS.split(',') {
            let told = match &object[column] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(told, row[column], "{column}");
        }
        assert_eq!(object["extra"]["门店"], "南山店");
        assert_eq!(
            object["extra"]["+note"], "=HYPERLINK(1)",
            "JSON needs no guard"
        );
    }
}

#[test]
fn status_has_every_state_and_balances_to_the_file() {
    let campaign = finished();
    let status = campaign.status();
    assert_eq!(
        (&status["campaign"], &status["mode"]),
        (&"lantern".into(), &"live".into())
    );
    assert_eq!(status["rows"], 10);
    assert_eq!(status["total_fen"], campaign.total_fen());
    assert_eq!(status["sent_without_package"], 0);
    let by_state = status["states"].as_object().unwrap();
    let names: Vec<&str> = by_state.keys().map(String::as_str).collect();
    assert_eq!(names, STATES);
    let sum = |field: &str| -> u64 { by_state.values().map(|s| s[field].as_u64().unwrap()).sum() };
    assert_eq!((sum("count"), sum("fen")), (10, campaign.total_fen()));
    let words = campaign.verb("status", &[]).exits(0).stdout;
    assert!(
        words.contains("sent") && words.contains("refused"),
        "{words}"
    );
}

#[test]
fn plan_reads_the_file_and_writes_nothing() {
    let mut campaign = Campaign::of(100);
    campaign.set("pace.per_second", "25");
    let plan = campaign.verb("plan", &["--json"]).exits(0);
    let told: Value = serde_json::from_str(&plan.stdout).unwrap();
    assert_eq!(
        (&told["rows"], &told["mode"]),
        (&100.into(), &"live".into())
    );
    assert_eq!(told["total_fen"], campaign.total_fen());
    assert_eq!(told["to_send"]["count"], 100);
    assert_eq!(told["seconds"], 4);
    assert!(told["finish_at"].as_str().unwrap().ends_with("+08:00"));
    assert!(!campaign.path("hongbao.db").exists());
    let words = campaign.verb("plan", &[]).exits(0).stdout;
    let total = total_yuan(campaign.total_fen());
    assert!(
        words.contains(&format!("--confirm-total {total}")),
        "{words}"
    );
    assert_eq!(campaign.wechat.queries(), 0);
}

#[test]
fn show_finds_a_packet_by_each_of_its_names_and_tells_its_life() {
    let campaign = finished();
    let row = campaign.packet(&openid(7));
    for id in [&row["mch_billno"], &row["openid"], &row["row_key"]] {
        let ran = campaign.verb("show", &[id, "--json"]).exits(0);
        let lives: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(lives[0]["mch_billno"], *row["mch_billno"]);
        assert_eq!(lives[0]["requests"][0]["err_code"], "OPENID_ERROR");
        assert!(lives[0]["moves"].as_array().unwrap().len() >= 2);
        let words = campaign.verb("show", &[id]).exits(0).stdout;
        assert!(
            words.contains("OPENID_ERROR") && words.contains("refused"),
            "{words}"
        );
    }
    campaign
        .verb("show", &["nobody"])
        .exits(2)
        .says(&["nobody"]);
}

#[test]
fn every_code_state_and_exit_code_is_explained() {
    let codes = hongbao::wechat::err_code::ErrCode::ALL.iter();
    let mut asked: Vec<String> = codes.map(|code| code.name().to_owned()).collect();
    asked.extend(STATES.map(str::to_owned));
    let exits = hongbao::exit::ExitCode::ALL;
    asked.extend(exits.iter().map(|exit| exit.code().to_string()));
    for word in &asked {
        let ran = hongbao(&["explain", word], &[]).wait().exits(0);
        assert!(
            ran.stdout.contains(word.as_str()),
            "{word}:\n{}",
            ran.stdout
        );
        assert!(
            ran.stdout.contains("  you: "),
            "{word}: what to do is missing"
        );
    }
    let all = hongbao(&["explain"], &[]).wait().exits(0).stdout;
    assert!(asked.iter().all(|word| all.contains(word.as_str())));
    hongbao(&["explain", "NO_SUCH_CODE"], &[])
        .wait()
        .exits(2)
        .says(&["in doubt"]);
}

#[test]
fn ledger_and_report_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let campaign = finished();
    for name in ["hongbao.db", "lantern-report.csv"] {
        let mode = std::fs::metadata(campaign.path(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
