//! Whole campaigns in virtual time, each drawn from one seed: the real domain, policy, runner and
//! ledger against the simulator, with faults, crashes at any durable or network step, and clocks
//! that jump. A seed that fails says so and plays the same again.
//!
//! `HONGBAO_SEED=7` plays one of them with its whole log. `tests/planted.rs` plays 10,000, or as
//! many as one likes, and shows that they find what they are there for.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and tells what it played"
)]

#[path = "support/memory_dir.rs"]
mod memory_dir;
#[path = "support/seals.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod seals;
#[path = "simulation/mod.rs"]
mod simulation;
#[path = "support/terms.rs"]
mod terms;

use simulation::{REGRESSIONS, Verdict, play};

/// Seeds of every run of the tests.
const SEEDS: u64 = 200;

#[test]
fn no_seed_pays_twice_loses_or_misreports() {
    if let Ok(seed) = std::env::var("HONGBAO_SEED") {
        let verdict = play(seed.parse().unwrap());
        println!("{}", verdict.log.join("\n"));
        return verdict.must_be_right();
    }
    each(SEEDS).iter().for_each(Verdict::must_be_right);
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
