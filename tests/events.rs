//! `run --events`: the campaign's moves as lines, in the journal's order, each once, whatever
//! becomes of their reader and of the run.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use hongbao::simulator::{FaultName, Settings};
use serde_json::{Value, json};

use crate::support::{
    Campaign, Child, an_eighth, can_trace, hongbao_under, openid, total_yuan, until,
};

/// The lines of a file beside the campaign's.
fn lines(campaign: &Campaign, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(campaign.path(name)).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "a torn line");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// As a program would that follows the lines from the first one: packets and fen by state.
fn replayed(lines: &[Value]) -> BTreeMap<String, (u64, u64)> {
    let mut ready = (0, 0);
    let mut numbers: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    let (mut given_up, mut last) = (BTreeSet::new(), 0);
    for line in lines {
        assert_eq!(line["v"], 1, "{line}");
        let seq = line["seq"].as_u64().unwrap();
        assert!(seq > last, "out of order: {line}");
        last = seq;
        let fen = line["fen"].as_u64();
        if let Some(packets) = line["packets"].as_u64() {
            ready = (ready.0 + packets, ready.1 + fen.unwrap());
        }
        let number = line["mch_billno"].as_str();
        let Some(number) = number.filter(|it| !given_up.contains(it)) else {
            continue;
        };
        let (fen, state) = (fen.unwrap(), line["state"].as_str().unwrap());
        let was = numbers.insert(number, (state, fen));
        if was.is_none() {
            ready = (ready.0 - 1, ready.1 - fen);
        }
        let was = was.map_or("ready", |(state, _)| state);
        assert_eq!(line["from"], was, "{line}");
        if line["given_up"] == true {
            // The packet waits under its next number.
            numbers.remove(number);
            given_up.insert(number);
            ready = (ready.0 + 1, ready.1 + fen);
        }
    }
    let mut states = BTreeMap::from([("ready".to_owned(), ready)]);
    for (state, fen) in numbers.into_values() {
        let sum = states.entry(state.to_owned()).or_default();
        *sum = (sum.0 + 1, sum.1 + fen);
    }
    states.retain(|_, sum| *sum != (0, 0));
    states
}

/// The same, as `status --json` has it.
fn stands(campaign: &Campaign) -> BTreeMap<String, (u64, u64)> {
    let document = campaign.status();
    let states = document["states"].as_object().unwrap().iter();
    let number = |value: &Value| value.as_u64().unwrap();
    states
        .map(|(name, row)| (name.clone(), (number(&row["count"]), number(&row["fen"]))))
        .filter(|(_, sum)| *sum != (0, 0))
        .collect()
}

/// The arguments of a live run, and more.
fn live<'a>(total: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["--live", "--confirm-total", total], more].concat()
}

/// Answers are lost, and two packets are refused.
fn some_go_wrong() -> Settings {
    let faults = [FaultName::LostAfter, FaultName::LostBefore];
    let refused = [3, 7].map(|row| (openid(row), "OPENID_ERROR".to_owned()));
    Settings {
        faults: an_eighth(&faults),
        scripted: refused.into_iter().collect(),
        ..Settings::default()
    }
}

/// A campaign whose runs take a few seconds. Nobody is refused: a refusal that a kill cuts short is
/// a doubt for ten minutes.
fn of_some_seconds() -> Campaign {
    let mut settings = some_go_wrong();
    settings.scripted.clear();
    let mut campaign = Campaign::with(300, settings);
    campaign.set("pace.per_second", "150");
    campaign.set("retry.linger_seconds", "10");
    campaign
}

fn text(campaign: &Campaign, name: &str) -> String {
    fs::read_to_string(campaign.path(name)).unwrap()
}

#[test]
fn events_that_are_replayed_give_the_states_and_sums_of_the_campaign() {
    let mut campaign = Campaign::with(60, some_go_wrong());
    campaign.set("retry.linger_seconds", "10");
    let (file, total) = (campaign.path("events"), total_yuan(campaign.total_fen()));
    let args = live(&total, &["--events", file.to_str().unwrap()]);
    let ran = campaign.verb("run", &args).exits(3);
    assert!(ran.stdout.contains("-report.csv"), "{}", ran.stdout);
    let told = lines(&campaign, "events");
    assert_eq!(
        (&told[0]["event"], &told[0]["packets"]),
        (&json!("loaded"), &json!(60))
    );
    assert_eq!(replayed(&told), stands(&campaign));
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let written = text(&campaign, "events");
    assert!(
        !(0..60).any(|row| written.contains(&openid(row))),
        "a whole openid"
    );
    let is_refused = |line: &Value| line["code"] == "OPENID_ERROR";
    assert!(told.iter().filter(|line| is_refused(line)).count() >= 2);
    let head = told.last().unwrap()["head"].as_str().unwrap();
    campaign.verb("audit", &["--head", head]).exits(0);

    // A new number, and what a person takes back and brings back, are moves as well.
    campaign.wechat.change(|settings| settings.scripted.clear());
    let because = [
        "--code",
        "OPENID_ERROR",
        "--because",
        "mended",
        "--confirm-total",
    ];
    let again = total_yuan([3, 7].map(|row| campaign.owed[row].1).iter().sum());
    campaign
        .verb("reissue", &[&because[..], &[&again]].concat())
        .exits(0);
    campaign.verb("run", &args).exits(0);
    assert_eq!(replayed(&lines(&campaign, "events")), stands(&campaign));
    let file = campaign.path("all");
    let from = ["--events", file.to_str().unwrap(), "--events-from", "1"];
    campaign.verb("run", &live(&total, &from)).exits(0);
    let all = text(&campaign, "all");
    assert!(
        all.starts_with(&text(&campaign, "events")),
        "the same lines"
    );
    campaign.books_agree();
}

#[test]
fn a_run_that_is_killed_leaves_no_gap_and_no_line_twice() {
    let campaign = of_some_seconds();
    let (file, total) = (campaign.path("events"), total_yuan(campaign.total_fen()));
    let args = live(&total, &["--events", file.to_str().unwrap()]);
    let written = || fs::metadata(&file).map_or(0, |facts| facts.len());
    let mut torn = 0;
    for round in 0..4 {
        let before = written();
        let mut run = campaign.start("run", &args);
        until("some is written", || written() > before + 3000 * round);
        run.kill();
        run.wait();
        if round == 1 {
            // As if the kill had come in the middle of a line.
            let half = fs::read(&file).unwrap();
            fs::write(&file, &half[..half.len() - 40]).unwrap();
            torn += 1;
        }
    }
    assert_eq!(torn, 1);
    campaign.verb("run", &args).exits(0);
    let told = lines(&campaign, "events");
    assert_eq!(replayed(&told), stands(&campaign));
    // As one that was never killed would have been told.
    let all = campaign.path("all");
    let from = ["--events", all.to_str().unwrap(), "--events-from", "1"];
    campaign.verb("run", &live(&total, &from)).exits(0);
    let all = text(&campaign, "all");
    let events = text(&campaign, "events");
    assert!(all.starts_with(&events), "a gap, or a line twice");
    // On stdout it goes on where somebody says, and nothing else is there.
    let seq = told[told.len() / 2]["seq"].as_u64().unwrap();
    let from = ["--events", "-", "--events-from", &seq.to_string()];
    let ran = campaign.verb("run", &live(&total, &from)).exits(0);
    let rest = all.lines().skip(told.len() / 2);
    let same = ran
        .stdout
        .lines()
        .zip(rest)
        .all(|(line, stored)| line == stored);
    assert!(same && ran.stdout.starts_with('{'), "{}", ran.stdout);
    assert!(ran.stderr.contains("-report.csv"), "{}", ran.stderr);
    campaign.books_agree();
}

#[test]
fn a_reader_that_is_gone_or_sleeps_holds_nobody_up() {
    for reader in ["head -n 1", "sleep 60"] {
        let campaign = of_some_seconds();
        let total = total_yuan(campaign.total_fen());
        let file = campaign.path("campaign.toml");
        let mut args = vec!["run", file.to_str().unwrap()];
        args.extend(live(&total, &["--events", "-"]));
        // The exit code is the run's; the reader's own end is not waited for.
        let status = campaign.path("status");
        let script = format!(
            "( \"$0\" \"$@\"; echo $? > {} ) | ( {reader}; exec 0<&- ) & \
             reader=$!; while [ ! -s {} ]; do sleep 0.05; done; kill $reader",
            status.display(),
            status.display()
        );
        let began = Instant::now();
        let ran = hongbao_under(&["bash", "-c", &script], &args).wait();
        assert_eq!(text(&campaign, "status").trim(), "0", "{}", ran.stderr);
        assert!(began.elapsed().as_secs() < 50, "it waited for its reader");
        assert_eq!(campaign.books_agree().count("sent"), 300);
    }
}

#[test]
fn events_are_appended_to_nothing_but_events_of_this_campaign() {
    let campaign = Campaign::of(3);
    let total = total_yuan(campaign.total_fen());
    let to = |name: &str| {
        let file = campaign.path(name);
        campaign.verb("run", &live(&total, &["--events", file.to_str().unwrap()]))
    };
    campaign.write("notes", "mine\n");
    campaign.write("events-of-others", "{\"v\":1,\"campaign\":\"x\"}\n");
    for name in [
        "recipients.csv",
        "campaign.toml",
        "hongbao.db",
        "notes",
        "events-of-others",
    ] {
        let before = fs::read(campaign.path(name)).ok();
        to(name).exits(2).says(&["name another file"]);
        assert_eq!(fs::read(campaign.path(name)).ok(), before, "{name}");
    }
    assert_eq!(campaign.wechat.sends(), 0);
    to("events").exits(0);
    // A first line that a kill or a full disk cut short is no stranger's.
    let whole = text(&campaign, "events");
    campaign.write("events", &whole[..40]);
    to("events").exits(0);
    assert!(
        lines(&campaign, "events").len() < 3,
        "it begins with this run"
    );
    campaign.write("events", &whole);
    // A ledger that was put back does not have what the file ends with.
    let line = text(&campaign, "events").lines().last().unwrap().to_owned();
    let mut line: Value = serde_json::from_str(&line).unwrap();
    line["seq"] = json!(line["seq"].as_u64().unwrap() + 1000);
    campaign.write("events", format!("{line}\n"));
    to("events").exits(2).says(&["another ledger"]);
}

/// A full disk is told while the run goes on, and does not change how it ends: a service manager
/// would start it again.
#[test]
fn a_place_that_takes_nothing_is_told_at_once_and_changes_no_exit_code() {
    let campaign = of_some_seconds();
    let total = total_yuan(campaign.total_fen());
    let file = campaign.path("campaign.toml");
    let mut args = vec!["run", file.to_str().unwrap()];
    args.extend(live(&total, &["--events", "-"]));
    let status = campaign.path("status");
    let script = format!("\"$0\" \"$@\" >/dev/full; echo $? >{}", status.display());
    let ran = hongbao_under(&["bash", "-c", &script], &args).wait();
    assert_eq!(text(&campaign, "status").trim(), "0", "{}", ran.stderr);
    let said = ran.stderr.as_str();
    let told = said.find("events to (stdout) stopped: ").expect(said);
    assert!(told < said.find("-report.csv").expect(said), "{said}");
    assert!(said.contains("--events - --events-from 1"), "{said}");
    assert_eq!(said.matches("stopped: ").count(), 1, "{said}");
    assert_eq!(campaign.books_agree().count("sent"), 300);
}

/// Money does not wait for those who watch it.
#[test]
fn a_run_that_gets_no_thread_for_its_events_goes_on_without_them() {
    if !can_trace("events") {
        return;
    }
    let campaign = Campaign::of(3);
    let (file, total) = (
        campaign.path("campaign.toml"),
        total_yuan(campaign.total_fen()),
    );
    let mut args = vec!["run", file.to_str().unwrap()];
    args.extend(live(&total, &["--events", "-"]));
    let trace = campaign.path("trace");
    // The first thread that the first thread begins.
    let fault = "inject=clone3,clone:error=EAGAIN:when=1";
    let strace = [
        "strace",
        "-f",
        "-qq",
        "-o",
        trace.to_str().unwrap(),
        "-e",
        fault,
    ];
    let ran = hongbao_under(&strace, &args).wait().exits(0);
    ran.says(&["events to (stdout) stopped: ", "--events - --events-from 1"]);
    assert_eq!(campaign.books_agree().count("sent"), 3);
}

/// A run on the simulator that waits eight seconds for its opening, and writes events.
fn waiting(campaign: &mut Campaign) -> Child {
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.set("schedule.hours", "\"08:00-23:30\"");
    let file = campaign.path("events");
    let args = ["--wait", "--events", file.to_str().unwrap()];
    let now = ("HONGBAO_SIMULATED_NOW", "2027-02-12T07:59:52+08:00");
    let run = campaign.start_at("run", &args, &[now]);
    until("it waits", || run.said("stderr").contains("waiting until"));
    run
}

#[test]
fn a_ledger_that_is_put_back_while_a_run_waits_is_followed_without_a_gap() {
    let mut campaign = Campaign::of(3);
    let run = waiting(&mut campaign);
    let now = [("HONGBAO_SIMULATED_NOW", "2027-02-12T07:59:53+08:00")];
    campaign.ledger("backup", "copy").exits(0);
    campaign.ledger("restore", "copy").exits(0);
    campaign.start_at("unpause", &[], &now).wait().exits(0);
    run.wait();
    let told = lines(&campaign, "events");
    assert!(campaign.count("sent") > 0);
    assert_eq!(replayed(&told), stands(&campaign));
}

#[test]
fn another_ledger_after_a_wait_is_followed_from_its_end_and_told() {
    let mut campaign = Campaign::of(3);
    let run = waiting(&mut campaign);
    campaign.set("ledger.path", "\"other.db\"");
    let ran = run.wait().exits(0);
    ran.says(&["events", "is not in the ledger that the run goes on with"]);
    let told = lines(&campaign, "events");
    let loads: Vec<&Value> = told.iter().filter(|it| it["event"] == "loaded").collect();
    assert_eq!(loads.len(), 2, "one of each ledger");
    let sent = told.iter().filter(|it| it["state"] == "sent").count();
    assert_eq!((sent, campaign.count("sent")), (3, 3));
}

#[test]
fn a_begin_beyond_the_end_is_refused() {
    let campaign = Campaign::of(2);
    campaign.verb("load", &[]).exits(0);
    let total = total_yuan(campaign.total_fen());
    for to in ["-", "events.jsonl"] {
        let to = if to == "-" {
            to.to_owned()
        } else {
            campaign.path(to).display().to_string()
        };
        let typed = [
            "--live",
            "--confirm-total",
            &total,
            "--events",
            &to,
            "--events-from",
            "99",
        ];
        let ran = campaign.verb("run", &typed).exits(2);
        ran.says(&["--events-from 99 is beyond the end", "the next event is"]);
    }
    assert_eq!(campaign.wechat.sends(), 0);
    let next = campaign.verb("status", &["--json"]).exits(0).stdout;
    let next: serde_json::Value = serde_json::from_str(&next).unwrap();
    let next = next["journal"]["rows"].as_i64().unwrap() + 1;
    let typed = [
        "--live",
        "--confirm-total",
        &total,
        "--events",
        "-",
        "--events-from",
    ];
    let ran = campaign
        .verb("run", &[&typed[..], &[&next.to_string()]].concat())
        .exits(0);
    assert!(ran.stdout.contains("\"event\":\"accepted\"") || ran.stdout.lines().count() > 2);
}
