//! The rehearsal itself: run after run of the real program, killed as drawn, under faults and
//! then in calm, until nothing is left to do.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::child::{ChildExit, Living, Program};
use super::kills::Kill;
use crate::commands::console::tell;
use crate::exit::ExitCode;
use crate::runner::{Signal, Signals};
use crate::simulator::{FaultRates, Settings, Simulator};
use crate::words::{Text, Words, both, rehearse as words};

/// Runs under faults that may end by themselves with something left, one after the other.
const STORMY: u32 = 3;
/// How long faults and kills go on where most requests go wrong.
const STORM: Duration = Duration::from_mins(3);
/// Further ones without faults.
const CALM: u32 = 4;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) ended: ChildExit,
    /// The requests that the gateway saw of it.
    pub(super) sends: u64,
    pub(super) queries: u64,
}

impl Run {
    /// Whether it was killed before it got as far as a first request.
    pub(super) fn is_stillborn(&self) -> bool {
        self.ended == ChildExit::Killed && self.sends + self.queries == 0
    }

    /// Whether it ended by itself and sent nothing.
    fn is_stuck(&self) -> bool {
        matches!(self.ended, ChildExit::Itself(_)) && self.sends == 0
    }

    fn how(&self) -> Words {
        match self.ended {
            ChildExit::Killed if self.is_stillborn() => words::killed_early(),
            ChildExit::Killed => words::killed(),
            ChildExit::Itself(code) => words::ended(code),
            ChildExit::Stopped(_) => words::stopped(),
        }
    }
}

/// The runs that were played.
#[derive(Debug, Default)]
pub(super) struct Played {
    pub(super) runs: Vec<Run>,
    /// Why runs stopped before their end, in their own words.
    pub(super) stops: Vec<String>,
    /// Whether the faults had to be switched off for the rest.
    pub(super) is_calmed: bool,
    /// A run ended as none may: what it said.
    pub(super) broken: Option<Words>,
    /// The rehearsal was asked to stop.
    pub(super) stopped: Option<Signal>,
}

impl Played {
    pub(super) fn kills(&self) -> usize {
        let killed = |run: &&Run| run.ended == ChildExit::Killed;
        self.runs.iter().filter(killed).count()
    }
}

/// Everything a run needs.
pub(super) struct Stage<'a> {
    pub(super) program: &'a Program,
    pub(super) folder: &'a Path,
    pub(super) simulator: &'a Simulator,
    pub(super) signals: &'a mut Signals,
    /// For `--confirm-total`.
    pub(super) total: String,
}

/// The meaning of a run's end for the rehearsal.
enum After {
    /// Every packet is sent or proven unpaid.
    Over,
    /// Something is left.
    Again,
    /// A person would read, mend, and allow sending again.
    Unpause,
    /// None of the ends that the documentation knows for a run under faults.
    Broken,
}

/// Plays it to the end.
pub(super) async fn play(mut stage: Stage<'_>, kills: &[Kill]) -> io::Result<Played> {
    let mut played = Played::default();
    let mut kills = kills.iter().peekable();
    let start = Instant::now();
    // Runs that ended by themselves since the last kill.
    let mut alone = 0;
    while alone < STORMY + CALM {
        if alone >= STORMY || alone > 0 && start.elapsed() > STORM {
            stage.calm(&mut played);
            alone = alone.max(STORMY);
        }
        let kill = kills.peek().filter(|_| !played.is_calmed);
        let run = stage.run(&played, kill.copied().copied()).await?;
        let ended = run.ended;
        played.runs.push(run);
        match ended {
            ChildExit::Stopped(signal) => {
                played.stopped = Some(signal);
                return Ok(played);
            }
            ChildExit::Killed => {
                kills.next();
                alone = 0;
            }
            ChildExit::Itself(code) => {
                alone += 1;
                if !stage.go_on(code, &mut played).await? {
                    return Ok(played);
                }
            }
        }
    }
    stage.reconcile(&mut played).await?;
    Ok(played)
}

impl Stage<'_> {
    /// One run, and a line about it.
    async fn run(&mut self, played: &Played, kill: Option<Kill>) -> io::Result<Run> {
        let number = played.runs.len() + 1;
        let is_stuck = !played.is_calmed && played.runs.last().is_some_and(Run::is_stuck);
        // One question that is never answered rightly would keep all sends from being played.
        self.simulator.change(|settings| {
            settings.query_faults = is_stuck.then(FaultRates::none);
        });
        let earlier = self.simulator.counters();
        let moment = kill.map(|kill| kill.moment(earlier.sends + earlier.queries));
        let rest = ["--live", "--confirm-total", &self.total];
        let living = self.program.start("run", &rest, &self.log(number))?;
        let start = Instant::now();
        let mut arrivals = self.simulator.arrivals();
        let ended = living.end(moment, &mut arrivals, self.signals).await?;
        let counters = self.simulator.counters();
        let run = Run {
            ended,
            sends: counters.sends - earlier.sends,
            queries: counters.queries - earlier.queries,
        };
        let spared = is_stuck.then(words::spared);
        let (requests, how) = (run.sends + run.queries, run.how());
        let seconds = format!("{:.2}", start.elapsed().as_secs_f64());
        let line = words::run(number, requests, seconds, how, spared);
        tell(self.program.lang, &line);
        Ok(run)
    }

    /// Ends the faults, so that what is left can come to its end.
    fn calm(&self, played: &mut Played) {
        if !played.is_calmed {
            played.is_calmed = true;
            tell(self.program.lang, &words::calm());
            let end = |settings: &mut Settings| settings.faults = FaultRates::none();
            self.simulator.change(end);
        }
    }

    /// Interprets the last run's exit code; whether another run is to follow.
    async fn go_on(&mut self, code: i32, played: &mut Played) -> io::Result<bool> {
        let said = std::fs::read_to_string(self.log(played.runs.len())).unwrap_or_default();
        match after(code) {
            After::Over => return Ok(false),
            After::Again => played.stops.extend(why(&said)),
            After::Unpause => {
                played.stops.extend(why(&said));
                let log = self.folder.join("unpause.log");
                let unpause = self.program.start("unpause", &[], &log)?;
                return self.aside(unpause, played).await;
            }
            After::Broken => {
                played.broken = Some(words::broken(code, said));
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Waits for a verb that is no run; whether the rehearsal goes on.
    async fn aside(&mut self, verb: Living, played: &mut Played) -> io::Result<bool> {
        let mut arrivals = self.simulator.arrivals();
        if let ChildExit::Stopped(signal) = verb.end(None, &mut arrivals, self.signals).await? {
            played.stopped = Some(signal);
            return Ok(false);
        }
        Ok(true)
    }

    /// Packets that no run could settle are asked about once more, as a person would.
    async fn reconcile(&mut self, played: &mut Played) -> io::Result<()> {
        let log = self.folder.join("reconcile.log");
        let verb = self.program.start("reconcile", &[], &log)?;
        self.aside(verb, played).await.map(drop)
    }

    fn log(&self, number: usize) -> PathBuf {
        self.folder.join(format!("run-{number}.log"))
    }
}

fn after(code: i32) -> After {
    let is = |known: ExitCode| i32::from(known.code()) == code;
    if is(ExitCode::Done) || is(ExitCode::SomeRefused) {
        After::Over
    } else if is(ExitCode::Halted) {
        After::Unpause
    } else if [
        ExitCode::SomeUnresolved,
        ExitCode::Limited,
        ExitCode::Configuration,
        ExitCode::Unreachable,
    ]
    .into_iter()
    .any(is)
    {
        // The last where faults befall the first questions of a run.
        After::Again
    } else {
        After::Broken
    }
}

/// How a run begins to say why it did not go on.
const WHY: [Text; 2] = [both("halted", "已中止"), both("stopped", "已停止")];

/// The line in which a run says why it did not go on.
fn why(said: &str) -> Option<String> {
    let is_head = |line: &str, head: Text| line.starts_with(head.en) || line.starts_with(head.zh);
    let is_why = |line: &&str| WHY.iter().any(|head| is_head(line, *head));
    said.lines().find(is_why).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::run;

    #[test]
    fn whatever_stops_a_run_begins_with_one_of_two_words() {
        let name = || "x";
        for words in [
            run::halted(name()),
            run::set_up(name()),
            run::never_reached(name(), name()),
            run::unreachable(name(), name()),
            run::signal(),
            run::throttled(),
            run::ledger_failed(),
        ] {
            assert!(
                why(&words.en).is_some() && why(&words.zh).is_some(),
                "{words:?}"
            );
        }
    }

    #[test]
    fn only_the_ends_a_run_may_have_are_taken_for_one() {
        for (code, is_fine) in [(0, true), (3, true), (4, true), (11, true), (5, true)] {
            assert_eq!(!matches!(after(code), After::Broken), is_fine, "{code}");
        }
        for code in [1, 2, 6, 8, 101, 134, -1] {
            assert!(matches!(after(code), After::Broken), "{code}");
        }
    }

    #[test]
    fn a_run_that_stopped_is_quoted() {
        let said = "mode: live\nhalted: HTTP 400\n  evidence: x\n";
        assert_eq!(why(said).as_deref(), Some("halted: HTTP 400"));
        let said = "模式：正式\n已中止：HTTP 400\n";
        assert_eq!(why(said).as_deref(), Some("已中止：HTTP 400"));
        assert_eq!(why("mode: live\n"), None);
    }
}
