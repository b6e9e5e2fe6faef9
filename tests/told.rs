//! What a process tells on stderr: in which form, how much, and how far it is.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use hongbao::simulator::Settings;
use serde_json::Value;

use crate::support::{Campaign, Ran, hongbao, openid, total_yuan, until};

/// The objects on stderr.
#[track_caller]
fn told(ran: &Ran) -> Vec<Value> {
    objects(&ran.stderr)
}

#[track_caller]
fn objects(stderr: &str) -> Vec<Value> {
    let read = |line: &str| -> Value {
        let object: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(object["at"].as_str().unwrap().ends_with("+08:00"), "{line}");
        assert!(object["level"].is_string(), "{line}");
        object
    };
    stderr.lines().map(read).collect()
}

/// The arguments of a live run, and more.
fn live<'a>(total: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["--live", "--confirm-total", total], more].concat()
}

const JSON: [&str; 2] = ["--log-format", "json"];

#[test]
fn every_line_of_stderr_is_an_object_that_says_it_in_both_languages() {
    let settings = Settings {
        scripted: [(openid(3), "OPENID_ERROR".to_owned())].into(),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(12, settings);
    campaign.set("pace.per_second", "6");
    campaign.set("log.progress_seconds", "1");
    let total = total_yuan(campaign.total_fen());
    let ran = campaign.verb("run", &live(&total, &JSON)).exits(3);
    let objects = told(&ran);
    let mode = &objects[0];
    assert_eq!(mode["code"], "mode.live");
    assert!(
        mode["en"].is_string() && mode["zh"].as_str().unwrap().contains("真实"),
        "{mode}"
    );
    let next = objects
        .iter()
        .find(|it| it["code"] == "next.command")
        .unwrap();
    assert!(
        next["en"].as_str().unwrap().contains("hongbao explain"),
        "{next}"
    );
    let progress: Vec<&Value> = objects.iter().map(|it| &it["progress"]).collect();
    let progress = progress.iter().find(|it| it.is_object()).unwrap();
    assert_eq!(
        (&progress["campaign"], &progress["total"]),
        (&"lantern".into(), &12.into())
    );
    for field in ["done", "refused", "unresolved", "sends", "queries"] {
        assert!(progress[field].is_u64(), "{progress}");
    }
    assert_eq!(progress["owed_yuan"], total.as_str());
    assert!(progress["paid_yuan"].is_string(), "{progress}");
    campaign.books_agree();
}

#[test]
fn an_error_has_its_code_both_languages_its_exit_code_and_the_next_command() {
    let campaign = Campaign::of(3);
    let total = total_yuan(campaign.total_fen());
    let is_error = |ran: &Ran, code: &str, next: &str| {
        let error = told(ran).pop().unwrap();
        assert_eq!(
            (&error["level"], &error["code"]),
            (&"error".into(), &code.into())
        );
        let [en, zh] = ["en", "zh"].map(|lang| error[lang].as_str().unwrap().to_owned());
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        assert!(!en.is_empty() && !is_chinese(&en), "{en}");
        assert!(is_chinese(&zh), "{zh}");
        assert_eq!(error["exit"].as_i64(), ran.code.map(i64::from), "{error}");
        assert!(error["next"].as_str().unwrap().starts_with(next), "{error}");
    };
    let ran = campaign.verb("run", &live("0.01", &JSON)).exits(2);
    is_error(&ran, "usage.total_differs", "hongbao help run");
    let ran = campaign
        .verb("show", &["nobody", "--log-format=json"])
        .exits(2);
    is_error(&ran, "usage.no_ledger", "hongbao load --check");
    let ran = campaign
        .verb("run", &["--no-such-flag", JSON[0], JSON[1]])
        .exits(2);
    is_error(&ran, "usage.not_parsed", "hongbao help");
    // stdout has its one document also where what was typed cannot be parsed.
    let ran = campaign
        .verb("load", &["--json", "--no-such-flag"])
        .exits(2);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&document["verb"], &document["exit"]),
        (&"load".into(), &2.into())
    );
    assert_eq!(document["error"]["code"], "usage.not_parsed");
    assert!(ran.stderr.contains("--no-such-flag"), "{}", ran.stderr);
    campaign.write("recipients.csv", "openid,amount_fen\noTest,1\n");
    let ran = campaign.verb("run", &live(&total, &JSON)).exits(6);
    is_error(&ran, "recipients.refused", "hongbao load --check");
    campaign.write("campaign.toml", "[campaign]\nid = 7\n");
    let ran = campaign.verb("run", &JSON).exits(7);
    is_error(&ran, "config.refused", "hongbao doctor");
}

#[test]
fn a_quiet_run_says_nothing_but_what_somebody_should_look_at() {
    let mut campaign = Campaign::of(5);
    let total = total_yuan(campaign.total_fen());
    let ran = campaign.verb("run", &live(&total, &["-q"])).exits(0);
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.contains("-report.csv"));
    let ran = campaign.verb("run", &live("0.01", &["-q"])).exits(2);
    assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    // A halt is no silence.
    let rows = (0..20).map(|row| (openid(row), "NO_AUTH".to_owned()));
    let settings = Settings {
        scripted: rows.collect(),
        ..Settings::default()
    };
    campaign = Campaign::with(20, settings);
    let total = total_yuan(campaign.total_fen());
    let ran = campaign.verb("run", &live(&total, &["-q"])).exits(11);
    ran.says(&["halted", "remedy"]);
    let ran = campaign.verb("status", &["-q", "-v"]).exits(2);
    ran.says(&["cannot be used with"]);
}

#[test]
fn sigusr1_asks_how_far_it_is_and_ends_nothing() {
    let mut campaign = Campaign::of(60);
    campaign.set("pace.per_second", "20");
    campaign.set("log.progress_seconds", "3600");
    let total = total_yuan(campaign.total_fen());
    let run = campaign.start("run", &live(&total, &JSON));
    until("it sends", || campaign.wechat.sends() > 5);
    assert!(!run.said("stderr").contains("progress"));
    run.signal("USR1");
    until("it tells", || run.said("stderr").contains("progress"));
    let ran = run.wait().exits(0);
    let asked = told(&ran)
        .into_iter()
        .filter(|it| it["progress"].is_object());
    assert_eq!(asked.count(), 1);
    // Off a terminal, for people: one line.
    let reconcile = campaign.start("reconcile", &[]);
    reconcile.signal("CONT");
    reconcile.wait().exits(0);
    campaign.books_agree();
}

#[test]
fn verbs_log_more_where_they_are_asked_to() {
    let campaign = Campaign::of(3);
    let total = total_yuan(campaign.total_fen());
    let ran = campaign
        .verb("run", &live(&total, &["-vv", JSON[0], JSON[1]]))
        .exits(0);
    let logs: Vec<Value> = told(&ran)
        .into_iter()
        .filter(|it| it["target"].is_string())
        .collect();
    let messages: Vec<&str> = logs
        .iter()
        .filter_map(|it| it["message"].as_str())
        .collect();
    assert!(messages.contains(&"committed") && messages.contains(&"a connection is open"));
    let answers = logs.iter().filter(|it| it["message"] == "answered");
    let spans = answers.filter_map(|it| it["spans"][0].as_str());
    assert_eq!(
        spans.filter(|it| it.contains("send")).count(),
        3,
        "{logs:?}"
    );
    let help = hongbao(&["--help"], &[]).wait().exits(0);
    for option in ["--log-format", "--quiet", "--verbose"] {
        assert!(help.stdout.contains(option), "{option}");
    }
}

#[test]
fn a_log_that_nobody_understands_is_named_and_a_run_that_waits_tells_so_again() {
    let mut campaign = Campaign::of(3);
    let odd = [("HONGBAO_LOG", "hongbao=loudly")];
    let ran = campaign.start_at("plan", &[], &odd).wait().exits(0);
    ran.says(&["HONGBAO_LOG", "nothing is logged"]);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.set("schedule.start_at", "\"2099-01-01T00:00:00+08:00\"");
    let run = campaign.start("run", &["--wait"]);
    let waiting = |run: &crate::support::Child| run.said("stderr").matches("2099").count();
    until("it waits", || waiting(&run) > 0);
    let before = waiting(&run);
    run.signal("USR1");
    until("it says so again", || waiting(&run) > before);
    run.signal("TERM");
    run.wait().exits(143);
}
