//! A backup is whole, and an older one put back asks before it sends.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::fs;

use hongbao::simulator::{FaultName, Faults, Settings};
use rusqlite::Connection;
use support::{Campaign, Ran, hongbao, total_yuan, until};

/// A campaign of 40 packets, a backup of it before the first send, and its end.
fn paid_after_the_backup() -> Campaign {
    let campaign = Campaign::of(40);
    campaign.verb("load", &[]).exits(0);
    back_up(&campaign, "backup.db");
    campaign.run().exits(0);
    campaign
}

/// `hongbao ledger ACTION`, with a file beside the campaign's.
fn ledger(campaign: &Campaign, action: &str, name: &str) -> Ran {
    let (toml, file) = (campaign.path("campaign.toml"), campaign.path(name));
    let paths = [&toml, &file].map(|path| path.to_str().unwrap());
    hongbao(&["ledger", action, paths[0], paths[1]], &[]).wait()
}

fn back_up(campaign: &Campaign, name: &str) {
    ledger(campaign, "backup", name).exits(0);
}

fn restore(campaign: &Campaign, name: &str) -> Ran {
    ledger(campaign, "restore", name)
}

/// Loads the campaign and runs it to its end, with a backup while it runs.
fn back_up_beside_a_run(campaign: &mut Campaign) {
    campaign.set("pace.per_second", "100");
    campaign.verb("load", &[]).exits(0);
    let run = campaign.start_run();
    until("some are sent", || campaign.wechat.sends() > 20);
    back_up(campaign, "beside.db");
    assert_eq!(run.wait().code, Some(0));
}

#[test]
fn after_a_restore_everything_open_is_asked_about_before_it_is_sent() {
    let campaign = paid_after_the_backup();
    let sends = campaign.wechat.sends();
    let said = restore(&campaign, "backup.db").exits(0);
    assert!(said.stderr.contains("40 packets"), "{}", said.stderr);
    assert_eq!(campaign.count("in_doubt"), 40);
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), sends + 40, "for the packages");
    assert!(campaign.wechat.queries() >= 40);
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), 40);
}

#[test]
fn what_was_never_sent_is_sent_after_its_question() {
    let campaign = Campaign::of(12);
    campaign.verb("load", &[]).exits(0);
    back_up(&campaign, "backup.db");
    restore(&campaign, "backup.db").exits(0);
    let asked = campaign.wechat.queries();
    campaign.run().exits(0);
    assert!(campaign.wechat.queries() >= asked + 12);
    assert_eq!(campaign.wechat.sends(), 12);
    assert_eq!(campaign.books_agree().count("sent"), 12);
}

#[test]
fn a_limited_run_of_a_restored_copy_is_followed_by_another_such_run() {
    let campaign = Campaign::of(12);
    campaign.verb("load", &[]).exits(0);
    back_up(&campaign, "backup.db");
    restore(&campaign, "backup.db").exits(0);
    let total = total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total, "--max-rows", "5"];
    let ran = campaign.verb("run", &flags).exits(4);
    ran.says(&["stopped at --max-rows 5: 7 packets", " --max-rows 5\n"]);
    assert_eq!(campaign.wechat.sends(), 5);
}

#[test]
fn the_ledger_that_was_replaced_is_kept_whole() {
    let campaign = paid_after_the_backup();
    restore(&campaign, "backup.db").exits(0);
    let kept = fs::read_dir(campaign.dir()).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        let is_kept = path.to_str().unwrap().contains(".replaced-");
        is_kept.then_some(path)
    });
    let conn = Connection::open(kept.unwrap()).unwrap();
    let sql = "SELECT count(*) FROM bill WHERE state = 'sent'";
    let sent: i64 = conn.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(sent, 40);
}

#[test]
fn a_backup_beside_a_run_is_whole() {
    let settings = Settings {
        faults: Faults::none().with(FaultName::LostAfter, 0.1),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(400, settings);
    back_up_beside_a_run(&mut campaign);
    restore(&campaign, "beside.db").exits(0);
    campaign.run();
    campaign.books_agree();
}

#[test]
fn a_copy_that_somebody_put_in_place_is_not_sent_from() {
    let campaign = paid_after_the_backup();
    for side in ["hongbao.db-wal", "hongbao.db-shm"] {
        let _ = fs::remove_file(campaign.path(side));
    }
    fs::copy(campaign.path("backup.db"), campaign.path("hongbao.db")).unwrap();
    let sends = campaign.wechat.sends();
    let said = campaign.run().exits(11);
    assert!(said.stderr.contains("ledger restore"), "{}", said.stderr);
    assert_eq!(campaign.wechat.sends(), sends);
    restore(&campaign, "hongbao.db").exits(0);
    campaign.run().exits(0);
    campaign.books_agree();
}

/// A backup of the run that still goes on has that run's epoch.
#[test]
fn a_backup_beside_a_run_that_is_put_in_place_by_hand_is_noticed() {
    let mut campaign = Campaign::of(300);
    back_up_beside_a_run(&mut campaign);
    for name in [
        "hongbao.db",
        "hongbao.db-wal",
        "hongbao.db-shm",
        "hongbao.db.lock",
    ] {
        let _ = fs::remove_file(campaign.path(name));
    }
    fs::copy(campaign.path("beside.db"), campaign.path("hongbao.db")).unwrap();
    let sends = campaign.wechat.sends();
    campaign.run().exits(11).says(&["ledger restore"]);
    assert_eq!(campaign.wechat.sends(), sends);
    restore(&campaign, "hongbao.db").exits(0);
    campaign.run();
    campaign.books_agree();
}

#[test]
fn a_backup_that_is_damaged_or_strange_is_refused_and_nothing_changes() {
    let campaign = paid_after_the_backup();
    let before = campaign.status();
    let conn = Connection::open(campaign.path("backup.db")).unwrap();
    conn.execute_batch("UPDATE bill SET amount_fen = amount_fen + 1 WHERE bill = 7")
        .unwrap();
    drop(conn);
    let said = restore(&campaign, "backup.db").exits(11);
    assert!(said.stderr.contains("bill 7"), "{}", said.stderr);
    restore(&campaign, "nothing.db").exits(1);
    campaign.write("empty.db", "");
    restore(&campaign, "empty.db").exits(2);
    campaign.write("text.db", "this is no database at all, only text");
    restore(&campaign, "text.db").exits(1);
    ledger(&campaign, "backup", "backup.db").exits(2);
    assert_eq!(campaign.status(), before);
    campaign.books_agree();
}

#[test]
fn a_limit_of_a_run_holds_for_what_a_restored_copy_never_sent() {
    let mut campaign = Campaign::of(12);
    campaign.set("retry.linger_seconds", "5");
    campaign.verb("load", &[]).exits(0);
    back_up(&campaign, "backup.db");
    restore(&campaign, "backup.db").exits(0);
    let total = total_yuan(campaign.total_fen());
    let run = |limit: &str, count: &str, code| {
        let flags = ["--live", "--confirm-total", &total, limit, count];
        campaign.verb("run", &flags).exits(code)
    };
    run("--max-rows", "3", 4).says(&["stopped at --max-rows 3: 9 packets"]);
    assert_eq!((campaign.wechat.sends(), campaign.count("sent")), (3, 3));
    run("--canary", "2", 4).says(&["all 2 are paid", "stopped at --canary 2: 7 packets"]);
    assert_eq!((campaign.wechat.sends(), campaign.count("sent")), (5, 5));
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 12);
}

/// As its source has it.
const LITESTREAM: &str = "
    CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);
    INSERT INTO _litestream_seq VALUES (1, 7);
    CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER);";

#[test]
fn a_ledger_that_litestream_copies_is_used_audited_backed_up_and_restored() {
    let campaign = Campaign::of(4);
    campaign.verb("load", &[]).exits(0);
    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    conn.execute_batch(LITESTREAM).unwrap();
    drop(conn);
    campaign.verb("audit", &[]).exits(0);
    campaign.run().exits(0);
    back_up(&campaign, "backup.db");
    restore(&campaign, "backup.db").exits(0);
    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%litestream%'";
    let left: i64 = conn.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "what copies the original does not copy this one");
    drop(conn);
    campaign.verb("audit", &[]).exits(0);
}

#[test]
fn a_ledger_with_a_table_of_somebody_elses_is_refused_in_both_languages() {
    let campaign = Campaign::of(4);
    campaign.verb("load", &[]).exits(0);
    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    conn.execute_batch("CREATE TABLE theirs (id INTEGER)")
        .unwrap();
    drop(conn);
    let said = campaign.run().exits(11);
    said.says(&[
        "the table theirs",
        "hongbao audit",
        "hongbao ledger restore",
    ]);
    let zh = campaign.verb("pause", &["--because", "x", "--lang", "zh"]);
    zh.exits(11).says(&["theirs", "hongbao ledger restore"]);
    campaign.verb("status", &[]).exits(0);
    assert_eq!(campaign.wechat.sends(), 0);
}
