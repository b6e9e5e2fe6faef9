//! What README and `tests/README.md` show is what the tool prints.
//!
//! Each page is followed from top to bottom in a fresh copy of the samples, as a stranger would in
//! a fresh clone: what a `console` block prints is compared with what stands there. Only times,
//! WeChat Pay's own numbers, the journal's head and the port may differ.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hongbao::exit::ExitCode;
use tempfile::TempDir;

/// The port that the README shows; a test takes a free one.
const PORT: &str = "18443";
/// Bytes of the README: what is longer is not read.
const README_BYTES: usize = 16_000;
/// What the README builds and starts the program with.
const CARGO_RUN: &str = "cargo run --release --";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn page(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn readme() -> String {
    page("README.md")
}

/// What `tests/README.md` says.
fn claims() -> String {
    page("tests/README.md")
}

/// A command and what it prints, errors included.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    command: String,
    output: String,
}

/// What is typed on a page, from top to bottom: the steps of all `console` blocks.
fn typed(text: &str) -> Vec<Step> {
    let inside = text.split("```console\n").skip(1);
    inside
        .flat_map(|rest| steps(rest.split("```").next().unwrap()))
        .collect()
}

/// The two commands of the README's first block, the first one with what the second block says
/// that it prints.
fn set_up(readme: &str) -> (Step, String) {
    let mut fences = readme.split("```").skip(1).step_by(2);
    let mut commands = fences.next().unwrap().trim().lines();
    let output = fences.next().unwrap().strip_prefix("text\n").unwrap();
    let first = commands.next().unwrap().replace(CARGO_RUN, "hongbao");
    let second = commands.next().unwrap().to_owned();
    assert_eq!(commands.next(), None);
    let step = Step {
        command: first,
        output: output.to_owned(),
    };
    (step, second)
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
            if entry.path().is_file() {
                fs::copy(entry.path(), samples.join(entry.file_name())).unwrap();
            }
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

    /// What the page left behind that `.gitignore` does not name.
    fn strange_files(&self) -> Vec<String> {
        let ignored = page(".gitignore");
        let is_ignored = |name: &String| {
            ignored.lines().any(|line| match line.strip_prefix('/') {
                Some(exact) => name == exact,
                None => name.ends_with(line.trim_start_matches('*')),
            })
        };
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| name != "samples" && name != "campaign.example.toml")
            .filter(|name| !is_ignored(name))
            .collect()
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

/// Digits of times become `0`; WeChat Pay's own numbers, the journal's head and its length become
/// `#`; line ends are one character.
fn normal(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    // How far a run has come is said every ten seconds: by a slow machine.
    let lines = text.split_inclusive('\n');
    let is_progress = |line: &str| line.contains(" done=") && line.starts_with("campaign=");
    let text: String = lines.filter(|line| !is_progress(line)).collect();
    let mut out = String::new();
    let mut before = "";
    for word in text.split_inclusive([' ', ',', '\n', '(', ')']) {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let is_number = digits > 20 && word.starts_with("100004");
        let is_time = word.starts_with("20") && word.contains('-') || word.contains(':');
        let is_clock = is_time && digits >= 6 && !word.contains("http");
        let head = word.trim_end();
        let is_head = head.len() == 64 && head.chars().all(|c| c.is_ascii_hexdigit());
        // A list that is two seconds old at its second run is marked as known: a row more.
        let is_row_count = std::mem::replace(&mut before, word) == "journal: ";
        if is_row_count {
            out.push_str("# ");
        } else if is_head {
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

/// Follows a page; every step whose output is not what stands there, and every file in the way of
/// `cargo test`, which wants the root as its owner set it.
fn differences(page: &[Step]) -> Vec<String> {
    pass_midnight();
    let mut shell = Shell::new();
    let mut found = Vec::new();
    for step in page {
        let printed = shell.run(&step.command);
        if normal(&printed) != normal(&step.output) {
            found.push(format!(
                "$ {}\n{printed}--- the page:\n{}",
                step.command, step.output
            ));
        }
    }
    found.extend(shell.strange_files());
    found
}

/// Waits for midnight in Beijing to be over, where it is near: what is sent within a minute of it
/// counts on both days, and a plan that passes it says so.
fn pass_midnight() {
    const DAY: u64 = 86_400;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let of_day = (since.as_secs() + 8 * 3_600) % DAY;
    if !(61..=DAY - 120).contains(&of_day) {
        let left = (DAY + 61 - of_day) % DAY;
        std::thread::sleep(Duration::from_secs(left));
    }
}

#[test]
fn the_readme_followed_from_top_to_bottom_prints_what_it_shows() {
    let readme = readme();
    let (first, second) = set_up(&readme);
    assert_eq!(second, "cargo test --locked");
    let page: Vec<Step> = std::iter::once(first).chain(typed(&readme)).collect();
    assert!(page.len() >= 12);
    let found = differences(&page);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_page_of_claims_followed_from_top_to_bottom_prints_what_it_shows() {
    let found = differences(&typed(&claims()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_readme_is_short_and_has_its_sections() {
    let readme = readme();
    let bytes = readme.len();
    assert!(bytes <= README_BYTES, "{bytes} bytes");
    let sections = readme.lines().filter_map(|it| it.strip_prefix("## "));
    let sections: Vec<&str> = sections.collect();
    let outline = [
        "Try it",
        "中文速览",
        "Does it fit you?",
        "Pay with real money",
        "When something is wrong",
        "Verbs",
        "The list",
        "Why you can trust it",
        "Speed",
        "Limits",
    ];
    assert_eq!(sections, outline);
}

/// The table from what a person sees to what they type.
#[test]
fn every_exit_code_that_asks_for_something_has_a_row() {
    let readme = readme();
    let table = readme.split("## When something is wrong").nth(1).unwrap();
    let table = table.split("\n## ").next().unwrap();
    let seen = table.lines().filter_map(|row| row.split('|').nth(1));
    let seen: Vec<&str> = seen.collect();
    for code in ExitCode::ALL.into_iter().filter(|it| *it != ExitCode::Done) {
        let code = code.code().to_string();
        let mut words = seen
            .iter()
            .flat_map(|it| it.split(|c: char| !c.is_alphanumeric()));
        assert!(words.any(|word| word == code), "{code}");
    }
}

#[test]
fn every_verb_and_topic_is_named() {
    let readme = readme();
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
    let topics = readme.split("Topics of `explain`").nth(1).unwrap();
    let topics = topics.split("\n\n").next().unwrap();
    let named: Vec<&str> = topics.split('`').skip(1).step_by(2).collect();
    let everything = Command::new(env!("CARGO_BIN_EXE_hongbao"))
        .args(["explain", "--lang", "en"])
        .output()
        .unwrap();
    let everything = String::from_utf8(everything.stdout).unwrap();
    let lines: Vec<&str> = everything.lines().collect();
    let about = lines.windows(2).filter(|it| it[1].starts_with("  about: "));
    let about: Vec<&str> = about.map(|it| it[0]).collect();
    assert_eq!(named, about);
}

/// A mistake more in `src/planted.rs` is one more here.
#[test]
fn as_many_planted_mistakes_are_claimed_as_there_are() {
    let planted = page("src/planted.rs");
    let list = planted.split("\nbugs! {\n").nth(1).unwrap();
    let list = list.split("\n}\n").next().unwrap();
    let mistakes = list.lines().filter(|line| line.ends_with(',')).count();
    assert!(mistakes > 80);
    for page in [readme(), claims()] {
        assert!(page.contains(&format!("{mistakes} mistakes")), "{mistakes}");
    }
}

/// Paths in backticks and behind links of a page that stands in `folder`.
fn missing(page: &str, folder: &str) -> Vec<String> {
    let inside = ["tests/", "src/", "samples/", ".ci/"];
    let words = page.split('`').skip(1).step_by(2);
    let named = words.filter(|word| inside.iter().any(|it| word.starts_with(it)));
    let named = named.map(|word| root().join(word.split(' ').next().unwrap()));
    let links = page.split("](").skip(1);
    let links = links.filter_map(|rest| rest.split(')').next());
    let linked = links.map(|link| root().join(folder).join(link));
    let gone = named.chain(linked).filter(|path| !path.exists());
    gone.map(|path| path.display().to_string()).collect()
}

#[test]
fn every_file_that_is_named_is_there() {
    assert_eq!(missing(&readme(), ""), [""; 0]);
    assert_eq!(missing(&claims(), "tests"), [""; 0]);
}

#[test]
fn every_test_has_a_claim_and_every_command_its_target() {
    let claims = claims();
    let tests = fs::read_dir(root().join("tests")).unwrap();
    let names = tests.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let unclaimed: Vec<String> = names
        .filter(|name| Path::new(name).extension().is_some_and(|it| it == "rs"))
        .filter(|name| !claims.contains(&format!("`tests/{name}`")))
        .collect();
    assert_eq!(unclaimed, [""; 0]);
    let words: Vec<&str> = claims.split([' ', '`', '\n']).collect();
    let targets = words.windows(2).filter(|it| it[0] == "--test");
    for target in targets.map(|it| it[1]) {
        assert!(
            root().join(format!("tests/{target}.rs")).exists(),
            "{target}"
        );
    }
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
        assert_eq!(normal("a\ncampaign=lantern done=7 total=9\nb\n"), "a\nb\n");
    }

    #[test]
    fn a_block_is_read_as_commands_and_their_output() {
        let text = "```console\n$ echo one\none\n$ true\n```\nand\n```text\n$ no\n```\n";
        let step = |command: &str, output: &str| Step {
            command: command.to_owned(),
            output: output.to_owned(),
        };
        assert_eq!(typed(text), [step("echo one", "one\n"), step("true", "")]);
        let readme = "# x\n```\ncargo run --release -- run c\ncargo t\n```\n```text\na\nb\n```\n";
        let (first, second) = set_up(readme);
        assert_eq!(first, step("hongbao run c", "a\nb\n"));
        assert_eq!(second, "cargo t");
    }

    #[test]
    fn a_wrong_line_is_found() {
        let block = steps("$ (exit 3)\n$ echo $?\n3\n$ echo right\nwrong\n");
        let found = differences(&block);
        assert_eq!(differences(&steps("$ touch strange\n")), ["strange"]);
        assert_eq!(found, ["$ echo right\nright\n--- the page:\nwrong\n"]);
    }

    #[test]
    fn a_file_that_is_gone_is_found() {
        let page = "`tests/readme.rs` `tests/nothing.rs` [here](README.md) [gone](gone.md) `src`";
        let gone = missing(page, "tests");
        let gone: Vec<&str> = gone.iter().filter_map(|it| it.rsplit('/').next()).collect();
        assert_eq!(gone, ["nothing.rs", "gone.md"]);
    }
}
