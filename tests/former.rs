//! Numbers that were given up: what the ledger does when one of them turns out to be paid, and what
//! a change from outside cannot hide.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/failed.rs"]
mod failed;
mod support;
#[path = "support/terms.rs"]
mod terms;

use std::collections::BTreeMap;

use failed::{ALL, DAY_MS, failed_yesterday, ledger, now, wait, writer};
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::{Answer, NotSent, Outcome, Paid, Sighting};
use hongbao::ledger::{Reader, Writer};
use hongbao::simulator::{FaultName, FaultRates};
use rusqlite::Connection;
use support::{Campaign, openid, until};

/// Six packets, of which one failed and has a new number that was not sent yet.
fn reissued() -> Campaign {
    let campaign = Campaign::of(6);
    campaign.verb("load", &[]).exits(0);
    failed_yesterday(&campaign);
    campaign
}

/// WeChat Pay says that the number which was given up is paid, and claimed.
fn the_old_number_is_paid(writer: &Writer, at: i64) {
    let former = wait(writer.former(at)).unwrap();
    let taken = wait(writer.take_bills(former, at)).unwrap();
    let [old] = <[_; 1]>::try_from(taken).unwrap();
    let sighting = Answer::wordless(Sighting::Received);
    wait(writer.record_query(old, sighting, at, 0)).unwrap();
}

fn rows_of(campaign: &Campaign, openid: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows = campaign.report();
    rows.retain(|row| row["openid"] == openid);
    rows
}

#[test]
fn a_number_that_turns_out_paid_is_a_break_and_the_new_one_is_not_sent() {
    let campaign = reissued();
    let writer = writer(&campaign, now());
    the_old_number_is_paid(&writer, now());
    let far = now() + DAY_MS / 2;
    let due = wait(writer.take(ALL, far, 9)).unwrap();
    assert!(
        due.is_empty(),
        "the new number is not sent, nor asked about: {due:?}"
    );
    drop(writer);

    let status = campaign.status();
    assert_eq!((&status["breaks"], &status["rows"]), (&1.into(), &6.into()));
    assert_eq!(campaign.count("review"), 1);
    let rows = rows_of(&campaign, &openid(3));
    let found: Vec<&str> = rows.iter().map(|row| &*row["state"]).collect();
    assert_eq!(found, ["sent", "review"], "money left under the old number");
    campaign.verb("audit", &[]).exits(0);
    campaign
        .run()
        .exits(11)
        .says(&["said what cannot both be true"]);
    assert_eq!(campaign.wechat.sends(), 0);

    // The new number can be closed; what was paid is not reissued again.
    let new = &rows[1]["mch_billno"];
    campaign
        .verb("resolve", &[new, "--unpaid", "--because", "x"])
        .exits(0);
    let words = [new, "--because", "x", "--confirm-total", "1"];
    let said = campaign.verb("reissue", &words).exits(2);
    said.says(&["the number before it", "was paid"]);
    campaign.verb("reconcile", &[]).exits(11);
    campaign.verb("audit", &[]).exits(0);
}

/// Every answer comes late.
fn late() -> FaultRates {
    FaultRates::none().with(FaultName::Late, 1.0)
}

/// A break is told however a reconciliation ends.
#[test]
fn a_reconciliation_that_is_stopped_says_what_is_broken() {
    let campaign = reissued();
    let writer = writer(&campaign, now());
    the_old_number_is_paid(&writer, now());
    drop(writer);
    campaign.wechat.change(|settings| settings.faults = late());
    let asking = campaign.start("reconcile", &[]);
    until("it asks", || campaign.wechat.queries() > 0);
    asking.signal("TERM");
    asking.wait().exits(11).says(&["stopping"]);
}

/// So it is where a person takes packets back.
#[test]
fn a_withdrawal_that_is_stopped_says_what_is_broken() {
    let mut campaign = reissued();
    let writer = writer(&campaign, now());
    the_old_number_is_paid(&writer, now());
    drop(writer);
    let more = [campaign.owed.clone(), vec![(openid(9), 100)]].concat();
    campaign.owe(more);
    campaign.verb("load", &[]).exits(0);
    campaign.wechat.change(|settings| settings.faults = late());
    let words = [&openid(9)[..], "--because", "x"];
    let asking = campaign.start("withdraw", &words);
    until("it asks", || campaign.wechat.queries() > 0);
    asking.signal("TERM");
    let said = asking.wait().exits(11);
    said.says(&["said what cannot both be true", "nothing was taken back"]);
}

/// The new number was taken up before the old one turned out to be paid.
#[test]
fn a_new_number_that_was_refused_or_never_left_is_not_sent_once_the_old_one_is_paid() {
    let minute = 60_000;
    for is_refused in [true, false] {
        let campaign = reissued();
        let writer = writer(&campaign, now());
        let mut at = now();
        let mut one = |what: &str| {
            at += 10 * minute;
            let taken = wait(writer.take(ALL, at, 9)).unwrap();
            let [attempt] = <[_; 1]>::try_from(taken).unwrap();
            assert_eq!(format!("{:?}", attempt.action()), what);
            (attempt, at)
        };
        let (asked, at) = one("Query");
        let unknown = || Answer::wordless(Sighting::NotFound);
        wait(writer.record_query(asked, unknown(), at, 0)).unwrap();
        let (sent, at) = one("Send");
        let mut sent = Some(sent);
        let mut last = at;
        if is_refused {
            let refused = Answer::wordless(Outcome::RefusedWithoutOrder);
            wait(writer.record_send(sent.take().unwrap(), refused, at, 0)).unwrap();
            while campaign.count("refused") == 0 {
                let (asked, at) = one("Query");
                wait(writer.record_query(asked, unknown(), at, 0)).unwrap();
                last = at;
            }
            // The set-up was to blame.
            wait(writer.excuse(vec![7], last)).unwrap();
        }
        the_old_number_is_paid(&writer, last);
        if let Some(sent) = sent {
            let never = Answer::wordless(Outcome::NotSent(NotSent::NotBegun));
            wait(writer.record_send(sent, never, last, 0)).unwrap();
        }
        for hours in 1..30 {
            let due = wait(writer.take(ALL, last + hours * 60 * minute, 9)).unwrap();
            assert!(due.is_empty(), "{is_refused}: {due:?}");
        }
        drop(writer);
        if is_refused {
            let out = campaign.path("again.csv");
            let export = ["--export", out.to_str().unwrap()];
            let said = campaign.verb("reissue", &export).exits(2);
            said.says(&["the number before it", "was paid"]);
            assert!(!out.exists());
        }
        let state = if is_refused { "refused" } else { "review" };
        assert_eq!(rows_of(&campaign, &openid(3))[1]["state"], state);
        campaign.verb("audit", &[]).exits(0);
    }
}

/// The number that was given up paid somebody else: it is for a person, and in no counter.
#[test]
fn a_person_may_rule_on_a_number_that_was_given_up() {
    let campaign = reissued();
    let writer = writer(&campaign, now());
    let former = wait(writer.former(now())).unwrap();
    let taken = wait(writer.take_bills(former, now())).unwrap();
    let [old] = <[_; 1]>::try_from(taken).unwrap();
    let another = Answer {
        paid: Some(Paid {
            openid: None,
            amount: Fen::new(7),
        }),
        ..Answer::wordless(Sighting::Clash)
    };
    wait(writer.record_query(old, another, now(), 0)).unwrap();
    drop(writer);
    let rows = rows_of(&campaign, &openid(3));
    let found: Vec<&str> = rows.iter().map(|row| &*row["state"]).collect();
    assert_eq!(found, ["review", "review"]);
    let counted = |campaign: &Campaign| {
        let status = campaign.status();
        let counters = status["states"].as_object().unwrap();
        let counts = counters
            .values()
            .map(|state| state["count"].as_u64().unwrap());
        (counts.sum::<u64>(), campaign.count("review"))
    };
    assert_eq!(counted(&campaign), (6, 1));
    for row in &rows {
        let words = [
            &row["mch_billno"],
            "--paid",
            "--because",
            "the platform shows it",
        ];
        campaign.verb("resolve", &words).exits(0);
        campaign.verb("audit", &[]).exits(0);
    }
    assert_eq!(counted(&campaign), (6, 0));
}

#[test]
fn an_old_number_is_asked_about_for_29_days() {
    let campaign = reissued();
    let sent = now() - DAY_MS;
    let writer = writer(&campaign, sent);
    for (days, count) in [(0, 1), (28, 1), (30, 0)] {
        let former = wait(writer.former(sent + days * DAY_MS)).unwrap();
        assert_eq!(former.len(), count, "after {days} days");
    }
}

/// What `audit` finds after a change from outside.
fn findings_after(campaign: &Campaign, change: &str) -> Vec<String> {
    let copy = campaign.path("copy.db");
    std::fs::copy(ledger(campaign), &copy).unwrap();
    let conn = Connection::open(&copy).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
        .unwrap();
    conn.execute_batch(change).unwrap();
    drop(conn);
    let reader = Reader::open(&copy).unwrap().unwrap();
    let findings = reader.audit(None).unwrap().findings;
    findings.into_iter().map(|words| words.en).collect()
}

#[test]
fn every_change_of_a_reissued_packet_is_found() {
    let campaign = reissued();
    let fold = Connection::open(ledger(&campaign)).unwrap();
    fold.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let seal = "SELECT seal FROM bill WHERE generation = 2";
    let seal: i64 = fold.query_row(seal, [], |row| row.get(0)).unwrap();
    drop(fold);
    assert_eq!(findings_after(&campaign, ""), Vec::<String>::new());
    let columns = [
        "line = 9",
        "row_key = 'x'",
        "openid = 'oTest99999999999999999999999'",
        "amount_fen = amount_fen + 1",
        "wishing = 'x'",
        "remark = 'x'",
        "scene_id = 'x'",
        "extra = '[]'",
        "generation = 3",
        "generation = 1",
        "mch_billno = '1000009800000000000000000000'",
        &format!("seal = {seal} + 1"),
        "campaign = 2",
        "file = 2",
        "next_action = 'send'",
        "due = due + 1",
        "state = 'refused', next_action = NULL, due = NULL",
        "not_found = 1",
    ];
    for column in columns {
        let change = format!("UPDATE bill SET {column} WHERE generation = 2");
        let found = findings_after(&campaign, &change);
        assert!(!found.is_empty(), "{column}");
    }
    for change in [
        "DELETE FROM bill WHERE generation = 2",
        // As if the number before had never been given up.
        "UPDATE bill SET state = 'sent' WHERE bill = 4",
        // A second new number that no journal tells of.
        "INSERT INTO bill (campaign, file, line, row_key, openid, amount_fen, generation,
           mch_billno, seal)
         SELECT campaign, file, line, row_key, openid, amount_fen, 3,
           '1000009800000000000000000000', seal FROM bill WHERE generation = 2",
    ] {
        let found = findings_after(&campaign, change);
        assert!(!found.is_empty(), "{change}");
    }
}
