//! The simulation tested by the defects it is there for, and the simulation at its full size: both
//! in one build, which no shipped program is.
//!
//! `cargo test --locked --features planted --test planted -- --nocapture` plants each mistake of
//! `src/planted.rs` in turn and plays seeds until one shows it, a thousand at most; then it plays
//! 10,000 seeds without any, or as many as five minutes allow, and counts which moves they met.
//! `HONGBAO_SEEDS=0..1000000` plays all that it names, a night's share of them as well as the
//! whole; `HONGBAO_BUG=NoPace` plants one mistake only and tells how it was found.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and tells what it played"
)]

#[path = "simulation/mod.rs"]
mod simulation;

#[path = "follow/bill.rs"]
mod bill;
#[path = "copied/scene.rs"]
mod copied;
#[path = "follow/scene.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod follow;
#[path = "planted/known.rs"]
mod known;
#[path = "support/memory_dir.rs"]
mod memory_dir;
#[path = "planted/plain.rs"]
mod plain;
#[path = "planted/player.rs"]
mod player;
#[path = "planted/proxy.rs"]
mod proxy;
#[path = "planted/reach.rs"]
mod reach;
#[path = "planted/reply.rs"]
mod reply;
#[path = "swapped/scene.rs"]
mod scene;
#[path = "support/seals.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod seals;
#[path = "support/terms.rs"]
mod terms;

use std::fmt;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hongbao::planted::Bug;
use player::{Met, Played, Player, on_all_cores};
use simulation::{GRAVEST, LONGEST, REGRESSIONS, Verdict};

/// Seeds within which each mistake must show.
const WITHIN: u64 = 2000;
/// Seeds of the full size.
const SEEDS: Range<u64> = 0..10_000;
/// A slow machine plays fewer in this time, and says how many; the switch plays all it names.
const PATIENCE: Duration = Duration::from_mins(5);
/// After so many wrong seeds no more are played.
const ENOUGH: usize = 20;
/// One seed in so many is played twice.
const TWICE: u64 = 100;

/// Each test has the machine for itself, so that its figures are its own.
static ALONE: Mutex<()> = Mutex::new(());

/// The seeds that `HONGBAO_SEEDS` names, as `FROM..TO`.
fn asked_for() -> Option<Range<u64>> {
    let text = std::env::var("HONGBAO_SEEDS").ok()?;
    let (from, to) = text.split_once("..").expect("HONGBAO_SEEDS=FROM..TO");
    Some(from.parse().unwrap()..to.parse().unwrap())
}

/// Every fifth of them is one of the gravest, every other of those one of the longest.
fn with_the_gravest(seeds: Range<u64>) -> Vec<u64> {
    let kind = |seed: u64| match seed % 10 {
        4 => GRAVEST + seed,
        9 => LONGEST + seed,
        _ => seed,
    };
    seeds.map(kind).collect()
}

/// A seed that shows the mistake, and how; 0 where a scene of its own does.
fn first_hit(player: &mut Player, bug: Bug) -> Option<(u64, String)> {
    if let Some(shown) = plain::shown(bug) {
        return shown.err().map(|how| (0, how));
    }
    let hit = |seed| Some((seed, player.play(seed, Some(bug), false).verdict.fault?));
    let known = known::seed(bug).filter(|seed| *seed < WITHIN);
    known.into_iter().chain(0..WITHIN).find_map(hit)
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
    let only = std::env::var("HONGBAO_BUG").ok();
    let is_asked_for = |bug: &Bug| match &only {
        Some(only) => *only == format!("{bug:?}"),
        None => true,
    };
    let bugs: Vec<Bug> = Bug::ALL.iter().copied().filter(is_asked_for).collect();
    println!("{} of {} mistakes", bugs.len(), Bug::ALL.len());
    let (next, hunts) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let begun = Instant::now();
    on_all_cores(|player| {
        while let Some(&bug) = bugs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let begun = Instant::now();
            let hit = first_hit(player, bug);
            let took = begun.elapsed();
            let hunt = Hunt { bug, hit, took };
            println!("{hunt}");
            hunts.lock().unwrap().push(hunt);
        }
    });
    let mut hunts = hunts.into_inner().unwrap();
    hunts.sort_by_key(|hunt| hunt.bug as usize);
    println!("\nmistake, the seed that showed it, after how long, and how:");
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
    fn add(&mut self, Played { verdict, met }: Played) {
        self.seeds += 1;
        self.virtual_ms += verdict.virtual_ms;
        self.crashes += verdict.crashes;
        for (state, events) in met {
            let sums = self.met.entry(state).or_default();
            for (event, times) in events {
                *sums.entry(event).or_default() += times;
            }
        }
        if verdict.fault.is_some() {
            self.wrong.push(verdict);
        }
    }
}

#[test]
fn no_seed_pays_twice_loses_or_misreports_and_every_move_is_met() {
    let _alone = ALONE.lock();
    let asked_for = asked_for();
    let seeds = match &asked_for {
        Some(seeds) => seeds.clone().collect(),
        None => with_the_gravest(SEEDS),
    };
    let all: Vec<u64> = REGRESSIONS.iter().copied().chain(seeds).collect();
    let (next, sum) = (AtomicUsize::new(0), Mutex::new(Sum::default()));
    let begun = Instant::now();
    on_all_cores(|player| {
        while let Some(&seed) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let played = player.play(seed, None, seed.is_multiple_of(TWICE));
            let mut sum = sum.lock().unwrap();
            sum.add(played);
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
    reach::must_be_whole(&sum.met, sum.seeds >= SEEDS.end);
}
