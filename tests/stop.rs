//! Signals: the first drains, the second stops at once.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use hongbao::simulator::{FaultName, FaultRates, Settings};

use crate::support::{Campaign, Child, until};

/// Every answer takes its time, so that requests are open whenever a signal comes.
fn slow(late_ms: u64) -> Campaign {
    let settings = Settings {
        faults: FaultRates::none().with(FaultName::Late, 1.0),
        query_faults: Some(FaultRates::none()),
        late_ms,
        ..Settings::default()
    };
    let mut campaign = Campaign::with(100, settings);
    campaign.set("gateway.request_timeout_ms", "60000");
    campaign
}

fn started(campaign: &Campaign) -> Child {
    // Whoever runs the tests may ignore hangups.
    let run = campaign.start_run_under(&["env", "--default-signal=HUP"]);
    until("requests are open", || campaign.wechat.sends() > 8);
    run
}

fn drains(signal: &str, code: i32) {
    let campaign = slow(300);
    let run = started(&campaign);
    run.signal(signal);
    run.wait()
        .exits(code)
        .says(&["waiting for open requests", "next: hongbao run"]);
    let agreed = campaign.books_agree();
    let paid = campaign.wechat.books().paid_packets;
    assert!((1..100).contains(&paid), "{paid}");
    assert_eq!(agreed.count("sent"), paid, "no answer was thrown away");
    assert_eq!(agreed.count("sent") + agreed.count("ready"), 100);
    campaign
        .wechat
        .change(|settings| settings.faults = FaultRates::none());
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 100, "nothing was sent twice");
    assert_eq!(campaign.books_agree().count("sent"), 100);
}

#[test]
fn sigterm_waits_for_open_requests_and_the_next_run_goes_on() {
    drains("TERM", 143);
}

#[test]
fn ctrl_c_waits_for_open_requests_and_the_next_run_goes_on() {
    drains("INT", 130);
}

#[test]
fn a_terminal_that_is_gone_waits_for_open_requests_and_the_next_run_goes_on() {
    drains("HUP", 143);
}

/// The shell sends one hangup and the system another: together they are no second signal.
#[test]
fn several_hangups_do_not_stop_at_once() {
    let campaign = slow(2_000);
    let run = started(&campaign);
    for _ in 0..3 {
        run.signal("HUP");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    run.wait().exits(143);
    let paid = campaign.wechat.books().paid_packets;
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), paid, "no answer was thrown away");
    assert_eq!(agreed.count("sent") + agreed.count("ready"), 100);
}

#[test]
fn a_hangup_that_is_ignored_at_the_start_stops_nothing() {
    let campaign = slow(100);
    let ignoring = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"];
    let run = campaign.start_run_under(&ignoring);
    until("requests are open", || campaign.wechat.sends() > 8);
    run.signal("HUP");
    let ran = run.wait().exits(0);
    assert!(!ran.stderr.contains("stopping"), "{}", ran.stderr);
    assert_eq!(campaign.books_agree().count("sent"), 100);
}

#[test]
fn two_signals_stop_at_once_and_leave_doubt() {
    let campaign = slow(30_000);
    let run = campaign.start_run();
    until("requests are open", || campaign.wechat.sends() >= 8);
    run.signal("TERM");
    until("it drains", || run.said("stderr").contains("once more"));
    run.signal("TERM");
    run.wait().exits(143).says(&["in doubt"]);
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), 0);
    campaign
        .wechat
        .change(|settings| settings.faults = FaultRates::none());
    campaign
        .run()
        .exits(0)
        .says(&["were open when the last run ended"]);
    assert_eq!(campaign.books_agree().count("sent"), 100);
}
