//! Arguments of `ledger`: the ledger as a file.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::counted::count;

/// Arguments of `ledger`.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// The verb on the ledger.
    #[command(subcommand)]
    pub action: LedgerAction,
}

/// The verbs on a ledger as a file.
#[derive(Debug, Subcommand)]
pub enum LedgerAction {
    /// Write a whole, audited copy; also while a run goes on.
    #[command(after_long_help = include_str!("help/backup.txt"))]
    Backup(BackupArgs),
    /// Put a copy in the ledger's place; each packet is then asked about before it is sent.
    #[command(after_long_help = include_str!("help/restore.txt"))]
    Restore(CopyArgs),
    /// Accept the ledger that stands here, a copy or none, and go on as after a restore.
    #[command(after_long_help = include_str!("help/adopt.txt"))]
    Adopt(AdoptArgs),
}

/// `ledger adopt`
#[derive(Debug, Args)]
pub struct AdoptArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// The Beijing day on which the ledger that is lost may have sent its first packet. Without it,
    /// where nothing is left of it, that on which the list was last changed.
    #[arg(long, value_name = "DATE")]
    pub first_sent: Option<String>,
}

/// A campaign file and a copy of its ledger.
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// The copy.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `ledger backup`
#[derive(Debug, Args)]
#[command(override_usage = "hongbao ledger backup <CAMPAIGN.toml> <FILE|--dir DIR> [OPTIONS]")]
pub struct BackupArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// The copy; `-` for stdout.
    #[arg(value_name = "FILE", required_unless_present = "dir")]
    pub file: Option<PathBuf>,
    /// Write over a file that is there.
    #[arg(long)]
    pub force: bool,
    /// A folder in place of FILE: the copy gets the ledger's name and the time.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["file", "force"])]
    pub dir: Option<PathBuf>,
    /// How many copies of the ledger stay in DIR; the oldest go once the new one is whole.
    #[arg(long, value_name = "N", requires = "dir", value_parser = count::<NonZeroU32>)]
    pub keep: Option<NonZeroU32>,
}
