//! The fund-flow bill of a world, matched with its ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hongbao::domain::caps::day_of;
use hongbao::domain::flow::covered::CoveredDays;
use hongbao::domain::flow::row::{Direction, FlowRow};
use hongbao::fund_flow::{FlowFault, FlowIntake, FlowTotals};
use hongbao::ledger::{BreakStanding, FlowBreak, FlowOutcome, FlowScratch, GivenBill, LedgerError};
use hongbao::simulator::Settings;
use tokio::time::sleep;

use crate::follow::{DAY_MS, HOUR_MS, World, openid};
use crate::terms::RULES;

/// By type and number.
type Breaks = BTreeSet<(String, String)>;

/// What matching came to.
pub(crate) struct Matched {
    pub(crate) outcome: FlowOutcome,
    pub(crate) breaks: Breaks,
    /// The rows of the bills, and their sums.
    pub(crate) totals: Vec<FlowTotals>,
}

/// Why a bill is not read.
#[derive(Debug)]
struct NoBill;

impl From<FlowFault> for NoBill {
    fn from(fault: FlowFault) -> Self {
        panic!("{fault:?}")
    }
}

/// Reads these bills, each to its end, and matches them.
pub(crate) fn matched(world: &World, bills: &BTreeMap<String, String>) -> Matched {
    let (mut scratch, mut covered) = (FlowScratch::new().unwrap(), CoveredDays::default());
    let mut totals = Vec::new();
    for text in bills.values() {
        let mut intake = FlowIntake::new(|row| scratch.add(row).map_err(|_| NoBill));
        for piece in text.as_bytes().chunks(1000) {
            intake.push(piece).unwrap();
        }
        let (of_bill, _) = intake.finish(None).unwrap();
        let (first, last) = of_bill.days.unwrap();
        covered.add_all(first, last);
        totals.push(of_bill);
    }
    let (reader, row) = world.reader();
    let outcome = reader
        .match_flow((&row, world.now()), &mut scratch, (&[], &covered), &[])
        .unwrap();
    Matched {
        outcome,
        breaks: breaks(&scratch, BreakStanding::Given),
        totals,
    }
}

fn breaks(scratch: &FlowScratch, how: BreakStanding) -> Breaks {
    let mut breaks = Breaks::new();
    let each = |it: &FlowBreak| {
        let number = it.mch_billno.clone().unwrap_or_default();
        breaks.insert((it.kind.name().to_owned(), number));
        Ok::<(), LedgerError>(())
    };
    scratch.breaks(how, each).unwrap();
    breaks
}

/// A campaign of six days and its bills, with a shop's business in them: whole, with a break of
/// each kind, and without the first day. Found is exactly what is there.
pub(crate) async fn each_break_of_the_bill_is_found_as_what_it_is() -> Result<(), String> {
    let settings = Settings {
        scripted: [(openid(4), "OPENID_ERROR".to_owned())].into(),
        ..Settings::default()
    };
    let world = World::new(60, (5, 0), settings);
    world.run(Some(30), Duration::from_secs(5)).await;
    sleep(Duration::from_hours(24)).await;
    world.run(None, Duration::from_secs(5)).await;
    sleep(Duration::from_hours(96)).await;
    world.reconcile().await;
    let (whole, none) = world.fund_flow(false);
    if !none.is_empty() {
        return Err("a bill that was not broken has breaks".to_owned());
    }
    let clean = matched(&world, &whole);
    must_be(&world, &clean, &Breaks::new(), 59)?;
    let (broken, planted) = world.fund_flow(true);
    let planted: Breaks = planted
        .into_iter()
        .map(|it| (it.kind.to_owned(), it.mch_billno))
        .collect();
    if planted.len() != 7 {
        return Err(format!("{} of seven are planted", planted.len()));
    }
    must_be(&world, &matched(&world, &broken), &planted, 53)?;
    // Nobody gave the bill of the first day: half of the packets are not covered, and no break.
    let mut later = whole.clone();
    later.pop_first();
    must_be(&world, &matched(&world, &later), &Breaks::new(), 30)
}

fn must_be(world: &World, found: &Matched, breaks: &Breaks, count: u64) -> Result<(), String> {
    if found.breaks != *breaks {
        return Err(format!(
            "found {:?}, and there are {breaks:?}",
            found.breaks
        ));
    }
    if found.outcome.given.matched != count {
        return Err(format!(
            "{} packets match, not {count}",
            found.outcome.given.matched
        ));
    }
    // A sale, its fee and a refund on each day.
    let (foreign, shop) = (found.outcome.whose.foreign, 3 * found.totals.len() as u64);
    let last = found
        .totals
        .iter()
        .filter_map(|bill| bill.days)
        .map(|(_, last)| last);
    match (foreign == shop, last.max()) {
        (true, Some(last)) if last <= day_of(world.now()) => Ok(()),
        (_, last) => Err(format!(
            "{foreign} rows of {shop} are foreign, until day {last:?}"
        )),
    }
}

/// How a bill is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Whole,
    Export,
    Instead,
}

/// A bill with these rows is given and kept: the packets that agree so far, the breaks that it has,
/// and those that earlier bills have.
fn given(world: &World, rows: &[FlowRow], how: Given) -> (u64, Breaks, Breaks) {
    let (mut scratch, mut covered) = (FlowScratch::new().unwrap(), CoveredDays::default());
    scratch.begin_bill().unwrap();
    for row in rows {
        scratch.add(row).unwrap();
        covered.add(day_of(row.booked_at));
    }
    let date = |day: i64| (jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day)).to_string();
    let ends = rows.first().zip(rows.last()).unwrap();
    let days = (day_of(ends.0.booked_at), day_of(ends.1.booked_at));
    let bill = GivenBill {
        name: "bill.csv".to_owned(),
        sha256: format!("{rows:?}"),
        rows: rows.len() as u64,
        span: rows
            .first()
            .zip(rows.last())
            .map(|(one, other)| (one.booked_at, other.booked_at)),
        is_checked: how != Given::Export,
        is_instead: how == Given::Instead,
        days: Some((date(days.0), date(days.1))),
        ..GivenBill::default()
    };
    let (reader, row) = world.reader();
    let (now, bills) = (world.now(), [bill]);
    let outcome = reader.match_flow((&row, now), &mut scratch, (&bills, &covered), &[]);
    let outcome = outcome.unwrap();
    let days: Vec<String> = outcome.days_so_far.iter().map(date).collect();
    let (about, found) = ((now, &bills[..], &days[..]), (&outcome, &scratch));
    reader.keep_match(&row, about, found, &RULES).unwrap();
    let [own, carried] =
        [BreakStanding::Given, BreakStanding::Carried].map(|how| breaks(&scratch, how));
    (outcome.so_far.matched, own, carried)
}

/// Six packets, paid from two accounts whose bills are given apart, and one of them once more on
/// the next day.
pub(crate) async fn bills_given_apart_are_seen_together() -> Result<(), String> {
    let world = World::new(6, (5, 0), Settings::default());
    world.run(None, Duration::from_secs(5)).await;
    let packets = world.rows();
    let row = |place: usize, movement: &str, direction| FlowRow {
        booked_at: packets[place].first_sent_at.unwrap() + 1_000,
        voucher: packets[place].mch_billno.clone(),
        order: format!("order {place}"),
        movement: format!("{movement}{place:020}"),
        direction,
        amount: packets[place].amount,
        ..FlowRow::default()
    };
    let paid = |place| row(place, "paid", Direction::Out);
    let next_day = |row: FlowRow| FlowRow {
        booked_at: row.booked_at + DAY_MS,
        ..row
    };
    let of = |kind: &str, places: &[usize]| -> Breaks {
        let number = |place: &usize| packets[*place].mch_billno.clone();
        places
            .iter()
            .map(|it| (kind.to_owned(), number(it)))
            .collect()
    };
    let none = Breaks::new;
    let again: Vec<FlowRow> = (3..6)
        .map(|place| FlowRow {
            order: String::new(),
            movement: String::new(),
            ..paid(place)
        })
        .collect();
    let back = next_day(row(1, "back", Direction::In));
    let second = next_day(row(0, "second", Direction::Out));
    let shop = |hours: i64| FlowRow {
        booked_at: back.booked_at + hours * HOUR_MS,
        ..FlowRow::default()
    };
    let (noon, evening, day_after) = (shop(-1), shop(1), shop(24));
    for (what, rows, how, found) in [
        (
            "one account",
            vec![paid(0), paid(1), paid(2)],
            Given::Whole,
            (3, of("missing_in_bill", &[3, 4, 5]), none()),
        ),
        (
            "the other",
            vec![paid(3), paid(4), paid(5)],
            Given::Whole,
            (6, none(), none()),
        ),
        (
            "an export of it without numbers",
            again,
            Given::Export,
            (6, none(), none()),
        ),
        (
            "the next day",
            vec![back.clone(), second],
            Given::Whole,
            (5, of("paid_twice", &[0]), none()),
        ),
        (
            "the day after",
            vec![day_after],
            Given::Whole,
            (5, none(), of("paid_twice", &[0])),
        ),
        (
            "the next day once more, silent about payments",
            vec![noon.clone(), back.clone(), evening.clone()],
            Given::Whole,
            (5, none(), of("paid_twice", &[0])),
        ),
        (
            "a person says that this is all",
            vec![noon, back, evening],
            Given::Instead,
            (6, none(), none()),
        ),
    ] {
        let came = given(&world, &rows, how);
        if came != found {
            return Err(format!("{what}: {came:?}, and there is {found:?}"));
        }
    }
    Ok(())
}
