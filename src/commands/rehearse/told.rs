//! What a rehearsal prints: what it changes, what it did, both sides' books, and the verdict.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::super::out::say;
use super::Compared;
use super::compare::{Findings, Owed};
use super::play::Played;
use super::settings::Change;
use super::table::{Line, counted, lines, table};
use crate::cli::RehearseArgs;
use crate::config::Campaign;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::ledger::TallyRow;
use crate::simulator::FaultName;

/// Findings of one kind that are written out; JSON has all.
const SHOWN: usize = 10;

/// What is known before it begins.
pub(super) struct Told {
    is_json: bool,
    path: PathBuf,
    id: String,
    seed: u64,
    kills: u32,
    file: TallyRow,
    played: TallyRow,
    changes: Vec<Change>,
}

impl Told {
    /// Says what is going to be played.
    pub(super) fn begin(
        args: &RehearseArgs,
        yours: &Campaign,
        (file, owed): (TallyRow, &[Owed]),
        changes: Vec<Change>,
    ) -> Told {
        let fen = owed.iter().map(|owed| owed.fen).sum();
        let told = Told {
            is_json: args.json,
            path: args.campaign.clone(),
            id: yours.id.to_string(),
            seed: args.seed,
            kills: args.kills,
            file,
            played: TallyRow {
                count: u64::try_from(owed.len()).unwrap_or(u64::MAX),
                fen: Fen::new(fen),
            },
            changes,
        };
        eprint!("{}", told.opening());
        told
    }

    fn opening(&self) -> String {
        let (id, file, played) = (&self.id, self.file, self.played);
        let mut words = format!("campaign {id}: {} packets, {} yuan", file.count, file.fen);
        if file == played {
            words.push_str(", all of them played\n");
        } else {
            let (count, fen) = (played.count, played.fen);
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(words, ", the first {count} of them played ({fen} yuan)");
            words.push_str("  --rows N plays another number of rows\n");
        }
        if !self.changes.is_empty() {
            let path = self.path.display();
            let _ = writeln!(
                words,
                "played on a scratch ledger against the simulator, and without the long waits of \
                 {path}:"
            );
        }
        for Change { key, yours, played } in &self.changes {
            let _ = writeln!(words, "  {key:<37}{yours:>9} -> {played}");
        }
        words
    }

    /// Says what was done and found.
    pub(super) fn end(
        &self,
        (played, compared): (&Played, &Compared),
        folder: &Path,
        took: Duration,
    ) -> Result<(), Error> {
        let is_right = compared.findings.are_none() && played.broken.is_none();
        if self.is_json {
            say(self.json(played, compared, (!is_right).then_some(folder), took))?;
        } else {
            say(self.words(played, compared, took).trim_end())?;
            say(found(&compared.findings).trim_end())?;
        }
        if is_right {
            eprintln!("next: hongbao plan {}", self.path.display());
            return Ok(());
        }
        if let Some(broken) = &played.broken {
            eprintln!("{}", broken.trim_end());
        }
        let folder = folder.display();
        eprintln!(
            "kept for a look: {folder}, with campaign.toml, hongbao.db, books.jsonl and logs"
        );
        eprintln!("next: hongbao show {folder}/campaign.toml ID; do not send with this version");
        Ok(())
    }

    fn words(&self, played: &Played, compared: &Compared, took: Duration) -> String {
        let (sends, queries) = (sends(compared), compared.books.counters.queries);
        let requests = sends.0 + queries;
        let (id, TallyRow { count, fen }) = (&self.id, self.played);
        let mut words = format!("rehearsed {id}: {count} packets, {fen} yuan; no money moved\n");
        let mut line = |what: &str, count: u64, note: &str| {
            let _ = writeln!(words, "  {what:<9}{count:>9}  {note}");
        };
        let (runs, kills) = (len(&played.runs), len_of(played.kills()));
        line(
            "runs",
            runs,
            "of the real program, each going on with what the last one left",
        );
        line("killed", kills, &self.kill_words(played));
        let note = format!(
            "{} sends, {} of them again under the same number; {queries} queries",
            sends.0, sends.1
        );
        line("requests", requests, &note);
        let faults = &compared.books.counters.faults;
        line(
            "faults",
            faults.values().sum(),
            "requests that went wrong on purpose",
        );
        for (name, count) in faults {
            let what = name.parse().map(FaultName::describe).unwrap_or_default();
            let _ = writeln!(words, "    {name:<20}{count:>6}  {what}");
        }
        if played.is_calmed {
            words.push_str("    without faults for the last packets, which were still open\n");
        }
        for (why, times) in counted(&played.stops) {
            let _ = writeln!(words, "  stopped  {times:>9}  {why}");
        }
        let seconds = took.as_secs_f64().ceil();
        let _ = writeln!(words, "  seconds  {seconds:>9}");
        let seed = self.seed;
        let _ = writeln!(
            words,
            "  seed     {seed:>9}  draws the same faults and kills again"
        );
        words.push_str(&table(compared));
        words
    }

    fn kill_words(&self, played: &Played) -> String {
        let early = played.runs.iter().filter(|run| run.is_stillborn()).count();
        let mut words = format!("as power loss would, {early} of them before a first request");
        if len_of(played.kills()) < u64::from(self.kills) {
            let _ = write!(words, "; {} were asked for", self.kills);
        }
        words
    }

    fn json(
        &self,
        played: &Played,
        compared: &Compared,
        kept: Option<&Path>,
        took: Duration,
    ) -> Value {
        let counters = &compared.books.counters;
        let (sends, resends) = sends(compared);
        let states = lines(compared).into_iter().map(|(state, line)| {
            let Line {
                count,
                fen,
                paid_count,
                paid_fen,
            } = line;
            let paid = json!({"count": paid_count, "fen": paid_fen});
            let line = json!({"count": count, "fen": fen, "paid": paid});
            (state.name().to_owned(), line)
        });
        let changes = self.changes.iter().map(|change| {
            let both = json!({"yours": change.yours, "played": change.played});
            (change.key.to_owned(), both)
        });
        let Findings {
            paid_twice,
            lost,
            misreported,
        } = &compared.findings;
        json!({
            "campaign": self.id,
            "rows": self.played.count,
            "rows_of_file": self.file.count,
            "total_fen": self.played.fen.fen(),
            "seed": self.seed,
            "changed": changes.collect::<Map<_, _>>(),
            "runs": played.runs.len(),
            "kills": {"asked": self.kills, "played": played.kills()},
            "requests": {"sends": sends, "resends": resends, "queries": counters.queries},
            "faults": counters.faults,
            "stops": played.stops,
            "seconds": took.as_secs_f64().ceil(),
            "states": states.collect::<Map<_, _>>(),
            "paid": {"count": compared.books.paid_packets, "fen": compared.books.paid_fen},
            "paid_twice": paid_twice,
            "lost": lost,
            "misreported": misreported,
            "broken": played.broken,
            "kept": kept.map(|folder| folder.display().to_string()),
        })
    }
}

/// Sends, and those of them that were not the first of their packet.
fn sends(compared: &Compared) -> (u64, u64) {
    let sends = compared.books.counters.sends;
    let first = compared.claims.iter().filter(|claim| claim.attempts > 0);
    (sends, sends.saturating_sub(len_of(first.count())))
}

/// The verdict, and what it rests on where it is not all nought.
fn found(findings: &Findings) -> String {
    let mut words = findings.verdict();
    words.push('\n');
    for (kind, found) in [
        ("paid twice", &findings.paid_twice),
        ("lost", &findings.lost),
        ("misreported", &findings.misreported),
    ] {
        for finding in found.iter().take(SHOWN) {
            let _ = writeln!(words, "  {kind}: {finding}");
        }
        if found.len() > SHOWN {
            let _ = writeln!(words, "  {kind}: and {} more", found.len() - SHOWN);
        }
    }
    words
}

fn len<T>(of: &[T]) -> u64 {
    len_of(of.len())
}

fn len_of(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
