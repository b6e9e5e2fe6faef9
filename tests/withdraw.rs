//! Packets that a person takes back before they were sent, and lists that are mended.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use hongbao::simulator::Books;

use crate::support::{Campaign, Ran, for_each_at_once, hongbao, openid, total_yuan, until};

/// Loads a list of so many packets and sends nothing.
fn loaded(count: usize) -> Campaign {
    let campaign = Campaign::of(count);
    campaign.verb("load", &[]).exits(0);
    campaign
}

fn withdraw(campaign: &Campaign, what: &[&str]) -> Ran {
    let mut words = what.to_vec();
    words.extend(["--because", "the list was wrong"]);
    campaign.verb("withdraw", &words)
}

/// Takes these rows back, one by one.
fn take_back(campaign: &Campaign, rows: &[usize]) {
    let ids: Vec<String> = rows.iter().map(|row| openid(*row)).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    withdraw(campaign, &ids).exits(0).says(&["on record"]);
}

#[test]
fn who_confirms_is_shown_no_openid_and_the_keys_of_a_list_that_has_them() {
    let mut campaign = loaded(2);
    let ran = campaign
        .verb("withdraw", &["--all", "--because", "x"])
        .exits(2);
    for row in 0..2 {
        assert!(!ran.stderr.contains(&openid(row)), "{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches('…').count(), 2, "{}", ran.stderr);
    campaign.set("campaign.id", "\"keyed\"");
    let rows = format!("row_key,openid,amount_fen\norder-7,{},100\n", openid(7));
    campaign.write("recipients.csv", rows);
    campaign.verb("load", &[]).exits(0);
    let ran = campaign
        .verb("withdraw", &["--all", "--because", "x"])
        .exits(2);
    ran.says(&["order-7"]);
}

fn owed_fen(campaign: &Campaign) -> u64 {
    campaign.status()["owed_fen"].as_u64().unwrap()
}

/// Runs with the total of what is owed.
fn run(campaign: &Campaign) -> Ran {
    let total = total_yuan(owed_fen(campaign));
    campaign.verb("run", &["--live", "--confirm-total", &total])
}

#[track_caller]
fn audited(campaign: &Campaign) {
    campaign.verb("audit", &[]).exits(0);
}

/// Gives these rows of the list other money.
fn mend(campaign: &mut Campaign, rows: &[usize]) {
    let mut owed = campaign.owed.clone();
    for row in rows {
        owed[*row].1 += 1000;
    }
    campaign.owe(owed);
}

#[test]
fn what_is_withdrawn_is_never_sent_and_the_total_is_without_it() {
    let campaign = loaded(5);
    let all = campaign.total_fen();
    take_back(&campaign, &[0, 3]);
    let status = campaign.status();
    assert_eq!(status["rows"], 5);
    assert_eq!(status["total_fen"], all);
    assert_eq!(status["states"]["withdrawn"]["count"], 2);
    let owed = all - campaign.owed[0].1 - campaign.owed[3].1;
    assert_eq!(status["owed_fen"], owed);
    let head = format!("3 packets, {} yuan\n", total_yuan(owed));
    let said = campaign.verb("status", &[]).exits(0).stdout;
    assert!(
        said.contains(&head) && said.contains("not counted above"),
        "{said}"
    );
    let plan = campaign.verb("plan", &["--json"]).exits(0).stdout;
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(
        (&plan["rows"], &plan["total_fen"]),
        (&3.into(), &owed.into())
    );

    let total = total_yuan(all);
    let with_them = ["--live", "--confirm-total", &total];
    campaign.verb("run", &with_them).exits(2);
    for _ in 0..2 {
        run(&campaign).exits(0);
        campaign.verb("reconcile", &[]).exits(0);
        let agreed = campaign.books_agree();
        assert_eq!((agreed.count("sent"), agreed.count("withdrawn")), (3, 2));
    }
    let life = campaign.verb("show", &[&openid(3)]).exits(0).stdout;
    assert!(life.contains("the list was wrong (by "), "{life}");
    audited(&campaign);
    // Once more it changes nothing.
    withdraw(&campaign, &[&openid(3)])
        .exits(0)
        .says(&["withdrawn already"]);
}

/// Where a list that is paid whole ends, the next one begins. Which of the two is met first hangs
/// on their digests.
#[test]
fn the_first_row_of_a_later_list_is_taken_back() {
    let mut campaign = loaded(1);
    for later in [10, 20, 30, 40, 50, 60] {
        run(&campaign).exits(0);
        campaign.owe(vec![(openid(later), 107), (openid(later + 1), 108)]);
        campaign.verb("load", &[]).exits(0);
        take_back(&campaign, &[later]);
        audited(&campaign);
    }
    run(&campaign).exits(0);
    assert_eq!(campaign.status()["states"]["sent"]["count"], 7);
}

#[test]
fn only_what_was_never_on_the_wire_is_taken_back() {
    let campaign = loaded(3);
    run(&campaign).exits(0);
    withdraw(&campaign, &[&openid(1)])
        .exits(2)
        .says(&["was sent"]);
    withdraw(&campaign, &["--all", "--confirm-total", "0.00"])
        .exits(0)
        .says(&["nothing to take"]);
    withdraw(&campaign, &["nobody"]).exits(2);
    campaign.verb("withdraw", &["--all"]).exits(2);
    assert_eq!(campaign.count("sent"), 3);
}

#[test]
fn all_that_is_left_or_missing_in_a_file_is_taken_back_for_its_total() {
    let mut campaign = loaded(6);
    let first = campaign.owed.clone();
    campaign.owe(first[..4].to_vec());
    let list = campaign.path("recipients.csv");
    let missing = ["--missing", list.to_str().unwrap()];
    let gone = total_yuan(first[4].1 + first[5].1);
    let says = ["packets to take back: 2, ", "--confirm-total"];
    withdraw(&campaign, &missing).exits(2).says(&says);
    let wrong = [&missing[..], &["--confirm-total", "1.00"]].concat();
    withdraw(&campaign, &wrong).exits(2);
    assert_eq!(campaign.count("withdrawn"), 0);
    let right = [&missing[..], &["--confirm-total", &gone]].concat();
    withdraw(&campaign, &right)
        .exits(0)
        .says(&["packets withdrawn: 2, "]);
    campaign.verb("load", &[]).exits(0);
    let rest = total_yuan(owed_fen(&campaign));
    withdraw(&campaign, &["--all", "--confirm-total", &rest]).exits(0);
    assert_eq!((campaign.count("withdrawn"), owed_fen(&campaign)), (6, 0));
    campaign
        .verb("run", &["--live", "--confirm-total", "0.00"])
        .exits(0);
    assert_eq!(campaign.wechat.sends(), 0);
    audited(&campaign);
}

/// A list that did not change has nothing to load: the run is due.
#[test]
fn the_next_command_is_the_run_where_the_list_is_as_it_was() {
    let mut campaign = loaded(4);
    let file = campaign.path("campaign.toml").display().to_string();
    let rest = total_yuan(campaign.owed[1..].iter().map(|(_, fen)| fen).sum());
    let said = withdraw(&campaign, &[&openid(0)]).exits(0);
    said.says(&[
        "packets withdrawn: 1, ",
        &format!("where the list is mended, `hongbao load {file}` takes its rows"),
        &format!("next: hongbao run {file} --live --confirm-total {rest}\n"),
    ]);
    // One that did change is refused by a run.
    mend(&mut campaign, &[0]);
    let said = withdraw(&campaign, &[&openid(1)]).exits(0);
    said.says(&[&format!("next: hongbao load {file}\n")]);
}

#[test]
fn a_mended_row_is_paid_with_its_new_content_under_its_own_number() {
    let mut campaign = loaded(4);
    let before = campaign.packet(&openid(2))["mch_billno"].clone();
    mend(&mut campaign, &[2]);
    let refused = campaign.verb("load", &[]).exits(6);
    refused.says(&[
        "already loaded with other content",
        "`hongbao withdraw` takes it back first: give it the row key as ID",
        "then `hongbao load` takes the row as it is now",
    ]);
    take_back(&campaign, &[2]);
    campaign
        .verb("load", &[])
        .exits(0)
        .says(&["1 packet that was withdrawn has other content"]);
    assert_eq!(owed_fen(&campaign), campaign.total_fen());
    assert_eq!(campaign.packet(&openid(2))["mch_billno"], before);
    audited(&campaign);
    run(&campaign).exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 4);
    let life = campaign.verb("show", &[&openid(2)]).exits(0).stdout;
    assert!(life.contains("its digest was "), "{life}");
    audited(&campaign);
}

#[test]
fn an_unchanged_row_stays_withdrawn_unless_it_is_brought_back() {
    let mut campaign = loaded(4);
    take_back(&campaign, &[0, 1]);
    mend(&mut campaign, &[1]);
    let said = campaign.verb("load", &[]).exits(0);
    said.says(&["1 packet of it stays withdrawn", "--bring-back 1"]);
    assert_eq!(campaign.count("withdrawn"), 1);

    // Another file, which has both as they are now.
    let owed = campaign.owed.clone();
    let text = fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    campaign.write("recipients.csv", text + "\n");
    campaign.owed = owed;
    campaign
        .verb("load", &["--bring-back", "2"])
        .exits(6)
        .says(&["--bring-back 1"]);
    assert_eq!(campaign.count("withdrawn"), 1);
    campaign.verb("load", &["--bring-back", "1"]).exits(0);
    assert_eq!(campaign.count("withdrawn"), 0);
    run(&campaign).exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 4);
    audited(&campaign);
}

/// The very file that was loaded has its packets back, by the command that a load of it prints.
#[test]
fn a_packet_is_brought_back_by_the_list_that_it_was_loaded_from() {
    let campaign = loaded(4);
    take_back(&campaign, &[0]);
    let bring = |count: &'static str| campaign.verb("load", &["--bring-back", count]);
    for words in [&[][..], &["--check"]] {
        let said = campaign.verb("load", words).exits(0);
        let is_told = said.stderr.contains("1 packet of it stays withdrawn");
        assert_eq!(is_told, words.is_empty(), "{}", said.stderr);
    }
    bring("2").exits(6).says(&["--bring-back 1"]);
    campaign
        .verb("load", &["--check", "--bring-back", "2"])
        .exits(6);
    campaign
        .verb("load", &["--check", "--bring-back", "1"])
        .exits(0);
    assert_eq!(campaign.count("withdrawn"), 1);
    bring("1")
        .exits(0)
        .says(&["1 withdrawn packet is owed again"]);
    assert_eq!(campaign.count("withdrawn"), 0);
    bring("1").exits(6).says(&["leave the option out"]);
    campaign
        .verb("load", &[])
        .exits(0)
        .says(&["already loaded"]);
    audited(&campaign);
    run(&campaign).exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 4);
    audited(&campaign);
}

/// An older list that is loaded again says what is owed now, as any list does.
#[test]
fn a_list_that_was_loaded_before_another_is_compared_again() {
    let mut campaign = loaded(4);
    let first = fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    take_back(&campaign, &[2]);
    mend(&mut campaign, &[2]);
    campaign.verb("load", &[]).exits(0);
    take_back(&campaign, &[2]);
    campaign.write("recipients.csv", first);
    let said = campaign.verb("load", &[]).exits(0);
    said.says(&["1 packet that was withdrawn has other content"]);
    audited(&campaign);
    campaign
        .verb("load", &[])
        .exits(0)
        .says(&["already loaded"]);
    campaign.verb("plan", &[]).exits(0);
    audited(&campaign);
}

/// Packets that a lost ledger sent are found before any is taken back, and nobody is paid twice.
/// What it sent last WeChat Pay knows some minutes later.
#[test]
fn an_older_ledger_takes_nothing_back_that_another_one_sent() {
    let mut campaign = Campaign::of(20);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.set("retry.linger_seconds", "10");
    let at = |campaign: &Campaign, time: &str, verb: &str, rest: &[&str]| {
        campaign.at(&format!("2026-11-23T{time}+08:00"), verb, rest)
    };
    at(&campaign, "12:00:00", "load", &[]).exits(0);
    let ledger = campaign.path("hongbao.simulator.db");
    let old = fs::read(&ledger).unwrap();
    at(&campaign, "12:00:01", "run", &["--max-rows", "8"]).exits(5);
    assert_eq!(campaign.count("sent"), 8);
    fs::write(&ledger, old).unwrap();
    let file = campaign.path("campaign.toml");
    let adopt = ["ledger", "adopt", file.to_str().unwrap()];
    let noon = [("HONGBAO_SIMULATED_NOW", "2026-11-23T12:01:00+08:00")];
    hongbao(&adopt, &noon).wait().exits(0);

    campaign.unpause();
    let total = total_yuan(campaign.total_fen());
    let all = ["--all", "--confirm-total", &total, "--because", "x"];
    for (time, minutes) in [("12:01:02", "in 10 min"), ("12:10:30", "in 1 min")] {
        let said = at(&campaign, time, "withdraw", &all).exits(2);
        said.says(&["2026-11-23 12:11:00", minutes]);
    }
    assert_eq!(campaign.count("ready"), 20);
    let said = at(&campaign, "12:11:01", "withdraw", &all).exits(4);
    said.says(&[
        "asked WeChat Pay about 20",
        "WeChat Pay knows it",
        "packets withdrawn: 12, ",
    ]);
    assert_eq!(
        (campaign.count("withdrawn"), campaign.count("ready")),
        (12, 0)
    );
    // All of it is mended, and comes again but for those that are sent.
    mend(&mut campaign, &(8..20).collect::<Vec<_>>());
    at(&campaign, "12:12:00", "load", &[]).exits(0);
    at(&campaign, "12:12:01", "run", &[]).exits(0);
    assert_eq!(
        (campaign.count("withdrawn"), campaign.count("ready")),
        (0, 0)
    );
    let books = Books::read(&campaign.path("hongbao.simulator.jsonl"), 0).unwrap();
    assert_eq!(books.paid_twice(), Vec::<&str>::new());
    assert_eq!(books.paid_packets, 20);
    audited(&campaign);
}

/// A copy of which nobody knows: the first answer tells, and then all are asked about. Whoever sent
/// some may have sent more just now.
#[test]
fn one_known_number_makes_the_ledger_behind_and_all_are_asked_about() {
    let campaign = loaded(40);
    let old = fs::read(campaign.path("hongbao.db")).unwrap();
    let total = total_yuan(campaign.total_fen());
    let some = ["--live", "--confirm-total", &total, "--max-rows", "9"];
    campaign.verb("run", &some).exits(5);
    // As a folder that is rolled back: the same file, and nothing that tells.
    fs::write(campaign.path("hongbao.db"), old).unwrap();
    let lock = campaign.path("hongbao.db.lock");
    fs::remove_file(lock).unwrap();
    let all = ["--all", "--confirm-total", &total];
    let said = withdraw(&campaign, &all).exits(2);
    said.says(&["asked WeChat Pay about 40", "nothing is taken back before"]);
    assert_eq!((campaign.count("ready"), campaign.count("sent")), (31, 9));
    audited(&campaign);
}

/// A run that stops before one that was taken back goes on behind it, and an audit knows that.
#[test]
fn a_run_stops_before_one_that_was_taken_back() {
    let campaign = loaded(6);
    take_back(&campaign, &[2, 3]);
    let total = total_yuan(owed_fen(&campaign));
    for limit in ["1", "1", "1"] {
        let some = ["--live", "--confirm-total", &total, "--max-rows", limit];
        campaign.verb("run", &some).exits(5);
        audited(&campaign);
        campaign
            .ledger("backup", &format!("{}.db", campaign.count("sent")))
            .exits(0);
    }
    run(&campaign).exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 4);
    audited(&campaign);
}

/// Killed at each of its questions, and in the moments after the last of them.
#[test]
fn a_withdrawal_that_is_killed_sends_nothing_and_the_next_one_finishes_it() {
    const SENT: u64 = 3;
    let kills = (0..=12).map(|questions| (questions, 0));
    let later = [1, 3, 6, 10, 16, 25, 40].map(|ms| (12, ms));
    for_each_at_once(kills.chain(later), |(questions, later_ms)| {
        let campaign = loaded(20);
        let total = total_yuan(campaign.total_fen());
        let some = ["--live", "--confirm-total", &total, "--max-rows", "3"];
        campaign.verb("run", &some).exits(5);
        let owed = total_yuan(unsent_fen(&campaign));
        let all = ["--all", "--confirm-total", &owed, "--because", "too early"];
        let asked = campaign.wechat.queries();
        let mut killed = campaign.start("withdraw", &all);
        until("it asks, or is over", || {
            campaign.wechat.queries() >= asked + questions || campaign.count("withdrawn") > 0
        });
        sleep(Duration::from_millis(later_ms));
        killed.kill();
        killed.wait();
        let of_the_killed = campaign.count("withdrawn");
        assert!([0, 17].contains(&of_the_killed), "{of_the_killed}");
        audited(&campaign);
        if of_the_killed == 0 {
            campaign.verb("withdraw", &all).exits(0);
        }
        assert_eq!(campaign.count("withdrawn"), 17);
        run(&campaign).exits(0);
        assert_eq!(campaign.books_agree().count("sent"), SENT);
        assert_eq!(campaign.wechat.sends(), SENT);
        audited(&campaign);
    });
}

/// The money of what was never sent.
fn unsent_fen(campaign: &Campaign) -> u64 {
    campaign.status()["states"]["ready"]["fen"]
        .as_u64()
        .unwrap()
}

/// What is done is not held up by a pipe that nobody writes into a second time.
#[test]
fn a_list_through_a_pipe_is_read_once() {
    let campaign = loaded(6);
    let whole = fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    let kept: Vec<&str> = whole.lines().take(5).collect();
    let fifo = campaign.path("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    let (to, text) = (fifo.clone(), kept.join("\n") + "\n");
    let writing = std::thread::spawn(move || fs::write(to, text).unwrap());
    let gone = total_yuan(campaign.owed[4].1 + campaign.owed[5].1);
    let typed = [
        "--missing",
        fifo.to_str().unwrap(),
        "--confirm-total",
        &gone,
    ];
    withdraw(&campaign, &typed)
        .exits(0)
        .says(&["packets withdrawn: 2, "]);
    writing.join().unwrap();
}

#[test]
fn a_list_whose_run_failed_on_a_missing_key_is_not_frozen() {
    let mut campaign = Campaign::of(4);
    let key = campaign.path("secrets/apiclient_key.pem");
    let aside = campaign.path("secrets/aside.pem");
    fs::rename(&key, &aside).unwrap();
    campaign.run().exits(7);
    mend(&mut campaign, &[1]);
    campaign.run().exits(7);
    // A list that is refused comes before it.
    campaign.write("recipients.csv", "openid,amount_fen\nx,1\n");
    campaign.run().exits(6);
    mend(&mut campaign, &[2]);
    fs::rename(&aside, &key).unwrap();
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 4);
}

#[test]
fn a_key_that_does_not_fit_its_certificate_is_found_before_the_load() {
    let campaign = Campaign::of(2);
    let other = Campaign::of(1);
    let key = "secrets/apiclient_key.pem";
    fs::copy(other.path(key), campaign.path(key)).unwrap();
    campaign.run().exits(7);
    assert_eq!(campaign.loaded_rows(), 0, "not loaded");
}

#[test]
fn a_later_list_and_a_changed_one_are_told_of() {
    let mut campaign = loaded(5);
    let plan = campaign.verb("plan", &["--json"]).exits(0).stdout;
    assert!(plan.contains("\"file_changed\":false"), "{plan}");
    let owed = campaign.owed.clone();
    campaign.owe(owed[..3].to_vec());
    let said = campaign.verb("plan", &["--json"]).exits(0);
    assert!(
        said.stdout.contains("\"file_changed\":true"),
        "{}",
        said.stdout
    );
    said.says(&["is not the file that was loaded"]);
    take_back(&campaign, &[4]);
    let said = campaign.verb("load", &[]).exits(0);
    said.says(&["1 packet of earlier files is not in", "--missing"]);
    let said = campaign.verb("plan", &[]).exits(0);
    assert!(!said.stderr.contains("is not the file"), "{}", said.stderr);
}

#[test]
fn it_needs_the_ledger_for_itself() {
    let mut campaign = Campaign::of(40);
    campaign.set("pace.per_second", "5");
    let child = campaign.start_run();
    until("sending", || campaign.wechat.sends() > 0);
    withdraw(&campaign, &[&openid(39)]).exits(8);
    child.signal("TERM");
    child.wait().exits(143);
    withdraw(&campaign, &[&openid(39)]).exits(0);
    audited(&campaign);
}

/// Packets that another ledger pays afterwards: what a person took back here is seen paid, which is
/// a break, and nothing of it is sent. Ten are named in words, all of them for programs.
#[test]
fn what_is_withdrawn_and_seen_paid_is_a_break() {
    let campaign = loaded(15);
    let old = fs::read(campaign.path("hongbao.db")).unwrap();
    let total = total_yuan(campaign.total_fen());
    withdraw(&campaign, &["--all", "--confirm-total", &total]).exits(0);
    let taken_back = fs::read(campaign.path("hongbao.db")).unwrap();
    // A folder of the day before runs, and then the newer one is put back.
    let lock = campaign.path("hongbao.db.lock");
    let put = |ledger: &[u8]| {
        fs::write(campaign.path("hongbao.db"), ledger).unwrap();
        let _ = fs::remove_file(&lock);
    };
    put(&old);
    let some = ["--live", "--confirm-total", &total, "--max-rows", "12"];
    campaign.verb("run", &some).exits(5);
    put(&taken_back);
    assert_eq!(campaign.count("withdrawn"), 15);
    campaign.ledger("adopt", "").exits(0);
    let said = campaign.verb("reconcile", &[]).exits(11);
    let told = format!("{}{}", said.stdout, said.stderr);
    assert!(
        told.contains("taken back by a person, and now seen paid"),
        "{told}"
    );
    assert_eq!(
        (campaign.count("withdrawn"), campaign.count("sent")),
        (3, 12)
    );
    assert!(told.contains("and 2 more"), "{told}");
    assert_eq!(campaign.status()["broken"].as_array().unwrap().len(), 12);
    campaign.unpause();
    campaign
        .verb(
            "run",
            &[
                "--live",
                "--confirm-total",
                &total_yuan(owed_fen(&campaign)),
            ],
        )
        .exits(11);
    assert_eq!(campaign.wechat.books().paid_packets, 12);
    audited(&campaign);
}

#[test]
fn states_and_the_verb_are_explained() {
    let said = hongbao(&["explain", "withdrawn"], &[]).wait().exits(0);
    assert!(said.stdout.contains("took it back"), "{}", said.stdout);
    let help = hongbao(&["help", "withdraw"], &[]).wait().exits(0);
    assert!(help.stdout.contains("--missing <FILE>"), "{}", help.stdout);
}

/// What is frozen anew was never attempted, and is sent first: a later run's first questions are
/// about it, so that a folder that was rolled back is noticed.
#[test]
fn a_run_asks_first_about_what_was_frozen_anew() {
    let mut campaign = loaded(30);
    let total = total_yuan(campaign.total_fen());
    withdraw(&campaign, &["--all", "--confirm-total", &total]).exits(0);
    mend(&mut campaign, &(0..30).collect::<Vec<_>>());
    campaign.verb("load", &[]).exits(0);
    let mended = fs::read(campaign.path("hongbao.db")).unwrap();
    run(&campaign).exits(0);
    let sends = campaign.wechat.sends();
    assert_eq!(campaign.books_agree().count("sent"), 30);
    fs::write(campaign.path("hongbao.db"), mended).unwrap();
    fs::remove_file(campaign.path("hongbao.db.lock")).unwrap();
    let said = run(&campaign);
    said.says(&["which this ledger never sent"]);
    let books = campaign.wechat.books();
    assert_eq!((books.paid_twice().len(), books.clashes), (0, 0));
    assert!(campaign.wechat.sends() >= sends, "packages are fetched");
    audited(&campaign);
}

#[test]
fn changed_texts_are_accepted_where_something_was_taken_back() {
    let mut campaign = loaded(3);
    take_back(&campaign, &[1]);
    campaign.set("campaign.wishing", "\"恭喜发财\"");
    campaign.verb("load", &[]).exits(7);
    campaign.verb("load", &["--refreeze"]).exits(0);
    run(&campaign).exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 2);
    audited(&campaign);
}
