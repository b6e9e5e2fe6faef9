//! What becomes of a packet in the day after it was sent, on a simulated clock.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;

use hongbao::clock::beijing;
use hongbao::simulator::{Booked, Books, ClaimRules, OrderStanding, Status};

use crate::support::{Agreed, Campaign, Ran};

const SENT_AT: &str = "2027-02-20T10:00:00+08:00";

fn rehearsal(count: usize) -> Campaign {
    let mut campaign = Campaign::of(count);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign
}

fn at(campaign: &Campaign, now: &str, verb: &str) -> Ran {
    let variables = [("HONGBAO_SIMULATED_NOW", now)];
    campaign.start_at(verb, &[], &variables).wait()
}

/// Both sides agree on every packet, and on what became of it.
fn agree(campaign: &Campaign, now: &str) -> Agreed {
    let now_ms = now.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let file = campaign.path("hongbao.simulator.jsonl");
    let books = Books::read(&file, now_ms).unwrap();
    for row in campaign.report() {
        let told = match books.orders[&row["mch_billno"]].status {
            Status::Received => "received",
            Status::RfundIng => "refunding",
            Status::Refund => "refunded",
            Status::Sent => "sent",
            Status::Sending | Status::Failed => "neither",
        };
        assert_eq!(row["state"], told, "{row:?}");
        fate_agrees(&row, &books.orders[&row["mch_billno"]]);
        let is_settled = matches!(told, "received" | "refunded");
        assert_eq!(!row["settled_at"].is_empty(), is_settled, "{row:?}");
    }
    campaign.agrees_with(&books)
}

/// What the report tells of a claim or a refund is what the books have, to the second and the fen.
fn fate_agrees(row: &BTreeMap<String, String>, booked: &Booked) {
    let OrderStanding::Paid { issued_ms, .. } = booked.order.standing else {
        panic!("{row:?} was not paid");
    };
    let rules = ClaimRules::default();
    let (mut claimed, mut back, mut fen) = <(String, String, String)>::default();
    match row["state"].as_str() {
        "received" => {
            let at = rules.claimed_at(&booked.order.mch_billno, issued_ms);
            claimed = beijing(at.unwrap());
        }
        "refunded" => {
            back = beijing(rules.refunded_at(issued_ms));
            fen = booked.order.amount_fen.to_string();
        }
        _ => {}
    }
    let told = ["received_at", "refunded_at", "refunded_fen"].map(|it| row[it].as_str());
    assert_eq!(told, [claimed, back, fen], "{row:?}");
    assert!(
        row["state"] == "sent" || !row["asked_at"].is_empty(),
        "{row:?}"
    );
}

#[test]
fn a_day_later_every_packet_was_claimed_or_has_flowed_back() {
    let campaign = rehearsal(60);
    at(&campaign, SENT_AT, "run").exits(0);
    let soon = "2027-02-20T10:00:50+08:00";
    assert_eq!(agree(&campaign, soon).count("sent"), 60);

    let evening = "2027-02-20T20:00:00+08:00";
    at(&campaign, evening, "reconcile").exits(0);
    let agreed = agree(&campaign, evening);
    assert!(
        agreed.count("received") > 10 && agreed.count("sent") > 10,
        "{agreed:?}"
    );

    let day_later = "2027-02-21T10:02:00+08:00";
    at(&campaign, day_later, "reconcile").exits(0);
    let agreed = agree(&campaign, day_later);
    assert!(agreed.count("refunding") > 0, "{agreed:?}");
    assert_eq!(agreed.count("sent"), 0);

    let in_the_end = "2027-02-21T12:00:00+08:00";
    at(&campaign, in_the_end, "reconcile").exits(0);
    let agreed = agree(&campaign, in_the_end);
    assert_eq!(agreed.count("received") + agreed.count("refunded"), 60);
}

#[test]
fn a_settled_campaign_is_not_asked_about_again() {
    let campaign = rehearsal(10);
    at(&campaign, SENT_AT, "run").exits(0);
    let later = "2027-02-22T12:00:00+08:00";
    at(&campaign, later, "reconcile")
        .exits(0)
        .says(&["asked about 10 packets"]);
    let ran = at(&campaign, "2027-02-22T13:00:00+08:00", "reconcile").exits(0);
    ran.says(&["asked about 0 packets"]);
    at(&campaign, "2027-02-22T14:00:00+08:00", "run")
        .exits(0)
        .says(&["nothing to do"]);
}

#[test]
fn the_simulators_books_outlive_its_process() {
    let campaign = rehearsal(10);
    at(&campaign, SENT_AT, "run").exits(0);
    std::fs::remove_file(campaign.path("hongbao.simulator.db")).unwrap();
    at(&campaign, "2027-02-20T11:00:00+08:00", "run");
    let books = Books::read(&campaign.path("hongbao.simulator.jsonl"), 0).unwrap();
    assert_eq!(books.paid_twice(), Vec::<&str>::new());
    assert_eq!(books.paid_packets, 10, "the same numbers, paid once");
}

/// An acceptance that WeChat Pay does not know later proves nothing: it is said, and stays in
/// `status` until WeChat Pay knows it.
#[test]
fn what_was_accepted_and_is_unknown_days_later_is_told() {
    let campaign = rehearsal(10);
    at(&campaign, SENT_AT, "run").exits(0);
    let books = campaign.path("hongbao.simulator.jsonl");
    let away = campaign.path("away");
    std::fs::rename(&books, &away).unwrap();
    at(&campaign, "2027-02-21T12:00:00+08:00", "reconcile").exits(0);
    assert_eq!(campaign.status()["denied"], 0, "a day later it may be late");
    // In two parts, of which neither asks about all.
    let part = |time: &str, asked: &[&str]| {
        let variables = [("HONGBAO_SIMULATED_NOW", time)];
        campaign.start_at("reconcile", asked, &variables).wait()
    };
    part("2027-02-23T12:00:00+08:00", &["--limit", "6"])
        .exits(4)
        .says(&["does not know 6 packets any more"]);
    part("2027-02-23T12:10:00+08:00", &[])
        .exits(4)
        .says(&["does not know 4 packets any more"]);
    assert_eq!(campaign.count("sent"), 10);
    let still_denied = || {
        let status = campaign.verb("status", &[]).exits(0);
        let told = "10 packets that WeChat Pay accepted or called paid, and did not know";
        assert!(status.stdout.contains(told), "{}", status.stdout);
        assert_eq!(campaign.status()["denied"], 10);
    };
    still_denied();
    at(&campaign, "2027-02-24T12:00:00+08:00", "reconcile").exits(4);
    still_denied();
    at(&campaign, "2027-02-24T13:00:00+08:00", "run").exits(4);
    still_denied();
    std::fs::rename(&books, campaign.path("other")).unwrap();
    std::fs::rename(&away, &books).unwrap();
    at(&campaign, "2027-02-25T12:00:00+08:00", "reconcile").exits(0);
    assert_eq!(campaign.status()["denied"], 0);
}

/// Once queries do not reach back so far, another answer proves nothing.
#[test]
fn what_was_denied_stays_so_when_it_can_be_asked_about_no_more() {
    let campaign = rehearsal(10);
    at(&campaign, SENT_AT, "run").exits(0);
    std::fs::remove_file(campaign.path("hongbao.simulator.jsonl")).unwrap();
    at(&campaign, "2027-02-23T12:00:00+08:00", "reconcile").exits(4);
    at(&campaign, "2027-04-24T12:00:00+08:00", "reconcile").exits(4);
    assert_eq!(campaign.status()["denied"], 10);
}

#[test]
fn a_clock_set_back_halts_before_anything_is_sent() {
    let mut campaign = rehearsal(10);
    at(&campaign, SENT_AT, "run").exits(0);
    campaign.owe(crate::support::rows(12));
    at(&campaign, SENT_AT, "load").exits(0);
    let earlier = at(&campaign, "2027-02-20T09:00:00+08:00", "run").exits(11);
    earlier.says(&["clock", "remedy: ", "--clock-is-right"]);
    assert_eq!((campaign.count("sent"), campaign.count("ready")), (10, 2));
    let set_right = "2027-02-20T10:05:00+08:00";
    at(&campaign, set_right, "run").exits(11);
    at(&campaign, set_right, "unpause").exits(0);
    at(&campaign, set_right, "run").exits(0);
    assert_eq!(campaign.count("sent"), 12);
}

#[test]
fn a_clock_that_is_right_after_all_goes_on_with_what_a_wrong_one_loaded() {
    let mut campaign = rehearsal(10);
    at(&campaign, SENT_AT, "run").exits(0);
    campaign.owe(crate::support::rows(12));
    at(&campaign, SENT_AT, "load").exits(0);
    let earlier = "2027-02-20T09:00:00+08:00";
    at(&campaign, earlier, "run").exits(11);
    let variables = [("HONGBAO_SIMULATED_NOW", earlier)];
    let unpause = campaign.start_at("unpause", &["--clock-is-right"], &variables);
    unpause.wait().exits(0);
    at(&campaign, earlier, "run").exits(0);
    assert_eq!(campaign.count("sent"), 12);
}

#[test]
fn the_simulated_clock_is_not_for_real_money() {
    let campaign = Campaign::of(3);
    let total = crate::support::total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total];
    let variables = [("HONGBAO_SIMULATED_NOW", "1999-01-01T00:00:00Z")];
    campaign.start_at("run", &flags, &variables).wait().exits(0);
    assert!(!campaign.packet(&crate::support::openid(0))["first_sent_at"].starts_with("1999"));
    campaign.books_agree();
}

#[test]
fn the_ending_of_a_sheet_says_its_form() {
    let campaign = Campaign::of(2);
    campaign.run().exits(0);
    let written = |name: &str, which: &str| {
        let path = campaign.path(name);
        let typed = [which, "--out", path.to_str().unwrap()];
        campaign.verb("claims", &typed).exits(0);
        std::fs::read_to_string(path).unwrap().starts_with('{')
    };
    assert!(!written("all.csv", "--all") && written("all.JSONL", "--all"));
    assert!(written("left.jsonl", "--unclaimed") && !written("left.csv", "--unclaimed"));
    assert!(written("all", "--all") && !written("left", "--unclaimed"));
}
