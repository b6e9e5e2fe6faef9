//! Runs that keep to open times, from one to the next: where sends leave, when the last one does,
//! and that the plan said so before.

use std::sync::Arc;
use std::time::Duration;

use hongbao::config::{Hours, Windows};
use hongbao::domain::caps::Caps;
use hongbao::domain::state::State;
use hongbao::ledger::{Course, Schedule};
use hongbao::runner::Ending;
use hongbao::simulator::Settings;
use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use tokio::time::sleep;

use crate::scene::World;

const PER_SECOND: u32 = 4;
const PACKETS: u64 = 600;
/// Of each run: its first questions take places that the plan has for packets, and the last places
/// of an open time are left free by what is already decided then.
const LATE_MS: i64 = 5_000;

fn at(text: &str) -> i64 {
    let at: Timestamp = format!("{text}+08:00").parse().unwrap();
    at.as_millisecond()
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn hours(from: &str, until: &str) -> Windows {
    Windows {
        hours: Some(Hours {
            from: time(from),
            until: time(until),
        }),
        ..Windows::always()
    }
}

async fn sleep_until(world: &World, at: i64) {
    let left = u64::try_from(at - world.now()).unwrap();
    sleep(Duration::from_millis(left)).await;
}

/// Runs one after the other as `run --wait` has them: in each open time one, and asleep between.
/// How many there were, and whether it ended because no open time comes any more.
async fn run_and_wait(world: &Arc<World>, windows: &Windows) -> (u32, bool) {
    let mut runs = 0;
    for _ in 0..100 {
        let now = world.now();
        match windows.next(now) {
            None => return (runs, true),
            Some(opening) if opening.holds(now) => {
                runs += 1;
                let linger = Duration::from_secs(5);
                match world.run_within(opening.until, linger).await {
                    Ending::Closed => assert!(world.now() >= opening.until - 200),
                    Ending::Finished => return (runs, false),
                    other => panic!("{other:?}"),
                }
                // A run ends with its time, a moment before or after.
                let end = opening.until.max(world.now());
                sleep_until(world, end).await;
            }
            Some(opening) => sleep_until(world, opening.from).await,
        }
    }
    panic!("it never ends");
}

fn planned(world: &World, windows: &Windows) -> (Schedule, i64) {
    let (reader, row) = world.reader();
    let course = Course {
        caps: Caps::default(),
        from: world.now(),
        per_minute: Some(u64::from(PER_SECOND) * 60),
        windows: windows.clone(),
    };
    let schedule = reader.preview(&row, &course).unwrap().schedule;
    let seconds = |count: u64| count.div_ceil(u64::from(PER_SECOND));
    let finish = schedule.finish_at(&course, seconds);
    (schedule, finish)
}

/// Plans and runs from `begin` on: each send leaves within an open time, and the last one when the
/// plan said. The number of runs.
async fn keeps_to(windows: Windows, begin: &str) -> u32 {
    let world = World::new(PACKETS, (PER_SECOND, 0), Settings::default());
    world.numbers(&[]).await;
    sleep_until(&world, at(begin)).await;
    let (schedule, finish) = planned(&world, &windows);
    assert_eq!((schedule.left_out, schedule.later), (0, 0));
    let (runs, is_over) = run_and_wait(&world, &windows).await;
    assert!(!is_over);
    let sends = world.sends();
    assert_eq!(sends.len(), usize::try_from(PACKETS).unwrap(), "each once");
    for send in &sends {
        let opening = windows.next(send.at).unwrap();
        assert!(opening.holds(send.at), "{send:?}");
    }
    let last = sends.last().unwrap().at;
    let late = LATE_MS * i64::from(runs);
    assert!(
        (finish - 1_000..=finish + late).contains(&last),
        "planned {finish}, done {last}, {} ms apart in {runs} runs",
        last - finish
    );
    runs
}

#[tokio::test(start_paused = true)]
async fn over_midnight_a_night_is_one_open_time() {
    let windows = hours("23:59:30", "00:00:30");
    assert_eq!(keeps_to(windows, "2026-11-23T12:00:00").await, 3);
}

#[tokio::test(start_paused = true)]
async fn on_its_weekdays_alone() {
    let windows = Windows {
        weekdays: vec![Weekday::Wednesday, Weekday::Friday],
        ..hours("10:00", "10:01")
    };
    // A Monday.
    assert_eq!(keeps_to(windows, "2026-11-23T12:00:00").await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_skipped_date_is_left_out_and_a_night_that_began_before_it_is_not() {
    let skipped: Date = "2026-11-24".parse().unwrap();
    let windows = Windows {
        skip_dates: [skipped].into(),
        ..hours("23:59:30", "00:00:30")
    };
    assert_eq!(keeps_to(windows.clone(), "2026-11-23T12:00:00").await, 3);
    let into = at("2026-11-24T00:00:10");
    assert!(windows.next(into).unwrap().holds(into));
    let evening = at("2026-11-24T23:59:40");
    assert!(!windows.next(evening).unwrap().holds(evening));
}

#[tokio::test(start_paused = true)]
async fn at_the_end_of_a_day_it_stops_until_the_day_after_the_skipped_one() {
    let skipped: Date = "2026-11-24".parse().unwrap();
    let windows = Windows {
        skip_dates: [skipped].into(),
        ..Windows::always()
    };
    assert_eq!(keeps_to(windows, "2026-11-23T23:59:00").await, 2);
}

#[tokio::test(start_paused = true)]
async fn from_not_after_on_nothing_leaves_and_the_plan_named_what_is_left() {
    let windows = Windows {
        not_after: Some(at("2026-11-25T10:00:30")),
        ..hours("10:00", "10:01")
    };
    let world = World::new(PACKETS, (PER_SECOND, 0), Settings::default());
    world.numbers(&[]).await;
    sleep_until(&world, at("2026-11-23T12:00:00")).await;
    let (schedule, _) = planned(&world, &windows);
    assert_eq!(schedule.left_out, PACKETS - 240 - 120);
    let (runs, is_over) = run_and_wait(&world, &windows).await;
    assert_eq!((runs, is_over), (2, true));
    let sends = world.sends();
    let end = windows.not_after.unwrap();
    assert!(sends.iter().all(|send| send.at < end));
    // What is left, and a little more for the questions of two runs.
    let left = world
        .rows()
        .iter()
        .filter(|row| row.state == State::Ready)
        .count();
    let left = u64::try_from(left).unwrap();
    assert_eq!(left + u64::try_from(sends.len()).unwrap(), PACKETS);
    let late = u64::from(PER_SECOND) * 2 * LATE_MS.unsigned_abs() / 1_000;
    assert!(
        (schedule.left_out..=schedule.left_out + late).contains(&left),
        "{left}"
    );
}

/// As `run --until` and `--max-duration` end it: what was on the wire is answered, and no other
/// leaves.
#[tokio::test(start_paused = true)]
async fn what_is_in_doubt_waits_for_the_opening_as_well_and_is_asked_about_meanwhile() {
    let windows = hours("10:00", "10:01");
    let world = World::new(20, (PER_SECOND, 0), Settings::default());
    let flaky = world.numbers(&[3, 4]).await;
    world.stories.lock().unwrap().flaky = flaky.iter().map(|it| (it.clone(), 9)).collect();
    // Ten seconds are left of the open time.
    sleep_until(&world, at("2026-11-24T10:00:50")).await;
    let end = at("2026-11-24T10:01:00");
    assert_eq!(windows.next(world.now()).unwrap().until, end);
    world.run_within(end, Duration::from_mins(10)).await;
    let again = |number: &String| {
        let sends = world.sends();
        sends.iter().filter(|send| send.number == *number).count()
    };
    for number in &flaky {
        assert!((2..9).contains(&again(number)), "{}", again(number));
    }
    assert!(world.sends().iter().all(|send| send.at < end));
    let asked_later = |number: &String| {
        let queries = world.queries();
        queries
            .iter()
            .any(|asked| asked.number == *number && asked.at >= end)
    };
    world.reconcile().await;
    assert!(flaky.iter().all(asked_later));
    assert!(world.sends().iter().all(|send| send.at < end));
}
