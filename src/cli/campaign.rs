//! Arguments of a verb that needs a campaign and nothing else.

use std::path::PathBuf;

use clap::Args;

/// A verb that needs the campaign file alone.
#[derive(Debug, Args)]
pub struct CampaignArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
}
