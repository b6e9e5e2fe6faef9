//! Arguments of `reconcile`.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Args;

use super::billed::BillArgs;
use super::counted::count;

/// `reconcile`
#[derive(Debug, Args)]
pub struct ReconcileArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// Only packets that were first sent so long ago: 90m, 36h, 25d.
    #[arg(long, value_name = "DURATION")]
    pub older_than: Option<String>,
    /// Ask about at most this many packets; the next reconciliation goes on.
    #[arg(long, value_name = "N", value_parser = count::<NonZeroU64>)]
    pub limit: Option<NonZeroU64>,
    /// The bills to match with.
    #[command(flatten)]
    pub bills: BillArgs,
}
