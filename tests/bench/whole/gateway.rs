//! `hongbao simulate` as a process of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use hongbao::simulator::Books;
use tempfile::TempDir;

use super::place::{Side, program};
use super::vitals;

/// A running gateway; ends when dropped.
pub(crate) struct Gateway {
    dir: TempDir,
    child: Child,
    /// Where it listens, and what it takes to be let in.
    pub(crate) side: Side,
}

impl Gateway {
    /// Starts one; `faults` are `NAME=RATE`.
    pub(crate) fn start(dir: &Path, faults: &[String], seed: u32) -> Gateway {
        let dir = tempfile::tempdir_in(dir).unwrap();
        let mut command = Command::new(program());
        command.arg("simulate").arg("--dir").arg(dir.path());
        command.arg("--seed").arg(seed.to_string());
        for fault in faults {
            command.args(["--fault", fault]);
        }
        let log = fs::File::create(dir.path().join("log")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let side = Side {
            base_url: line.trim_end().to_owned(),
            secrets: dir.path().to_owned(),
        };
        assert!(
            side.base_url.starts_with("https://"),
            "the gateway did not start"
        );
        Gateway { dir, child, side }
    }

    /// What it wrote down, up to the last whole line.
    pub(crate) fn books(&self) -> Books {
        Books::read(&self.books_file(), 0).unwrap()
    }

    /// The CPU time it used so far, in seconds; `None` where there is no `/proc`.
    pub(crate) fn cpu(&self) -> Option<f64> {
        vitals::cpu(self.child.id())
    }

    fn books_file(&self) -> PathBuf {
        self.dir.path().join("books.jsonl")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // It may be over already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
