//! `--json` of the verbs that change something: one object at the end, which says of the campaign
//! what `status --json` says, and has the exit code.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use hongbao::simulator::Settings;
use serde_json::{Value, json};

use crate::support::{Campaign, Ran, hongbao_under, openid, total_yuan};

/// The one object on stdout, compared with the exit code and the campaign.
#[track_caller]
fn object(campaign: &Campaign, verb: &str, ran: &Ran) -> Value {
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    let object: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(object["verb"], verb);
    assert_eq!(object["exit"].as_i64(), ran.code.map(i64::from), "{object}");
    if campaign.loaded_rows() == 0 {
        assert_eq!(object["status"]["rows"], 0);
    } else {
        let status = campaign.status();
        assert_eq!(object["status"], status);
        assert_eq!(
            (&object["campaign"], &object["mode"]),
            (&status["campaign"], &status["mode"])
        );
    }
    for field in ["reports", "next"] {
        assert!(object.get(field).is_some(), "no {field} in {object}");
    }
    object
}

/// Ten packets, of which two are refused.
fn some_refused() -> Campaign {
    let refused = [3, 7].map(|row| (openid(row), "OPENID_ERROR".to_owned()));
    let settings = Settings {
        scripted: refused.into_iter().collect(),
        ..Settings::default()
    };
    Campaign::with(10, settings)
}

/// Who was refused is one thing, and what became of the others' packets another.
#[test]
fn what_is_left_to_ask_about_is_a_next_step_whoever_was_refused() {
    let campaign = some_refused();
    let ran = campaign.run().exits(3);
    let reconcile = format!(
        "or: hongbao reconcile {}",
        campaign.path("campaign.toml").display()
    );
    ran.says(&["next: hongbao explain OPENID_ERROR", &reconcile]);
    let status = campaign.status();
    let others: Vec<&str> = status["or"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it.as_str())
        .collect();
    assert!(
        others.iter().any(|it| it.contains(" reconcile ")),
        "{status}"
    );
}

#[test]
fn each_object_says_what_status_says_and_how_it_ended() {
    let campaign = some_refused();
    let done = |verb: &str, rest: &[&str], code: i32| {
        let ran = campaign
            .verb(verb, &[rest, &["--json"]].concat())
            .exits(code);
        object(&campaign, verb, &ran)
    };
    let load = done("load", &["--check"], 0);
    assert_eq!(
        (&load["file_rows"], &load["status"]["rows"]),
        (&json!(10), &json!(0))
    );
    let load = done("load", &[], 0);
    assert_eq!(
        (&load["file_rows"], &load["was_loaded"]),
        (&json!(10), &json!(false))
    );
    assert_eq!(load["file_fen"], load["status"]["total_fen"]);
    assert_eq!(done("load", &[], 0)["was_loaded"], true);

    let total = total_yuan(campaign.total_fen());
    let run = ["--live", "--confirm-total", &total];
    let limited = done("run", &[&run[..], &["--max-rows", "2"]].concat(), 5);
    assert_eq!(limited["ended"]["code"], "limits.reached");
    assert!(limited["ended"]["zh"].is_string());
    assert!(
        limited["next"].as_str().unwrap().contains("--max-rows 2"),
        "{limited}"
    );
    let ran = done("run", &run, 3);
    let report = ran["reports"][0].as_str().unwrap();
    assert!(report.ends_with("lantern-report.csv"), "{ran}");
    assert!(ran.get("ended").is_none(), "it came to its end: {ran}");
    assert_eq!(done("run", &run, 3)["ended"]["code"], "run.nothing_to_do");

    let reconciled = done("reconcile", &[], 3);
    let asked = reconciled["asked"].as_u64().unwrap();
    // Each packet once; who is refused, and was asked about today, is not again.
    assert!((8..=10).contains(&asked), "{reconciled}");
    assert_eq!(reconciled["unanswered"], 0);
    campaign.wechat.change(|settings| settings.scripted.clear());
    let fen = [3, 7].map(|row| campaign.owed[row].1).iter().sum();
    let again = total_yuan(fen);
    let reissue = [
        "--code",
        "OPENID_ERROR",
        "--because",
        "mended",
        "--confirm-total",
        &again,
    ];
    let reissued = done("reissue", &reissue, 0);
    assert_eq!(
        reissued["reissued"].as_array().unwrap().len(),
        2,
        "{reissued}"
    );
    assert_eq!(reissued["kept"], json!([]));
    done("run", &run, 0);
    campaign.books_agree();
}

#[test]
fn what_is_taken_back_and_what_stays_is_in_the_object() {
    let campaign = Campaign::of(4);
    campaign.verb("load", &[]).exits(0);
    let id = openid(2);
    let rest = [&*id, "--because", "left the company", "--json"];
    let ran = campaign.verb("withdraw", &rest).exits(0);
    let withdrawn = object(&campaign, "withdraw", &ran);
    let taken = json!({ "count": 1, "fen": campaign.owed[2].1 });
    assert_eq!(
        (&withdrawn["withdrawn"], &withdrawn["kept"]),
        (&taken, &json!([]))
    );
}

#[test]
fn a_command_that_cannot_go_on_says_why_in_its_object() {
    let campaign = Campaign::of(3);
    let ran = campaign.verb("run", &["--json"]).exits(2);
    let object: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&object["verb"], &object["exit"]),
        (&json!("run"), &json!(2))
    );
    assert_eq!(object["error"]["code"], "usage.live_missing");
    assert!(object["error"]["en"].is_string() && object["error"]["zh"].is_string());
    for verb in ["reconcile", "load"] {
        campaign.write("campaign.toml", "");
        let ran = campaign.verb(verb, &["--json"]).exits(7);
        let object: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(object["error"]["exit"], 7, "{object}");
    }
    let because = ["nobody", "--paid", "--because", "x", "--json"];
    let ran = campaign.verb("resolve", &because).exits(7);
    assert!(ran.stdout.starts_with('{'));
}

#[test]
fn stdout_is_for_one_thing() {
    let campaign = Campaign::of(3);
    let total = total_yuan(campaign.total_fen());
    let live = ["--live", "--confirm-total", &total];
    let run = |rest: &[&str]| campaign.verb("run", &[&live[..], rest].concat());
    let ran = run(&["--events", "-", "--json"])
        .exits(2)
        .says(&["give --events a FILE"]);
    assert!(serde_json::from_str::<Value>(&ran.stdout).unwrap()["error"].is_object());
    let file = campaign.path("events");
    let ran = run(&["--events", file.to_str().unwrap(), "--json"]).exits(0);
    object(&campaign, "run", &ran);
    assert!(file.metadata().unwrap().len() > 0);
    // A full disk does not hide how it ended.
    let path = campaign.path("campaign.toml");
    let args = ["reconcile", path.to_str().unwrap(), "--json"];
    let full = ["bash", "-c", "\"$0\" \"$@\" > /dev/full"];
    hongbao_under(&full, &args).wait().exits(1);
}

#[test]
fn a_halt_is_in_the_object_with_its_remedy() {
    let mut settings = Settings::default();
    let rows = (0..20).map(|row| (openid(row), "NO_AUTH".to_owned()));
    settings.scripted = rows.collect();
    let campaign = Campaign::with(20, settings);
    let total = total_yuan(campaign.total_fen());
    let ran = campaign
        .verb("run", &["--live", "--confirm-total", &total, "--json"])
        .exits(11);
    let halted = object(&campaign, "run", &ran);
    assert_eq!(halted["ended"]["code"], "run.halted");
    for part in ["cause", "evidence", "remedy"] {
        assert!(halted["halt"][part]["zh"].is_string(), "{halted}");
    }
    assert!(halted["next"].as_str().unwrap().contains("unpause"));
}
