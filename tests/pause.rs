//! A pause reaches a running process, and an unpause lets the next one go on.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use crate::support::{Campaign, until};

#[test]
fn a_pause_from_another_process_stops_a_run_and_the_next_goes_on() {
    let mut campaign = Campaign::of(200);
    campaign.set("pace.per_second", "40");
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 10);
    campaign.verb("pause", &["--because", "lunch"]).exits(0);
    let paused_ms = campaign.wechat.books().at_ms;
    run.wait()
        .exits(5)
        .says(&["paused since", "lunch", "unpause"]);
    let last_ms = campaign
        .wechat
        .books()
        .arrivals_ms
        .into_iter()
        .max()
        .unwrap();
    assert!(
        last_ms - paused_ms < 2_000,
        "{} ms later",
        last_ms - paused_ms
    );
    let sends = campaign.wechat.sends();
    assert!(sends < 200);
    let agreed = campaign.books_agree();
    assert_eq!(agreed.count("sent"), sends, "open requests were waited for");
    let status = campaign.status();
    assert_eq!(status["paused"]["by"], "person");
    assert_eq!(status["paused"]["because"], "lunch");

    campaign.run().exits(5).says(&["paused since", "lunch"]);
    assert_eq!(
        campaign.wechat.sends(),
        sends,
        "a paused campaign sends nothing"
    );

    campaign
        .verb("unpause", &[])
        .exits(0)
        .says(&["lunch", "next: hongbao run"]);
    campaign.set("pace.per_second", "0");
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 200);
    assert_eq!(campaign.books_agree().count("sent"), 200);
}

#[test]
fn a_campaign_may_be_paused_before_its_first_run() {
    let campaign = Campaign::of(5);
    campaign.verb("pause", &[]).exits(2).says(&["not loaded"]);
    campaign.verb("load", &[]).exits(0);
    campaign.verb("pause", &[]).exits(0);
    campaign.run().exits(5);
    assert_eq!(campaign.wechat.sends() + campaign.wechat.queries(), 0);
    campaign.verb("unpause", &[]).exits(0);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 5);
}

#[test]
fn what_is_in_doubt_may_be_asked_about_while_paused() {
    use hongbao::simulator::FaultName;
    let mut campaign = Campaign::of(10);
    campaign.set("retry.linger_seconds", "0");
    campaign.wechat.change(|settings| {
        settings.faults = hongbao::simulator::FaultRates::none().with(FaultName::LostAfter, 1.0);
        settings.query_faults = Some(hongbao::simulator::FaultRates::none());
    });
    campaign.run().exits(4);
    campaign.verb("pause", &[]).exits(0);
    let sends = campaign.wechat.sends();
    campaign.verb("reconcile", &[]);
    assert_eq!(campaign.wechat.sends(), sends);
    assert!(campaign.books_agree().count("sent") > 0);
}

/// A run would find nothing to do, or be refused.
#[test]
fn an_unpause_leads_to_what_is_due_then() {
    let mut campaign = Campaign::of(1);
    campaign.verb("load", &[]).exits(0);
    campaign.verb("pause", &[]).exits(0);
    let run = "next: hongbao run ";
    campaign.verb("unpause", &[]).exits(0).says(&[run]);
    campaign.set("campaign.wishing", "\"另一句\"");
    let plan = "next: hongbao plan ";
    campaign.verb("unpause", &[]).exits(0).says(&[plan]);
    campaign.verb("load", &["--refreeze"]).exits(0);
    campaign.run().exits(0);
    campaign.verb("pause", &[]).exits(0);
    let ran = campaign.verb("unpause", &[]).exits(0);
    assert!(!ran.stderr.contains(run), "{}", ran.stderr);
}
