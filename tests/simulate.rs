//! `hongbao simulate`: the stand-in on its own, for whoever develops the mini-program.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;

use hongbao::simulator::Books;

use crate::support::{Campaign, Child, hongbao, hongbao_under, until};

/// Starts it and gives its URL.
fn simulate(dir: &Path, rest: &[&str]) -> (Child, String) {
    let mut args = vec!["simulate", "--dir", dir.to_str().unwrap()];
    args.extend(rest);
    let child = hongbao(&args, &[]);
    until("it says where it is", || {
        child.said("stdout").ends_with('\n')
    });
    let url = child.said("stdout").trim_end().to_owned();
    (child, url)
}

/// A live campaign against the stand-in whose files are in its secrets.
fn against(url: &str) -> Campaign {
    let mut campaign = Campaign::of(100);
    campaign.set("gateway.base_url", &format!("{url:?}"));
    campaign.set("retry.linger_seconds", "10");
    for file in std::fs::read_dir(campaign.path("secrets")).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    campaign
}

fn books(campaign: &Campaign) -> Books {
    Books::read(&campaign.path("secrets/books.jsonl"), 0).unwrap()
}

#[test]
fn a_live_campaign_runs_against_it_with_the_files_it_wrote() {
    let mut campaign = against("https://127.0.0.1:1");
    let dir = campaign.path("secrets");
    let flags = [
        "--fault",
        "lost_after=0.1",
        "--fault",
        "no_package=0.05",
        "--seed",
        "3",
    ];
    let (simulator, url) = simulate(&dir, &flags);
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    campaign.set("gateway.base_url", &format!("{url:?}"));
    campaign.run().exits(0);
    assert_eq!(campaign.agrees_with(&books(&campaign)).count("sent"), 100);
    simulator.signal("INT");
    let ran = simulator.wait().exits(130);
    assert_eq!(ran.stdout.lines().count(), 1);
}

#[test]
fn its_books_go_on_where_they_were_cut_off() {
    let mut campaign = against("https://127.0.0.1:1");
    campaign.set("pace.per_second", "50");
    let dir = campaign.path("secrets");
    let (mut simulator, url) = simulate(&dir, &[]);
    campaign.set("gateway.base_url", &format!("{url:?}"));
    let run = campaign.start_run();
    let has_books = || campaign.path("secrets/books.jsonl").exists();
    until("some are paid", || {
        has_books() && books(&campaign).paid_packets > 20
    });
    simulator.kill();
    simulator.wait();
    run.signal("TERM");
    run.wait();
    let address = url.strip_prefix("https://").unwrap();
    let (simulator, again) = simulate(&dir, &["--listen", address]);
    assert_eq!(again, url);
    campaign.set("pace.per_second", "0");
    campaign.run().exits(0);
    assert_eq!(campaign.agrees_with(&books(&campaign)).count("sent"), 100);
    simulator.signal("TERM");
    simulator.wait().exits(143);
}

/// The bills that it writes are those that it gives, and a merchant's own is left alone.
#[test]
fn its_fund_flow_bills_match_and_planted_breaks_are_named() {
    let mut campaign = against("https://127.0.0.1:1");
    let dir = campaign.path("secrets");
    let bills = campaign.path("bills");
    let flags = ["--fund-flow", bills.to_str().unwrap(), "--breaks"];
    let (simulator, url) = simulate(&dir, &flags);
    campaign.set("gateway.base_url", &format!("{url:?}"));
    campaign.run().exits(0);
    simulator.signal("INT");
    simulator
        .wait()
        .exits(130)
        .says(&["planted: missing_in_ledger"]);
    let planted = std::fs::read_to_string(bills.join("breaks.json")).unwrap();
    let planted: serde_json::Value = serde_json::from_str(&planted).unwrap();
    let files = || {
        std::fs::read_dir(&bills)
            .unwrap()
            .map(|it| it.unwrap().path())
    };
    let files: Vec<_> = files()
        .filter(|it| it.extension().unwrap() == "csv")
        .collect();
    let mut args = vec!["--no-queries", "--json", "--fund-flow"];
    args.extend(files.iter().map(|it| it.to_str().unwrap()));
    let found = campaign.verb("reconcile", &args);
    let found: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
    for it in planted.as_array().unwrap() {
        let same = |other: &&serde_json::Value| {
            other["type"] == it["type"] && other["mch_billno"] == it["mch_billno"]
        };
        let count = found["breaks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(same)
            .count();
        assert_eq!(count, 1, "{it}");
    }
    // Nobody has claimed a packet yet, and nothing has come back.
    assert_eq!(planted.as_array().unwrap().len(), 5);
    assert_eq!(
        found["breaks"].as_array().unwrap().len(),
        planted.as_array().unwrap().len()
    );

    std::fs::write(&files[0], "somebody's own").unwrap();
    let args = ["simulate", "--dir", dir.to_str().unwrap()];
    let args = [&args[..], &flags].concat();
    hongbao(&args, &[])
        .wait()
        .exits(2)
        .says(&["no bill of a simulator"]);
    assert_eq!(
        std::fs::read_to_string(&files[0]).unwrap(),
        "somebody's own"
    );
}

/// Files that may not grow beyond 40 KiB: books of some 20 packets.
const SMALL_DISK: [&str; 3] = ["bash", "-c", "ulimit -f 40; exec \"$0\" \"$@\""];

#[test]
fn books_that_cannot_be_written_end_it_with_their_fault() {
    let mut campaign = against("https://127.0.0.1:1");
    campaign.set("retry.linger_seconds", "2");
    let dir = campaign.path("secrets");
    let simulator = hongbao_under(&SMALL_DISK, &["simulate", "--dir", dir.to_str().unwrap()]);
    until("it says where it is", || {
        simulator.said("stdout").ends_with('\n')
    });
    let url = simulator.said("stdout").trim_end().to_owned();
    campaign.set("gateway.base_url", &format!("{url:?}"));
    campaign.run();
    let ran = simulator.wait().exits(1);
    let path = dir.join("books.jsonl").display().to_string();
    let told = format!("the simulator's books {path}: File too large");
    assert_eq!(ran.stderr.matches(&told).count(), 1, "{}", ran.stderr);
}

/// Of a run with a simulator of its own: the real host has no part in it.
#[test]
fn a_run_whose_simulator_fails_says_so_and_blames_nobody_else() {
    let mut campaign = Campaign::of(100);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.set("gateway.base_url", "\"https://api.mch.weixin.qq.com\"");
    campaign.set("pace.per_second", "50");
    campaign.set("retry.linger_seconds", "2");
    let path = campaign.path("hongbao.simulator.jsonl");
    let run = campaign.start("run", &[]);
    until("some are paid", || {
        path.exists() && Books::read(&path, 0).unwrap().paid_packets > 5
    });
    std::fs::rename(&path, campaign.path("aside.jsonl")).unwrap();
    let ran = run.wait();
    let told = format!("the simulator's books {} were moved", path.display());
    assert_eq!(ran.stderr.matches(&told).count(), 1, "{}", ran.stderr);
    assert!(!ran.stderr.contains("weixin"), "{}", ran.stderr);
    ran.says(&["https://127.0.0.1:"]);
}

/// As a run with a simulator of its own does: here the bill of the next day is looked at.
#[test]
fn its_clock_is_set_as_that_of_a_run_in_simulator_mode() {
    let mut campaign = against("https://127.0.0.1:1");
    let dir = campaign.path("secrets");
    let (simulator, url) = simulate(&dir, &[]);
    campaign.set("gateway.base_url", &format!("{url:?}"));
    campaign.run().exits(0);
    simulator.signal("TERM");
    simulator.wait().exits(143);

    let bills = campaign.path("bills");
    let later = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48)).to_string();
    let dir = dir.to_str().unwrap();
    let args = [
        "simulate",
        "--dir",
        dir,
        "--fund-flow",
        bills.to_str().unwrap(),
    ];
    let simulator = hongbao(&args, &[("HONGBAO_SIMULATED_NOW", &later)]);
    until("it says where it is", || {
        simulator.said("stdout").ends_with('\n')
    });
    simulator.signal("TERM");
    simulator.wait().exits(143).says(&["2 fund-flow bills"]);
    hongbao(&args, &[("HONGBAO_SIMULATED_NOW", "later")])
        .wait()
        .exits(2)
        .says(&["HONGBAO_SIMULATED_NOW"]);
}

#[test]
fn a_fault_that_does_not_exist_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    for (fault, says) in [("lost=1", "lost_before"), ("lost_after=2", "rate")] {
        let args = ["simulate", "--dir", path, "--fault", fault];
        hongbao(&args, &[]).wait().exits(2).says(&[says]);
    }
}
