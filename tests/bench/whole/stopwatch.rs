//! What a program uses from its start to its end: time, CPU, memory.
//!
//! The program runs under a small process of its own, which waits for nothing else. So what the
//! kernel has summed up over that process's children is about this one program, to its last
//! moment; and a child forked by something small does not begin with the memory of its parent.

use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

use super::figure::number;

/// What one run of a program used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// Its exit code, 255 where a signal ended it.
    pub(crate) code: u8,
    /// From spawn to wait.
    pub(crate) wall: Duration,
    /// User and system time of all its threads.
    pub(crate) cpu: Duration,
    /// The most memory it had at once, in bytes.
    pub(crate) peak: u64,
}

impl Used {
    /// Fails where the program did not end as it should.
    #[track_caller]
    pub(crate) fn exits(self, code: u8) -> Used {
        assert_eq!(self.code, code, "exit code");
        self
    }

    /// The wall time in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.wall.as_secs_f64()
    }

    /// The CPU time a piece, in seconds.
    pub(crate) fn cpu_each(&self, pieces: u32) -> f64 {
        self.cpu.as_secs_f64() / f64::from(pieces)
    }

    /// Pieces a second.
    pub(crate) fn rate(&self, pieces: u32) -> f64 {
        f64::from(pieces) / self.seconds()
    }

    /// The peak in MiB.
    pub(crate) fn peak_mib(&self) -> f64 {
        number(self.peak) / f64::from(1 << 20)
    }
}

/// Runs `program` with these words to its end; `input` and `output` are files.
pub(crate) fn measure(
    program: &Path,
    words: &[&str],
    input: Option<&Path>,
    output: Option<&Path>,
) -> Used {
    let told = tempfile::NamedTempFile::new().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in [
        "HONGBAO_API_KEY",
        "HONGBAO_SIMULATED_NOW",
        "HONGBAO_LOG",
        "CREDENTIALS_DIRECTORY",
    ] {
        command.env_remove(name);
    }
    command.arg("stopwatch").arg(told.path()).arg(program);
    command
        .args(words)
        .stdin(stream(input, |path| std::fs::File::open(path)));
    command.stdout(stream(output, |path| std::fs::File::create(path)));
    let ran = command.stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success(),
        "{} {words:?}: {said}",
        program.display()
    );
    let text = std::fs::read_to_string(told.path()).unwrap();
    let numbers: Vec<u64> = text.split(' ').map(|n| n.parse().unwrap()).collect();
    let used = Used {
        code: u8::try_from(numbers[0]).unwrap(),
        wall: Duration::from_nanos(numbers[1]),
        cpu: Duration::from_micros(numbers[2]),
        peak: numbers[3],
    };
    if used.code != 0 {
        eprintln!("{words:?} ended with {}: {said}", used.code);
    }
    used
}

fn stream(path: Option<&Path>, open: impl Fn(&Path) -> io::Result<std::fs::File>) -> Stdio {
    path.map_or_else(Stdio::null, |path| open(path).unwrap().into())
}

/// The small process: `TOLD PROGRAM [WORD]...`.
pub(crate) fn main(words: &[String]) -> ExitCode {
    let [told, program, words @ ..] = words else {
        return ExitCode::FAILURE;
    };
    let begun = Instant::now();
    let status = Command::new(program).args(words).status().unwrap();
    let wall = begun.elapsed().as_nanos();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let code = status.code().unwrap_or(255);
    let cpu = (used.user_time() + used.system_time()).num_microseconds();
    let text = format!("{code} {wall} {cpu} {}", peak_bytes(used.max_rss()));
    std::fs::write(told, text).unwrap();
    ExitCode::SUCCESS
}

/// The kernel counts in KiB, but for macOS, which counts bytes.
fn peak_bytes(max_rss: impl Into<i64>) -> i64 {
    max_rss.into() * if cfg!(target_os = "macos") { 1 } else { 1024 }
}
