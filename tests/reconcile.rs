//! Reconciliation to the end: what is asked about, in which order, how far, and what is named
//! because queries will soon not reach it any more. On a simulated clock.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::support::{Campaign, Ran, until};

const DAY: i64 = 24;
/// When packets are first sent, in hours.
const BEGIN: i64 = 0;

fn rehearsal(count: usize) -> Campaign {
    let mut campaign = Campaign::of(count);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign
}

/// So many hours after a day in February.
fn hours(hours: i64) -> String {
    let begin: jiff::Timestamp = "2027-02-01T10:00:00+08:00".parse().unwrap();
    (begin + jiff::SignedDuration::from_hours(hours)).to_string()
}

fn at(campaign: &Campaign, time: i64, verb: &str, flags: &[&str]) -> Ran {
    let now = hours(time);
    let variables = [("HONGBAO_SIMULATED_NOW", now.as_str())];
    campaign.start_at(verb, flags, &variables).wait()
}

/// Bills that were asked about, in the order of the questions.
fn asked(campaign: &Campaign) -> Vec<i64> {
    let ledger = Connection::open(campaign.path("hongbao.simulator.db")).unwrap();
    let sql = "SELECT bill FROM attempt WHERE action = 'query' ORDER BY attempt";
    let mut statement = ledger.prepare(sql).unwrap();
    let bills = statement.query_map([], |row| row.get(0)).unwrap();
    bills.map(Result::unwrap).collect()
}

/// Two packets each were first sent at these hours.
fn sent_at(times: &[i64]) -> Campaign {
    let campaign = rehearsal(times.len() * 2);
    for (index, time) in times.iter().enumerate() {
        let is_last = index + 1 == times.len();
        let flags: &[&str] = if is_last { &[] } else { &["--max-rows", "2"] };
        let ran = at(&campaign, *time, "run", flags);
        // What is too old is named, whoever runs.
        let codes: &[i32] = if is_last { &[0, 4] } else { &[5] };
        assert!(ran.code.is_some_and(|it| codes.contains(&it)), "{ran:?}");
    }
    campaign
}

#[test]
fn what_is_soon_out_of_reach_is_asked_about_first_then_what_has_just_lapsed_then_the_rest() {
    let now = 26 * DAY;
    let campaign = sent_at(&[BEGIN, now - 40, now - 25, now - 2]);
    at(&campaign, now, "reconcile", &[]);
    assert_eq!(asked(&campaign), [1, 2, 5, 6, 3, 4, 7, 8]);
}

#[test]
fn a_limit_is_gone_on_from_and_everybody_is_asked_about_once() {
    let campaign = sent_at(&[0, 0, 0, 0]);
    for (hour, limit, says) in [
        (1, "3", "3 packets"),
        (2, "3", "3 packets"),
        (3, "9", "2 packets"),
    ] {
        let ran = at(&campaign, hour, "reconcile", &["--limit", limit]).exits(0);
        ran.says(&[&format!("asked about {says}")]);
    }
    let mut once = asked(&campaign);
    once.sort_unstable();
    assert_eq!(once, [1, 2, 3, 4, 5, 6, 7, 8]);
    // That one is over: the next begins anew.
    let left = campaign.count("sent");
    assert!(left > 0);
    let ran = at(&campaign, 4, "reconcile", &[]).exits(0);
    ran.says(&[&format!("asked about {left} packets")]);
    at(&campaign, 4, "reconcile", &["--limit", "0"]).exits(2);
}

#[test]
fn only_what_is_older_is_asked_about_if_that_is_wanted() {
    let campaign = sent_at(&[0, 10]);
    for (age, count) in [("11h", 0), ("600m", 2), ("1h", 2), ("0s", 4)] {
        let campaign = &campaign;
        let flags = ["--older-than", age, "--limit", "9"];
        let before = asked(campaign).len();
        at(campaign, 10, "reconcile", &flags).exits(0);
        let now = asked(campaign).split_off(before);
        assert!(now.len() <= count, "{age}: {now:?}");
        assert!(count > 2 || now.iter().all(|bill| *bill <= 2), "{now:?}");
    }
    assert!(asked(&campaign).len() >= 4);
    for wrong in ["", "soon", "24", "-1h"] {
        let flag = format!("--older-than={wrong}");
        let ran = at(&campaign, 10, "reconcile", &[&flag]).exits(2);
        ran.says(&["36h or 25d"]);
    }
}

#[test]
fn one_that_is_killed_is_gone_on_with() {
    const COUNT: usize = 40;
    let mut campaign = Campaign::of(COUNT);
    campaign.run().exits(0);
    campaign.set("pace.per_second", "10");
    // The run itself asked a few questions.
    let first = campaign.wechat.queries();
    let queries = || usize::try_from(campaign.wechat.queries() - first).unwrap();
    let mut reconciling = campaign.start("reconcile", &[]);
    until("twelve questions", || queries() >= 12);
    reconciling.kill();
    drop(reconciling.wait());
    let before = queries();
    let ran = campaign.verb("reconcile", &[]).exits(0);
    ran.says(&["going on with the reconciliation that began at "]);
    // Those that were on their way when it was killed are asked about again.
    let (all, most) = (queries(), COUNT + 8);
    assert!(
        all <= most,
        "{all} questions, {before} of them before it was killed"
    );
    let books = campaign.wechat.books();
    let orders = books.orders.values();
    let unasked = orders.filter(|booked| booked.requests.queries == 0);
    assert_eq!(unasked.count(), 0);
    campaign.books_agree();
}

#[test]
fn from_day_25_on_what_is_not_settled_is_named() {
    let campaign = sent_at(&[BEGIN, BEGIN]);
    let numbers: BTreeMap<String, String> = campaign
        .report()
        .into_iter()
        .map(|row| (row["mch_billno"].clone(), row["state"].clone()))
        .collect();
    let early = at(&campaign, 25 * DAY - 1, "status", &[]).exits(0);
    assert!(!early.stdout.contains("25 days"), "{}", early.stdout);
    at(&campaign, 25 * DAY - 1, "run", &[]).exits(0);
    let named = |text: &str| {
        assert!(text.contains("4 packets, "), "{text}");
        assert!(text.contains("not settled after 25 days"), "{text}");
        for number in numbers.keys() {
            assert!(text.contains(number), "{number} in {text}");
        }
    };
    named(&at(&campaign, 25 * DAY + 1, "status", &[]).exits(0).stdout);
    named(&at(&campaign, 25 * DAY + 1, "run", &[]).exits(4).stderr);
    let json = at(&campaign, 25 * DAY + 1, "status", &["--json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["overdue"]["count"], 4);
    assert_eq!(json["overdue"]["fen"], campaign.total_fen());
    let first = &json["overdue"]["first"][0];
    assert_eq!(first["state"], "sent");
    assert!(numbers.contains_key(first["mch_billno"].as_str().unwrap()));
    // Queries reach it still, and it is settled.
    let ran = at(&campaign, 25 * DAY + 1, "reconcile", &[]).exits(0);
    assert!(!ran.stdout.contains("25 days"), "{}", ran.stdout);
}

/// They were paid: what became of that nobody tells any more, and no command is due.
#[test]
fn what_queries_do_not_reach_any_more_is_told_and_ends_the_campaign() {
    let campaign = sent_at(&[BEGIN]);
    let ran = at(&campaign, 31 * DAY - 1, "reconcile", &[]).exits(4);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    for said in ["2 packets, ", "not settled after 25 days", "next: "] {
        assert!(told.contains(said), "{told}");
    }
    let untold = "WeChat Pay tells no more whether they were claimed";
    for verb in ["run", "reconcile", "status"] {
        let ran = at(&campaign, 31 * DAY + 1, verb, &[]).exits(0);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        for said in ["2 packets, ", untold] {
            assert!(told.contains(said), "{verb}: {told}");
        }
        for no_more in ["25 days", "next: "] {
            assert!(!told.contains(no_more), "{verb}: {told}");
        }
    }
    let json = at(&campaign, 31 * DAY + 1, "status", &["--json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(
        (&json["overdue"]["count"], &json["untold"]["count"]),
        (&0.into(), &2.into())
    );
    assert_eq!(campaign.count("sent"), 2);
}
