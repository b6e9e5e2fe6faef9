//! Backups that are made by themselves: before a run, before a newer program changes the ledger's
//! form, and by `ledger backup --dir`. The oldest go, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::support::{Campaign, Ran, can_trace, hongbao_under, rows, total_yuan};

/// The names in the folder of backups.
fn names(campaign: &Campaign) -> BTreeSet<String> {
    let entries = fs::read_dir(campaign.path("backups")).into_iter().flatten();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    entries.map(|it| name(it).into_string().unwrap()).collect()
}

fn back_up(campaign: &Campaign, rest: &[&str]) -> Ran {
    let (file, dir) = (campaign.path("campaign.toml"), campaign.path("backups"));
    let words = ["ledger", "backup", file.to_str().unwrap()];
    let dir = ["--dir", dir.to_str().unwrap()];
    let words = [&words[..], &dir, rest].concat();
    crate::support::hongbao(&words, &[]).wait()
}

/// As [`back_up`]; the path that it printed.
fn backed_up(campaign: &Campaign, rest: &[&str]) -> PathBuf {
    PathBuf::from(back_up(campaign, rest).exits(0).stdout.trim_end())
}

/// Changes something in the ledger, so that the next backup is another one.
fn change(campaign: &Campaign) {
    campaign.verb("pause", &[]).exits(0);
    campaign.unpause();
}

#[test]
fn each_backup_has_its_moment_and_of_an_unchanged_ledger_there_is_one() {
    let campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    let first = backed_up(&campaign, &[]);
    let name = first.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("hongbao.db.backup-20"), "{name}");
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&first), 0o600);
    assert_eq!(mode(&campaign.path("backups")), 0o700);
    back_up(&campaign, &[])
        .exits(0)
        .says(&["nothing changed since"]);
    assert_eq!(names(&campaign).len(), 1);
    change(&campaign);
    let second = backed_up(&campaign, &[]);
    assert!(second > first, "in the order of time");
    assert_eq!(names(&campaign).len(), 2, "without --keep all stay");
    // It is what `ledger backup FILE` makes: marked, whole, and good for a restore.
    campaign.run().exits(0);
    let name = format!("backups/{}", second.file_name().unwrap().display());
    campaign.ledger("restore", &name).exits(0);
    campaign.unpause();
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 3);
}

#[test]
fn the_oldest_go_and_nothing_that_is_not_ours() {
    let campaign = Campaign::of(1);
    campaign.verb("load", &[]).exits(0);
    let first = backed_up(&campaign, &[]);
    let moment = "20200101T000000.000Z";
    let foreign = [
        // Not made by this verb, by name or by content.
        "hongbao.db.backup-yesterday".to_owned(),
        "hongbao.db".to_owned(),
        format!("hongbao.db.backup-{moment}.gz"),
        format!("hongbao.db.backup-{moment}"),
        format!("hongbao.db.version-5-{moment}"),
        format!("other.db.backup-{moment}"),
    ];
    for name in &foreign {
        fs::write(campaign.path("backups").join(name), "precious").unwrap();
    }
    // The ledger itself under such a name: it does not say that it is a copy.
    let taken = "hongbao.db.backup-20200101T000000.001Z";
    fs::copy(
        campaign.path("hongbao.db"),
        campaign.path("backups").join(taken),
    )
    .unwrap();
    // A backup of another ledger of the same name.
    let other = Campaign::of(1);
    other.verb("load", &[]).exits(0);
    let theirs = backed_up(&other, &[]);
    let theirs_here = "hongbao.db.backup-20200101T000000.002Z";
    fs::copy(&theirs, campaign.path("backups").join(theirs_here)).unwrap();
    // A link to one of ours.
    let link = campaign
        .path("backups")
        .join("hongbao.db.backup-20200101T000000.003Z");
    std::os::unix::fs::symlink(&first, &link).unwrap();
    for _ in 0..3 {
        change(&campaign);
        backed_up(&campaign, &["--keep", "2"]);
    }
    let left = names(&campaign);
    assert!(!first.exists(), "the oldest is gone: {left:?}");
    let stays = foreign.iter().map(String::as_str);
    for name in stays.chain([taken, theirs_here, "hongbao.db.backup-20200101T000000.003Z"]) {
        assert!(left.contains(name), "{name} of {left:?}");
    }
    assert_eq!(left.len(), foreign.len() + 3 + 2, "{left:?}");
}

/// The ledger was put back: what is newer than it is not the oldest copy of it, but knows more.
#[test]
fn a_backup_that_knows_more_than_the_ledger_stays() {
    let campaign = Campaign::of(2);
    campaign.verb("load", &[]).exits(0);
    let first = backed_up(&campaign, &[]);
    campaign.run().exits(0);
    let paid = backed_up(&campaign, &[]);
    let name = format!("backups/{}", first.file_name().unwrap().display());
    campaign.ledger("restore", &name).exits(0);
    for _ in 0..3 {
        change(&campaign);
        backed_up(&campaign, &["--keep", "1"]);
    }
    assert!(paid.exists() && !first.exists(), "{:?}", names(&campaign));
    assert_eq!(names(&campaign).len(), 2);
}

#[test]
fn a_run_backs_up_first_and_keeps_as_many_as_it_is_told() {
    let mut campaign = Campaign::of(2);
    campaign.set("ledger.backup_dir", "\"backups\"");
    campaign.set("ledger.backup_keep", "9");
    // There is nothing to copy before the first load.
    campaign.run().exits(0);
    assert_eq!(names(&campaign).len(), 0);
    campaign.run().exits(0).says(&["is a whole copy of"]);
    assert_eq!(names(&campaign).len(), 1);
    // Once the list is two seconds old, one of the runs notes that it is as it was.
    let mut copies = vec![1];
    for _ in 0..2 {
        campaign.run().exits(0);
        copies.push(names(&campaign).len());
    }
    assert!(copies.windows(2).any(|it| it[0] == it[1]), "{copies:?}");
    campaign.set("ledger.backup_keep", "2");
    for _ in 0..3 {
        change(&campaign);
        campaign.run().exits(0);
    }
    assert_eq!(names(&campaign).len(), 2);
}

/// Money does not leave on a ledger that was to be copied and could not be.
#[test]
fn a_run_whose_backup_fails_sends_nothing() {
    let mut campaign = Campaign::of(2);
    campaign.verb("load", &[]).exits(0);
    campaign.write("backups", "a file");
    campaign.set("ledger.backup_dir", "\"backups\"");
    campaign
        .run()
        .exits(1)
        .says(&["backup_dir under [ledger]: ", "backups: "]);
    assert_eq!(campaign.wechat.sends(), 0);
    assert_eq!(campaign.wechat.queries(), 0);
}

#[test]
fn what_a_killed_backup_left_is_swept_by_the_next() {
    let campaign = Campaign::of(1);
    campaign.verb("load", &[]).exits(0);
    backed_up(&campaign, &[]);
    let part = "hongbao.db.backup-20200101T000000.000Z.part";
    fs::write(campaign.path("backups").join(part), "half").unwrap();
    change(&campaign);
    backed_up(&campaign, &[]);
    assert_eq!(names(&campaign).len(), 2);
    assert!(!names(&campaign).contains(part));
}

/// Makes a ledger of version 2, with rows.
fn older(ledger: &Path) -> Connection {
    let old = Connection::open(ledger).unwrap();
    for sql in [
        include_str!("support/ledger_2.sql"),
        include_str!("support/ledger_2_rows.sql"),
    ] {
        old.execute_batch(sql).unwrap();
    }
    old
}

#[test]
fn a_ledger_of_an_older_version_is_kept_before_it_is_moved() {
    let mut campaign = Campaign::of(2);
    campaign.set("ledger.backup_dir", "\"backups\"");
    let ledger = campaign.path("hongbao.db");
    let old = older(&ledger);
    let version = |conn: &Connection| -> i64 {
        conn.pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap()
    };
    let found = version(&old);
    assert!(found > 0, "a ledger of an older version");
    drop(old);
    let said = campaign.verb("status", &[]);
    assert!(
        said.stderr.contains("as the older program left it"),
        "{}",
        said.stderr
    );
    let left = names(&campaign);
    let begin = format!("hongbao.db.version-{found}-");
    assert!(
        left.len() == 1 && left.first().unwrap().starts_with(&begin),
        "{left:?}"
    );
    let copy = Connection::open(campaign.path("backups").join(left.first().unwrap())).unwrap();
    assert_eq!(version(&copy), found, "as it was");
    assert!(
        version(&Connection::open(&ledger).unwrap()) > found,
        "and it was moved"
    );
    campaign.verb("status", &[]);
    assert_eq!(names(&campaign).len(), 1, "once");
}

/// An older program may hold the ledger for days, while somebody asks for the status every minute.
#[test]
fn a_ledger_of_an_older_version_is_kept_once_and_not_while_another_process_has_it() {
    let mut campaign = Campaign::of(2);
    campaign.set("ledger.backup_dir", "\"backups\"");
    let ledger = campaign.path("hongbao.db");
    drop(older(&ledger));
    let as_it_was = fs::read(&ledger).unwrap();
    let lock = fs::File::create(campaign.path("hongbao.db.lock")).unwrap();
    lock.lock().unwrap();
    for verb in ["status", "audit", "status"] {
        campaign
            .verb(verb, &[])
            .says(&["another run holds the ledger"]);
    }
    assert_eq!(names(&campaign).len(), 0, "{:?}", names(&campaign));
    drop(lock);
    campaign.verb("status", &[]);
    assert_eq!(names(&campaign).len(), 1);
    // The same ledger once more, as after a move that broke off.
    for rest in ["-wal", "-shm"] {
        let _ = fs::remove_file(campaign.path(&format!("hongbao.db{rest}")));
    }
    fs::write(&ledger, as_it_was).unwrap();
    campaign.verb("status", &[]);
    assert_eq!(names(&campaign).len(), 1, "{:?}", names(&campaign));
}

/// The new copy is whole by then: a run does not wait for a person because of an old one.
#[test]
fn an_old_backup_that_cannot_be_removed_is_told_and_ends_nothing() {
    if !can_trace("backups") {
        return;
    }
    let mut campaign = Campaign::of(2);
    campaign.set("ledger.backup_dir", "\"backups\"");
    campaign.set("ledger.backup_keep", "1");
    campaign.verb("load", &[]).exits(0);
    let first = backed_up(&campaign, &[]);
    change(&campaign);
    let total = total_yuan(campaign.total_fen());
    let file = campaign.path("campaign.toml");
    let args = [
        "run",
        file.to_str().unwrap(),
        "--live",
        "--confirm-total",
        &total,
    ];
    let under = |fault: &str| {
        let fault = format!("inject=unlink,unlinkat:error={fault}");
        let trace = campaign.path("trace");
        let (path, to) = (first.to_str().unwrap(), trace.to_str().unwrap());
        let strace = ["strace", "-f", "-qq", "-o", to, "-P", path, "-e", &fault];
        hongbao_under(&strace, &args).wait()
    };
    let ran = under("EACCES").exits(0);
    ran.says(&["an old backup stays", first.to_str().unwrap()]);
    assert_eq!(campaign.books_agree().count("sent"), 2);
    assert_eq!(names(&campaign).len(), 2);
    change(&campaign);
    let ran = under("ENOENT").exits(0);
    assert!(
        !ran.stderr.contains("an old backup stays"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_number_of_backups_without_a_folder_is_refused() {
    let mut campaign = Campaign::of(1);
    campaign.owe(rows(1));
    campaign.set("ledger.backup_keep", "3");
    campaign
        .verb("plan", &[])
        .exits(7)
        .says(&["no backups are made without `ledger.backup_dir`"]);
    let campaign = Campaign::of(1);
    let file = campaign.path("campaign.toml");
    let words = ["ledger", "backup", file.to_str().unwrap()];
    crate::support::hongbao(&words, &[]).wait().exits(2);
    let words = [&words[..], &["x.db", "--keep", "2"]].concat();
    crate::support::hongbao(&words, &[]).wait().exits(2);
}
