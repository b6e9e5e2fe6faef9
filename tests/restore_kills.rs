//! A restore that is killed at system call after system call, beside what the ledger before it
//! left: whatever it leaves, a run from there pays nobody twice, and the next restore ends it.
//!
//! By default every call that gives, takes or makes durable a name, and a few of the others.
//! `HONGBAO_FULL=1` takes all of them. Where there is no `strace`, the test says SKIPPED on stderr.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;
use std::thread::sleep;
use std::time::Duration;

use crate::support::{Campaign, can_trace, is_full, say, until};

/// Calls that are always struck, and calls of which a few are by default.
const NAMES: &str = "link,linkat,rename,renameat,renameat2,unlink,unlinkat,flock";
const BYTES: &str = "fsync,fdatasync,pwrite64,write,ftruncate,openat";
/// Of those.
const FEW: usize = 4;
const PACKETS: usize = 6;
/// Places at once: most of each is waiting until a number has rested.
const AT_ONCE: usize = 8;

/// What stands where the copy goes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Before {
    /// A ledger whose last process was killed: much of it is in the WAL.
    Killed,
    /// Its WAL and a journal, without the ledger.
    SidesAlone,
    /// A file that SQLite cannot read, with the WAL.
    Unreadable,
}

/// A campaign with a backup from before its first send, and what a killed run left.
fn campaign(before: Before) -> Campaign {
    let mut campaign = Campaign::of(PACKETS);
    campaign.verb("load", &[]).exits(0);
    campaign.ledger("backup", "backup.db").exits(0);
    campaign.set("pace.per_second", "20");
    let mut run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 1);
    run.kill();
    run.wait();
    campaign.set("pace.per_second", "0");
    campaign.wechat.until_all_arrived();
    let ledger = campaign.path("hongbao.db");
    match before {
        Before::Killed => {}
        Before::SidesAlone => {
            fs::remove_file(&ledger).unwrap();
            campaign.write("hongbao.db-journal", hot_journal(&campaign));
        }
        Before::Unreadable => campaign.write("hongbao.db", [b'x'; 8192]),
    }
    campaign
}

/// A journal that SQLite would write back into any ledger beside it.
fn hot_journal(campaign: &Campaign) -> Vec<u8> {
    let other = campaign.path("other.db");
    fs::copy(campaign.path("backup.db"), &other).unwrap();
    let conn = rusqlite::Connection::open(other).unwrap();
    let spilled = "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE;
         UPDATE campaign SET act_name = 'x'; UPDATE bill SET line = line + 1;
         UPDATE ledger SET entries = 0; CREATE TABLE more (text); INSERT INTO more
         SELECT hex(randomblob(2000)) FROM bill, bill AS twice;";
    conn.execute_batch(spilled).unwrap();
    let journal = fs::read(campaign.path("other.db-journal")).unwrap();
    assert_eq!(journal[..4], [0xd9, 0xd5, 0x05, 0xf9], "it is hot");
    journal
}

/// The `nth` call of a name.
#[derive(Debug, Clone)]
struct Place {
    before: Before,
    call: String,
    nth: usize,
}

/// Every call of these names that a plain restore makes.
fn places(before: Before, set: &str) -> Vec<Place> {
    let campaign = campaign(before);
    let file = campaign.path("trace");
    let trace = format!("trace={set}");
    let tool = ["strace", "-f", "-o", file.to_str().unwrap(), "-e", &trace];
    campaign
        .ledger_under(&tool, "restore", "backup.db")
        .exits(0);
    let trace = fs::read_to_string(file).unwrap();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut places = Vec::new();
    for line in trace.lines() {
        let Some((_, rest)) = line.split_once(' ') else {
            continue;
        };
        let Some((call, _)) = rest.trim_start().split_once('(') else {
            continue;
        };
        let nth = counts.entry(call).or_default();
        *nth += 1;
        let (call, nth) = (call.to_owned(), *nth);
        places.push(Place { before, call, nth });
    }
    places
}

fn spread(places: &[Place]) -> Vec<Place> {
    if is_full() {
        return places.to_vec();
    }
    let count = FEW.min(places.len());
    let at = |n: usize| places[(n * 2 + 1) * places.len() / (count * 2)].clone();
    (0..count).map(at).collect()
}

/// Kills a restore there, lets every other one be followed by a run, and restores again.
fn strike(Place { before, call, nth }: &Place) -> &'static str {
    let campaign = campaign(*before);
    let (trace, inject) = (
        format!("trace={call}"),
        format!("inject={call}:signal=KILL:when={nth}"),
    );
    let tool = [
        "strace",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        &trace,
        "-e",
        &inject,
    ];
    let killed = campaign.ledger_under(&tool, "restore", "backup.db");
    if nth % 2 == 0 {
        // One that nobody told of the restore; it may find that it must not go on.
        campaign.run();
        assert_eq!(campaign.wechat.books().paid_twice(), Vec::<&str>::new());
    }
    campaign.ledger("restore", "backup.db").exits(0);
    campaign.verb("audit", &[]).exits(0);
    campaign.run().exits(5).says(&["hongbao unpause "]);
    // The copy cannot know what was sent just now, and so cannot let a number rest.
    sleep(Duration::from_millis(1_100));
    campaign.unpause();
    let is_done = (0..4).any(|_| campaign.run().code == Some(0));
    assert!(is_done, "{before:?} {call} {nth}");
    let agreed = campaign.books_agree();
    assert_eq!(
        agreed.count("sent"),
        PACKETS as u64,
        "{before:?} {call} {nth}"
    );
    match killed.code {
        None => "killed",
        Some(0) => "not reached",
        Some(_) => panic!("{before:?} {call} {nth}: {killed:?}"),
    }
}

#[test]
fn a_restore_that_is_killed_anywhere_is_finished_by_the_next_and_pays_nobody_twice() {
    if !can_trace("kills of a restore") {
        return;
    }
    let mut all = Vec::new();
    for before in [Before::Killed, Before::SidesAlone, Before::Unreadable] {
        all.extend(places(before, NAMES));
        all.extend(spread(&places(before, BYTES)));
    }
    let (rest, tally) = (Mutex::new(all.iter()), Mutex::new(HashMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = rest.lock().unwrap().next();
                    let Some(place) = next else { return };
                    let told = strike(place);
                    *tally.lock().unwrap().entry(told).or_insert(0) += 1;
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    say(&format!(
        "restores killed at {} places: {tally:?}",
        all.len()
    ));
    let killed = tally.get("killed").copied().unwrap_or(0);
    assert!(killed * 10 >= all.len() * 9, "{tally:?}");
}
