//! One runner per ledger.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::{Campaign, Child, Ran, hongbao, total_yuan, until};

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
    let holder = format!("(`run` of campaign lantern, process {} on ", run.id());
    for verb in ["load", "reconcile"] {
        campaign
            .verb(verb, &[])
            .exits(8)
            .says(&[&holder, ", since 20"]);
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

/// What a person writes into the campaign file while a run waits for the lock counts.
#[test]
fn a_run_that_waited_for_the_lock_reads_its_campaign_anew() {
    let mut campaign = slow();
    let mut run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 0);
    let total = total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total, "--wait"];
    let waiting = campaign.start("run", &flags);
    until("it waits", || {
        waiting.said("stderr").contains("waiting for it until")
    });
    campaign.set("campaign.budget_yuan", "\"1.00\"");
    run.kill();
    run.wait();
    let sends = campaign.wechat.sends();
    waiting.wait().exits(6);
    assert_eq!(campaign.wechat.sends(), sends);
}

#[test]
fn a_killed_run_holds_nothing() {
    let campaign = slow();
    let mut run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 10);
    run.kill();
    run.wait();
    // What it wrote of itself is still there, and nobody is told to hold the lock.
    let left = fs::read_to_string(campaign.path("hongbao.db.lock")).unwrap();
    assert!(left.contains("\nholder "), "{left}");
    let doctor = campaign.verb("doctor", &[]).stdout;
    assert!(doctor.contains("lock         free"), "{doctor}");
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

/// `hongbao VERB` with a second campaign file, whose ledger is this one.
fn with_ledger(campaign: &mut Campaign, ledger: &str, verb: &str, rest: &[&str]) -> Ran {
    let first = fs::read_to_string(campaign.path("campaign.toml")).unwrap();
    campaign.set("ledger.path", &format!("{ledger:?}"));
    fs::rename(campaign.path("campaign.toml"), campaign.path("second.toml")).unwrap();
    campaign.write("campaign.toml", first);
    let file = campaign.path("second.toml");
    let mut args = vec![verb, file.to_str().unwrap()];
    args.extend(rest);
    hongbao(&args, &[]).wait()
}

fn run_with(campaign: &mut Campaign, ledger: &str) -> Ran {
    let total = total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total];
    with_ledger(campaign, ledger, "run", &flags)
}

#[test]
fn a_run_under_a_second_hard_link_is_held_off_and_later_refused() {
    let mut campaign = slow();
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 0);
    let (ledger, link) = (campaign.path("hongbao.db"), campaign.path("second.db"));
    fs::hard_link(&ledger, &link).unwrap();
    run_with(&mut campaign, "second.db")
        .exits(8)
        .says(&["second.db: another run holds the ledger"]);
    fs::remove_file(&link).unwrap();
    run.wait().exits(0);
    assert_eq!(campaign.wechat.sends(), 120);
    fs::hard_link(&ledger, &link).unwrap();
    for name in ["hongbao.db", "second.db"] {
        run_with(&mut campaign, name)
            .exits(7)
            .says(&[name, "a second name", "-samefile"]);
        for verb in ["load", "reconcile", "status", "report", "pause", "audit"] {
            with_ledger(&mut campaign, name, verb, &[])
                .exits(7)
                .says(&["a second name"]);
        }
    }
    campaign.ledger("adopt", "").exits(7);
    fs::remove_file(link).unwrap();
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 120);
    assert_eq!(campaign.books_agree().count("sent"), 120);
}

#[test]
fn a_symlink_of_the_ledger_leads_to_the_same_lock() {
    let mut campaign = slow();
    fs::create_dir(campaign.path("folder")).unwrap();
    symlink("../hongbao.db", campaign.path("folder/second.db")).unwrap();
    // It leads nowhere yet: the ledger is made where it leads to.
    let second = "folder/second.db";
    with_ledger(&mut campaign, second, "load", &[]).exits(0);
    assert!(campaign.path("hongbao.db").exists());
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 0);
    run_with(&mut campaign, second)
        .exits(8)
        .says(&["hongbao.db.lock"]);
    run.wait().exits(0);
    run_with(&mut campaign, second).exits(0);
    assert_eq!(
        fs::read_dir(campaign.path("folder")).unwrap().count(),
        2,
        "and the report"
    );
    assert_eq!(campaign.wechat.sends(), 120);
    assert_eq!(campaign.books_agree().count("sent"), 120);
}

#[test]
fn a_restore_under_a_symlink_replaces_what_it_leads_to() {
    let mut campaign = Campaign::of(5);
    campaign.verb("load", &[]).exits(0);
    campaign.ledger("backup", "backup.db").exits(0);
    symlink("hongbao.db", campaign.path("second.db")).unwrap();
    campaign.set("ledger.path", "\"second.db\"");
    campaign.ledger("restore", "backup.db").exits(0);
    assert!(campaign.path("second.db").is_symlink());
    campaign.set("ledger.path", "\"hongbao.db\"");
    campaign.run().exits(5);
    campaign.unpause();
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 5);
}

/// Copies the ledger's folder, as somebody does who moves to another machine.
#[test]
fn a_copied_ledger_is_noticed_by_every_verb_that_writes_until_it_is_adopted() {
    let mut campaign = Campaign::of(12);
    campaign.set("ledger.path", "\"here/hongbao.db\"");
    for folder in ["here", "there"] {
        fs::create_dir(campaign.path(folder)).unwrap();
    }
    campaign.verb("load", &[]).exits(0);
    campaign.run().exits(0);
    for entry in fs::read_dir(campaign.path("here")).unwrap() {
        let entry = entry.unwrap();
        let to = campaign.path("there").join(entry.file_name());
        fs::copy(entry.path(), to).unwrap();
    }
    campaign.set("ledger.path", "\"there/hongbao.db\"");
    let sends = campaign.wechat.sends();
    let id = campaign.owed[0].0.clone();
    let adopt = format!(
        "`hongbao ledger adopt {}`",
        campaign.path("campaign.toml").display()
    );
    for (verb, rest) in [
        ("load", vec![]),
        ("reconcile", vec![]),
        ("pause", vec![]),
        ("unpause", vec![]),
        ("resolve", vec![&*id, "--paid", "--because", "seen"]),
    ] {
        campaign
            .verb(verb, &rest)
            .exits(11)
            .says(&["this is a copy", &adopt]);
    }
    campaign.run().exits(11);
    for verb in ["status", "report", "plan", "audit"] {
        campaign.verb(verb, &[]).exits(0);
    }
    assert_eq!(campaign.count("sent"), 12);
    campaign
        .ledger("adopt", "")
        .exits(0)
        .says(&["must not be used any more", "paused"]);
    campaign.run().exits(5).says(&["hongbao unpause "]);
    campaign.unpause();
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), sends);
    assert_eq!(campaign.books_agree().count("sent"), 12);
}

/// As at the next start of a container, whose volume is found under another name.
#[test]
fn a_ledger_whose_folder_was_renamed_goes_on() {
    let mut campaign = Campaign::of(5);
    fs::create_dir(campaign.path("here")).unwrap();
    campaign.set("ledger.path", "\"here/hongbao.db\"");
    campaign.verb("load", &[]).exits(0);
    fs::rename(campaign.path("here"), campaign.path("there")).unwrap();
    campaign.set("ledger.path", "\"there/hongbao.db\"");
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 5);
}

#[test]
fn a_run_whose_ledger_is_moved_away_stops() {
    let campaign = slow();
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 0);
    let (ledger, away) = (campaign.path("hongbao.db"), campaign.path("away.db"));
    fs::rename(&ledger, &away).unwrap();
    fs::copy(&away, &ledger).unwrap();
    run.wait()
        .exits(1)
        .says(&["the ledger was moved or replaced"]);
    assert!(campaign.wechat.sends() < 120);
    fs::rename(&away, &ledger).unwrap();
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 120);
}
