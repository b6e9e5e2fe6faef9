//! Seeds are played in processes of their own, one a core: SQLite counts memory under one lock for
//! all threads of a process, which would cost two cores a quarter of their time.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use hongbao::planted::{Bug, plant, take_met};
use serde::{Deserialize, Serialize};

use crate::simulation::{self, Verdict};

/// How often each event met each state.
pub(super) type Met = BTreeMap<String, BTreeMap<String, u64>>;

/// The test that is a player.
const NAME: &str = "player::plays_the_seeds_it_is_told";

/// What a player is to play.
#[derive(Serialize, Deserialize)]
struct Job {
    seed: u64,
    /// Its place in [`Bug::ALL`].
    bug: Option<usize>,
    is_twice: bool,
}

/// What became of it.
#[derive(Serialize, Deserialize)]
pub(super) struct Played {
    pub(super) verdict: Verdict,
    pub(super) met: Met,
}

/// Does `work` on all cores, each with a player of its own.
pub(super) fn on_all_cores(work: impl Fn(&mut Player) + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| work(&mut Player::start()));
        }
    });
}

/// A process that plays seeds.
pub(super) struct Player {
    process: Child,
    jobs: ChildStdin,
    played: BufReader<ChildStdout>,
}

impl Player {
    fn start() -> Player {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([NAME, "--exact", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let jobs = process.stdin.take().unwrap();
        let played = BufReader::new(process.stdout.take().unwrap());
        Player {
            process,
            jobs,
            played,
        }
    }

    /// Plays a seed, with a mistake planted or none; twice, to see that it tells the same story.
    pub(super) fn play(&mut self, seed: u64, bug: Option<Bug>, is_twice: bool) -> Played {
        let bug = bug.map(|bug| bug as usize);
        let job = Job {
            seed,
            bug,
            is_twice,
        };
        let job = serde_json::to_string(&job).unwrap();
        writeln!(self.jobs, "{job}").unwrap();
        loop {
            let mut line = String::new();
            let read = self.played.read_line(&mut line).unwrap();
            assert!(read > 0, "the player of seed {seed} has ended");
            // The test harness has its own lines.
            if line.starts_with('{') {
                return serde_json::from_str(&line).unwrap();
            }
        }
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
#[ignore = "a process that other tests start"]
fn plays_the_seeds_it_is_told() {
    println!();
    for job in std::io::stdin().lines() {
        let Job {
            seed,
            bug,
            is_twice,
        } = serde_json::from_str(&job.unwrap()).unwrap();
        plant(bug.map(|place| Bug::ALL[place]));
        let mut verdict = simulation::play(seed);
        let met = met();
        if is_twice && verdict.log != simulation::play(seed).log {
            let says = "played twice, it told two stories".to_owned();
            verdict.fault.get_or_insert(says);
        }
        let verdict = verdict.brief();
        println!(
            "{}",
            serde_json::to_string(&Played { verdict, met }).unwrap()
        );
    }
}

/// What was met since the last call.
fn met() -> Met {
    let mut met = Met::new();
    for ((state, event), times) in take_met() {
        met.entry(state.to_owned())
            .or_default()
            .insert(event.to_owned(), times);
    }
    met
}
