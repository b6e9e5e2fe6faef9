//! What `ledger` takes: the ledger as a file.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::CampaignArgs;

/// What `ledger` takes.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub action: LedgerAction,
}

/// What can be done with a ledger as a file.
#[derive(Debug, Subcommand)]
pub enum LedgerAction {
    /// Write a whole copy, also beside a run that goes on. It is audited before it gets its name.
    Backup(BackupArgs),
    /// Put a copy in the ledger's place, which is kept. Everything that is not settled is asked
    /// about before it is sent, and every campaign is paused.
    Restore(CopyArgs),
    /// Take the ledger that stands here, a copy, or an empty one if there is none, for the one that
    /// was used last. Then as after a restore.
    Adopt(CampaignArgs),
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
pub struct BackupArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// The copy; `-` for stdout.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write over a file that is there.
    #[arg(long)]
    pub force: bool,
}
