//! A slip in `ledger.path` or in the campaign's id is told of, and leaves no ledger behind.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::fs;

use crate::support::{Campaign, Case, hongbao};

/// Every file of a campaign's folder.
fn files(campaign: &Campaign) -> BTreeSet<String> {
    let entries = fs::read_dir(campaign.dir()).unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    entries.map(|entry| name(entry.unwrap())).collect()
}

/// Verbs that look, or that need packets.
const LOOKING: &[(&str, &[&str])] = &[
    ("status", &[]),
    ("status", &["--json"]),
    ("status", &["--watch"]),
    ("report", &[]),
    ("report", &["--format", "json"]),
    ("audit", &[]),
    ("show", &["x"]),
    ("claims", &["--unclaimed"]),
    ("reconcile", &[]),
    ("pause", &[]),
    ("unpause", &[]),
    ("resolve", &["x", "--paid", "--because", "y"]),
    ("reissue", &["x", "--because", "y"]),
    ("withdraw", &["x", "--because", "y"]),
];

#[test]
fn a_verb_that_needs_packets_makes_no_ledger_and_says_that_there_is_none() {
    let campaign = Campaign::of(3);
    let before = files(&campaign);
    for (verb, rest) in LOOKING {
        let ran = campaign.verb(verb, rest).exits(2);
        let path = campaign.path("hongbao.db");
        let there_is = format!("there is no ledger {}", path.display());
        ran.says(&["campaign lantern is not loaded yet", &there_is, "load"]);
    }
    let copy = campaign.path("copy.db");
    let backup = ["ledger", "backup", "campaign.toml", copy.to_str().unwrap()];
    let toml = campaign.path("campaign.toml");
    let backup = backup.map(|word| {
        if word == "campaign.toml" {
            toml.to_str().unwrap()
        } else {
            word
        }
    });
    hongbao(&backup, &[])
        .wait()
        .exits(2)
        .says(&["there is no ledger"]);
    campaign.verb("plan", &[]).exits(0);
    campaign.verb("load", &["--check"]).exits(0);
    assert_eq!(files(&campaign), before);
}

#[test]
fn a_wrong_id_names_the_campaigns_that_there_are() {
    let mut campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.id", "\"lantren\"");
    let before = files(&campaign);
    for (verb, rest) in LOOKING {
        let ran = campaign.verb(verb, rest).exits(2);
        ran.says(&[
            "campaign lantren is not loaded yet",
            "hongbao.db has lantern",
        ]);
    }
    let ran = campaign.verb("status", &["--lang", "zh"]).exits(2);
    ran.says(&["活动 lantren 尚未载入名单", "中的活动有 lantern"]);
    assert_eq!(files(&campaign), before);
}

#[test]
fn a_rehearsal_is_told_that_the_live_ledger_has_the_campaign() {
    let mut campaign = Campaign::of(3);
    campaign.run().exits(0);
    campaign.set("gateway.mode", "\"simulator\"");
    let before = files(&campaign);
    let words = ["there is no ledger", "hongbao.db, has the campaign (mode"];
    campaign.verb("status", &[]).exits(2).says(&words);
    assert_eq!(files(&campaign), before);
}

#[test]
fn what_is_refused_leaves_no_ledger_behind() {
    let mut campaign = Campaign::of(3);
    let before = files(&campaign);
    let list = fs::read(campaign.path("recipients.csv")).unwrap();
    let refused = |campaign: &Campaign, verb: &str, rest: &[&str], code: i32| {
        campaign.verb(verb, rest).exits(code);
        let mut after = files(campaign);
        after.retain(|name| !name.contains("rejects"));
        assert_eq!(after, before, "{verb} {rest:?}");
    };
    // A list at fault, one that is not there, a total that nobody confirmed, a budget.
    campaign.write("recipients.csv", "openid,amount_fen\nx,1\n");
    refused(&campaign, "load", &[], 6);
    refused(&campaign, "run", &["--live", "--confirm-total", "1"], 6);
    campaign.write("recipients.csv", &list);
    refused(&campaign, "load", &["/no/such/list.csv"], 6);
    refused(&campaign, "run", &[], 2);
    refused(&campaign, "run", &["--live", "--confirm-total", "1"], 2);
    campaign.set("campaign.budget_yuan", "\"1.00\"");
    refused(&campaign, "load", &[], 6);
    campaign.set("campaign.budget_yuan", "\"1000.00\"");
    let events = campaign.path("events");
    let far = [
        "--live",
        "--events",
        events.to_str().unwrap(),
        "--events-from",
        "9",
    ];
    refused(&campaign, "run", &far, 2);
    // What was loaded stays, and so does a ledger that was there before.
    campaign.verb("load", &[]).exits(0);
    campaign.write("recipients.csv", "openid,amount_fen\nx,1\n");
    campaign.set("campaign.id", "\"second\"");
    campaign.verb("load", &[]).exits(6);
    campaign.set("campaign.id", "\"lantern\"");
    assert_eq!(campaign.status()["rows"], 3);
}

#[test]
fn a_lock_file_that_remembers_a_lost_ledger_stays() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    for file in ["hongbao.db", "hongbao.db-wal", "hongbao.db-shm"] {
        let _ = fs::remove_file(campaign.path(file));
    }
    let lock = fs::read_to_string(campaign.path("hongbao.db.lock")).unwrap();
    let epoch = |lock: &str| {
        let mut lines = lock.lines().map(str::to_owned);
        lines.find(|line| line.starts_with("epoch ")).unwrap()
    };
    campaign.write("recipients.csv", "openid,amount_fen\nx,1\n");
    campaign.verb("load", &[]).exits(11).says(&["ledger adopt"]);
    assert!(!campaign.path("hongbao.db").exists());
    let after = fs::read_to_string(campaign.path("hongbao.db.lock")).unwrap();
    assert_eq!(epoch(&after), epoch(&lock));
}

#[test]
fn a_run_in_simulator_mode_that_is_refused_leaves_nothing_either() {
    let case = Case::of("35");
    fs::write(case.path("list.csv"), "openid,amount_yuan\nx,1\n").unwrap();
    case.verb("run", &[]).exits(6);
    case.verb("status", &[])
        .exits(2)
        .says(&["there is no ledger"]);
    let left = fs::read_dir(case.path("")).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let left: Vec<String> = left.filter(|name| name.contains("hongbao")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// As a load leaves one that was killed.
#[test]
fn a_ledger_without_a_campaign_does_not_look_like_one_in_order() {
    let mut campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    let path = campaign.path("empty.db");
    campaign.set("ledger.path", "\"empty.db\"");
    let toml = campaign.path("campaign.toml");
    let adopt = ["ledger", "adopt", toml.to_str().unwrap()];
    hongbao(&adopt, &[]).wait().exits(0);
    let words = ["empty.db is there, and nothing is loaded into it"];
    campaign.verb("plan", &[]).exits(0).says(&words);
    let ran = campaign.verb("doctor", &["--lang", "zh"]).exits(0);
    let told = "empty.db 已存在，但其中没有任何活动";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
    campaign
        .verb("status", &[])
        .exits(2)
        .says(&["nothing was loaded into"]);
    let list = |path: &std::path::Path| {
        let ran = hongbao(&["list", path.to_str().unwrap()], &[]);
        ran.wait().exits(0).says(&words)
    };
    list(&path);
    for file in ["campaign.toml", "hongbao.db"] {
        fs::remove_file(campaign.path(file)).unwrap();
    }
    let ran = list(campaign.dir());
    assert!(!ran.stderr.contains("no ledger"), "{}", ran.stderr);
}
