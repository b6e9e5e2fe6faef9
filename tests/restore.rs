//! A backup is whole, and an older one put back asks before it sends.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use hongbao::simulator::{FaultName, FaultRates, Settings};
use rusqlite::Connection;

use crate::support::{Campaign, Ran, hongbao, openid, total_yuan, until};

/// A campaign of 40 packets, a backup of it before the first send, and its end.
fn paid_after_the_backup() -> Campaign {
    let campaign = Campaign::of(40);
    campaign.verb("load", &[]).exits(0);
    back_up(&campaign, "backup.db");
    campaign.run().exits(0);
    campaign
}

fn back_up(campaign: &Campaign, name: &str) {
    campaign.ledger("backup", name).exits(0);
}

fn restore(campaign: &Campaign, name: &str) -> Ran {
    campaign.ledger("restore", name)
}

/// Loads the campaign and runs it to its end, with a backup while it runs.
fn back_up_beside_a_run(campaign: &mut Campaign) {
    campaign.set("pace.per_second", "100");
    campaign.verb("load", &[]).exits(0);
    let run = campaign.start_run();
    until("some are sent", || campaign.wechat.sends() > 20);
    back_up(campaign, "beside.db");
    // On a busy machine the last answers may come when nobody waits for them any more.
    assert!(matches!(run.wait().code, Some(0 | 4)));
}

#[test]
fn after_a_restore_everything_open_is_asked_about_before_it_is_sent() {
    let campaign = paid_after_the_backup();
    let sends = campaign.wechat.sends();
    let said = restore(&campaign, "backup.db").exits(0);
    campaign.unpause();
    assert!(said.stderr.contains("40 packets"), "{}", said.stderr);
    assert_eq!(campaign.count("ready"), 40);
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
    campaign.unpause();
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
    campaign.unpause();
    let total = total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total, "--max-rows", "5"];
    let ran = campaign.verb("run", &flags).exits(5);
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
        faults: FaultRates::none().with(FaultName::LostAfter, 0.1),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(400, settings);
    back_up_beside_a_run(&mut campaign);
    restore(&campaign, "beside.db").exits(0);
    campaign.unpause();
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
    campaign.run().exits(11).says(&["ledger adopt"]);
    assert_eq!(campaign.wechat.sends(), sends);
    campaign.ledger("adopt", "").exits(0);
    campaign.unpause();
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
    campaign.run().exits(11).says(&["ledger adopt"]);
    assert_eq!(campaign.wechat.sends(), sends);
    campaign.ledger("adopt", "").exits(0);
    campaign.unpause();
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
    let missing = restore(&campaign, "nothing.db").exits(2);
    missing.says(&["cannot read the copy", "No such file"]);
    campaign.write("empty.db", "");
    restore(&campaign, "empty.db").exits(2);
    campaign.write("text.db", "this is no database at all, only text");
    restore(&campaign, "text.db").exits(1);
    campaign.ledger("backup", "backup.db").exits(2);
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
    campaign.unpause();
    let total = total_yuan(campaign.total_fen());
    let run = |limit: &str, count: &str, code| {
        let flags = ["--live", "--confirm-total", &total, limit, count];
        campaign.verb("run", &flags).exits(code)
    };
    run("--max-rows", "3", 5).says(&["stopped at --max-rows 3: 9 packets"]);
    assert_eq!((campaign.wechat.sends(), campaign.count("sent")), (3, 3));
    run("--canary", "2", 5).says(&["all 2 are paid", "stopped at --canary 2: 7 packets"]);
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

/// The names in the campaign's folder that have this in them.
fn named(campaign: &Campaign, part: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(campaign.dir()).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let is_named = |path: &PathBuf| path.to_string_lossy().contains(part);
    files.filter(is_named).collect()
}

/// What a run leaves that is killed in the middle: much of it is in the WAL.
fn killed_after_the_backup() -> Campaign {
    let mut campaign = Campaign::of(20);
    campaign.verb("load", &[]).exits(0);
    back_up(&campaign, "backup.db");
    campaign.set("pace.per_second", "40");
    let mut run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 5);
    run.kill();
    run.wait();
    campaign.set("pace.per_second", "0");
    assert!(fs::metadata(campaign.path("hongbao.db-wal")).unwrap().len() > 0);
    campaign
}

fn ends_well(campaign: &Campaign) {
    campaign.verb("audit", &[]).exits(0);
    sleep(Duration::from_millis(1_100));
    campaign.unpause();
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 20);
}

#[test]
fn the_wal_of_a_ledger_that_is_gone_is_not_taken_for_the_copys() {
    let campaign = killed_after_the_backup();
    let wal = fs::read(campaign.path("hongbao.db-wal")).unwrap();
    fs::remove_file(campaign.path("hongbao.db")).unwrap();
    restore(&campaign, "backup.db").exits(0);
    let kept = named(&campaign, ".leftover-");
    let kept = kept
        .iter()
        .find(|path| path.to_string_lossy().ends_with("-wal"));
    assert_eq!(fs::read(kept.unwrap()).unwrap(), wal, "it is kept");
    ends_well(&campaign);
}

#[test]
fn nor_is_the_wal_of_one_that_was_emptied() {
    let campaign = killed_after_the_backup();
    campaign.write("hongbao.db", "");
    restore(&campaign, "backup.db").exits(0);
    assert!(!named(&campaign, ".leftover-").is_empty());
    ends_well(&campaign);
}

#[test]
fn the_journal_of_a_ledger_that_is_gone_is_not_rolled_back_into_the_copy() {
    let campaign = killed_after_the_backup();
    let other = campaign.path("other.db");
    fs::copy(campaign.path("backup.db"), &other).unwrap();
    let conn = Connection::open(&other).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1;
         CREATE TABLE more (text); BEGIN IMMEDIATE; UPDATE bill SET line = line + 1;
         INSERT INTO more SELECT hex(randomblob(2000)) FROM bill, bill AS twice;",
    )
    .unwrap();
    for side in ["", "-wal", "-shm"] {
        fs::remove_file(campaign.path(&format!("hongbao.db{side}"))).unwrap();
    }
    fs::copy(
        campaign.path("other.db-journal"),
        campaign.path("hongbao.db-journal"),
    )
    .unwrap();
    drop(conn);
    restore(&campaign, "backup.db").exits(0);
    assert_eq!(named(&campaign, ".leftover-").len(), 1);
    ends_well(&campaign);
}

/// One that began anew would make SQLite drop what the WAL still has of the lost ledger.
#[test]
fn a_run_without_its_ledger_keeps_what_stood_beside_it() {
    let campaign = killed_after_the_backup();
    let wal = fs::read(campaign.path("hongbao.db-wal")).unwrap();
    fs::remove_file(campaign.path("hongbao.db")).unwrap();
    campaign.run().exits(11);
    assert!(fs::read(campaign.path("hongbao.db-wal")).unwrap() == wal);
    assert_eq!(campaign.wechat.books().paid_twice(), Vec::<&str>::new());
}

/// A restore gives the ledger a second name just before the copy gets the first.
#[test]
fn a_restore_that_was_cut_off_between_two_names_is_finished_by_the_next() {
    let campaign = paid_after_the_backup();
    let second = campaign.path("hongbao.db.replaced-1");
    fs::hard_link(campaign.path("hongbao.db"), &second).unwrap();
    fs::copy(
        campaign.path("backup.db"),
        campaign.path("hongbao.db.restoring"),
    )
    .unwrap();
    campaign.verb("status", &[]).exits(0);
    restore(&campaign, "backup.db").exits(0);
    assert!(named(&campaign, ".restoring").is_empty());
    assert_eq!(named(&campaign, ".replaced-").len(), 1);
    campaign.unpause();
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 40);
}

#[test]
fn after_a_restore_every_campaign_is_paused_and_reconcile_asks_meanwhile() {
    let campaign = Campaign::of(12);
    campaign.verb("load", &[]).exits(0);
    let toml = fs::read_to_string(campaign.path("campaign.toml")).unwrap();
    let toml = toml.replace("\"lantern\"", "\"second\"");
    campaign.write("second.toml", toml.replace("recipients.csv", "second.csv"));
    campaign.write(
        "second.csv",
        "openid,amount_fen\noTest00000000000000000000777,777\n",
    );
    let second = campaign.path("second.toml");
    let second = |verb: &str, rest: &[&str]| {
        let words = [&[verb, second.to_str().unwrap()], rest].concat();
        hongbao(&words, &[]).wait()
    };
    second("load", &[]).exits(0);
    back_up(&campaign, "backup.db");
    campaign.run().exits(0);
    let said = restore(&campaign, "backup.db").exits(0);
    said.says(&["every campaign in it is paused", "hongbao unpause "]);
    let sends = campaign.wechat.sends();
    let reconcile = "next: hongbao reconcile ";
    let paused = ["the ledger is a copy", reconcile, "hongbao unpause "];
    campaign.run().exits(5).says(&paused);
    second("run", &["--live", "--confirm-total", "7.77"])
        .exits(5)
        .says(&paused);
    campaign.verb("status", &[]).exits(0).says(&[reconcile]);
    campaign.verb("reconcile", &[]);
    assert_eq!(campaign.count("sent"), 12);
    let unpause = "next: hongbao unpause ";
    campaign.run().exits(5).says(&[unpause]);
    campaign.verb("status", &[]).exits(0).says(&[unpause]);
    assert_eq!(campaign.wechat.sends(), sends);
    campaign.unpause();
    campaign.run().exits(0);
    campaign.books_agree();
}

/// The ledger is lost with all that is beside it; WeChat Pay knows a third of the list.
#[test]
fn an_empty_ledger_that_is_adopted_asks_about_each_packet_before_it_sends_it() {
    let campaign = Campaign::of(30);
    campaign.verb("load", &[]).exits(0);
    let total = total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total, "--max-rows", "10"];
    campaign.verb("run", &flags).exits(5);
    for path in named(&campaign, "hongbao.db") {
        fs::remove_file(path).unwrap();
    }
    campaign
        .ledger("adopt", "")
        .exits(0)
        .says(&["this campaign is not in it", "next: hongbao load "]);
    campaign.verb("load", &[]).exits(0);
    let queries = campaign.wechat.queries();
    campaign.run();
    assert!(campaign.wechat.queries() >= queries + 30);
    assert_eq!(campaign.books_agree().count("sent"), 30);
}

/// WeChat Pay answers for 30 days: "unknown" proves nothing of a list that is older than that.
#[test]
fn an_old_list_is_not_sent_from_an_empty_ledger_unless_a_person_says_when_it_began() {
    let campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    for path in named(&campaign, "hongbao.db") {
        fs::remove_file(path).unwrap();
    }
    let list = fs::File::options()
        .write(true)
        .open(campaign.path("recipients.csv"));
    let old = std::time::SystemTime::now() - Duration::from_hours(31 * 24);
    list.unwrap().set_modified(old).unwrap();
    let adopted = campaign.ledger("adopt", "").exits(0);
    adopted.says(&["a person decides", "--first-sent DATE"]);
    campaign.verb("load", &[]).exits(0);
    campaign.run().exits(4);
    assert_eq!(campaign.count("review"), 3);
    assert_eq!(campaign.wechat.sends(), 0);

    for path in named(&campaign, "hongbao.db") {
        fs::remove_file(path).unwrap();
    }
    let file = campaign.path("campaign.toml");
    let adopt = |day: &str| {
        let words = [
            "ledger",
            "adopt",
            file.to_str().unwrap(),
            "--first-sent",
            day,
        ];
        hongbao(&words, &[]).wait()
    };
    adopt("yesterday")
        .exits(2)
        .says(&["yesterday", "not a date"]);
    let today = jiff::Zoned::now().date().to_string();
    adopt(&today).exits(0);
    campaign.verb("load", &[]).exits(0);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 3);
    adopt(&today).exits(2).says(&["has packets"]);
}

/// What another ledger paid under another number is on no list of the refused: also where it paid
/// that just before, and WeChat Pay does not know it yet.
#[test]
fn a_restored_copy_exports_nobody_before_it_asked_about_them() {
    let campaign = Campaign::of(6);
    campaign.wechat.change(|settings| {
        settings.scripted = [(openid(2), "OPENID_ERROR".to_owned())].into();
    });
    campaign.run().exits(3);
    back_up(&campaign, "backup.db");
    restore(&campaign, "backup.db").exits(0);
    let file = campaign.path("refused.csv");
    let export = ["--export", file.to_str().unwrap()];
    for _ in 0..2 {
        campaign
            .verb("reissue", &export)
            .exits(2)
            .says(&["1 packet of ", "hongbao reconcile"]);
        campaign.verb("reconcile", &[]);
    }
    assert!(!file.exists());
}

#[test]
fn what_is_no_ledger_is_named_as_that_and_the_ledger_stays() {
    let campaign = paid_after_the_backup();
    for (name, bytes) in [("list.txt", &b"openid,amount\n"[..]), ("empty", &[0; 9000])] {
        fs::write(campaign.path(name), bytes).unwrap();
        restore(&campaign, name).exits(1).says(&["is no ledger"]);
    }
    assert_eq!(campaign.books_agree().count("sent"), 40);
}

/// Nor are texts changed that another ledger may have sent.
#[test]
fn a_restored_copy_takes_no_other_texts_before_it_asked() {
    for is_sent in [false, true] {
        let mut campaign = Campaign::of(3);
        campaign.verb("load", &[]).exits(0);
        back_up(&campaign, "backup.db");
        if is_sent {
            campaign.run().exits(0);
        }
        restore(&campaign, "backup.db").exits(0);
        campaign.set("campaign.wishing", "\"另一句\"");
        campaign
            .verb("load", &["--refreeze"])
            .exits(2)
            .says(&["3 packets", "hongbao reconcile"]);
        campaign.verb("reconcile", &[]);
        campaign
            .verb("load", &["--refreeze"])
            .exits(if is_sent { 7 } else { 0 });
    }
}

/// A ledger that may be behind does not know whom it paid: another list of the same people, or a
/// reissue, waits for the question or for a word.
#[test]
fn who_may_have_been_paid_since_the_backup_is_not_paid_again_without_a_word() {
    let refused = |rows: std::ops::Range<usize>| {
        let scripted = rows.map(|row| (openid(row), "OPENID_ERROR".to_owned()));
        Settings {
            scripted: scripted.collect(),
            ..Settings::default()
        }
    };
    for is_refused in [false, true] {
        let mut campaign = Campaign::with(6, refused(1..if is_refused { 6 } else { 1 }));
        campaign.set("pace.in_flight", "1");
        campaign.verb("load", &[]).exits(0);
        if is_refused {
            campaign.run().exits(3);
        }
        back_up(&campaign, "backup.db");
        campaign.wechat.change(|settings| settings.scripted.clear());
        if is_refused {
            let total = total_yuan(campaign.owed[1..].iter().map(|owed| owed.1).sum());
            let words = [
                "--code",
                "OPENID_ERROR",
                "--because",
                "x",
                "--confirm-total",
                &total,
            ];
            campaign.verb("reissue", &words).exits(0);
        }
        campaign.run().exits(0);
        let sends = campaign.wechat.sends();
        restore(&campaign, "backup.db").exits(0);

        let row = |row: usize| format!("{},{}", openid(row), 300 + row);
        let rows: Vec<String> = (1..6).map(row).collect();
        campaign.write(
            "second.csv",
            format!("openid,amount_fen\n{}", rows.join("\n")),
        );
        campaign.set("campaign.id", "\"second\"");
        campaign.set("campaign.recipients", "\"second.csv\"");
        let said = campaign.verb("load", &[]).exits(6);
        said.says(&[
            "5 of them perhaps",
            "hongbao reconcile",
            "--pay-again lantern",
        ]);
        assert_eq!(campaign.wechat.sends(), sends);

        campaign.set("campaign.id", "\"lantern\"");
        campaign.set("campaign.recipients", "\"recipients.csv\"");
        campaign.unpause();
        assert!(campaign.status()["unasked"].as_u64() >= Some(5));
        let status = campaign.verb("status", &[]).exits(0).stdout;
        assert!(status.contains("the ledger may be behind"), "{status}");
        campaign.run().exits(0);
        assert_eq!(campaign.status()["unasked"], 0);
        campaign.set("campaign.id", "\"second\"");
        campaign.set("campaign.recipients", "\"second.csv\"");
        let said = campaign.verb("load", &[]).exits(6);
        assert!(!said.stderr.contains("perhaps"), "{}", said.stderr);
    }
}

/// The ledger is as new as what was last written into it, and not as its last run.
#[test]
fn a_list_that_was_loaded_just_before_the_ledger_was_moved_is_sent() {
    let mut campaign = Campaign::of(3);
    campaign.set("gateway.mode", "\"simulator\"");
    let at = |campaign: &Campaign, verb: &str, now: &str| {
        let now = [("HONGBAO_SIMULATED_NOW", now)];
        campaign.start_at(verb, &[], &now).wait()
    };
    at(&campaign, "run", "2027-02-01T10:00:00+08:00").exits(0);
    campaign.set("campaign.id", "\"second\"");
    let today = "2027-03-10T10:00:00+08:00";
    at(&campaign, "load", today).exits(0);
    for side in ["db", "db-wal", "db-shm"] {
        let from = campaign.path(&format!("hongbao.simulator.{side}"));
        let _ = fs::copy(from, campaign.path(&format!("moved.simulator.{side}")));
    }
    campaign.set("ledger.path", "\"moved.db\"");
    let file = campaign.path("campaign.toml");
    let adopt = ["ledger", "adopt", file.to_str().unwrap()];
    let now = [("HONGBAO_SIMULATED_NOW", "2027-03-10T10:05:00+08:00")];
    hongbao(&adopt, &now).wait().exits(0);
    let later = "2027-03-10T10:10:00+08:00";
    at(&campaign, "unpause", later).exits(0);
    at(&campaign, "run", later).exits(0);
    assert_eq!(campaign.count("sent"), 3);
}
