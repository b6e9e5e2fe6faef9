//! Power loss at any moment: what was acknowledged is on the disk, and the next run finishes.
//!
//! A kill leaves all that was written, so it cannot tell a program that syncs from one that does
//! not. Here `strace` writes down everything the real program does to its files while it loads a
//! campaign, is interrupted, and finishes it against a WeChat Pay that loses answers. At each step
//! of that tape the power may go: what was synced stays, what was not is kept, dropped or torn
//! (`power/disk.rs` says what of a disk is assumed). Then every attempt that anybody was told of,
//! and every request that left, has its row; every outcome that was told is there; and the
//! program, restarted against the books of that moment, pays the rest and nobody twice.
//!
//! The tape itself with syncs taken out of it shows that this lane sees what it looks for.
//!
//! Each step of the tape gives up to five images. By default a spread of them is looked at, and a
//! spread of those is finished by the program; `HONGBAO_FULL=1 cargo test --test scenarios power`
//! does both with all of them, drawn from three seeds. Where there is no `strace`, or it may not
//! trace, it says SKIPPED on stderr.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod check;
mod disk;
mod tape;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::Command;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use check::{Moment, Pages, goes_on};
use disk::{Disk, Image, Mood};
use hongbao::simulator::{FaultName, Settings};
use tape::{CALLS, Event, Step, Tape};

use crate::chance::Chance;
use crate::support::{Campaign, an_eighth, can_trace, is_full, say, until};

/// Packets of the campaign: enough for groups of several, checkpoints, and lost answers.
const PACKETS: usize = 12;
/// By default one image of so many is looked at.
const LOOKED_AT: usize = 4;
/// By default one image of so many is finished by the program, each of which is looked at.
const FINISHED: usize = 10 * LOOKED_AT;
/// Runs at once. Most of a run after a power loss is waiting until a number has rested.
const AT_ONCE: usize = 6;

/// What happened, and what WeChat Pay saw of it.
struct Recording {
    events: Vec<Event>,
    /// Its books: the time, the number, and the line.
    books: Vec<(i64, String, String)>,
    arrivals_ms: Vec<i64>,
}

/// Runs a verb under `strace` and adds it to the tape.
fn record(campaign: &Campaign, tape: &mut Tape, verb: &str, meanwhile: impl FnOnce(u32)) -> i32 {
    let file = campaign.path("trace");
    let file = file.to_str().unwrap();
    let tool = [
        "strace", "-f", "-y", "-ttt", "-xx", "-s", "1000000", "-e", CALLS, "-o", file,
    ];
    let child = match verb {
        "run" => campaign.start_run_under(&tool),
        _ => campaign.start_under(&tool, verb),
    };
    meanwhile(child.id());
    let ran = child.wait();
    tape.read(&std::fs::read_to_string(file).unwrap());
    ran.code.unwrap()
}

/// Interrupts what this process traces, as a person would, unless it is over.
fn interrupt(tracer: u32) {
    let children = format!("/proc/{tracer}/task/{tracer}/children");
    let children = std::fs::read_to_string(children).unwrap_or_default();
    if let Some(child) = children.split_whitespace().next() {
        let _ = Command::new("kill").args(["-INT", child]).status();
    }
}

/// A campaign that is loaded, interrupted in the middle, and finished.
fn recording() -> Recording {
    let names = [
        FaultName::LostBefore,
        FaultName::LostAfter,
        FaultName::SystemErrorPaid,
    ];
    let settings = Settings {
        faults: an_eighth(&names),
        ..Settings::default()
    };
    let mut campaign = Campaign::with_books(PACKETS, settings, "");
    campaign.set("pace.in_flight", "4");
    campaign.set("pace.per_second", "8");
    let mut tape = Tape::of(campaign.dir());
    assert_eq!(record(&campaign, &mut tape, "load", |_| ()), 0);
    let code = record(&campaign, &mut tape, "run", |tracer| {
        let is_third = || campaign.wechat.sends() >= PACKETS as u64 / 3;
        until("a third is sent", is_third);
        interrupt(tracer);
    });
    // On a machine that is slow enough it was done before.
    assert!([0, 130].contains(&code), "{code}");
    campaign.set("pace.per_second", "0");
    let runs = (0..5).take_while(|_| record(&campaign, &mut tape, "run", |_| ()) != 0);
    assert!(runs.count() < 5, "it was never done");
    assert_eq!(campaign.books_agree().count("sent"), PACKETS as u64);
    let books = std::fs::read_to_string(campaign.path("books.jsonl")).unwrap();
    let timed = |line: &str| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let number = entry["mch_billno"].as_str().unwrap().to_owned();
        (
            entry["at_ms"].as_i64().unwrap(),
            number,
            format!("{line}\n"),
        )
    };
    Recording {
        events: tape.events,
        books: books.lines().map(timed).collect(),
        arrivals_ms: campaign.wechat.books().arrivals_ms,
    }
}

/// The power is lost before the event of this index, and leaves this.
struct Loss {
    at: usize,
    mood: Mood,
    image: Image,
    moment: Moment,
    books: String,
}

/// Looks at every image of the tape that differs from the last ones.
fn each_loss(recording: &Recording, seeds: u64, mut look: impl FnMut(Loss)) {
    let mut disk = Disk::default();
    let mut moment = Moment::default();
    let mut writer = None;
    let mut last = Vec::new();
    for (at, event) in recording.events.iter().enumerate() {
        let (so_far, books) = arrived(recording, moment.clone(), event.at_ms);
        let mut these: Vec<(Image, usize, usize)> = Vec::new();
        for (mood, seed) in moods(seeds) {
            let image = disk.image(mood, &mut Chance(seed << 32 | at as u64));
            let this = (image, books.len(), so_far.requests);
            if !last.contains(&this) && !these.contains(&this) {
                look(Loss {
                    at,
                    mood,
                    image: this.0.clone(),
                    moment: so_far.clone(),
                    books: books.clone(),
                });
                these.push(this);
            }
        }
        if !these.is_empty() {
            last = these;
        }
        disk.play(&event.step);
        writer = event.writer().or(writer);
        if event.step == Step::Request {
            moment.requests += 1;
        }
        let whole = |disk: &Disk| disk.image(Mood::KeepsAll, &mut Chance(0));
        if event.is_word_of(writer) {
            moment.told = Pages::read(&whole(&disk)).unwrap();
        }
        if let Step::Rename(_, to) = &event.step {
            moment.reports.extend(whole(&disk).remove(to));
        }
    }
}

/// Every mood with each of so many seeds.
fn moods(seeds: u64) -> impl Iterator<Item = (Mood, u64)> {
    let each = move |mood| (0..seeds).map(move |seed| (mood, seed));
    Mood::ALL.into_iter().flat_map(each)
}

/// With what had arrived at WeChat Pay, and its books. What its clock has before the event is
/// before it: both clocks are this machine's.
fn arrived(recording: &Recording, moment: Moment, at_ms: i64) -> (Moment, String) {
    let seen = |it: &&(i64, String, String)| it.0 < at_ms;
    let books = recording.books.iter().filter(seen);
    let arrived = recording.arrivals_ms.iter().filter(|it| **it < at_ms);
    let moment = Moment {
        arrived: arrived.count(),
        ordered: books.clone().map(|(_, number, _)| number.clone()).collect(),
        ..moment
    };
    (moment, books.map(|(_, _, line)| line.as_str()).collect())
}

/// Restarts the program on one image after the other, until there are no more.
fn finish(losses: &Mutex<Receiver<Loss>>) -> usize {
    let mut count = 0;
    loop {
        let next = losses.lock().unwrap().recv();
        let Ok(loss) = next else { return count };
        let asks_first = loss.at % 2 == 0;
        let went_on = || goes_on(&loss.image, &loss.books, PACKETS, asks_first);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(went_on)) {
            say(&format!(
                "at event {} of the tape, {:?}",
                loss.at, loss.mood
            ));
            resume_unwind(panic);
        }
        count += 1;
    }
}

#[test]
fn whatever_a_power_loss_leaves_nothing_acknowledged_is_lost_and_nobody_is_paid_twice() {
    if !can_trace("power loss") {
        return;
    }
    let begun = Instant::now();
    let recording = recording();
    let (seeds, looked_at, finished) = if is_full() {
        (3, 1, 1)
    } else {
        (1, LOOKED_AT, FINISHED)
    };
    let (mut images, mut outcomes) = (0, 0);
    let count: usize = thread::scope(|scope| {
        let (chosen, losses) = sync_channel(AT_ONCE);
        let losses = Arc::new(Mutex::new(losses));
        let crew: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let losses = Arc::clone(&losses);
                scope.spawn(move || finish(&losses))
            })
            .collect();
        // Once nobody of the crew is left, nothing can be handed over.
        drop(losses);
        each_loss(&recording, seeds, |loss| {
            images += 1;
            if images % looked_at != 0 {
                return;
            }
            let held = loss.moment.holds_in(&loss.image);
            assert_eq!(held, Ok(()), "at event {}, {:?}", loss.at, loss.mood);
            outcomes = outcomes.max(loss.moment.told.outcomes());
            if images % finished == 0 {
                chosen.send(loss).unwrap();
            }
        });
        drop(chosen);
        crew.into_iter().map(|it| it.join().unwrap()).sum()
    });
    say(&format!(
        "power loss: {} events, {} images hold, {count} of them finished, in {} s",
        recording.events.len(),
        images / looked_at,
        begun.elapsed().as_secs(),
    ));
    assert!(outcomes >= PACKETS, "outcomes told: {outcomes}");
}

/// What images of this tape lack, by its first two words, and how many do.
fn lost(recording: &Recording) -> BTreeMap<String, usize> {
    let mut lost = BTreeMap::new();
    each_loss(recording, 1, |loss| {
        if loss.at % (5 * LOOKED_AT) != 0 {
            return;
        }
        if let Err(fault) = loss.moment.holds_in(&loss.image) {
            let words: Vec<&str> = fault.splitn(3, [' ', ':']).take(2).collect();
            *lost.entry(words.join(" ")).or_default() += 1;
        }
    });
    lost
}

/// The same tape of a program that leaves some syncs out: those told by the tape and their place.
fn without(recording: &Recording, is_left_out: impl Fn(&[Event], usize) -> bool) -> Recording {
    let events = &recording.events;
    let kept = (0..events.len()).filter(|at| !is_left_out(events, *at));
    Recording {
        events: kept.map(|at| events[at].clone()).collect(),
        books: recording.books.clone(),
        arrivals_ms: recording.arrivals_ms.clone(),
    }
}

/// `synchronous=NORMAL` syncs a WAL behind its header and before it goes into the database, and
/// not where a commit ends.
fn is_sync_of_a_commit(events: &[Event], at: usize) -> bool {
    if events[at].step != Step::Sync("hongbao.db-wal".to_owned()) {
        return false;
    }
    let changed = |event: &Event| match &event.step {
        Step::Write(name, ..) | Step::Length(name, _) | Step::Sync(name) => Some(name.clone()),
        _ => None,
    };
    let is_header = matches!(&events[at - 1].step, Step::Write(_, Some(0), _));
    let is_checkpoint = events[at + 1..].iter().find_map(changed) == Some("hongbao.db".to_owned());
    !is_header && !is_checkpoint
}

#[test]
fn a_program_that_syncs_too_little_is_found_out() {
    if !can_trace("power loss of a program that syncs too little") {
        return;
    }
    let recording = recording();
    let normal = without(&recording, is_sync_of_a_commit);
    let is_folder = |events: &[Event], at: usize| events[at].step == Step::SyncFolder;
    let is_report = |events: &[Event], at: usize| match &events[at].step {
        Step::Sync(name) => name.contains("report"),
        _ => false,
    };
    for (tape, what, seen) in [
        (
            normal,
            "synchronous=NORMAL",
            &["lost attempt", "lost outcome"][..],
        ),
        (
            without(&recording, is_folder),
            "no sync of the folder",
            &["lost packets"],
        ),
        (
            without(&recording, is_report),
            "no sync of the report",
            &["torn report"],
        ),
    ] {
        let gone = recording.events.len() - tape.events.len();
        let lost = lost(&tape);
        say(&format!(
            "power loss with {what}, {gone} syncs fewer: {lost:?}"
        ));
        for fault in seen {
            assert!(lost.contains_key(*fault), "{what}: {lost:?}");
        }
    }
}
