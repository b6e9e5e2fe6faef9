//! Who is told of a run: robots, a webhook and a dead-man ping, played by a server on this machine.
//! Nothing of it holds a run up or changes how it ends, and no message has a person, an address or
//! a secret in it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "notify/mailbox.rs"]
mod mailbox;
#[path = "notify/secure.rs"]
mod secure;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use hongbao::simulator::{FaultName, FaultRates, Settings};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use mailbox::{Letter, Mailbox, Reply};
use secure::SecureMailbox;
use serde_json::Value;

use crate::support::{
    Campaign, Child, Proxy, Way, for_each_at_once, hongbao, openid, rows, say, total_yuan, until,
};

const SECRET: &str = "SECnotToBeSeenByAnybody0123456789";

/// A campaign whose run is told to these targets.
fn told(mut campaign: Campaign, mailbox: &Mailbox, targets: &[&str]) -> Campaign {
    for target in targets {
        let url = format!("{}/{target}?token=hidden-{target}", mailbox.url());
        put(&campaign, &format!("secrets/{target}_url"), &url);
        let key = format!("notify.{target}_url_file");
        campaign.set(&key, &format!("\"secrets/{target}_url\""));
        if ["dingtalk", "feishu", "webhook"].contains(target) {
            put(&campaign, &format!("secrets/{target}_secret"), SECRET);
            let key = format!("notify.{target}_secret_file");
            campaign.set(&key, &format!("\"secrets/{target}_secret\""));
        }
    }
    campaign
}

fn put(campaign: &Campaign, name: &str, text: &str) {
    campaign.write(name, text);
    let path = campaign.path(name);
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

fn of_webhook(letters: &[Letter]) -> Vec<Value> {
    let ours = letters.iter().filter(|it| it.path.starts_with("/webhook"));
    ours.map(|it| serde_json::from_slice(&it.body).unwrap())
        .collect()
}

fn events(letters: &[Letter]) -> Vec<String> {
    let event = |it: &Value| it["event"].as_str().unwrap().to_owned();
    of_webhook(letters).iter().map(event).collect()
}

fn pings(letters: &[Letter]) -> Vec<String> {
    let ours = letters.iter().filter(|it| it.path.starts_with("/ping"));
    let step = |it: &Letter| {
        let path = it.path.split('?').next().unwrap();
        path.trim_start_matches("/ping").to_owned()
    };
    ours.map(step).collect()
}

/// Nobody and nothing that is secret stands in it.
#[track_caller]
fn is_discreet(text: &str) {
    assert!(!text.contains(SECRET), "a secret: {text}");
    assert!(!text.contains("hidden-"), "an address: {text}");
    for row in 0..3 {
        assert!(!text.contains(&openid(row)), "an openid: {text}");
    }
    assert!(
        !text.contains("天虹百货") && !text.contains("元宵节快乐"),
        "{text}"
    );
}

#[test]
fn a_run_tells_its_begin_and_its_end_with_its_money() {
    let mailbox = Mailbox::open(Reply::Well);
    let campaign = told(Campaign::of(3), &mailbox, &["webhook", "ping"]);
    let ran = campaign.run().exits(0);
    let letters = mailbox.letters();
    assert_eq!(events(&letters), ["started", "finished"]);
    assert_eq!(pings(&letters), ["/start", "/0"]);
    let documents = of_webhook(&letters);
    let total = campaign.total_fen();
    for document in &documents {
        let money = &document["money"];
        let fen = |key: &str| money[key].as_u64().unwrap();
        assert_eq!(fen("owed_fen"), total);
        let places = money.as_object().unwrap().iter();
        let held = places.filter(|(key, _)| key.ends_with("_fen") && *key != "owed_fen");
        let held: u64 = held.map(|(_, fen)| fen.as_u64().unwrap()).sum();
        assert_eq!(held, total, "the money line does not add up: {money}");
        assert_eq!(money["balanced"], true);
        assert_eq!(document["journal"]["head"].as_str().unwrap().len(), 64);
        assert_eq!(
            (&document["mode"], &document["version"]),
            (&"live".into(), &1.into())
        );
    }
    assert_eq!(documents[0]["money"]["waiting_fen"], total);
    assert_eq!(documents[1]["money"]["unclaimed_fen"], total);
    assert_eq!(documents[1]["exit"], 0);
    let journal = &campaign.status()["journal"];
    assert_eq!(documents[1]["journal"]["head"], journal["head"]);
    assert_ne!(documents[0]["id"], documents[1]["id"]);
    let end = letters
        .iter()
        .find(|it| it.path.starts_with("/ping/0"))
        .unwrap();
    let summary = String::from_utf8_lossy(&end.body);
    assert!(summary.contains("【红包】lantern：发放已结束"), "{summary}");
    assert!(
        summary.contains("退出码 0") && summary.contains("；平"),
        "{summary}"
    );
    assert!(end.path.ends_with("?token=hidden-ping"), "the query stays");
    for letter in &letters {
        is_discreet(&String::from_utf8_lossy(&letter.body));
    }
    is_discreet(&ran.stderr);
    is_discreet(&ran.stdout);
    // Nothing is left to do: only the ping, also after the minute in which a kind is told once.
    fs::remove_file(campaign.path("hongbao.db.told")).unwrap();
    campaign.run().exits(0);
    let again = mailbox.letters();
    assert_eq!(
        (events(&again), pings(&again)),
        (vec![], vec!["/start".into(), "/0".into()])
    );
}

/// What another program makes of it, if it is there.
fn python(script: &str, args: &[&str]) -> Option<String> {
    let ran = std::process::Command::new("python3")
        .args(["-c", script])
        .args(args)
        .output()
        .ok()?;
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    Some(String::from_utf8(ran.stdout).unwrap().trim().to_owned())
}

const DINGTALK: &str = "
import base64, hashlib, hmac, sys, urllib.parse
time, secret = sys.argv[1:]
made = hmac.new(secret.encode(), f'{time}\\n{secret}'.encode(), hashlib.sha256).digest()
print(urllib.parse.quote_plus(base64.b64encode(made)))
";
const FEISHU: &str = "
import base64, hashlib, hmac, sys
time, secret = sys.argv[1:]
made = hmac.new(f'{time}\\n{secret}'.encode(), b'', hashlib.sha256).digest()
print(base64.b64encode(made).decode())
";
const WEBHOOK: &str = "
import hashlib, hmac, sys
time, secret, body = sys.argv[1:]
print(hmac.new(secret.encode(), f'{time}.{body}'.encode(), hashlib.sha256).hexdigest())
";

/// The value of a parameter as it stands in the address.
fn parameter<'a>(path: &'a str, name: &str) -> &'a str {
    let query = path.split_once('?').unwrap().1;
    let of_name = |pair: &&'a str| pair.split_once('=').unwrap().0 == name;
    let pair = query.split('&').find(of_name).unwrap();
    pair.split_once('=').unwrap().1
}

#[test]
fn each_robot_is_told_in_its_form_and_with_its_sign() {
    let mailbox = Mailbox::open(Reply::Well);
    let robots = ["wecom", "dingtalk", "feishu", "webhook"];
    let mut campaign = told(Campaign::of(3), &mailbox, &robots);
    campaign.set("notify.mention", "[\"all\", \"13800000000\"]");
    campaign
        .wechat
        .change(|settings| settings.balance_fen = Some(1));
    campaign.run().exits(11);
    let letters = mailbox.letters();
    let of = |robot: &str| {
        let path = format!("/{robot}?token=hidden-{robot}");
        let ours = letters.iter().filter(|it| it.path.starts_with(&path));
        let ours: Vec<&Letter> = ours.collect();
        assert_eq!(ours.len(), 2, "{robot}: started, halted");
        ours[1]
    };
    let json = |letter: &Letter| -> Value { serde_json::from_slice(&letter.body).unwrap() };
    let (wecom, dingtalk) = (json(of("wecom")), json(of("dingtalk")));
    let (feishu, webhook) = (json(of("feishu")), json(of("webhook")));
    assert_eq!(
        (&wecom["msgtype"], &dingtalk["msgtype"]),
        (&"text".into(), &"text".into())
    );
    assert_eq!(feishu["msg_type"], "text");
    assert_eq!(wecom["text"]["mentioned_list"][0], "@all");
    assert_eq!(dingtalk["at"]["isAtAll"], true);
    let texts = [
        &wecom["text"]["content"],
        &dingtalk["text"]["content"],
        &feishu["content"]["text"],
    ];
    for text in texts.map(|text| text.as_str().unwrap()) {
        assert!(
            text.starts_with("【红包】lantern：已中止，请尽快处理\n原因：NOTENOUGH"),
            "{text}"
        );
        assert!(
            text.contains("退出码 11") && text.contains("账本校验码："),
            "{text}"
        );
        let (head, money) = text.split_once("应发 ").unwrap();
        assert!(
            head.contains("金额") && money.lines().next().unwrap().ends_with("；平"),
            "{text}"
        );
        is_discreet(text);
    }
    assert_eq!(webhook["reason"]["code"], "halt.code");
    let path = of("dingtalk").path.as_str();
    let time = parameter(path, "timestamp");
    assert_eq!(time.len(), 13, "milliseconds");
    let Some(sign) = python(DINGTALK, &[time, SECRET]) else {
        return say("skipped: no python3, signs are compared with fixed ones only");
    };
    assert_eq!(parameter(path, "sign"), sign);
    let time = feishu["timestamp"].as_str().unwrap();
    assert_eq!(time.len(), 10, "seconds");
    assert_eq!(feishu["sign"], python(FEISHU, &[time, SECRET]).unwrap());
    let letter = of("webhook");
    let signature = letter.headers["x-hongbao-signature"].as_str();
    let (time, sign) = signature
        .strip_prefix("t=")
        .unwrap()
        .split_once(",v1=")
        .unwrap();
    let body = String::from_utf8(letter.body.clone()).unwrap();
    assert_eq!(sign, python(WEBHOOK, &[time, SECRET, &body]).unwrap());
}

#[test]
fn a_target_that_never_answers_delays_nothing_of_the_run() {
    let silent = Mailbox::open(Reply::Silent);
    let all = ["wecom", "dingtalk", "feishu", "webhook", "ping"];
    let campaign = told(Campaign::of(3), &silent, &all);
    let begun = Instant::now();
    let mut run = campaign.start_run();
    // The summary is the last of the run itself; the lock is free, and the process still waits.
    until("the run is over", || run.said("stderr").contains("next: "));
    let over = begun.elapsed();
    assert!(over < Duration::from_secs(4), "it took {over:?}");
    until("the ledger is free", || {
        campaign.verb("load", &[]).code == Some(0)
    });
    assert!(!run.is_over(), "messages were not waited for");
    let ran = run.wait().exits(0);
    let waited = begun.elapsed().checked_sub(over).unwrap();
    assert!(waited < Duration::from_secs(30), "it waited for {waited:?}");
    assert!(ran.stderr.contains("wecom"), "{}", ran.stderr);
    is_discreet(&ran.stderr);
    campaign.books_agree();
}

#[test]
fn a_target_that_refuses_is_named_and_changes_nothing() {
    let refusing = Mailbox::open(Reply::Refused);
    let robots = ["wecom", "dingtalk", "feishu"];
    let campaign = told(Campaign::of(1), &refusing, &robots);
    let says = [
        "notify: dingtalk was not told of \"started\": the robot refuses it with code 310000",
        "notify: feishu was not told of \"finished\": the robot refuses it with code 19021",
    ];
    let ran = campaign.run().exits(0).says(&says);
    is_discreet(&ran.stderr);
    assert_eq!(refusing.letters().len(), 6, "a refusal is not tried again");
    // Nobody listens there.
    let campaign = told(Campaign::of(1), &refusing, &[]);
    put(&campaign, "secrets/gone", "http://127.0.0.1:1/?hidden-gone");
    let mut campaign = campaign;
    campaign.set("notify.wecom_url_file", "\"secrets/gone\"");
    let ran = campaign
        .run()
        .exits(0)
        .says(&["notify: wecom", "no connection"]);
    is_discreet(&ran.stderr);
}

#[test]
fn a_target_that_is_busy_is_tried_once_more() {
    let busy = Mailbox::open(Reply::BusyOnce);
    let campaign = told(Campaign::of(1), &busy, &["webhook"]);
    let ran = campaign.run().exits(0);
    assert!(!ran.stderr.contains("notify:"), "{}", ran.stderr);
    let letters = busy.letters();
    assert_eq!(events(&letters), ["started", "started", "finished"]);
    let ids: Vec<Value> = of_webhook(&letters)
        .iter()
        .map(|it| it["id"].clone())
        .collect();
    assert_eq!(ids[0], ids[1], "whoever gets both can tell");
}

/// A stop and an end are two things to know, however soon the one comes after the other.
#[test]
fn an_end_is_told_right_after_a_stop_with_what_to_type_next() {
    let mailbox = Mailbox::open(Reply::Well);
    let campaign = told(Campaign::of(3), &mailbox, &["webhook", "ping"]);
    let total = total_yuan(campaign.total_fen());
    let some = ["--live", "--confirm-total", &total, "--max-rows", "1"];
    campaign.verb("run", &some).exits(5);
    campaign.run().exits(0);
    let letters = mailbox.letters();
    assert_eq!(events(&letters), ["started", "finished", "finished"]);
    let documents = of_webhook(&letters);
    assert_eq!(
        (&documents[1]["exit"], &documents[2]["exit"]),
        (&5.into(), &0.into())
    );
    let next = |at: usize| documents[at]["next"].as_str().unwrap().to_owned();
    assert!(next(1).starts_with("hongbao run "), "{}", next(1));
    assert!(next(2).starts_with("hongbao reconcile "), "{}", next(2));
}

/// A timer has its total from the day on which it was set.
#[test]
fn a_total_that_is_not_the_campaigns_any_more_is_told_and_one_that_is_missing_is_not() {
    let mailbox = Mailbox::open(Reply::Well);
    let campaign = told(Campaign::of(3), &mailbox, &["webhook"]);
    campaign.verb("run", &["--live"]).exits(2);
    assert!(events(&mailbox.letters()).is_empty());
    let typed = ["--live", "--confirm-total", "1.00"];
    campaign.verb("run", &typed).exits(2);
    let letters = mailbox.letters();
    assert_eq!(events(&letters), ["halted"]);
    let document = &of_webhook(&letters)[0];
    let told = document.to_string();
    assert!(told.contains("--confirm-total"), "{told}");
}

#[test]
fn files_that_others_can_read_are_not_used_and_the_run_goes_on() {
    let mailbox = Mailbox::open(Reply::Well);
    let mut campaign = told(Campaign::of(1), &mailbox, &["wecom", "webhook"]);
    let open = Permissions::from_mode(0o644);
    fs::set_permissions(campaign.path("secrets/wecom_url"), open).unwrap();
    let ran = campaign
        .run()
        .exits(0)
        .says(&["nothing is told to wecom", "chmod 600"]);
    is_discreet(&ran.stderr);
    let letters = mailbox.letters();
    assert!(letters.iter().all(|it| it.path.starts_with("/webhook")));
    assert_eq!(events(&letters), ["started", "finished"]);
    // The address itself in the place of its file.
    campaign.set(
        "notify.wecom_url_file",
        "\"https://example.com/hidden-address\"",
    );
    let ran = campaign
        .verb("status", &[])
        .exits(7)
        .says(&["notify.wecom_url_file"]);
    is_discreet(&ran.stderr);
}

/// Somebody made a fifo of it, into which nobody writes.
#[test]
fn a_file_that_never_gives_its_address_is_not_waited_for() {
    let mailbox = Mailbox::open(Reply::Well);
    let campaign = told(Campaign::of(1), &mailbox, &["wecom", "webhook"]);
    let path = campaign.path("secrets/wecom_url");
    fs::remove_file(&path).unwrap();
    let mut mkfifo = std::process::Command::new("mkfifo");
    let made = mkfifo.args(["-m", "600"]).arg(&path).status();
    assert!(made.unwrap().success());
    let mut run = campaign.start_run();
    let begun = Instant::now();
    while !run.is_over() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it waits");
        std::thread::sleep(Duration::from_millis(20));
    }
    run.wait()
        .exits(0)
        .says(&["nothing is told to wecom", "a pipe or a device"]);
    assert_eq!(events(&mailbox.letters()), ["started", "finished"]);
}

#[test]
fn in_simulator_mode_nobody_is_told_but_by_the_test() {
    let mailbox = Mailbox::open(Reply::Well);
    let all = ["wecom", "dingtalk", "feishu", "webhook", "ping"];
    let mut campaign = told(Campaign::of(2), &mailbox, &all);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.verb("run", &[]).exits(0);
    campaign.verb("rehearse", &["--kills", "1"]).exits(0);
    campaign.verb("reconcile", &[]).exits(0);
    assert_eq!(mailbox.connections(), 0);
    let ran = campaign.verb("notify", &["--test"]).exits(0);
    assert_eq!(
        ran.stdout,
        "✓ wecom\n✓ dingtalk\n✓ feishu\n✓ webhook\n✓ ping\n"
    );
    let letters = mailbox.letters();
    assert_eq!(
        (events(&letters), pings(&letters)),
        (vec!["test".into()], vec!["/0".into()])
    );
    let refusing = Mailbox::open(Reply::Refused);
    let campaign = told(campaign, &refusing, &["feishu"]);
    let ran = campaign.verb("notify", &["--test"]).exits(7);
    assert!(
        ran.stdout
            .contains("✗ feishu    the robot refuses it with code 19021")
    );
    is_discreet(&ran.stdout);
    is_discreet(&ran.stderr);
    Campaign::of(1)
        .verb("notify", &["--test"])
        .exits(7)
        .says(&["names nobody"]);
    Campaign::of(1).verb("notify", &[]).exits(2);
}

/// What came since, which is these pings and no message.
#[track_caller]
fn only_pings(mailbox: &Mailbox, steps: &[&str]) -> Vec<Letter> {
    let letters = mailbox.letters();
    assert_eq!(events(&letters), Vec::<String>::new());
    assert_eq!(pings(&letters), steps);
    letters
}

#[test]
fn what_stops_a_run_is_told_once_and_pinged_each_time() {
    let mailbox = Mailbox::open(Reply::Well);
    let settings = Settings {
        balance_fen: Some(1),
        ..Settings::default()
    };
    let campaign = told(Campaign::with(20, settings), &mailbox, &["webhook", "ping"]);
    campaign.run().exits(11);
    let letters = mailbox.letters();
    assert_eq!(events(&letters), ["started", "halted"]);
    assert_eq!(pings(&letters), ["/start", "/11"]);
    // A timer finds it halted: no news.
    campaign.run().exits(11);
    only_pings(&mailbox, &["/start", "/11"]);
    // The same again within a minute fills nobody's screen.
    campaign.unpause();
    campaign
        .run()
        .exits(11)
        .says(&["\"halted\" was told already"]);
    only_pings(&mailbox, &["/start", "/11"]);
    // A person's pause is how it should be, and what the person wrote stays here.
    campaign.unpause();
    campaign
        .verb("pause", &["--because", "hidden-person asked"])
        .exits(0);
    campaign.run().exits(5);
    let letters = only_pings(&mailbox, &["/start", "/0"]);
    let reason = String::from_utf8_lossy(&letters[1].body);
    assert!(reason.contains("由人工暂停"), "{reason}");
    is_discreet(&reason);
}

/// A campaign that can never go on by itself is no quiet night.
#[test]
fn a_schedule_that_is_over_with_packets_unpaid_is_told() {
    let mailbox = Mailbox::open(Reply::Well);
    let mut campaign = told(Campaign::of(1), &mailbox, &["webhook", "ping"]);
    campaign.set("schedule.not_after", "\"2020-01-01T00:00:00+08:00\"");
    campaign.run().exits(5);
    let letters = mailbox.letters();
    assert_eq!(events(&letters), ["halted"]);
    assert_eq!(pings(&letters), ["/start", "/5"]);
    let reason = &of_webhook(&letters)[0]["reason"];
    assert_eq!(reason["code"], "schedule.over", "{reason}");
    // The timer starts it again.
    campaign.run().exits(5);
    only_pings(&mailbox, &["/start", "/5"]);
}

/// What waits for an answer needs no time to be sent.
#[test]
fn a_schedule_that_is_over_with_doubts_alone_is_no_alarm() {
    let mailbox = Mailbox::open(Reply::Well);
    let mut campaign = told(Campaign::of(1), &mailbox, &["webhook", "ping"]);
    campaign.wechat.change(|settings| {
        settings.faults = FaultRates::none().with(FaultName::Processing, 1.0);
        settings.processing_seconds = 3_600;
    });
    campaign.run().exits(4);
    mailbox.letters();
    campaign.set("schedule.not_after", "\"2020-01-01T00:00:00+08:00\"");
    campaign.run();
    let letters = mailbox.letters();
    assert_eq!(events(&letters), Vec::<String>::new());
}

/// The network of an outage is often the one that the message would have taken.
#[test]
fn a_message_that_nobody_heard_is_told_by_the_next_run() {
    let settings = Settings {
        balance_fen: Some(1),
        ..Settings::default()
    };
    let mailbox = Mailbox::open(Reply::Well);
    let campaign = told(Campaign::with(3, settings), &mailbox, &["webhook"]);
    let file = "secrets/webhook_url";
    put(&campaign, file, "http://127.0.0.1:1/webhook");
    campaign.run().exits(11);
    put(&campaign, file, &format!("{}/webhook", mailbox.url()));
    // One that is so young may be on its way still.
    campaign.run().exits(11);
    assert_eq!(events(&mailbox.letters()), Vec::<String>::new());
    let noted = fs::read_to_string(campaign.path("hongbao.db.told")).unwrap();
    let mut noted: Value = serde_json::from_str(&noted).unwrap();
    for entry in noted.as_object_mut().unwrap().values_mut() {
        if let Some(at) = entry["at"].as_i64() {
            entry["at"] = (at - 60_000).into();
        }
    }
    campaign.write("hongbao.db.told", noted.to_string().as_str());
    campaign.run().exits(11);
    let letters = mailbox.letters();
    assert_eq!(events(&letters), ["halted"]);
    let told = &of_webhook(&letters)[0];
    assert_eq!(told["reason"]["code"], "notify.unheard", "{told}");
    assert_eq!(told["exit"], 11);
    campaign.run().exits(11);
    assert_eq!(events(&mailbox.letters()), Vec::<String>::new());
}

#[test]
fn approval_closed_windows_and_faults_have_their_own_words() {
    let mailbox = Mailbox::open(Reply::Well);
    let mut campaign = told(Campaign::of(1), &mailbox, &["webhook", "ping"]);
    campaign.set("notify.lang", "\"en\"");
    campaign.set("schedule.start_at", "\"2098-01-01T00:00:00+08:00\"");
    campaign.run().exits(5);
    let letters = only_pings(&mailbox, &["/start", "/0"]);
    let reason = String::from_utf8_lossy(&letters[1].body);
    assert!(reason.contains("it opens at 2098-01-01 00:00"), "{reason}");
    campaign.set("schedule.start_at", "\"2020-01-01T00:00:00+08:00\"");
    campaign.set("approval.required", "true");
    let file = campaign.path("key");
    let made = hongbao(&["approve", "--keygen", file.to_str().unwrap()], &[]).wait();
    let keys = made.exits(0).stdout;
    let keys = keys.trim().split_once(" = ").unwrap().1;
    campaign.set("approval.approvers", keys);
    campaign.run().exits(9);
    let letters = mailbox.letters();
    assert_eq!(
        (events(&letters), pings(&letters)),
        (vec!["approval".into()], vec!["/start".into(), "/9".into()])
    );
    campaign.set("approval.required", "false");
    fs::write(campaign.path("secrets/api_key"), "too short").unwrap();
    campaign.run().exits(7);
    let letters = mailbox.letters();
    assert_eq!(
        (events(&letters), pings(&letters)),
        (vec!["halted".into()], vec!["/start".into(), "/7".into()])
    );
    let document = &of_webhook(&letters)[0];
    let text = document["text"].as_str().unwrap();
    assert!(text.contains("configuration, certificate or key"), "{text}");
    is_discreet(text);
}

/// The run waits for a window that opens in some seconds.
fn waiting(campaign: &mut Campaign) -> Child {
    let opens = Timestamp::now() + Duration::from_secs(5);
    campaign.set("schedule.start_at", &format!("\"{opens:.0}\""));
    let total = total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total, "--wait"];
    let run = campaign.start("run", &flags);
    until("it waits", || run.said("stderr").contains("waiting until"));
    run
}

#[test]
fn a_run_that_waited_and_cannot_go_on_tells_so() {
    for_each_at_once(0..3, |case| {
        let mailbox = Mailbox::open(Reply::Well);
        let mut campaign = told(Campaign::of(1), &mailbox, &["webhook", "ping"]);
        let run = waiting(&mut campaign);
        until("it pinged", || mailbox.count() == 2);
        assert_eq!(pings(&mailbox.letters()), ["/start", "/0"]);
        let (exit, told, pinged) = match case {
            // Somebody broke the campaign file at night, its targets too.
            0 => {
                campaign.set("pace.in_flight", "0");
                campaign.set("notify.webhook_url_file", "7");
                (7, vec!["halted"], vec!["/7"])
            }
            // Somebody changed the list.
            1 => {
                campaign.owe(rows(2));
                (6, vec!["halted"], vec!["/start", "/6"])
            }
            _ => {
                run.signal("TERM");
                (143, vec![], vec!["/143"])
            }
        };
        let ran = run.wait().exits(exit);
        let letters = mailbox.letters();
        assert_eq!((events(&letters), pings(&letters)), strings(&told, &pinged));
        for letter in &letters {
            is_discreet(&String::from_utf8_lossy(&letter.body));
        }
        is_discreet(&ran.stderr);
        assert_eq!(campaign.wechat.sends(), 0);
    });
}

#[test]
fn a_second_start_that_meets_the_lock_pings_nothing() {
    let mailbox = Mailbox::open(Reply::Well);
    let mut campaign = told(Campaign::of(40), &mailbox, &["webhook", "ping"]);
    campaign.set("pace.per_second", "5");
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 0);
    until("it told", || mailbox.count() == 2);
    let letters = mailbox.letters();
    assert_eq!(
        (events(&letters), pings(&letters)),
        strings(&["started"], &["/start"])
    );
    campaign.run().exits(8);
    assert_eq!(mailbox.letters().len(), 0, "the run that holds it is well");
    // One whose begin was told is told of until its end.
    run.signal("TERM");
    run.wait().exits(143);
    let letters = mailbox.letters();
    assert_eq!(
        (events(&letters), pings(&letters)),
        strings(&["finished"], &["/143"])
    );
}

fn strings(events: &[&str], pings: &[&str]) -> (Vec<String>, Vec<String>) {
    let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    (owned(events), owned(pings))
}

#[test]
fn a_reconciliation_tells_what_it_moved_and_pings_nobody() {
    let mailbox = Mailbox::open(Reply::Well);
    let campaign = told(Campaign::of(2), &mailbox, &["webhook", "ping"]);
    campaign.run().exits(0);
    mailbox.letters();
    campaign.verb("reconcile", &[]).exits(0);
    assert_eq!(mailbox.letters().len(), 0, "nothing moved");
    fs::remove_file(campaign.path("hongbao.db.told")).unwrap();
    // Everybody opened theirs a moment after it was sent.
    campaign.wechat.change(|settings| {
        let claims = &mut settings.claims;
        (claims.claimed_percent, claims.earliest_ms, claims.latest_ms) = (100, 0, 1);
    });
    campaign.verb("reconcile", &[]).exits(0);
    let letters = mailbox.letters();
    assert_eq!(
        (events(&letters), pings(&letters)),
        (vec!["finished".into()], vec![])
    );
}

#[test]
fn doctor_looks_whether_they_are_there_and_tells_them_nothing() {
    let mailbox = Mailbox::open(Reply::Well);
    let mut campaign = told(Campaign::of(1), &mailbox, &["wecom", "ping"]);
    campaign.set("pace.per_second", "25");
    let said = campaign.verb("doctor", &[]).exits(0).stdout;
    assert!(
        said.contains("✓ notify       reachable: wecom, ping"),
        "{said}"
    );
    until("it looked", || mailbox.connections() == 2);
    assert_eq!(mailbox.letters().len(), 0);
    put(
        &campaign,
        "secrets/wecom_url",
        "http://127.0.0.1:1/?key=hidden-key",
    );
    let ran = campaign.verb("doctor", &[]).exits(7);
    let said = &ran.stdout;
    assert!(
        said.contains("✗ notify       wecom: no connection"),
        "{said}"
    );
    assert!(
        said.contains("hongbao notify CAMPAIGN.toml --test"),
        "{said}"
    );
    is_discreet(said);
    is_discreet(&ran.stderr);
    let open = Permissions::from_mode(0o644);
    fs::set_permissions(campaign.path("secrets/wecom_url"), open).unwrap();
    let said = campaign.verb("doctor", &[]).exits(7).stdout;
    assert!(said.contains("chmod 600"), "{said}");
}

#[test]
fn no_output_takes_the_place_of_an_address_or_its_secret() {
    let mailbox = Mailbox::open(Reply::Well);
    let campaign = told(Campaign::of(1), &mailbox, &["webhook"]);
    campaign.run().exits(0);
    for name in [
        "secrets/webhook_url",
        "secrets/webhook_secret",
        "hongbao.db.told",
    ] {
        let path = campaign.path(name);
        let before = fs::read(&path).unwrap();
        let words = ["--out", path.to_str().unwrap(), "--force"];
        let ran = campaign.verb("report", &words);
        assert_ne!(ran.code, Some(0), "{name}");
        assert_eq!(fs::read(&path).unwrap(), before, "{name}");
    }
}

/// A target inside the house: TLS with a root of its own, straight and through a proxy.
#[test]
fn https_is_spoken_with_a_root_of_the_house_and_through_a_proxy() {
    let mailbox = SecureMailbox::open();
    let proxy = Proxy::start(vec![Way::Through]);
    for through in [false, true] {
        let mut campaign = Campaign::of(2);
        put(
            &campaign,
            "secrets/webhook_url",
            &format!("{}/hook?token=hidden", mailbox.url()),
        );
        put(&campaign, "secrets/webhook_secret", SECRET);
        campaign.set("notify.webhook_url_file", "\"secrets/webhook_url\"");
        campaign.set("notify.webhook_secret_file", "\"secrets/webhook_secret\"");
        if through {
            campaign.set("notify.proxy", &format!("{:?}", proxy.url()));
        }
        // Nobody vouches for it yet: no message leaves, and the run is the same.
        let ran = campaign.run().exits(0);
        assert!(ran.stderr.contains("webhook"), "{}", ran.stderr);
        assert!(mailbox.letters().is_empty());
        campaign.write("secrets/notify_ca.pem", &mailbox.root);
        campaign.set("notify.ca_file", "\"secrets/notify_ca.pem\"");
        campaign.verb("notify", &["--test"]).exits(0);
        let letters = mailbox.letters();
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(
            letters[0].starts_with("POST /hook?token=hidden HTTP/1.1"),
            "{letters:?}"
        );
        assert!(
            letters[0].to_lowercase().contains("x-hongbao-signature: "),
            "{letters:?}"
        );
        let before = proxy.asked().len();
        campaign.verb("doctor", &["--json"]).exits(0);
        campaign.write("secrets/notify_ca.pem", "no certificate");
        let ran = campaign.verb("doctor", &["--json"]).exits(7);
        assert!(ran.stdout.contains("notify.ca_file"), "{}", ran.stdout);
        assert_eq!(before > 0, through, "{:?}", proxy.asked());
    }
    let authority = mailbox.url().replace("https://", "");
    assert!(
        proxy
            .asked()
            .iter()
            .all(|it| it.starts_with(&format!("CONNECT {authority} ")))
    );
}

/// Where it ends in a month or sooner, and once a run.
#[test]
fn a_certificate_that_ends_soon_is_told() {
    let day = SignedDuration::from_hours(24);
    for (days, is_told) in [(20, true), (300, false)] {
        let mailbox = Mailbox::open(Reply::Well);
        let end = (Timestamp::now() + day * days).to_zoned(TimeZone::UTC);
        let part = |part: i8| u8::try_from(part).unwrap();
        let settings = Settings {
            certificate_ends: Some((end.year().into(), part(end.month()), part(end.day()))),
            ..Settings::default()
        };
        let campaign = told(Campaign::with(1, settings), &mailbox, &["webhook"]);
        campaign.run().exits(0);
        let letters = mailbox.letters();
        let told = of_webhook(&letters);
        let told: Vec<_> = told
            .iter()
            .filter(|it| it["event"] == "certificate")
            .collect();
        assert_eq!(told.len(), usize::from(is_told), "{days} days");
        if is_told {
            let until = end.strftime("%Y-%m-%d").to_string();
            assert!(told[0].to_string().contains(&until), "{}", told[0]);
        }
    }
}
