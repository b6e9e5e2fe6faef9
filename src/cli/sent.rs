//! Arguments of `run` and `load`.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::{Args, value_parser};

use super::counted::count;

/// `run`
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// Pay real money; needs gateway.mode = "live" and --confirm-total, or an approval.
    #[arg(long)]
    pub live: bool,
    /// The campaign's exact total in yuan, as `plan` shows it. Not needed where an
    /// approval is required and given.
    #[arg(long, value_name = "YUAN")]
    pub confirm_total: Option<String>,
    /// Pay people of this other campaign again. Several times, or `all` for every one.
    #[arg(long, value_name = "CAMPAIGN_ID")]
    pub pay_again: Vec<String>,
    /// The sheet of the workbook that is the list, where more than one has cells.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Begin at most this many packets in this run; the next run goes on.
    #[arg(long, value_name = "N", value_parser = count::<NonZeroU64>)]
    pub max_rows: Option<NonZeroU64>,
    /// Begin packets of at most this much money in this run; the next run goes on.
    #[arg(long, value_name = "YUAN")]
    pub max_amount: Option<String>,
    /// Send the next N packets only and ask WeChat Pay about each; then stop, or on a terminal ask
    /// whether to go on.
    #[arg(long, value_name = "N", value_parser = count::<NonZeroU64>)]
    pub canary: Option<NonZeroU64>,
    /// Outside the campaign's schedule, wait for its next window, without the ledger's lock.
    #[arg(long)]
    pub wait: bool,
    /// Send until this time of day in the campaign's time zone; the next run goes on.
    #[arg(long, value_name = "HH:MM")]
    pub until: Option<String>,
    /// Send for at most this long, as 90m or 2h30m; the next run goes on.
    #[arg(long, value_name = "DURATION")]
    pub max_duration: Option<String>,
    /// Append a JSON line for each move of a packet to FILE, or to stdout for `-`.
    #[arg(long, value_name = "FILE|-")]
    pub events: Option<PathBuf>,
    /// Begin with the event of this number, where FILE has none yet. By default events begin with
    /// this run.
    #[arg(
        long,
        value_name = "SEQ",
        requires = "events",
        value_parser = value_parser!(i64).range(1..)
    )]
    pub events_from: Option<i64>,
    /// One JSON object on stdout, at the end.
    #[arg(long)]
    pub json: bool,
}

/// `plan`
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// Plan people of this other campaign again. Several times, or `all` for every one.
    #[arg(long, value_name = "CAMPAIGN_ID")]
    pub pay_again: Vec<String>,
    /// The sheet of the workbook that is the list, where more than one has cells.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// One JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// `load`
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// The recipients file, or `-` for stdin; by default the one that the campaign file names.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The sheet of the workbook that is the list, where more than one has cells.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Only read the file and list its errors; no ledger is made or changed.
    #[arg(long)]
    pub check: bool,
    /// Exactly this many openids of the campaign come again under other row keys.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub allow_repeats: u64,
    /// Load people of this other campaign again. Several times, or `all` for every one.
    #[arg(long, value_name = "CAMPAIGN_ID")]
    pub pay_again: Vec<String>,
    /// Accept changed texts, as long as no request can have left an order.
    #[arg(long)]
    pub refreeze: bool,
    /// Exactly this many packets that were taken back come again unchanged, and are owed again.
    #[arg(long, value_name = "N")]
    pub bring_back: Option<u64>,
    /// One JSON object on stdout, at the end.
    #[arg(long)]
    pub json: bool,
}
