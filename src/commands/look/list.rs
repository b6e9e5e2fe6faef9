//! `list`: every campaign of folders, campaign files and ledgers, each a line. It takes no lock and
//! moves no ledger of an older version.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::listed::Listed;
use crate::cli::ListArgs;
use crate::clock::Clock;
use crate::commands::console::{say, say_json, tell, warn};
use crate::commands::setup::context::Context;
use crate::commands::setup::found::why_foreign;
use crate::config::{Campaign, Mode};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{Reader, replaced_ledger};
use crate::words::{Lang, Words, both, list as words, load};

/// How a file of SQLite begins.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

pub(in crate::commands) fn list(args: &ListArgs, lang: Lang) -> Result<ExitCode, Error> {
    let mut list = CampaignList {
        lang,
        lines: Vec::new(),
        told: BTreeSet::new(),
        foreign: BTreeSet::new(),
        empty: 0,
    };
    for path in &args.paths {
        list.add(path)?;
    }
    if args.json {
        let lines: Vec<_> = list.lines.iter().map(Listed::json).collect();
        say_json(&json!({"campaigns": lines}))?;
    } else {
        // The long lines of what cannot be told of do not hide the table.
        let (broken, told): (Vec<_>, Vec<_>) =
            list.lines.iter().partition(|line| line.fault().is_some());
        if !told.is_empty() {
            say(head().within(lang))?;
        }
        for line in told.into_iter().chain(broken) {
            say(line.words().within(lang))?;
        }
    }
    let fault = list.lines.iter().find_map(Listed::fault);
    Ok(fault.map_or(ExitCode::Done, Error::exit))
}

fn head() -> Words {
    let money = words::money(
        both("total", "总额"),
        both("paid", "已付"),
        both("open", "未完结"),
    );
    words::line(
        both("campaign", "活动"),
        both("mode", "模式"),
        both("state", "状态"),
        both("packets", "红包"),
        money,
        both("next", "下一步"),
    )
}

/// The lines so far.
struct CampaignList {
    lang: Lang,
    lines: Vec<Listed>,
    /// Campaigns that have a line, by ledger and id: those of a campaign file are not told again
    /// as those of its ledger.
    told: BTreeSet<(PathBuf, String)>,
    /// Ledgers that no run would take, of which it was said.
    foreign: BTreeSet<PathBuf>,
    /// Ledgers without a campaign, of which it was said.
    empty: usize,
}

impl CampaignList {
    fn add(&mut self, path: &Path) -> Result<(), Error> {
        if !path.is_dir() {
            if is_ledger(path) {
                self.add_ledger(path, true);
            } else {
                self.add_file(path);
            }
            return Ok(());
        }
        let before = (self.lines.len(), self.empty);
        let FolderContent {
            mut files,
            mut ledgers,
            folders,
        } = within(path)?;
        // `init` makes a folder for each campaign.
        if files.is_empty() {
            for folder in folders {
                match within(&folder) {
                    Ok(found) => {
                        files.extend(found.files);
                        ledgers.extend(found.ledgers);
                    }
                    Err(fault) => self.lines.push(Listed::broken(&folder, fault)),
                }
            }
        }
        for file in files {
            self.add_file(&file);
        }
        for ledger in ledgers {
            self.add_ledger(&ledger, false);
        }
        if (self.lines.len(), self.empty) == before {
            tell(self.lang, &words::none(path.display()));
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path) {
        let context = Context::look(path, self.lang);
        let context = context.and_then(|context| {
            let (ledger, id) = (&context.campaign.ledger, context.campaign.id.as_str());
            self.told.insert((real(ledger), id.to_owned()));
            check_new(ledger, || context.command("status"))?;
            if let Some(why) = context.foreign()
                && self.foreign.insert(real(ledger))
            {
                warn(self.lang, &why);
            }
            Ok(context)
        });
        self.lines.push(Listed::of_file(path, context));
    }

    /// The campaigns of a ledger that no campaign file told of. A backup in a folder is a copy of
    /// one of them, and what a restore kept has those once more that the ledger itself has.
    fn add_ledger(&mut self, path: &Path, is_named: bool) {
        let lines = self.lines_of(path, is_named);
        let lines = lines.unwrap_or_else(|fault| vec![Listed::broken(path, fault)]);
        self.lines.extend(lines);
    }

    fn lines_of(&mut self, path: &Path, is_named: bool) -> Result<Vec<Listed>, Error> {
        check_new(path, || "hongbao status CAMPAIGN.toml".to_owned())?;
        let Some(reader) = Reader::open(path)? else {
            return Ok(Vec::new());
        };
        let (mode, is_copy) = reader.nature()?;
        if is_copy && !is_named {
            return Ok(Vec::new());
        }
        let mode = [Mode::Live, Mode::Simulator]
            .into_iter()
            .find(|known| known.name() == mode)
            .unwrap_or(Mode::Simulator);
        let adopt = || "hongbao ledger adopt CAMPAIGN.toml".to_owned();
        // A backup is where it belongs.
        if let Some(why) = why_foreign(&reader, mode, adopt).filter(|_| !is_copy)
            && self.foreign.insert(real(path))
        {
            warn(self.lang, &why);
        }
        let now = Clock::real().now_ms();
        let mut lines = Vec::new();
        let mut rows = reader.campaigns()?;
        if rows.is_empty() {
            self.empty += 1;
            tell(self.lang, &load::empty_ledger(path.display()));
        }
        let kept_of = replaced_ledger(path).filter(|_| !is_named);
        if let Some(ledger) = kept_of.map(|ledger| real(&ledger)) {
            rows.retain(|row| !self.told.contains(&(ledger.clone(), row.id.clone())));
        }
        rows.sort_by_cached_key(|row| natural(&row.id));
        for row in rows {
            if self.told.insert((real(path), row.id.clone())) {
                lines.push(Listed::of_ledger(path, (&reader, &row), mode, now));
            }
        }
        Ok(lines)
    }
}

/// A ledger of an older version would be moved to this one by being opened, which takes the lock.
fn check_new(ledger: &Path, command: impl Fn() -> String) -> Result<(), Error> {
    if Reader::is_old(ledger)? {
        return Err(Error::Usage(words::old(command())));
    }
    Ok(())
}

/// The content of a folder, each by name.
#[derive(Default)]
struct FolderContent {
    /// Campaign files.
    files: Vec<PathBuf>,
    ledgers: Vec<PathBuf>,
    /// Folders that are not hidden.
    folders: Vec<PathBuf>,
}

fn within(folder: &Path) -> Result<FolderContent, Error> {
    let mut found = FolderContent::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // As it would be typed.
        let path = path.strip_prefix(".").map_or(path.clone(), Path::to_owned);
        let is_toml = path.extension().is_some_and(|ending| ending == "toml");
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && !name.as_encoded_bytes().starts_with(b".") {
            found.folders.push(path);
        } else if path.is_file() && is_toml && Campaign::is_meant(&path) {
            found.files.push(path);
        } else if path.is_file() && !is_toml && is_ledger(&path) {
            found.ledgers.push(path);
        }
    }
    for paths in [&mut found.files, &mut found.ledgers, &mut found.folders] {
        paths.sort_by_cached_key(|path| natural(&path.to_string_lossy()));
    }
    Ok(found)
}

/// The order of people: `c2` before `c10`. A number is as long as it is without zeros in front; any
/// other byte is for itself.
fn natural(name: &str) -> Vec<(u8, usize, String)> {
    let bytes = name.as_bytes();
    let parts = bytes.chunk_by(|a, b| a.is_ascii_digit() && b.is_ascii_digit());
    let part = |part: &[u8]| {
        let digits = String::from_utf8_lossy(part);
        let digits = digits.trim_start_matches('0');
        if part[0].is_ascii_digit() {
            (b'0', digits.len(), digits.to_owned())
        } else {
            (part[0], 0, String::new())
        }
    };
    parts.map(part).collect()
}

fn is_ledger(path: &Path) -> bool {
    let mut begin = [0; SQLITE.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut begin));
    read.is_ok() && begin == *SQLITE
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
