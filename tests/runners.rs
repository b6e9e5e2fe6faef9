//! One ledger, many processes: raced for, stopped in the middle, robbed of the lock, copied.
//!
//! `HONGBAO_FULL=1` races a thousand processes and stops one for a minute.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use hongbao::simulator::{ResendOfPaid, Settings};

use crate::support::{Campaign, Child, is_full, until};

/// Processes that start at once: more would wait for a processor and not for each other.
const BATCH: usize = 10;

/// Starts a batch and waits until nobody of it but the holder is left; every other has to end
/// with 8.
fn race(campaign: &Campaign, holder: Option<Child>) -> Child {
    let has_holder = holder.is_some();
    let mut racing: Vec<Child> = (0..BATCH).map(|_| campaign.start_run()).collect();
    racing.extend(holder);
    let mut held_off = 0;
    while racing.len() > 1 {
        let over = racing.iter_mut().position(Child::is_over);
        if let Some(over) = over {
            racing.remove(over).wait().exits(8);
            held_off += 1;
        } else {
            sleep(Duration::from_millis(5));
        }
    }
    assert_eq!(held_off, if has_holder { BATCH } else { BATCH - 1 });
    racing.remove(0)
}

/// More than are open when a holder is killed, so that the next one gets through those first: a
/// number that is cut off eight times is only asked about.
const A_LIFE: u64 = 40;

/// The holder of every other batch is killed, so that the next batch races for a ledger that was
/// just left in the middle; in between a batch meets one that is held.
#[test]
fn of_processes_racing_for_a_ledger_one_at_a_time_works_and_the_others_exit_8() {
    let batches = if is_full() { 100 } else { 5 };
    let mut campaign = Campaign::of(batches * 80);
    campaign.set("pace.per_second", "40");
    campaign.set("pace.per_minute", "0");
    let mut holder = None;
    for batch in 0..batches {
        let mut winner = race(&campaign, holder.take());
        if batch % 2 == 0 {
            holder = Some(winner);
        } else {
            let sends = campaign.wechat.sends();
            until("it sends", || campaign.wechat.sends() > sends + A_LIFE);
            winner.kill();
            winner.wait();
        }
    }
    if let Some(mut last) = holder {
        assert!(!last.is_over(), "it had work for longer than that");
        last.kill();
        last.wait();
    }
    campaign.set("pace.per_second", "0");
    campaign.run().exits(0);
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), campaign.wechat.books().paid_packets);
    assert_eq!(agreed.count("sent"), campaign.owed.len() as u64);
}

/// Enough for a few seconds at the pace of these tests.
const PACKETS: u64 = 120;

/// A run that is well under way.
fn under_way(settings: Settings) -> (Campaign, Child) {
    let mut campaign = Campaign::with(120, settings);
    campaign.set("pace.per_second", "40");
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() >= 30);
    (campaign, run)
}

/// What became of every request of the campaign, as the ledger keeps it.
fn answers(campaign: &Campaign) -> Vec<String> {
    let lives = campaign.owed.iter().map(|(openid, _)| {
        let ran = campaign.verb("show", &[openid, "--json"]).exits(0);
        serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()
    });
    let mut answers = Vec::new();
    for life in lives {
        for request in life[0]["requests"].as_array().unwrap() {
            answers.push(request["answer"].as_str().unwrap().to_owned());
        }
    }
    answers
}

/// Longer than the five seconds for which an attempt may wait: what was committed before the
/// stop is given back after it, and sent under a new attempt.
#[test]
fn a_run_that_is_stopped_and_continued_sends_nothing_late_and_holds_the_ledger_meanwhile() {
    let (campaign, run) = under_way(Settings::default());
    run.signal("STOP");
    sleep(Duration::from_secs(1));
    let sends = campaign.wechat.sends();
    campaign
        .run()
        .exits(8)
        .says(&["another run holds the ledger"]);
    sleep(Duration::from_secs(if is_full() { 60 } else { 6 }));
    campaign.run().exits(8);
    assert_eq!(campaign.wechat.sends(), sends, "a stopped process sends");
    run.signal("CONT");
    run.wait().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), PACKETS);
    let busiest = campaign.wechat.books().busiest(1_000);
    assert!(busiest <= 40, "{busiest} requests within a second");
    let answers = answers(&campaign);
    let stale = answers
        .iter()
        .filter(|answer| *answer == "not_sent")
        .count();
    assert!(stale > 0, "attempts grew stale and were not sent");
    assert_eq!(campaign.wechat.sends(), (answers.len() - stale) as u64);
}

/// As the test above, but back before anything is stale.
#[test]
fn a_short_stop_changes_nothing() {
    let (campaign, run) = under_way(Settings::default());
    run.signal("STOP");
    campaign.run().exits(8);
    sleep(Duration::from_secs(3));
    run.signal("CONT");
    run.wait().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), PACKETS);
    let busiest = campaign.wechat.books().busiest(1_000);
    assert!(busiest <= 40, "{busiest} requests within a second");
}

/// The second run finds another lock file, and the ledger itself held. The first stops.
#[test]
fn with_the_lock_file_gone_a_second_run_waits_for_the_first_which_stops() {
    let (campaign, first) = under_way(Settings::default());
    first.signal("STOP");
    fs::remove_file(campaign.path("hongbao.db.lock")).unwrap();
    let held = campaign.run().exits(8);
    held.says(&["hongbao.db: another run holds the ledger"]);
    first.signal("CONT");
    first.wait().exits(1).says(&["error: "]);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), PACKETS);
    assert_eq!(campaign.wechat.books().paid_packets, PACKETS);
}

/// The files of the ledger: itself, its WAL, its lock.
fn files(campaign: &Campaign) -> Vec<PathBuf> {
    let files = fs::read_dir(campaign.dir()).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let is_ledger = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("hongbao.db")
    };
    files.filter(is_ledger).collect()
}

/// Copies the ledger while a run stands still in the middle, lets the run finish, puts the copy
/// in the ledger's place, and lets that finish too.
fn twice_from_the_middle(settings: Settings) -> Campaign {
    let (mut campaign, run) = under_way(settings);
    run.signal("STOP");
    let copy = tempfile::tempdir().unwrap();
    for file in files(&campaign) {
        fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
    }
    run.signal("CONT");
    run.wait().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), PACKETS);
    for file in files(&campaign) {
        fs::remove_file(file).unwrap();
    }
    for file in fs::read_dir(copy.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(
            file.path(),
            campaign.path(file.file_name().to_str().unwrap()),
        )
        .unwrap();
    }
    campaign.set("pace.per_second", "0");
    let sends = campaign.wechat.sends();
    campaign
        .run()
        .exits(11)
        .says(&["this is a copy", "ledger adopt"]);
    assert_eq!(campaign.wechat.sends(), sends);
    assert!(
        campaign.count("sent") < PACKETS,
        "the copy is of the middle"
    );
    // The copy cannot know what was sent just now, and so cannot let a number rest.
    sleep(Duration::from_millis(1_100));
    campaign
        .ledger("adopt", "")
        .exits(0)
        .says(&["paused", "hongbao reconcile "]);
    campaign.run().exits(5).says(&["hongbao unpause "]);
    campaign.unpause();
    campaign
}

#[test]
fn a_copy_of_the_ledger_from_the_middle_pays_nobody_again() {
    let campaign = twice_from_the_middle(Settings::default());
    let queries = campaign.wechat.queries();
    campaign.run().exits(0);
    assert!(campaign.wechat.queries() > queries, "it asks first");
    assert_eq!(campaign.books_agree().count("sent"), PACKETS);
    assert_eq!(campaign.wechat.books().paid_packets, PACKETS);
}

/// The copy takes packets for unsent that are paid, and WeChat Pay refuses to send them again.
/// None of that is taken for a proof.
#[test]
fn a_copy_whose_packets_are_refused_as_paid_asks_and_calls_none_of_them_unpaid() {
    let campaign = twice_from_the_middle(Settings {
        resend_of_paid: ResendOfPaid::SendFailed,
        ..Settings::default()
    });
    let queries = campaign.wechat.queries();
    campaign.run();
    assert!(campaign.wechat.queries() > queries);
    assert_eq!(campaign.count("refused"), 0);
    assert_eq!(campaign.wechat.books().paid_packets, PACKETS);
    assert_eq!(campaign.books_agree().count("sent"), PACKETS);
}
