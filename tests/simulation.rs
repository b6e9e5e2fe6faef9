//! Whole campaigns in virtual time, each drawn from one seed: the real domain, policy, runner and
//! ledger against the simulator, with faults, crashes at any durable or network step, and clocks
//! that jump. A seed that fails says so and plays the same again.
//!
//! `HONGBAO_SEEDS=1000000 cargo test --release --test simulation` plays more of them,
//! `HONGBAO_SEED=7` one of them with its whole log. `tests/planted.rs` plays 10,000, and shows that
//! they find what they are there for.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and tells what it played"
)]

#[path = "simulation/mod.rs"]
mod simulation;

use std::time::Instant;

use simulation::{REGRESSIONS, Verdict, play};

/// Seeds of every run of the tests.
const SEEDS: u64 = 200;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn no_seed_pays_twice_loses_or_misreports() {
    if let Some(seed) = number("HONGBAO_SEED") {
        let verdict = play(seed);
        println!("{}", verdict.log.join("\n"));
        return verdict.must_be_right();
    }
    let seeds = number("HONGBAO_SEEDS").unwrap_or(SEEDS);
    let begun = Instant::now();
    let (mut virtual_ms, mut crashes) = (0, 0);
    for verdict in each(seeds) {
        verdict.must_be_right();
        virtual_ms += verdict.virtual_ms;
        crashes += verdict.crashes;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{seeds} seeds with {crashes} crashes in {seconds:.1} s: {:.0} seeds a second, {:.0} times \
         real time",
        f64::from(u32::try_from(seeds).unwrap()) / seconds,
        std::time::Duration::from_millis(virtual_ms).as_secs_f64() / seconds,
    );
}

#[test]
fn a_seed_plays_the_same_again() {
    for seed in (0..SEEDS).step_by(50) {
        let (first, second) = (play(seed), play(seed));
        assert_eq!(first.log, second.log, "seed {seed}");
        assert!(first.log.len() > 3, "seed {seed}");
    }
}

/// Plays the seeds on all cores.
fn each(seeds: u64) -> Vec<Verdict> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cores = u64::try_from(cores).unwrap();
    std::thread::scope(|scope| {
        let plays = (0..cores)
            .map(|core| {
                scope.spawn(move || {
                    let regressions = REGRESSIONS.iter().copied().filter(|_| core == 0);
                    regressions
                        .chain((core..seeds).step_by(usize::try_from(cores).unwrap()))
                        .map(play)
                        .map(Verdict::brief)
                        .collect::<Vec<_>>()
                })
            })
            .collect::<Vec<_>>();
        plays
            .into_iter()
            .flat_map(|play| play.join().unwrap())
            .collect()
    })
}
