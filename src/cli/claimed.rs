//! Arguments of `claims`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

/// `claims`
#[derive(Debug, Args)]
#[command(
    override_usage = "hongbao claims <CAMPAIGN.toml> <ID|--all|--unclaimed|--verify FILE> [OPTIONS]"
)]
#[command(group = ArgGroup::new("which").required(true).args(["id", "all", "unclaimed", "verify"]))]
pub struct ClaimsArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// An openid, row key or bill number: what opens its packets now, as a JSON array. Exit code 3
    /// where nothing does.
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// All packets that can be opened now, in a file for a backend; how far that is comes on stdout
    /// as one line, for the next --since.
    #[arg(long)]
    pub all: bool,
    /// With --all: only what came after the --all that printed this.
    #[arg(long, value_name = "CURSOR", requires = "all")]
    pub since: Option<String>,
    /// Without sign and time stamp: the backend makes them, and no key is read.
    #[arg(long, conflicts_with_all = ["unclaimed", "verify"])]
    pub unsigned: bool,
    /// Who has not opened theirs, the soonest to lapse first, with hours left, the list's own
    /// columns and when WeChat Pay last said so. On stdout without --out.
    #[arg(long)]
    pub unclaimed: bool,
    /// Check what a page passes to wx.sendBizRedPacket, one object or an array, offline, and name
    /// the usual mistakes. Exit code 1 where there is one.
    #[arg(long, value_name = "FILE")]
    pub verify: Option<PathBuf>,
    /// The file with all of them, or with who is to be reminded.
    #[command(flatten)]
    pub sheet: SheetArgs,
}

/// A file for a backend.
#[derive(Debug, Args)]
pub struct SheetArgs {
    /// The form of the file. By default the ending of FILE says it, .jsonl or .csv; else it is
    /// jsonl with --all and csv with --unclaimed.
    #[arg(long, value_enum, conflicts_with_all = ["id", "verify"])]
    pub format: Option<SheetFormat>,
    /// The file to write, for its owner alone.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["id", "verify"])]
    pub out: Option<PathBuf>,
    /// Write over a file that is no earlier one of this kind and campaign.
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// The form of a file for a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SheetFormat {
    /// One object a line.
    Jsonl,
    /// Comma-separated, RFC 4180.
    Csv,
}
