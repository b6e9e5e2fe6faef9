//! One runner per ledger.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use support::{Campaign, Child, until};

/// A campaign that takes a few seconds.
fn slow() -> Campaign {
    let mut campaign = Campaign::of(120);
    campaign.set("pace.per_second", "40");
    campaign
}

#[test]
fn of_eight_runs_at_once_one_works_and_the_others_exit_8() {
    let campaign = slow();
    let runs: Vec<Child> = (0..8).map(|_| campaign.start_run()).collect();
    let ran: Vec<_> = runs.into_iter().map(Child::wait).collect();
    let ended = |code| ran.iter().filter(|ran| ran.code == Some(code)).count();
    assert_eq!((ended(0), ended(8)), (1, 7), "{ran:?}");
    for held in ran.iter().filter(|ran| ran.code == Some(8)) {
        assert!(held.stderr.contains("another run holds the ledger"));
    }
    assert_eq!(campaign.wechat.sends(), 120);
    assert_eq!(campaign.books_agree().count("sent"), 120);
}

#[test]
fn verbs_that_write_are_held_off_and_verbs_that_read_are_not() {
    let campaign = slow();
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 0);
    for verb in ["load", "reconcile"] {
        campaign.verb(verb, &[]).exits(8);
    }
    let id = &campaign.owed[0].0;
    campaign
        .verb("resolve", &[id, "--paid", "--because", "seen"])
        .exits(8);
    for (verb, rest) in [
        ("status", ""),
        ("report", ""),
        ("plan", ""),
        ("show", &**id),
    ] {
        let rest: Vec<&str> = [rest].into_iter().filter(|word| !word.is_empty()).collect();
        campaign.verb(verb, &rest).exits(0);
    }
    run.wait().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 120);
}

#[test]
fn a_killed_run_holds_nothing() {
    let campaign = slow();
    let mut run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 10);
    run.kill();
    run.wait();
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 120);
}

#[test]
fn a_run_whose_lock_file_is_taken_away_stops() {
    let campaign = slow();
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 0);
    let is_lock = |name: &std::ffi::OsStr| name.to_string_lossy().ends_with(".lock");
    let files = std::fs::read_dir(campaign.dir()).unwrap();
    let lock = files
        .map(Result::unwrap)
        .find(|file| is_lock(&file.file_name()));
    std::fs::remove_file(lock.unwrap().path()).unwrap();
    run.wait().exits(1).says(&["lock file"]);
    assert!(campaign.wechat.sends() < 120);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 120);
}
