//! A folder of `tests/cases` as somebody had it, copied to where it may be written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::child::{Ran, clean, program};

/// A campaign in simulator mode, with a list.
pub(crate) struct Case(TempDir);

impl Case {
    /// The folder that begins so.
    pub(crate) fn of(number: &str) -> Case {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let is_it = |path: &PathBuf| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(number)
        };
        let mut folders = fs::read_dir(cases).unwrap().map(|it| it.unwrap().path());
        let from = folders.find(is_it).unwrap();
        let case = Case(tempfile::tempdir().unwrap());
        for file in fs::read_dir(from).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), case.0.path().join(file.file_name())).unwrap();
        }
        case
    }

    /// A path in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A verb on its campaign, typed in its folder, with what follows.
    pub(crate) fn command(&self, verb: &str, rest: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args([verb, "campaign.toml"]).args(rest);
        self.here(&mut command);
        command
    }

    /// A line of shell in its folder, in which `hongbao` is the program.
    pub(crate) fn shell(&self, line: &str) -> Ran {
        let line = format!("hongbao() {{ '{}' \"$@\"; }}; {line}", program().display());
        let mut command = Command::new("bash");
        command.args(["-c", &line]);
        self.here(&mut command);
        ran(command)
    }

    fn here(&self, command: &mut Command) {
        clean(command);
        command.current_dir(self.0.path()).stdin(Stdio::null());
    }

    /// Carries a verb out.
    pub(crate) fn verb(&self, verb: &str, rest: &[&str]) -> Ran {
        ran(self.command(verb, rest))
    }

    /// How many packets are in a state, as `status` has it.
    pub(crate) fn count(&self, state: &str) -> u64 {
        let told = self.verb("status", &["--json"]).exits(0).stdout;
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        told["states"][state]["count"].as_u64().unwrap()
    }
}

fn ran(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
