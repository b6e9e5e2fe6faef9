//! The program itself, run as a child.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::traced;

/// Longer than any run of these tests takes on a busy machine; a hang must not hang the suite.
const PATIENCE: Duration = Duration::from_mins(3);

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it said on stdout.
    pub(crate) stdout: String,
    /// What it said on stderr.
    pub(crate) stderr: String,
}

impl Ran {
    /// Checks the exit code and gives the same run back.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stderr, self.stdout);
        self
    }

    /// Checks that stderr has each of these texts.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Ran {
        for text in texts {
            assert!(
                self.stderr.contains(text),
                "no {text:?} in:\n{}",
                self.stderr
            );
        }
        self
    }
}

/// A run that is under way. Killed where the test ends before it does.
pub(crate) struct Child {
    process: std::process::Child,
    output: TempDir,
    /// Whether its log is of our asking, and no test's.
    is_traced: bool,
}

impl Child {
    fn of(mut command: Command, is_traced: bool) -> Child {
        let output = tempfile::tempdir().unwrap();
        let file = |name: &str| File::create(output.path().join(name)).unwrap();
        let process = command
            .stdin(Stdio::null())
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .spawn()
            .unwrap();
        Child {
            process,
            output,
            is_traced,
        }
    }

    /// Ends it as power loss would.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
    }

    /// Its process, to find those it started.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends it a signal by name, as a shell would.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.process.id(), name);
    }

    pub(crate) fn is_over(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    /// The most memory it had so far, in KiB; `None` where that is not known.
    pub(crate) fn peak_kib(&self) -> Option<u64> {
        // Until it runs its own program it is this process, and has its memory.
        let exe = |process: &str| std::fs::read_link(format!("/proc/{process}/exe")).ok();
        if exe(&self.process.id().to_string())? == exe("self")? {
            return None;
        }
        let status = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(status).ok()?;
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        peak.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// What it said so far, without the log that only [`traced`] wants.
    pub(crate) fn said(&self, stream: &str) -> String {
        let said = self.written(stream);
        if self.is_traced {
            traced::without_log(&said)
        } else {
            said
        }
    }

    fn written(&self, stream: &str) -> String {
        std::fs::read_to_string(self.output.path().join(stream)).unwrap()
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Ran {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            let stderr = || self.said("stderr");
            assert!(start.elapsed() < PATIENCE, "it hangs:\n{}", stderr());
            std::thread::sleep(Duration::from_millis(5));
        };
        Ran {
            code: status.code(),
            stdout: self.said("stdout"),
            stderr: self.said("stderr"),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may be over already; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if self.is_traced && !std::thread::panicking() {
            traced::names_nobody(&self.written("stderr"));
        }
    }
}

/// Sends a signal to a process of ours.
pub(crate) fn signal(process: u32, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), process.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Where the program is.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_hongbao"))
}

/// Starts the program with these words and variables, and none of its own from outside. What it
/// logs is searched, where the test does not ask for logs itself.
pub(crate) fn hongbao(args: &[&str], variables: &[(&str, &str)]) -> Child {
    let asks = |word: &&str| word.starts_with("-v") || word.starts_with("-q");
    let is_traced = !args.iter().any(asks) && variables.iter().all(|it| it.0 != traced::ALL.0);
    let mut command = prepare(Command::new(program()), args);
    command.envs(is_traced.then_some(traced::ALL));
    command.envs(variables.iter().copied());
    Child::of(command, is_traced)
}

/// As [`hongbao`], as the child of a tool: `strace` with its own words before ours.
pub(crate) fn hongbao_under(tool: &[&str], args: &[&str]) -> Child {
    let mut command = Command::new(tool[0]);
    command.args(&tool[1..]).arg(program());
    Child::of(prepare(command, args), false)
}

fn prepare(mut command: Command, args: &[&str]) -> Command {
    clean(&mut command);
    command.args(args);
    command
}

/// Takes away what would reach the program from outside.
pub(crate) fn clean(command: &mut Command) {
    for name in [
        "HONGBAO_API_KEY",
        "HONGBAO_SIMULATED_NOW",
        "HONGBAO_LOG",
        "CREDENTIALS_DIRECTORY",
        "NOTIFY_SOCKET",
        "WATCHDOG_PID",
        "WATCHDOG_USEC",
    ] {
        command.env_remove(name);
    }
    // The tests compare English, whatever the locale of the machine is.
    command.env("HONGBAO_LANG", "en");
}
