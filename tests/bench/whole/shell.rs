//! The `sqlite3` shell, where the machine has one.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::stopwatch::{Used, measure};

/// Where it is.
#[derive(Debug, Clone)]
pub(crate) struct Shell(PathBuf);

impl Shell {
    /// The one on the path, if it knows STRICT tables.
    pub(crate) fn find() -> Option<Shell> {
        let path = std::env::var_os("PATH")?;
        let places = std::env::split_paths(&path).map(|dir| dir.join("sqlite3"));
        let shell = Shell(places.into_iter().find(|place| place.is_file())?);
        let version = shell.ask(Path::new(":memory:"), "SELECT sqlite_version() >= '3.37'");
        (version == "1").then_some(shell)
    }

    /// Which SQLite it has.
    pub(crate) fn version(&self) -> String {
        self.ask(Path::new(":memory:"), "SELECT sqlite_version()")
    }

    /// Runs a script from a file on a database.
    pub(crate) fn run(&self, database: &Path, script: &Path, output: Option<&Path>) -> Used {
        let words = ["-batch", "-bail", database.to_str().unwrap()];
        measure(&self.0, &words, Some(script), output)
    }

    /// One statement's rows as CSV, under a header.
    pub(crate) fn csv(&self, database: &Path, statement: &str, output: &Path) -> Used {
        let words = ["-csv", "-header", database.to_str().unwrap(), statement];
        measure(&self.0, &words, None, Some(output))
    }

    /// The answer to a statement or a script, without the last line break.
    #[track_caller]
    pub(crate) fn ask(&self, database: &Path, script: &str) -> String {
        let mut command = Command::new(&self.0);
        command.args(["-batch", "-bail"]).arg(database);
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(script.as_bytes()).unwrap();
        // Commands of the shell end at a line, statements at a semicolon.
        input.write_all(b";\n").unwrap();
        drop(input);
        let ran = child.wait_with_output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        String::from_utf8(ran.stdout).unwrap().trim_end().to_owned()
    }
}
