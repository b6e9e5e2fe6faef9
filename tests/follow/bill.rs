//! The fund-flow bill of a world, matched with its ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hongbao::domain::caps::day_of;
use hongbao::domain::flow::covered::CoveredDays;
use hongbao::fund_flow::{FlowFault, FlowIntake, FlowTotals};
use hongbao::ledger::{FlowBreak, FlowOutcome, FlowScratch, LedgerError};
use hongbao::simulator::Settings;
use tokio::time::sleep;

use crate::follow::{World, openid};

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
        .match_flow((&row, world.now()), (&mut scratch, &covered), &[])
        .unwrap();
    let mut breaks = Breaks::new();
    let each = |it: &FlowBreak| {
        let number = it.mch_billno.clone().unwrap_or_default();
        breaks.insert((it.kind.name().to_owned(), number));
        Ok::<(), LedgerError>(())
    };
    scratch.breaks(each).unwrap();
    Matched {
        outcome,
        breaks,
        totals,
    }
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
    if found.outcome.matched != count {
        return Err(format!(
            "{} packets match, not {count}",
            found.outcome.matched
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
