//! The program killed at system call after system call, and disks that fail in the middle.
//!
//! `strace` injects both. Its `when=K` counts for each thread and each system call on its own: it
//! strikes when any thread of the program makes its own K-th call of one name, not at the K-th
//! call of the set. So a place is a name and a number, read off the trace of a plain run; and
//! since the first thread to reach K hides the same K of the others, a run is struck in three
//! views: from nothing; of a campaign that is loaded, where the ledger's thread is the first to
//! write much; and of the WAL alone (`-P`), which only that thread writes to.
//!
//! A fault of the disk is injected into `fsync` and `pwrite64`, which only files get. `write` also
//! wakes threads and speaks to the terminal, and neither is ever told of a full disk.
//!
//! By default every place of a run of three packets, and a few places of each fault of the disk
//! and of kills in pairs: the second strikes the run that clears up after the first.
//! `HONGBAO_FULL=1 cargo test --test scenarios syscalls` takes every place of a run of twenty, and
//! hundreds of pairs. Where there is no `strace`, or it may not trace, each test says SKIPPED on
//! stderr.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;
use std::time::Instant;

use crate::chance::Chance;
use crate::support::{Campaign, Ran, can_trace, is_full, say};

/// Calls by which the program changes or learns something outside of itself.
const SET: &str = "write,pwrite64,fsync,fdatasync,rename,renameat,flock,sendto,writev,recvfrom";
/// Runs at once. Most of a run after a kill is waiting until a number has rested.
const AT_ONCE: usize = 8;
/// Places of each fault of the disk by default.
const FEW: usize = 8;
/// Pairs of kills by default, and in full.
const PAIRS: (usize, usize) = (24, 600);

/// From where a run is struck, and what of it is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
enum View {
    Whole,
    Loaded,
    Wal,
}

/// The `nth` call of this name by any one thread.
#[derive(Debug, Clone)]
struct Place {
    view: View,
    call: String,
    nth: usize,
}

/// A campaign that this view begins with.
fn campaign(view: View, packets: usize) -> Campaign {
    let campaign = Campaign::of(packets);
    if view == View::Loaded {
        campaign.verb("load", &[]).exits(0);
    }
    campaign
}

/// Runs under `strace` with these words of its own, and gives its trace too.
fn traced(campaign: &Campaign, view: View, words: &[&str]) -> (Ran, String) {
    let file = campaign.path("trace");
    let wal = campaign.path("hongbao.db-wal");
    let mut tool = vec!["strace", "-f", "-s", "8", "-o", file.to_str().unwrap()];
    if view == View::Wal {
        tool.extend(["-P", wal.to_str().unwrap()]);
    }
    tool.extend(words);
    let ran = campaign.start_run_under(&tool).wait();
    (ran, fs::read_to_string(file).unwrap())
}

/// The thread and the name of a call that begins in this line.
fn begun(line: &str) -> Option<(&str, &str)> {
    let (thread, rest) = line.split_once(' ')?;
    let (call, _) = rest.trim_start().split_once('(')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    call.chars().all(is_name).then_some((thread, call))
}

/// Every place that can be struck in this view, in the order of a plain run.
fn places(view: View, set: &str, packets: usize) -> Vec<Place> {
    let campaign = campaign(view, packets);
    let (ran, trace) = traced(&campaign, view, &["-e", &format!("trace={set}")]);
    ran.exits(0);
    let mut of_thread: HashMap<(&str, &str), usize> = HashMap::new();
    let mut reached: HashMap<&str, usize> = HashMap::new();
    let mut places = Vec::new();
    for (thread, call) in trace.lines().filter_map(begun) {
        let nth = of_thread.entry((thread, call)).or_default();
        *nth += 1;
        let most = reached.entry(call).or_default();
        if *nth > *most {
            *most = *nth;
            let (call, nth) = (call.to_owned(), *nth);
            places.push(Place { view, call, nth });
        }
    }
    places
}

/// At most `count` of them, spread evenly.
fn spread(places: &[Place], count: usize) -> Vec<Place> {
    let count = count.min(places.len());
    let at = |n: usize| places[(n * 2 + 1) * places.len() / (count * 2)].clone();
    (0..count).map(at).collect()
}

/// Does it for each place, a few at a time, and counts by what it tells.
fn each<T: Sync>(places: &[T], strike: impl Fn(&T) -> &'static str + Sync) -> Tally {
    let rest = Mutex::new(places.iter());
    let tally = Mutex::new(Tally::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = rest.lock().unwrap().next();
                    let Some(place) = next else { return };
                    let told = strike(place);
                    *tally.lock().unwrap().entry(told).or_default() += 1;
                }
            });
        }
    });
    tally.into_inner().unwrap()
}

type Tally = HashMap<&'static str, usize>;

/// Runs until the campaign is done, and compares all books.
fn is_finished(campaign: &Campaign, place: &Place) {
    let packets = campaign.owed.len() as u64;
    let mut ran = campaign.run();
    for _ in 0..3 {
        if ran.code != Some(0) {
            ran = campaign.run();
        }
    }
    assert_eq!(ran.code, Some(0), "{place:?}: {ran:?}");
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), packets, "{place:?}: {agreed:?}");
    let books = campaign.wechat.books();
    assert_eq!(books.paid_packets, packets, "{place:?}");
    let left = fs::read_to_string(campaign.path("lantern-report.csv")).unwrap();
    let fresh = campaign.verb("report", &[]).exits(0).stdout;
    assert_eq!(left, fresh, "{place:?}: the report that the run left");
}

fn is_killed_and_finished(place: &Place, packets: usize) -> &'static str {
    let campaign = campaign(place.view, packets);
    let Place { view, call, nth } = place;
    let inject = format!("inject={call}:signal=KILL:when={nth}");
    let trace = format!("trace={call}");
    let (ran, _) = traced(&campaign, *view, &["-e", &trace, "-e", &inject]);
    campaign.wechat.until_all_arrived();
    // Groups and handshakes differ from run to run: a last call may not come.
    let told = match ran.code {
        None => "killed",
        Some(0) => "not reached",
        Some(_) => panic!("{place:?}: {ran:?}"),
    };
    is_finished(&campaign, place);
    told
}

#[test]
fn killed_at_any_system_call_a_campaign_is_finished_by_the_next_run() {
    if !can_trace("kills at system calls") {
        return;
    }
    let packets = if is_full() { 20 } else { 3 };
    let views = [View::Whole, View::Loaded, View::Wal];
    let all: Vec<Place> = views
        .iter()
        .flat_map(|view| places(*view, SET, packets))
        .collect();
    let begun = Instant::now();
    let tally = each(&all, |place| is_killed_and_finished(place, packets));
    let (count, seconds) = (all.len(), begun.elapsed().as_secs());
    say(&format!(
        "kills at {count} places in {seconds} s: {tally:?}"
    ));
    let killed = tally.get("killed").copied().unwrap_or(0);
    assert!(killed * 10 >= count * 9, "{tally:?}");
}

/// A kill in the middle, and one of the run that clears up after it.
#[derive(Debug, Clone)]
struct Pair(Place, Place);

fn is_killed_twice_and_finished(Pair(first, second): &Pair, packets: usize) -> &'static str {
    let campaign = campaign(first.view, packets);
    let struck = [first, second].map(|Place { view, call, nth }| {
        let inject = format!("inject={call}:signal=KILL:when={nth}");
        let words = ["-e", &format!("trace={call}"), "-e", &inject];
        let (ran, _) = traced(&campaign, *view, &words);
        campaign.wechat.until_all_arrived();
        assert!(
            matches!(ran.code, None | Some(0)),
            "{first:?} {second:?}: {ran:?}"
        );
        ran.code.is_none()
    });
    is_finished(&campaign, second);
    match struck {
        [true, true] => "killed twice",
        [true, false] | [false, true] => "killed once",
        [false, false] => "not reached",
    }
}

/// What a resuming run calls, each place as often as the calls before it leave open.
fn pairs(packets: usize, count: usize) -> Vec<Pair> {
    let first = places(View::Loaded, SET, packets);
    let mut chance = Chance(packets as u64);
    let draw = |_| {
        let before = chance.pick(&first);
        let mut after = chance.pick(&first);
        // A resuming run has less to do.
        after.nth = usize::try_from(chance.between(1, after.nth.div_ceil(2) as u64)).unwrap();
        Pair(before, after)
    };
    (0..count).map(draw).collect()
}

#[test]
fn killed_again_while_it_clears_up_a_campaign_is_finished_by_the_next_run() {
    if !can_trace("kills in pairs") {
        return;
    }
    let (packets, count) = if is_full() {
        (20, PAIRS.1)
    } else {
        (3, PAIRS.0)
    };
    let tally = each(&pairs(packets, count), |pair| {
        is_killed_twice_and_finished(pair, packets)
    });
    say(&format!("kills in {count} pairs: {tally:?}"));
    let twice = tally.get("killed twice").copied().unwrap_or(0);
    assert!(twice * 2 >= count, "{tally:?}");
}

/// Twenty packets at a pace that leaves most of them for after the fault.
fn paced(view: View) -> Campaign {
    let mut campaign = campaign(view, 20);
    campaign.set("pace.per_second", "25");
    campaign.set("pace.in_flight", "2");
    campaign
}

/// How many requests left in these lines: a record of TLS that holds data, and more of it than an
/// alert does. A handshake's data comes behind other records. What a call returned may stand in a
/// later line; what it was given does not.
fn requests(lines: &str) -> u64 {
    let is_request = |line: &&str| {
        let given = line.split("[{iov_base=\"\\27\\3\\3").nth(1);
        let size = given.and_then(|given| given.split("iov_len=").nth(1));
        let size = size.and_then(|size| size.split('}').next()?.parse().ok());
        line.contains("writev(") && size.is_some_and(|size: u64| size > 200)
    };
    lines.lines().filter(is_request).count() as u64
}

/// Whether an error names the file and says what to do.
fn is_clear(stderr: &str) -> bool {
    let error = stderr.split("error: ").nth(1).unwrap_or("").to_lowercase();
    let is_named = error.contains("hongbao.db") || error.contains("lantern-report.csv");
    is_named && (error.contains("check the") || error.contains("run again"))
}

fn ends_and_sends_no_more(place: &Place, set: &str, error: &str) -> &'static str {
    let mut campaign = paced(place.view);
    let inject = format!("inject={set}:error={error}:when={}", place.nth);
    let trace = format!("trace={set},writev");
    let (ran, trace) = traced(&campaign, place.view, &["-e", &trace, "-e", &inject]);
    // The last one: each thread meets its own, and what ended the run is not the first where that
    // did no harm, as where SQLite syncs the folder of a journal it no longer needs.
    let Some(at) = trace.rfind("(INJECTED)") else {
        return "not reached";
    };
    campaign.wechat.until_all_arrived();
    let (before, after) = (requests(&trace[..at]), requests(&trace[at..]));
    let counters = campaign.wechat.books().counters;
    let seen = counters.sends + counters.queries;
    assert_eq!(before + after, seen, "{place:?}: the trace is understood");
    let told = match ran.code {
        // Some calls may fail without harm: their work is done again, or by the next run.
        Some(0) => "harmless",
        Some(1) => {
            assert!(is_clear(&ran.stderr), "{place:?}: {ran:?}");
            // What was committed before may be on its way already; nothing follows it.
            assert!(after <= 2, "{place:?}: {after} requests after the fault");
            if seen > 0 {
                "in the middle"
            } else {
                "before any request"
            }
        }
        _ => panic!("{place:?}: {ran:?}"),
    };
    campaign.set("pace.per_second", "0");
    is_finished(&campaign, place);
    told
}

/// Fails one call of a set, from the start and of a loaded campaign.
fn fails_in_places(set: &str, error: &str) {
    if !can_trace(&format!("{error} in {set}")) {
        return;
    }
    let chosen: Vec<Place> = [View::Whole, View::Loaded]
        .iter()
        .flat_map(|view| {
            let all = places(*view, set, 20);
            let count = if is_full() { all.len() } else { FEW / 2 };
            spread(&all, count)
        })
        .collect();
    let tally = each(&chosen, |place| ends_and_sends_no_more(place, set, error));
    say(&format!(
        "{error} in {set} at {} places: {tally:?}",
        chosen.len()
    ));
    assert!(tally.contains_key("in the middle"), "{tally:?}");
}

#[test]
fn a_disk_that_fails_to_sync_ends_the_run_and_the_next_one_finishes() {
    fails_in_places("fsync,fdatasync", "EIO");
}

#[test]
fn a_full_disk_ends_the_run_and_the_next_one_finishes() {
    fails_in_places("pwrite64", "ENOSPC");
}

/// A run whose only call of this name fails: its end, and the campaign that it leaves.
fn with_fault(call: &str, error: &str) -> (Ran, Campaign) {
    let campaign = campaign(View::Whole, 3);
    let inject = format!("inject={call}:error={error}:when=1");
    let trace = format!("trace={call}");
    let (ran, trace) = traced(&campaign, View::Whole, &["-e", &trace, "-e", &inject]);
    assert!(trace.contains("(INJECTED)"), "{call} was not called");
    (ran, campaign)
}

#[test]
fn a_report_that_cannot_be_put_in_place_is_an_error_and_the_next_run_writes_it() {
    if !can_trace("a report on a full disk") {
        return;
    }
    let (ran, campaign) = with_fault("rename,renameat", "ENOSPC");
    ran.exits(1).says(&["error: ", "lantern-report.csv"]);
    assert_eq!(campaign.books_agree().count("sent"), 3);
    campaign.run().exits(0);
    assert!(campaign.path("lantern-report.csv").exists());
    assert_eq!(campaign.wechat.sends(), 3);
}

#[test]
fn without_a_lock_nothing_is_asked_or_sent() {
    if !can_trace("a file system without locks") {
        return;
    }
    let (ran, campaign) = with_fault("flock", "ENOLCK");
    ran.exits(1).says(&["error: ", "hongbao.db.lock"]);
    assert_eq!(campaign.wechat.books().arrivals_ms.len(), 0);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 3);
}
