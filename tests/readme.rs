//! What the README shows is what the tool prints.
//!
//! Every `console` block is run in a fresh copy of the samples, and what it prints is compared
//! with what stands there. Only times, WeChat Pay's own numbers, the journal's head and the port
//! may differ.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use hongbao::domain::state::State;
use hongbao::exit::ExitCode;
use hongbao::simulator::fault_help;
use tempfile::TempDir;

/// The port that the README shows; a test takes a free one.
const PORT: &str = "18443";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// A command and what it prints, errors included.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    command: String,
    output: String,
}

/// The steps of each `console` block.
fn blocks(text: &str) -> Vec<Vec<Step>> {
    let inside = text.split("```console\n").skip(1);
    inside
        .map(|rest| steps(rest.split("```").next().unwrap()))
        .collect()
}

fn steps(block: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            let command = command.to_owned();
            steps.push(Step {
                command,
                output: String::new(),
            });
        } else {
            let last = steps.last_mut().unwrap();
            last.output.push_str(line);
            last.output.push('\n');
        }
    }
    steps
}

/// A shell in a fresh copy of what the examples need.
struct Shell {
    folder: TempDir,
    port: String,
    last: i32,
    started: Vec<Child>,
}

impl Shell {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let samples = folder.path().join("samples");
        fs::create_dir(&samples).unwrap();
        for entry in fs::read_dir(root().join("samples")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), samples.join(entry.file_name())).unwrap();
        }
        let example = "campaign.example.toml";
        fs::copy(root().join(example), folder.path().join(example)).unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port().to_string();
        Shell {
            folder,
            port,
            last: 0,
            started: Vec::new(),
        }
    }

    fn command(&self, words: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_hongbao")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(words.replace(PORT, &self.port))
            .current_dir(self.folder.path())
            .env("PATH", format!("{}:{path}", program.display()))
            .env_remove("HONGBAO_API_KEY")
            .env_remove("CREDENTIALS_DIRECTORY")
            .env_remove("HONGBAO_SIMULATED_NOW")
            .env("HONGBAO_LANG", "en")
            .stdin(Stdio::null());
        shell
    }

    /// Runs a step; what it printed, in order.
    fn run(&mut self, command: &str) -> String {
        let printed = if let Some(server) = command.strip_suffix(" &") {
            self.start(server)
        } else {
            let words = format!("exec 2>&1; (exit {}); {command}", self.last);
            let output = self.command(&words).output().unwrap();
            self.last = output.status.code().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        printed.replace(&self.port, PORT)
    }

    /// Starts what goes on beside the other steps, once it has printed its first line.
    fn start(&mut self, server: &str) -> String {
        let mut shell = self.command(&format!("exec {server}"));
        let mut child = shell.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        self.started.push(child);
        line
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        for child in &mut self.started {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Digits of times become `0`, WeChat Pay's own numbers and the journal's head become `#`; line
/// ends are one character.
fn normal(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    // How far a run has come is said every ten seconds: by a slow machine.
    let lines = text.split_inclusive('\n');
    let text: String = lines.filter(|line| !line.starts_with("done=")).collect();
    let mut out = String::new();
    for word in text.split_inclusive([' ', ',', '\n', '(', ')']) {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let is_number = digits > 20 && word.starts_with("100004");
        let is_time = word.starts_with("20") && word.contains('-') || word.contains(':');
        let is_clock = is_time && digits >= 6 && !word.contains("http");
        let head = word.trim_end();
        let is_head = head.len() == 64 && head.chars().all(|c| c.is_ascii_hexdigit());
        if is_head {
            out.push_str("#\n");
        } else if is_number {
            out.push('#');
            out.extend(word.chars().rev().take(1).filter(|c| !c.is_ascii_digit()));
        } else if is_clock {
            out.extend(
                word.chars()
                    .map(|c| if c.is_ascii_digit() { '0' } else { c }),
            );
        } else {
            out.push_str(word);
        }
    }
    out
}

/// Runs a block; every step whose output is not what stands there.
fn differences(block: &[Step]) -> Vec<String> {
    let mut shell = Shell::new();
    let mut found = Vec::new();
    for step in block {
        let printed = shell.run(&step.command);
        if normal(&printed) != normal(&step.output) {
            found.push(format!(
                "$ {}\n{printed}--- README:\n{}",
                step.command, step.output
            ));
        }
    }
    found
}

#[test]
fn every_console_block_prints_what_it_shows() {
    let blocks = blocks(&readme());
    assert!(blocks.len() >= 4);
    let found: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = blocks
            .iter()
            .map(|it| scope.spawn(|| differences(it)))
            .collect();
        runs.into_iter()
            .flat_map(|run| run.join().unwrap())
            .collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn exit_codes_and_faults_are_the_codes_own() {
    let readme = readme();
    let block = |text: &str| format!("```text\n{}\n```", text.trim_end());
    assert!(readme.contains(&block(&ExitCode::table())));
    assert!(readme.contains(&block(&fault_help())));
}

#[test]
fn every_state_and_verb_has_a_row() {
    let readme = readme();
    for state in State::ALL {
        assert!(readme.contains(&format!("\n| `{state}` |")), "{state}");
    }
    let help = Command::new(env!("CARGO_BIN_EXE_hongbao"))
        .arg("help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let verbs = help
        .split("Commands:\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    for verb in verbs
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        let is_told = verb == "help"
            || readme.contains(&format!("| `{verb}"))
            || readme.contains(&format!(", `{verb}` |"));
        assert!(is_told, "{verb}");
    }
}

#[test]
fn every_file_it_names_is_there() {
    let readme = readme();
    let named = readme.split('`').filter(|word| word.starts_with("tests/"));
    let missing: Vec<&str> = named.filter(|path| !root().join(path).exists()).collect();
    assert_eq!(missing, [""; 0]);
    let linked = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let missing: Vec<&str> = linked.filter(|path| !root().join(path).exists()).collect();
    assert_eq!(missing, [""; 0]);
}

/// The comparison itself, on something planted.
mod checks {
    use super::*;

    #[test]
    fn times_and_foreign_numbers_may_differ_and_nothing_else() {
        let one = "  2026-11-23 21:11:19  ready -> sent  1.68 yuan\n";
        let other = "  2027-01-02 03:04:05  ready -> sent  1.68 yuan\n";
        assert_eq!(normal(one), normal(other));
        assert_ne!(normal(one), normal(&other.replace("1.68", "1.69")));
        let row =
            |listid: &str| format!("oR4k,258,2.58,sent,100000983qsh3fnyxgpfn5vv7zkm,{listid},1\n");
        let (first, second) = (
            "1000041701202611230000000000003",
            "1000041701202611230000000000011",
        );
        assert_eq!(normal(&row(first)), normal(&row(second)));
        assert_ne!(normal(&row(first)), normal(&row("")));
        assert_ne!(normal("takes 8 s"), normal("takes 9 s"));
    }

    #[test]
    fn a_block_is_read_as_commands_and_their_output() {
        let text = "```console\n$ echo one\none\n$ true\n```\nand\n```text\n$ no\n```\n";
        let step = |command: &str, output: &str| Step {
            command: command.to_owned(),
            output: output.to_owned(),
        };
        assert_eq!(
            blocks(text),
            [[step("echo one", "one\n"), step("true", "")]]
        );
    }

    #[test]
    fn a_wrong_line_is_found() {
        let block = steps("$ (exit 3)\n$ echo $?\n3\n$ echo right\nwrong\n");
        let found = differences(&block);
        assert_eq!(found, ["$ echo right\nright\n--- README:\nwrong\n"]);
    }
}
