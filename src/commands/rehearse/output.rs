//! The output of a rehearsal: changed settings, runs and faults, both sides' books, the verdict.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::compare::{Compared, Discrepancies, Owed};
use super::play::Played;
use super::settings::{self, Change};
use super::table::{TableLine, counted, lines, table};
use crate::cli::RehearseArgs;
use crate::clock::Clock;
use crate::commands::console::{say, say_json, tell, tell_text};
use crate::commands::setup::typed::typed_path;
use crate::config::Campaign;
use crate::domain::money::Fen;
use crate::domain::tally::TallyRow;
use crate::error::Error;
use crate::simulator::FaultName;
use crate::words::{Lang, Part, Words, compare, names, next, rehearse as words};

/// Findings of one kind that are written out; JSON has all.
const SHOWN: usize = 10;

/// The facts before it begins.
pub(super) struct Telling {
    is_json: bool,
    lang: Lang,
    path: PathBuf,
    id: String,
    seed: u64,
    kills: u32,
    file: TallyRow,
    played: TallyRow,
    changes: Vec<Change>,
    /// The key by which a run would send nothing any more.
    over: Option<&'static str>,
}

impl Telling {
    /// Says what is going to be played.
    pub(in crate::commands) fn begin(
        (args, lang): (&RehearseArgs, Lang),
        yours: &Campaign,
        (file, owed): (TallyRow, &[Owed]),
        changes: Vec<Change>,
    ) -> Telling {
        let fen = owed.iter().map(|owed| owed.fen).sum();
        let telling = Telling {
            is_json: args.json,
            lang,
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
            over: settings::is_over_by(yours, Clock::real().now_ms()),
        };
        for line in telling.opening() {
            tell(lang, &line);
        }
        telling
    }

    fn opening(&self) -> Vec<Words> {
        let (id, file, played) = (self.id.as_str(), self.file, self.played);
        let mut lines = Vec::new();
        if file == played {
            lines.push(words::opening(id, file.count, file.fen));
        } else {
            let (count, fen) = (played.count, played.fen);
            lines.push(words::opening_part(id, file.count, file.fen, count, fen));
            lines.push(words::rows());
        }
        if !self.changes.is_empty() {
            lines.push(words::changes(self.path.display()));
        }
        for Change { key, yours, played } in &self.changes {
            lines.push(words::change(
                key.as_str(),
                names::ValueName(yours),
                names::ValueName(played),
            ));
        }
        lines.extend(self.over.map(words::over));
        lines
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
            say_json(&self.json(played, compared, (!is_right).then_some(folder), took))?;
        } else {
            let mut lines = self.lines(played, compared, took);
            lines.extend(table(compared));
            lines.extend(found(&compared.findings));
            for line in lines {
                say(line.within(self.lang).trim_end())?;
            }
        }
        if is_right {
            let plan = format!("hongbao plan {}", typed_path(&self.path));
            tell(self.lang, &next::command(plan));
            return Ok(());
        }
        if let Some(broken) = &played.broken {
            tell_text(broken.within(self.lang));
        }
        tell(self.lang, &words::kept(folder.display()));
        tell(self.lang, &words::look(folder.display()));
        Ok(())
    }

    fn lines(&self, played: &Played, compared: &Compared, took: Duration) -> Vec<Words> {
        let ((sends, again), queries) = (sends(compared), compared.books.counters.queries);
        let (id, TallyRow { count, fen }) = (self.id.as_str(), self.played);
        let faults = &compared.books.counters.faults;
        let mut lines = vec![
            words::head(id, count, fen),
            words::runs(played.runs.len()),
            self.kills(played),
            words::requests(sends + queries, sends, again, queries),
            words::faults(faults.values().sum::<u64>()),
        ];
        for (name, count) in faults {
            lines.push(words::fault(*name, *count, Described(name)));
        }
        if played.is_calmed {
            lines.push(words::calmed());
        }
        let stops = counted(&played.stops).into_iter();
        lines.extend(stops.map(|(why, times)| words::stops(times, why)));
        lines.push(words::seconds(took.as_secs_f64().ceil().to_string()));
        lines.push(words::seed(self.seed));
        lines
    }

    fn kills(&self, played: &Played) -> Words {
        let early = played.runs.iter().filter(|run| run.is_stillborn()).count();
        let kills = played.kills();
        if len_of(kills) < u64::from(self.kills) {
            words::fewer_kills(kills, early, self.kills)
        } else {
            words::kills(kills, early)
        }
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
            let TableLine {
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
            (change.key.clone(), both)
        });
        let Discrepancies {
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

/// The effect of a fault: the simulator has both languages itself.
struct Described<'a>(&'a str);

impl Part for Described<'_> {
    fn tell(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.parse::<FaultName>(), lang) {
            (Ok(fault), Lang::En) => f.write_str(&fault.describe()),
            (Ok(fault), Lang::Zh) => f.write_str(fault.describe_zh()),
            (Err(_), _) => Ok(()),
        }
    }
}

/// The verdict, and what it rests on where it is not all nought.
fn found(findings: &Discrepancies) -> Vec<Words> {
    let mut lines = vec![findings.verdict()];
    let mut tell = |kind: fn(Words) -> Words, found: &[Words]| {
        lines.extend(found.iter().take(SHOWN).cloned().map(kind));
        if found.len() > SHOWN {
            lines.push(kind(compare::more(found.len() - SHOWN)));
        }
    };
    tell(compare::paid_twice, &findings.paid_twice);
    tell(compare::lost, &findings.lost);
    tell(compare::misreported, &findings.misreported);
    lines
}

fn len_of(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
