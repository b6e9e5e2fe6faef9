//! Arguments of the verbs by which a person decides about money.

use std::path::PathBuf;

use clap::Args;

/// `reissue`
#[derive(Debug, Args)]
pub struct ReissueArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// Bill numbers, openids or row keys.
    #[arg(value_name = "ID", required_unless_present_any = ["code", "export"])]
    pub ids: Vec<String>,
    /// Every packet that was refused with this error code.
    #[arg(long, value_name = "CODE", conflicts_with = "ids")]
    pub code: Option<String>,
    /// Why, for the record.
    #[arg(long, value_name = "TEXT", required_unless_present = "export")]
    pub because: Option<String>,
    /// Pay people again who have a packet of this campaign since they were refused, or who were
    /// exported from it. Several times, or `all` for every one.
    #[arg(long, value_name = "CAMPAIGN_ID")]
    pub pay_again: Vec<String>,
    /// The exact total in yuan of the packets that go out again.
    #[arg(long, value_name = "YUAN")]
    pub confirm_total: Option<String>,
    /// Write the refused packets, or those of ID or --code, to this new recipients file, and
    /// reissue nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["because", "confirm_total"])]
    pub export: Option<PathBuf>,
    /// With --export: write over a file that is there.
    #[arg(long, requires = "export")]
    pub force: bool,
    /// One JSON object on stdout, at the end.
    #[arg(long, conflicts_with = "export")]
    pub json: bool,
}

/// `withdraw`
#[derive(Debug, Args)]
#[command(
    override_usage = "hongbao withdraw <CAMPAIGN.toml> <ID|--missing FILE|--all> \
                      --because <TEXT> [OPTIONS]"
)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["ids", "missing", "all"]))]
pub struct WithdrawArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// Bill numbers, openids or row keys.
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Every packet that this recipients file does not have.
    #[arg(long, value_name = "FILE")]
    pub missing: Option<PathBuf>,
    /// The sheet of that workbook that is the list, where more than one has cells.
    #[arg(long, value_name = "NAME", requires = "missing")]
    pub sheet: Option<String>,
    /// Every packet.
    #[arg(long)]
    pub all: bool,
    /// Why, for the record.
    #[arg(long, value_name = "TEXT", required = true)]
    pub because: String,
    /// With --missing or --all: the exact total in yuan of the packets that are taken back.
    #[arg(long, value_name = "YUAN", conflicts_with = "ids")]
    pub confirm_total: Option<String>,
    /// One JSON object on stdout, at the end.
    #[arg(long)]
    pub json: bool,
}

/// `approve`
#[derive(Debug, Args)]
pub struct ApproveArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml", required_unless_present = "keygen")]
    pub campaign: Option<PathBuf>,
    /// The file with the approver's secret key.
    #[arg(long, value_name = "FILE", required_unless_present = "keygen")]
    pub key: Option<PathBuf>,
    /// The digest of the plan, as `plan` prints it.
    #[arg(long, value_name = "HEX", required_unless_present = "keygen")]
    pub digest: Option<String>,
    /// Make a key: the secret half in this new file, the public half on stdout.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["campaign", "key", "digest"])]
    pub keygen: Option<PathBuf>,
}
