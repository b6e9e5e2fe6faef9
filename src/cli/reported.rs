//! Arguments of `report`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

/// `report`
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// The format; several may be named. By default the ending of FILE says it, else it is CSV.
    #[arg(long, value_enum)]
    pub format: Vec<Format>,
    /// The file to write, or a folder for one of each format; stdout without it, or for `-`.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only packets in these states; for CSV and JSON.
    #[arg(long, value_name = "STATE", num_args = 1..)]
    pub state: Vec<String>,
    /// No tab before the ids of a CSV with Chinese headers: for programs.
    #[arg(long)]
    pub raw: bool,
    /// Show openids whole on a page.
    #[arg(long)]
    pub full: bool,
    /// Write over a file that is no earlier report of this campaign.
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// A report's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated, RFC 4180.
    Csv,
    /// An array of objects.
    Json,
    /// A workbook: a summary to be signed, and every packet.
    Xlsx,
    /// A page in one file, of the campaign as a whole.
    Html,
    /// Those that failed, as a list with advice: to be mended and loaded.
    Failed,
}

impl Format {
    /// The ending of such a file's name, which `failed.csv` is itself.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Xlsx => "xlsx",
            Format::Html => "html",
            Format::Failed => "failed.csv",
        }
    }

    /// As it is typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Format::Failed => "failed",
            Format::Csv | Format::Json | Format::Xlsx | Format::Html => self.ending(),
        }
    }

    /// The endings of all.
    #[must_use]
    pub fn endings() -> String {
        let formats = Format::value_variants().iter();
        let endings: Vec<String> = formats.map(|it| format!(".{}", it.ending())).collect();
        endings.join(", ")
    }

    /// Whether a file's name ends as no format's does, although it has an ending.
    #[must_use]
    pub fn is_unknown(path: &Path) -> bool {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let is_one = |ending: &str| {
            let is_word = ending.chars().all(|c| c.is_ascii_alphanumeric());
            is_word && ending.chars().any(|c| c.is_ascii_alphabetic())
        };
        ending.is_some_and(is_one) && Format::of_name(path).is_none()
    }

    /// The format that a file's name says.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let is_its = |format: &&Format| {
            let ending = format.ending();
            let before = name.strip_suffix(ending);
            // Of `a-failed.csv` the longer ending counts.
            before.is_some_and(|before| before.ends_with(['.', '-']) || ending == name)
        };
        let formats = || Format::value_variants().iter();
        let found = formats().filter(is_its).max_by_key(|it| it.ending().len());
        found.copied()
    }
}
