//! Packets are followed to their end: by a run while it waits, without costing a send its place,
//! and by reconciliations through a month. All in virtual time.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "follow/bill.rs"]
mod bill;
#[path = "support/memory_dir.rs"]
mod memory_dir;
#[path = "follow/scene.rs"]
mod scene;
#[path = "support/terms.rs"]
mod terms;
#[path = "follow/windows.rs"]
mod windows;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hongbao::domain::money::Fen;
use hongbao::domain::state::State;
use hongbao::fund_flow::FlowTotals;
use hongbao::ledger::ReportRow;
use hongbao::report::{CsvReport, Extra};
use hongbao::runner::Ending;
use hongbao::simulator::{OrderStanding, Settings};
use hongbao::words::Lang;
use scene as follow;
use scene::{DAY_MS, HOUR_MS, MINUTE_MS, World, openid};
use tokio::time::sleep;

/// By number, the times.
fn times(asked: &[scene::Asked]) -> BTreeMap<&str, Vec<i64>> {
    let mut times: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for asked in asked {
        times.entry(&asked.number).or_default().push(asked.at);
    }
    times
}

#[tokio::test(start_paused = true)]
async fn a_run_of_hours_follows_what_it_sent_at_most_once_an_hour() {
    const FOR: Duration = Duration::from_hours(6);
    let world = World::new(60, (5, 0), Settings::default());
    let held = world.numbers(&[7]).await;
    let until = world.now() + 150 * MINUTE_MS;
    let stories = held.iter().map(|number| (number.clone(), until));
    world.stories.lock().unwrap().held = stories.collect();
    let first = world.now();
    let preflight = 12;
    let ending = world.run(None, FOR).await;
    assert_eq!(ending, Ending::Finished);
    assert!(
        world.now() - first >= 150 * MINUTE_MS,
        "it waited for the one"
    );
    let (sends, queries) = (world.sends(), world.queries());
    let (sends, queries) = (times(&sends), times(&queries[preflight..]));
    let mut followed = 0;
    for row in world.rows() {
        let number = row.mch_billno.as_str();
        if held.contains(number) {
            continue;
        }
        let sent = sends[number][0];
        let asked = &queries[number];
        followed += asked.len();
        assert!(asked[0] >= sent + 30 * MINUTE_MS, "too soon: {row:?}");
        assert!(asked[0] <= sent + 45 * MINUTE_MS, "too late: {row:?}");
        for two in asked.windows(2) {
            let gap = two[1] - two[0];
            assert!(gap >= HOUR_MS, "again after {gap} ms: {row:?}");
            assert!(gap <= 80 * MINUTE_MS, "only after {gap} ms: {row:?}");
        }
        // What was claimed by then is known, and nothing else.
        let last = *asked.last().unwrap();
        let claimed = claimed_at(&world, &row);
        let is_known = claimed.is_some_and(|at| at <= last);
        assert_eq!(row.state == State::Received, is_known, "{row:?}");
        let told = row.fate.received_at;
        assert_eq!(told, claimed.filter(|_| is_known).map(seconds));
        assert!(
            row.asked_at
                .is_some_and(|at| (last..last + 1000).contains(&at))
        );
    }
    assert!(followed >= 118, "{followed}");
}

fn seconds(at: i64) -> i64 {
    at / 1000 * 1000
}

fn claimed_at(world: &World, row: &ReportRow) -> Option<i64> {
    let rules = Settings::default().claims;
    rules.claimed_at(&row.mch_billno, issued(world, row))
}

fn issued(world: &World, row: &ReportRow) -> i64 {
    match world.books().orders[&row.mch_billno].order.standing {
        OrderStanding::Paid { issued_ms, .. } => issued_ms,
        ref other => panic!("{other:?}: {row:?}"),
    }
}

#[test]
fn no_send_waits_for_a_follow_up() {
    scene::played(scene::no_send_waits_for_a_follow_up()).unwrap();
}

#[test]
fn nobody_is_asked_about_twice_within_an_hour() {
    scene::played(scene::nobody_is_asked_about_twice_within_an_hour()).unwrap();
}

#[test]
fn what_is_open_after_25_days_is_named() {
    scene::played(scene::what_is_open_after_25_days_is_named()).unwrap();
}

#[test]
fn each_break_of_the_bill_is_found_as_what_it_is() {
    scene::played(bill::each_break_of_the_bill_is_found_as_what_it_is()).unwrap();
}

#[test]
fn bills_given_apart_are_seen_together() {
    scene::played(bill::bills_given_apart_are_seen_together()).unwrap();
}

/// It takes more than 40 minutes, and yet no packet costs a question.
#[tokio::test(start_paused = true)]
async fn a_clean_campaign_of_5000_costs_5000_sends_and_a_few_questions() {
    let world = World::new(5000, (2, 120), Settings::default());
    let begun = world.now();
    let ending = world.run(None, Duration::from_mins(2)).await;
    assert_eq!(ending, Ending::Finished);
    let took = world.now() - begun;
    assert!((40 * MINUTE_MS..45 * MINUTE_MS).contains(&took), "{took}");
    assert_eq!(world.sends().len(), 5000);
    let queries = world.queries().len();
    assert!(queries <= 25, "{queries}");
}

/// A month with claims, lapses, refunds and late failures. Some numbers are called issued for 26
/// days, whatever became of them.
#[tokio::test(start_paused = true)]
async fn a_month_later_the_books_agree_to_the_fen_and_nothing_old_was_unnamed() {
    const COUNT: usize = 120;
    let codes = ["SENDNUM_LIMIT", "RCVDAMOUNT_LIMIT", "OPENID_ERROR"];
    let refused: BTreeMap<String, String> = (0..9)
        .map(|n| {
            (
                openid(n * 11),
                codes[usize::try_from(n % 3).unwrap()].to_owned(),
            )
        })
        .collect();
    let settings = Settings {
        scripted: refused.clone(),
        ..Settings::default()
    };
    let world = World::new(u64::try_from(COUNT).unwrap(), (5, 0), settings);
    let begun = world.now();
    let stuck = world.numbers(&[3, 50, 97]).await;
    let until = begun + 26 * DAY_MS + HOUR_MS;
    let stories = stuck.iter().map(|number| (number.clone(), until));
    world.stories.lock().unwrap().stuck = stories.collect();
    for day in 0..31 {
        // Forty a day at first.
        world.run(Some(40), Duration::from_mins(11)).await;
        named(&world);
        sleep(Duration::from_hours(7)).await;
        world.reconcile().await;
        named(&world);
        if day == 25 {
            let overdue = world.overdue();
            let first = overdue.first.iter().map(|bill| bill.mch_billno.clone());
            let named: BTreeSet<String> = first.collect();
            assert!(named.is_subset(&stuck) && !named.is_empty(), "{named:?}");
        }
        let next = begun + (day + 1) * DAY_MS;
        sleep(Duration::from_millis((next - world.now()).unsigned_abs())).await;
    }
    assert_eq!(world.overdue().count, 0);
    let sums = settled(&world, &refused);
    billed(&world, sums);
    assert_eq!(reported(&world), sums);
}

/// The bills of the month say the same: what went out, and what came back.
#[track_caller]
fn billed(world: &World, (claimed, back): (Fen, Fen)) {
    let (bills, _) = world.fund_flow(false);
    let found = bill::matched(world, &bills);
    assert_eq!(found.breaks, BTreeSet::new());
    let outcome = &found.outcome;
    let paid: Fen = [claimed, back].into_iter().sum();
    assert_eq!(
        (outcome.given.matched, outcome.given.matched_fen),
        (111, paid)
    );
    assert_eq!((outcome.given.not_covered, outcome.given.in_doubt), (0, 0));
    // All that moved, but for the shop.
    let moved = |of: fn(&FlowTotals) -> Fen, way: &str| -> u64 {
        let shop = outcome.whose.by_label.iter();
        let shop = shop.filter(|((_, _, direction), _)| *direction == way);
        let all: Fen = found.totals.iter().map(of).sum();
        all.fen() - shop.map(|(_, (_, fen))| fen).sum::<u64>()
    };
    assert_eq!(moved(|bill| bill.went_out.1, "out"), paid.fen());
    assert_eq!(moved(|bill| bill.came_in.1, "in"), back.fen());
    assert!(found.totals.iter().all(|bill| bill.is_checked));
}

/// What a report says was claimed, and came back.
fn reported(world: &World) -> (Fen, Fen) {
    let (reader, row) = world.reader();
    let mut text = Vec::new();
    let extra = Extra::of(&reader.files(&row).unwrap());
    let mut report = CsvReport::begin(&mut text, extra, (Lang::En, false)).unwrap();
    for packet in world.rows() {
        report.row(&packet).unwrap();
    }
    report.end().unwrap();
    let mut csv = csv::Reader::from_reader(&*text);
    let rows = csv.deserialize().map(Result::unwrap);
    let rows: Vec<BTreeMap<String, String>> = rows.collect();
    let sum = |state: &str, column: &str| -> Fen {
        let these = rows.iter().filter(|row| row["state"] == state);
        these
            .map(|row| Fen::new(row[column].parse().unwrap()))
            .sum()
    };
    assert_eq!(
        sum("refunded", "amount_fen"),
        sum("refunded", "refunded_fen")
    );
    (
        sum("received", "amount_fen"),
        sum("refunded", "refunded_fen"),
    )
}

/// What is unsettled after 25 days is named, and nothing else.
#[track_caller]
fn named(world: &World) {
    let late = world.now() - 25 * DAY_MS;
    let is_late = |row: &ReportRow| {
        let is_settled = matches!(
            row.state,
            State::Received | State::Refunded | State::Refused | State::Ready
        );
        !is_settled && row.first_sent_at.is_some_and(|at| at <= late)
    };
    let rows = world.rows();
    let unsettled: BTreeSet<&str> = rows
        .iter()
        .filter(|row| is_late(row))
        .map(|row| row.mch_billno.as_str())
        .collect();
    let overdue = world.overdue();
    let named = overdue.first.iter().map(|bill| bill.mch_billno.as_str());
    assert_eq!(named.collect::<BTreeSet<_>>(), unsettled);
    assert_eq!(overdue.count, unsettled.len() as u64);
}

/// Every packet is settled as the gateway's books have it: what was claimed, and came back.
#[track_caller]
fn settled(world: &World, refused: &BTreeMap<String, String>) -> (Fen, Fen) {
    let (rules, books) = (Settings::default().claims, world.books());
    assert_eq!(books.paid_twice(), Vec::<&str>::new());
    let (mut claimed, mut back) = (Vec::new(), Vec::new());
    for row in world.rows() {
        if refused.contains_key(&row.openid) {
            assert_eq!(row.state, State::Refused, "{row:?}");
            continue;
        }
        let issued = issued(world, &row);
        let fate = &row.fate;
        let told = (fate.received_at, fate.refunded_at, fate.refunded);
        if let Some(at) = rules.claimed_at(&row.mch_billno, issued) {
            assert_eq!(row.state, State::Received, "{row:?}");
            assert_eq!(told, (Some(seconds(at)), None, None));
            claimed.push(row.amount);
        } else {
            assert_eq!(row.state, State::Refunded, "{row:?}");
            let at = seconds(rules.refunded_at(issued));
            assert_eq!(told, (None, Some(at), Some(row.amount)));
            back.extend(fate.refunded);
        }
    }
    let sum = |of: Vec<Fen>| -> Fen { of.into_iter().sum() };
    let paid: u64 = books
        .orders
        .values()
        .filter(|booked| booked.order.is_paid())
        .map(|booked| booked.order.amount_fen)
        .sum();
    assert!(back.len() > 10 && claimed.len() > 60);
    let (claimed, back) = (sum(claimed), sum(back));
    assert_eq!(claimed.fen() + back.fen(), paid);
    let (reader, row) = world.reader();
    assert_eq!(row.breaks, 0);
    assert_eq!(reader.audit(None).unwrap().findings, []);
    (claimed, back)
}
