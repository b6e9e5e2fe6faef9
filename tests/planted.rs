//! The simulation tested by the defects it is there for, and the simulation at its full size: both
//! in one build, which no shipped program is.
//!
//! `cargo test --locked --features planted --test planted -- --nocapture` plants each mistake of
//! `src/planted.rs` in turn and plays seeds until one shows it, a thousand at most; then it plays
//! 10,000 seeds without any, or as many as three minutes allow, and counts which moves
//! they met. `HONGBAO_SEEDS=1000000` plays all that it names, `HONGBAO_BUG=NoPace` plants one
//! mistake only and tells how it was found.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and tells what it played"
)]

#[path = "simulation/mod.rs"]
mod simulation;

#[path = "planted/reach.rs"]
mod reach;

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hongbao::planted::{Bug, Met, plant, take_met};
use simulation::{REGRESSIONS, Verdict, play};

/// Seeds within which each mistake must show.
const WITHIN: u64 = 1000;
/// Seeds of the full size.
const SEEDS: u64 = 10_000;
/// A slow machine plays fewer in this time, and says how many; the switch plays all it names.
const PATIENCE: Duration = Duration::from_mins(3);
/// After so many wrong seeds no more are played.
const ENOUGH: usize = 20;
/// One seed in so many is played twice.
const TWICE: u64 = 100;

/// Each test has the machine for itself, so that its figures are its own.
static ALONE: Mutex<()> = Mutex::new(());

fn variable<T: std::str::FromStr<Err: std::fmt::Debug>>(name: &str) -> Option<T> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Does `work` on all cores.
fn on_all_cores(work: impl Fn() + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(&work);
        }
    });
}

/// The first seed that shows the mistake, and how.
fn first_hit(bug: Bug) -> Option<(u64, String)> {
    plant(Some(bug));
    let hit = (0..WITHIN).find_map(|seed| Some((seed, play(seed).fault?)));
    plant(None);
    hit
}

/// What became of one planted mistake.
struct Hunt {
    bug: Bug,
    hit: Option<(u64, String)>,
    took: Duration,
}

impl fmt::Display for Hunt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, seconds) = (format!("{:?}", self.bug), self.took.as_secs_f64());
        match &self.hit {
            Some((seed, how)) => write!(f, "{name:<28} {seed:>4} {seconds:>6.1} s  {how}"),
            None => write!(f, "{name:<28} NOT FOUND: {}", self.bug.describe()),
        }
    }
}

#[test]
fn every_planted_mistake_is_found() {
    let _alone = ALONE.lock();
    let only: Option<String> = variable("HONGBAO_BUG");
    let is_asked_for = |bug: &Bug| match &only {
        Some(only) => *only == format!("{bug:?}"),
        None => true,
    };
    let bugs: Vec<Bug> = Bug::ALL.iter().copied().filter(is_asked_for).collect();
    println!("{} of {} mistakes", bugs.len(), Bug::ALL.len());
    let (next, hunts) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let begun = Instant::now();
    on_all_cores(|| {
        while let Some(&bug) = bugs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let begun = Instant::now();
            let hit = first_hit(bug);
            let took = begun.elapsed();
            let hunt = Hunt { bug, hit, took };
            println!("{hunt}");
            hunts.lock().unwrap().push(hunt);
        }
    });
    let mut hunts = hunts.into_inner().unwrap();
    hunts.sort_by_key(|hunt| hunt.bug as usize);
    println!("\nmistake, the first seed that showed it, after how long, and how:");
    for hunt in &hunts {
        println!("{hunt}");
    }
    println!(
        "{} mistakes in {:.1} s",
        hunts.len(),
        begun.elapsed().as_secs_f64()
    );
    let missed: Vec<Bug> = hunts
        .iter()
        .filter(|hunt| hunt.hit.is_none())
        .map(|hunt| hunt.bug)
        .collect();
    assert!(!hunts.is_empty(), "no mistake has that name");
    assert!(
        missed.is_empty(),
        "not found within {WITHIN} seeds: {missed:?}"
    );
}

/// What the seeds played so far came to.
#[derive(Default)]
struct Sum {
    seeds: u64,
    virtual_ms: u64,
    crashes: u32,
    met: Met,
    wrong: Vec<Verdict>,
}

impl Sum {
    fn add(&mut self, verdict: Verdict, met: Met) {
        self.seeds += 1;
        self.virtual_ms += verdict.virtual_ms;
        self.crashes += verdict.crashes;
        for (pair, times) in met {
            *self.met.entry(pair).or_default() += times;
        }
        if verdict.fault.is_some() {
            self.wrong.push(verdict);
        }
    }
}

#[test]
fn no_seed_pays_twice_loses_or_misreports_and_every_move_is_met() {
    let _alone = ALONE.lock();
    let asked_for: Option<u64> = variable("HONGBAO_SEEDS");
    let seeds = asked_for.unwrap_or(SEEDS);
    let all: Vec<u64> = REGRESSIONS.iter().copied().chain(0..seeds).collect();
    let (next, sum) = (AtomicUsize::new(0), Mutex::new(Sum::default()));
    let begun = Instant::now();
    on_all_cores(|| {
        while let Some(&seed) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let verdict = play(seed);
            let met = take_met();
            if seed.is_multiple_of(TWICE) {
                assert_eq!(verdict.log, play(seed).log, "seed {seed} played twice");
                drop(take_met());
            }
            let mut sum = sum.lock().unwrap();
            sum.add(verdict.brief(), met);
            let is_late = asked_for.is_none() && begun.elapsed() > PATIENCE;
            if sum.wrong.len() >= ENOUGH || is_late {
                return;
            }
        }
    });
    let mut sum = sum.into_inner().unwrap();
    sum.wrong.sort_by_key(|verdict| verdict.seed);
    for verdict in &sum.wrong {
        println!(
            "seed {}: {}",
            verdict.seed,
            verdict.fault.as_deref().unwrap_or_default()
        );
    }
    sum.wrong.iter().for_each(Verdict::must_be_right);
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{} seeds with {} crashes in {seconds:.1} s: {:.1} seeds a second, {:.0} times real time",
        sum.seeds,
        sum.crashes,
        f64::from(u32::try_from(sum.seeds).unwrap()) / seconds,
        Duration::from_millis(sum.virtual_ms).as_secs_f64() / seconds,
    );
    println!("{}", reach::table(&sum.met));
    reach::must_be_whole(&sum.met, sum.seeds >= SEEDS);
}
