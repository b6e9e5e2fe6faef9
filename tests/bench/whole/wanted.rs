//! What the command line asks for.

use std::path::PathBuf;

/// What `-- --help` says, before the parts.
pub(crate) const HELP: &str = "\
cargo bench --bench whole [-- [PART]... [OPTION]...]

  --rows N      rows of a recipients file or a ledger
  --packets N   packets to send
  --rounds N    how often both sides take their turn
  --seed N      what faults and kills are drawn from
  --work US     how long the gateway of `sending` computes for a request besides; 0 without it
  --dir DIR     where ledgers are made, on a disk whose fsync counts; target/tmp without it
  --small       the size that `cargo test` runs

parts, all but the last four where none is named:";

/// Parts and sizes.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// Measure, instead of only checking what comes out.
    pub(crate) is_full: bool,
    parts: Vec<String>,
    rows: Option<u32>,
    packets: Option<u32>,
    rounds: Option<u32>,
    /// What faults and kills are drawn from.
    pub(crate) seed: u32,
    /// How long the lean gateway computes for a request besides, in microseconds.
    pub(crate) work: u32,
    dir: Option<PathBuf>,
}

/// What to do about a command line.
pub(crate) enum Answer {
    Run(Wanted),
    List,
    Help,
    Fault(String),
}

impl Wanted {
    /// `cargo bench` gives `--bench`; without it `cargo test` is running, whose own words are
    /// filters and options of the standard harness.
    pub(crate) fn parse(words: Vec<String>, names: &[&str]) -> Answer {
        let is_bench = words.iter().any(|word| word == "--bench");
        let mut wanted = Wanted {
            is_full: is_bench,
            seed: 1,
            ..Wanted::default()
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--bench" => {}
                "--list" => return Answer::List,
                "--help" => return Answer::Help,
                "--small" => wanted.is_full = false,
                "--dir" => wanted.dir = words.next().map(PathBuf::from),
                "--rows" | "--packets" | "--rounds" | "--seed" | "--work" => {
                    let number = words.next().and_then(|text| text.parse().ok());
                    let Some(number) = number else {
                        return Answer::Fault(format!("{word} wants a number"));
                    };
                    wanted.set(&word, number);
                }
                option if option.starts_with('-') && !is_bench => {}
                name if names.contains(&name) || !is_bench => wanted.parts.push(word),
                _ => return Answer::Fault(format!("`{word}` is no part and no option")),
            }
        }
        Answer::Run(wanted)
    }

    fn set(&mut self, option: &str, number: u32) {
        match option {
            "--rows" => self.rows = Some(number),
            "--packets" => self.packets = Some(number),
            "--rounds" => self.rounds = Some(number),
            "--work" => self.work = number,
            _ => self.seed = number,
        }
    }

    /// Whether this part is to run.
    pub(crate) fn has(&self, name: &str, is_long: bool) -> bool {
        let is_default = self.parts.is_empty() && !(is_long && self.is_full);
        is_default || self.parts.iter().any(|part| part == name)
    }

    /// Rows, as asked for or as the part has it.
    pub(crate) fn rows(&self, full: u32) -> u32 {
        self.rows.unwrap_or(if self.is_full { full } else { 300 })
    }

    /// Packets, as asked for or as the part has it.
    pub(crate) fn packets(&self, full: u32) -> u32 {
        self.packets
            .unwrap_or(if self.is_full { full } else { 300 })
    }

    /// Rounds, as asked for or as the part has it.
    pub(crate) fn rounds(&self, full: u32) -> u32 {
        let rounds = self.rounds.unwrap_or(if self.is_full { full } else { 2 });
        rounds.max(1)
    }

    /// Where ledgers are made.
    pub(crate) fn dir(&self) -> PathBuf {
        let dir = self.dir.clone();
        dir.unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")))
    }
}
