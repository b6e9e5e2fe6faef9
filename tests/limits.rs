//! The limits of one run: it begins so many packets, or so much money, and not one more; and a
//! canary of the first packets tells what WeChat Pay says of them before the rest follows.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hongbao::simulator::{FaultName, FaultRates, Settings};
use nix::pty::openpty;

use crate::support::{Campaign, Ran, an_eighth, hongbao, openid, program, signal, total_yuan};

/// Longer than a run on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A live run with these flags, to its end.
fn run(campaign: &Campaign, flags: &[&str]) -> Ran {
    let total = total_yuan(campaign.total_fen());
    let live = ["--live", "--confirm-total", &total];
    campaign.verb("run", &[&live, flags].concat())
}

/// How many numbers the gateway has an order of, and their money.
fn booked(campaign: &Campaign) -> (usize, u64) {
    let orders = campaign.wechat.books().orders;
    let fen = orders.values().map(|booked| booked.order.amount_fen).sum();
    (orders.len(), fen)
}

/// Whether the gateway paid the first `count` rows of the file and no other.
#[track_caller]
fn paid_the_first(campaign: &Campaign, count: usize) {
    let orders = campaign.wechat.books().orders;
    let mut paid: Vec<&str> = orders.values().map(|it| &*it.order.openid).collect();
    paid.sort_unstable();
    let first = campaign.owed.iter().take(count);
    let mut first: Vec<&str> = first.map(|(openid, _)| &**openid).collect();
    first.sort_unstable();
    assert_eq!(paid, first);
}

#[test]
fn a_limit_of_none_is_refused_in_plain_words() {
    for args in [
        ["run", "--max-rows"],
        ["run", "--canary"],
        ["reconcile", "--limit"],
    ] {
        let args = [args[0], "campaign.toml", args[1], "0"];
        let ran = hongbao(&args, &[]).wait().exits(2);
        ran.says(&[args[2], "not a whole number from 1 on"]);
    }
}

#[test]
fn a_run_begins_so_many_packets_and_the_next_goes_on() {
    let campaign = Campaign::of(40);
    let rest = total_yuan(campaign.owed.iter().skip(7).map(|(_, fen)| fen).sum());
    let ran = run(&campaign, &["--max-rows", "7"]).exits(5);
    let left = format!("stopped at --max-rows 7: 33 packets of {rest} yuan wait");
    ran.says(&[&left, "--confirm-total", " --max-rows 7\n"]);
    paid_the_first(&campaign, 7);
    assert_eq!(campaign.books_agree().count("ready"), 33);
    run(&campaign, &["--max-rows", "7"]).exits(5);
    paid_the_first(&campaign, 14);
    run(&campaign, &["--max-rows", "26"]).exits(0);
    assert_eq!(campaign.wechat.sends(), 40);
    assert_eq!(campaign.books_agree().count("sent"), 40);
}

#[test]
fn a_run_begins_so_much_money_and_ends_at_the_first_packet_above_it() {
    let campaign = Campaign::of(30);
    // 1.00, 1.37, 1.74, 2.11: with the fourth it would be 6.22 yuan.
    let ran = run(&campaign, &["--max-amount", "6.21"]).exits(5);
    ran.says(&[
        "stopped at --max-amount 6.21: 27 packets of",
        "--max-amount 6.21\n",
    ]);
    paid_the_first(&campaign, 3);
    assert_eq!(booked(&campaign), (3, 411));
    run(&campaign, &["--max-amount", "2.11"]).exits(5);
    assert_eq!(booked(&campaign), (4, 622));
    // Not even one.
    run(&campaign, &["--max-amount", "2.47"]).exits(5).says(&[
        "the next packet is of more than 2.47 yuan: give a larger --max-amount",
        "--max-amount YUAN",
    ]);
    assert_eq!(booked(&campaign), (4, 622));
    let flags = ["--max-amount", "1000", "--max-rows", "5"];
    run(&campaign, &flags)
        .exits(5)
        .says(&["--max-rows 5 --max-amount 1000.00: 21 packets"]);
    assert_eq!(booked(&campaign).0, 9);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 30);
}

#[test]
fn no_run_exceeds_its_bound_whatever_goes_wrong() {
    let names = [
        FaultName::LostBefore,
        FaultName::LostAfter,
        FaultName::SystemErrorUnpaid,
        FaultName::SystemErrorPaid,
        FaultName::Garbage,
        FaultName::FreqLimit,
    ];
    let settings = Settings {
        faults: an_eighth(&names),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(120, settings);
    campaign.set("retry.linger_seconds", "6");
    for turn in 1..=4 {
        let before = if turn > 1 {
            campaign.count("ready")
        } else {
            120
        };
        let ran = run(&campaign, &["--max-rows", "25"]).exits(5);
        let begun = before - campaign.count("ready");
        assert_eq!(begun, 25, "{}", ran.stderr);
        assert!(booked(&campaign).0 <= 25 * turn);
    }
    campaign
        .wechat
        .change(|settings| settings.faults = FaultRates::none());
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 120);
}

#[test]
fn what_is_in_doubt_from_before_is_not_counted() {
    let settings = Settings {
        scripted_faults: BTreeMap::from([(openid(0), VecDeque::from([FaultName::LostAfter]))]),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(10, settings);
    campaign.set("retry.linger_seconds", "0");
    campaign.set("retry.first_backoff_ms", "3000");
    campaign.set("retry.max_backoff_seconds", "3");
    run(&campaign, &["--max-rows", "1"]).exits(4);
    assert_eq!(campaign.count("in_doubt"), 1);
    let planned = campaign.verb("plan", &[]).exits(0);
    planned.says(&["in doubt: 1 packet, ", "which is not counted below"]);
    campaign.set("retry.linger_seconds", "20");
    run(&campaign, &["--max-rows", "2"]).exits(5);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (3, 7));
    assert_eq!(campaign.wechat.sends(), 4);
    campaign.books_agree();
}

#[test]
fn a_limit_that_is_none_exits_2() {
    let campaign = Campaign::of(3);
    for (flags, why) in [
        (["--max-amount", "0"], "--max-amount 0 sends nothing"),
        (["--max-amount", "1.005"], "more than two decimals"),
        (["--max-amount", "-1"], "--max-amount"),
        (["--max-rows", "0"], "--max-rows"),
        (["--canary", "0"], "--canary"),
        (["--canary", "some"], "--canary"),
    ] {
        let flag = format!("{}={}", flags[0], flags[1]);
        run(&campaign, &[&flag]).exits(2).says(&[why]);
    }
    assert_eq!(campaign.wechat.sends() + campaign.wechat.queries(), 0);
}

#[test]
fn a_canary_is_sent_and_asked_about_and_the_next_run_goes_on() {
    let campaign = Campaign::of(30);
    let ran = run(&campaign, &["--canary", "3"]).exits(5);
    let number = &campaign.packet(&openid(2))["mch_billno"];
    ran.says(&[
        "canary: 3 packets of 4.11 yuan; WeChat Pay says of them:",
        &format!("  {number}      1.74 yuan  issued, not claimed yet"),
        "all 3 are paid, by WeChat Pay's own word",
        "stopped at --canary 3: 27 packets of",
        "next: hongbao run ",
    ]);
    paid_the_first(&campaign, 3);
    let orders = campaign.wechat.books().orders;
    // One each, beside the questions before the first send.
    assert!(orders.values().all(|it| it.requests.queries >= 1));
    assert_eq!(campaign.wechat.queries(), 10 + 3);
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 30);
    assert_eq!(campaign.books_agree().count("sent"), 30);
}

#[test]
fn a_canary_works_in_simulator_mode_and_in_chinese() {
    let mut campaign = Campaign::of(30);
    campaign.set("gateway.mode", "\"simulator\"");
    let ran = campaign.verb("run", &["--canary", "2", "--lang", "zh"]);
    ran.exits(5).says(&[
        "试发：2 个红包共 2.37 元；微信支付的答复：",
        "已发放，待领取",
        "微信支付确认：这 2 个均已发放",
        "已到 --canary 2 的限额，停止发送：还有 28 个红包共",
    ]);
    campaign.verb("run", &["--max-rows", "4"]).exits(5);
    assert_eq!(campaign.count("sent"), 6);
    campaign.verb("run", &["--canary", "24"]).exits(0);
    assert_eq!(campaign.count("sent"), 30);
    campaign.verb("audit", &[]).exits(0);
}

/// Thirty packets, of which the second is refused with this code.
fn with_a_bad_second(code: &str) -> Campaign {
    let settings = Settings {
        scripted: BTreeMap::from([(openid(1), code.to_owned())]),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(30, settings);
    campaign.set("pace.in_flight", "1");
    campaign
}

#[test]
fn a_canary_with_a_refusal_says_so_and_stops() {
    let campaign = with_a_bad_second("OPENID_ERROR");
    let ran = run(&campaign, &["--canary", "3"]).exits(5);
    let number = &campaign.packet(&openid(1))["mch_billno"];
    ran.says(&[
        &format!("  {number}      1.37 yuan  refused: OPENID_ERROR"),
        "1 of 3 is refused or not settled: nothing more is sent",
        &format!("campaign.toml {number}\n"),
    ]);
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("refused")), (2, 1));
    assert_eq!(campaign.wechat.sends(), 3);
}

#[test]
fn a_canary_in_doubt_says_so_and_stops() {
    let campaign = with_a_bad_second("SYSTEMERROR");
    let ran = run(&campaign, &["--canary", "3"]).exits(4);
    ran.says(&[
        "this number is not known",
        "1 of 3 is refused or not settled",
    ]);
    assert_eq!(campaign.books_agree().count("in_doubt"), 1);
    assert_eq!(campaign.count("ready"), 27);
}

#[test]
fn a_canary_that_cannot_be_opened_or_is_the_whole_campaign_exits_by_its_state() {
    let no_package = VecDeque::from([FaultName::NoPackage; 9]);
    let settings = Settings {
        scripted_faults: BTreeMap::from([(openid(0), no_package)]),
        ..Settings::default()
    };
    let campaign = Campaign::with(2, settings);
    let ran = run(&campaign, &["--canary", "2"]).exits(4);
    ran.says(&["the package that opens it is missing", "1 of 2 is refused"]);
    let campaign = Campaign::of(2);
    run(&campaign, &["--canary", "5"])
        .exits(0)
        .says(&["all 2 are paid"]);
}

/// What a person does once they are asked.
#[derive(Clone, Copy)]
enum Reply {
    Types(&'static str),
    Interrupts,
}

/// A live run on a terminal, with a person before it: the exit code, and what stood there.
fn run_on_a_terminal(campaign: &Campaign, flags: &[&str], reply: Reply) -> (Option<i32>, String) {
    let total = total_yuan(campaign.total_fen());
    let terminal = openpty(None, None).unwrap();
    let mut child = Command::new(program())
        .arg("run")
        .arg(campaign.path("campaign.toml"))
        .args(["--live", "--confirm-total", &total, "--lang", "en"])
        .args(flags)
        .stdin(Stdio::from(terminal.slave.try_clone().unwrap()))
        .stderr(Stdio::from(terminal.slave))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut keyboard = File::from(terminal.master);
    let mut screen = keyboard.try_clone().unwrap();
    let (told, heard) = mpsc::channel();
    // Ends where nobody has the other side open any more.
    let reader = thread::spawn(move || {
        let (mut text, mut bytes) = (Vec::new(), [0; 4096]);
        let mut has_asked = false;
        while let Ok(count @ 1..) = screen.read(&mut bytes) {
            text.extend(&bytes[..count]);
            if !has_asked && String::from_utf8_lossy(&text).contains("Type yes") {
                has_asked = true;
                told.send(()).unwrap();
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    });
    // Without a question the run ends by itself.
    if heard.recv_timeout(PATIENCE).is_ok() {
        match reply {
            Reply::Types(text) => keyboard.write_all(text.as_bytes()).unwrap(),
            Reply::Interrupts => signal(child.id(), "INT"),
        }
    }
    let code = child.wait().unwrap().code();
    (code, reader.join().unwrap())
}

#[test]
fn on_a_terminal_a_typed_yes_goes_on_and_anything_else_stops() {
    let campaign = Campaign::of(12);
    let (code, screen) = run_on_a_terminal(&campaign, &["--canary", "2"], Reply::Types("y\n"));
    assert_eq!(code, Some(5), "{screen}");
    assert!(screen.contains("10 packets of"), "{screen}");
    assert_eq!(booked(&campaign).0, 2);
    let flags = ["--canary", "2", "--max-rows", "5"];
    let (code, screen) = run_on_a_terminal(&campaign, &flags, Reply::Types("yes\n"));
    assert_eq!(code, Some(5), "{screen}");
    assert_eq!(booked(&campaign).0, 7, "the bound is that of the whole run");
    let (code, screen) = run_on_a_terminal(&campaign, &["--canary", "1"], Reply::Types("yes\n"));
    assert_eq!(code, Some(0), "{screen}");
    assert_eq!(campaign.books_agree().count("sent"), 12);
}

#[test]
fn on_a_terminal_a_canary_with_a_refusal_asks_nothing() {
    let campaign = with_a_bad_second("OPENID_ERROR");
    let (code, screen) = run_on_a_terminal(&campaign, &["--canary", "3"], Reply::Types("yes\n"));
    assert_eq!(code, Some(5), "{screen}");
    assert!(screen.contains("1 of 3 is refused"), "{screen}");
    assert!(!screen.contains("Type yes"), "{screen}");
    assert_eq!(campaign.wechat.sends(), 3);
}

#[test]
fn a_signal_and_the_end_of_input_are_answers_too() {
    let campaign = Campaign::of(12);
    let flags = ["--canary", "2"];
    let (code, screen) = run_on_a_terminal(&campaign, &flags, Reply::Types("\u{4}"));
    assert_eq!(code, Some(5), "{screen}");
    let (code, screen) = run_on_a_terminal(&campaign, &flags, Reply::Interrupts);
    assert_eq!(code, Some(130), "{screen}");
    assert_eq!(booked(&campaign).0, 4);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 12);
}
