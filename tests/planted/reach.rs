//! Which event met which state: every move that the machine allows is met, but for the few that
//! nothing can bring about, and none that it forbids.

use std::fmt::Write;

use hongbao::domain::state::{Event, State};

use super::player::Met;

/// `x`: allowed, and met in every run of the full size. `r`: allowed, and met a few times in 10,000
/// seeds or not at all: it takes a lost answer, an order that flows back or is refused while it is
/// worked on, and a question at the right moment. `.`: forbidden, and never met. `o`: allowed, and
/// never met, because nothing can bring it about:
///
/// - `received` and `refunded` with any sighting: no step is planned for a bill that is settled, no
///   reconciliation asks about it, and a bill has one open request at most, so that no answer comes
///   late. The moves are there so that a paid bill stays paid, should a later version ask.
/// - `in_doubt` with `deferred`: only what an older version called in doubt in a copy meets it.
/// - `review` with `given_up`: policy gives up only what is in doubt or being processed.
const GOLDEN: &str = "\
                  ready  in_fli in_dou proces sent   receiv refund refund refuse withdr review
dispatched        x      .      .      .      .      .      .      .      .      .      .
resent            .      .      x      .      x      .      .      .      .      .      .
accepted          .      x      x      .      x      .      .      .      .      .      .
taken             .      x      x      .      x      .      .      .      .      .      .
not_carried_out   .      x      x      .      x      .      .      .      .      .      .
refused_for_good  .      x      .      .      .      .      .      .      .      .      .
refused_maybe     .      x      x      .      x      .      .      .      .      .      .
doubted           .      x      x      .      x      .      .      .      .      .      .
seen_sending      r      .      x      x      x      o      x      o      x      r      x
seen_failing      r      .      x      r      x      o      x      o      x      r      x
seen_sent         x      .      x      x      x      o      x      o      x      r      x
seen_received     r      .      x      x      x      o      x      o      x      r      x
seen_refunding    r      .      x      x      x      o      x      o      x      r      r
seen_refunded     r      .      x      x      x      o      x      o      x      r      x
seen_failed       r      .      x      x      x      o      x      o      x      r      x
not_found         x      .      x      x      x      o      x      o      x      x      x
seen_nothing      x      .      x      x      x      o      x      o      x      x      x
remembered        r      .      .      .      .      .      .      .      .      .      .
next_unknown      .      .      x      .      .      .      .      .      x      r      .
next_known        .      .      r      .      .      .      .      .      r      r      .
deferred          x      .      o      .      .      .      .      .      .      .      .
refusal_confirmed .      .      x      .      .      .      .      .      .      .      .
given_up          x      .      x      x      .      .      .      .      r      r      o
ruled_paid        .      .      r      .      .      .      .      .      .      .      x
ruled_unpaid      .      .      x      .      .      .      .      .      .      .      x
reissued          x      .      .      .      .      .      .      .      x      .      .
excused           .      .      x      .      .      .      .      .      x      .      .
freed             .      .      x      .      .      .      .      .      x      .      .
passed_over       .      .      r      .      .      .      .      .      r      .      .
withdrawn         x      .      .      .      .      .      .      .      .      .      .
frozen_anew       .      .      .      .      .      .      .      .      .      x      .
brought_back      .      .      .      .      .      .      .      .      .      x      .";

fn times(met: &Met, state: State, event: Event) -> u64 {
    let events = met.get(state.name());
    events
        .and_then(|events| events.get(event.name()))
        .copied()
        .unwrap_or(0)
}

/// How often each event met each state.
pub(super) fn table(met: &Met) -> String {
    rows(|state, event| match times(met, state, event) {
        0 => ".".to_owned(),
        times => times.to_string(),
    })
}

fn rows(cell: impl Fn(State, Event) -> String) -> String {
    let mut table = format!("{:<18}", "");
    for state in State::ALL {
        write!(table, "{:<7.6}", state.name()).unwrap();
    }
    for event in Event::ALL {
        write!(table, "\n{:<18}", event.name()).unwrap();
        for state in State::ALL {
            write!(table, "{:<7}", cell(state, event)).unwrap();
        }
    }
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// The mark of a pair in the golden table.
fn golden(state: State, event: Event) -> char {
    let column = State::ALL.iter().position(|it| *it == state).unwrap();
    let is_its = |line: &&str| line.split_whitespace().next() == Some(event.name());
    let line = GOLDEN.lines().find(is_its).unwrap();
    line.chars().nth(18 + 7 * column).unwrap()
}

/// What a run met against the golden table; a smaller run need not meet everything.
pub(super) fn must_be_whole(met: &Met, is_full: bool) {
    let mut faults = Vec::new();
    for state in State::ALL {
        for event in Event::ALL {
            let (mark, times) = (golden(state, event), times(met, state, event));
            match mark {
                'x' if times == 0 && is_full => faults.push(format!("{state} never met {event:?}")),
                'o' | '.' if times > 0 => faults.push(format!("{state} met {event:?}")),
                'x' | 'r' | 'o' | '.' => {}
                _ => panic!("{mark:?} is no mark of the golden table"),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_golden_table_allows_what_the_machine_allows() {
    let marks = rows(|state, event| match state.on(event) {
        Ok(_) if "or".contains(golden(state, event)) => golden(state, event).to_string(),
        Ok(_) => "x".to_owned(),
        Err(_) => ".".to_owned(),
    });
    // What continues a literal begins at its first word.
    assert_eq!(marks.trim_start(), GOLDEN);
}
