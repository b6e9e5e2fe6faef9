//! The command line, parsed low: what was typed, nothing more.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use billed::{BillAccount, BillArgs};
pub use campaign::CampaignArgs;
pub use claimed::{ClaimsArgs, SheetArgs, SheetFormat};
pub use copied::{AdoptArgs, BackupArgs, CopyArgs, LedgerAction, LedgerArgs};
pub use decided::{ApproveArgs, ReissueArgs, WithdrawArgs};
pub use followed::ReconcileArgs;
pub use played::{RehearseArgs, SimulateArgs};
pub use reported::{Format, ReportArgs};
pub use scheduled::{NotifyArgs, ScheduleArgs, Starter};
pub use sent::{LoadArgs, PlanArgs, RunArgs};
pub use told::ToldArgs;
pub use written::{CompletionsArgs, InitArgs, ListArgs, ManArgs};

use crate::exit::ExitCode;
use crate::words::{Lang, note};

mod billed;
mod campaign;
mod chinese;
mod claimed;
mod copied;
mod counted;
mod decided;
mod followed;
mod manual;
mod played;
mod reported;
mod scheduled;
mod sent;
mod told;
mod typed;
mod written;

/// Pays out campaigns of WeChat Pay mini-program red packets.
///
/// A packet is paid at most once; none is lost or forgotten; when the truth is not known, the
/// tool says so, asks WeChat Pay, and never guesses.
#[derive(Debug, Parser)]
#[command(name = "hongbao", version, after_help = ExitCode::table(Lang::En))]
pub struct Cli {
    /// The language. The default is that of HONGBAO_LANG, then that of the locale, then English.
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub lang: Option<Lang>,
    /// How it tells what it does.
    #[command(flatten)]
    pub told: ToldArgs,
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a folder with a campaign that runs on the simulator as it is.
    Init(InitArgs),
    /// Load the recipients file if it is not loaded yet, then send what is due; resumes.
    #[command(after_long_help = include_str!("cli/help/run.txt"))]
    Run(RunArgs),
    /// Check a recipients file and write it to the ledger, all or nothing.
    #[command(after_long_help = include_str!("cli/help/load.txt"))]
    Load(LoadArgs),
    /// Show what `run` would do: rows, money, days and a digest. Writes nothing.
    #[command(after_long_help = include_str!("cli/help/plan.txt"))]
    Plan(PlanArgs),
    /// Play the campaign against the simulator with faults and kills, and compare the books.
    #[command(after_long_help = include_str!("cli/help/rehearse.txt"))]
    Rehearse(RehearseArgs),
    /// Show counts and money by state.
    Status(StatusArgs),
    /// Ask WeChat Pay about every packet that is not settled; match with fund-flow bills.
    #[command(after_long_help = include_str!("cli/help/reconcile.txt"))]
    Reconcile(ReconcileArgs),
    /// Write the result of every packet: CSV, JSON, a workbook or a page.
    #[command(after_long_help = include_str!("cli/help/report.txt"))]
    Report(ReportArgs),
    /// Print what the mini-program needs to open packets, and who has not opened theirs.
    #[command(after_long_help = include_str!("cli/help/claims.txt"))]
    Claims(ClaimsArgs),
    /// Show a packet's whole life, by bill number, openid or row key.
    Show(ShowArgs),
    /// Say what an error code, a state, an exit code or a message means and what to do.
    Explain(ExplainArgs),
    /// Stop sending; a running process obeys within a second.
    Pause(PauseArgs),
    /// Allow sending again after a pause or a halt.
    #[command(after_long_help = include_str!("cli/help/unpause.txt"))]
    Unpause(UnpauseArgs),
    /// Settle a packet in `review` or long in doubt, or a break, by your word, on record.
    #[command(after_long_help = include_str!("cli/help/resolve.txt"))]
    Resolve(ResolveArgs),
    /// Sign a plan, so that it may be run with real money; or make a key for that.
    #[command(after_long_help = include_str!("cli/help/approve.txt"))]
    Approve(ApproveArgs),
    /// Let refused packets go out again, after asking about their numbers; or export them.
    #[command(after_long_help = include_str!("cli/help/reissue.txt"))]
    Reissue(ReissueArgs),
    /// Take packets back that were never sent, on record.
    #[command(after_long_help = include_str!("cli/help/withdraw.txt"))]
    Withdraw(WithdrawArgs),
    /// Back the ledger up, restore a backup, or adopt a copy.
    Ledger(LedgerArgs),
    /// Check that nobody changed the ledger: journal, packets, requests and balance.
    #[command(after_long_help = include_str!("cli/help/audit.txt"))]
    Audit(AuditArgs),
    /// Run the simulator of WeChat Pay on its own.
    #[command(after_long_help = include_str!("cli/help/simulate.txt"))]
    Simulate(SimulateArgs),
    /// Show every campaign of folders and ledgers: state, money, next step.
    List(ListArgs),
    /// Check a set-up, from its files to an answer of WeChat Pay.
    Doctor(JsonArgs),
    /// Print files that start a campaign by the clock.
    Schedule(ScheduleArgs),
    /// Tell everybody under `[notify]` once, and show who took it.
    Notify(NotifyArgs),
    /// Print what completes these verbs and their options in a shell.
    Completions(CompletionsArgs),
    /// Write manual pages into a folder, one for each verb.
    Man(ManArgs),
}

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// A head that was printed earlier: the journal up to it must be unchanged.
    #[arg(long, value_name = "HEX")]
    pub head: Option<String>,
    /// JSON on stdout.
    #[arg(long)]
    pub json: bool,
}

/// A campaign file, and JSON or not.
#[derive(Debug, Args)]
pub struct JsonArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// One JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// `status`
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// One JSON document on stdout.
    #[arg(long)]
    pub json: bool,
    /// Show it again every two seconds until nothing is open.
    #[arg(long)]
    pub watch: bool,
}

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Lang] {
        &Lang::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// `show`
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// A bill number or its last six characters, an openid, a row key, or WeChat Pay's own number.
    #[arg(value_name = "ID")]
    pub id: String,
    /// One JSON document on stdout.
    #[arg(long)]
    pub json: bool,
}

/// `explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// An error code of WeChat Pay, a state, an exit code, the code of a message, or a topic:
    /// columns, caps, approval, states, refused, claims, fund-flow, events, notify, exit-codes,
    /// standby, simulator, environment.
    /// Without it, everything is listed.
    #[arg(value_name = "CODE|TOPIC")]
    pub code: Option<String>,
}

/// `pause`
#[derive(Debug, Args)]
pub struct PauseArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// Why, for the record.
    #[arg(long, value_name = "TEXT", default_value_t = note::by_hand().en)]
    pub because: String,
}

/// `unpause`
#[derive(Debug, Args)]
pub struct UnpauseArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// This machine's clock is right, although the ledger or the gateway says otherwise.
    #[arg(long)]
    pub clock_is_right: bool,
}

/// A person's word.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct VerdictArgs {
    /// It was paid.
    #[arg(long)]
    pub paid: bool,
    /// It was not paid.
    #[arg(long)]
    pub unpaid: bool,
    /// Its break with the fund-flow bills is accounted for: it counts no more.
    #[arg(long)]
    pub explained: bool,
}

/// `resolve`
#[derive(Debug, Args)]
pub struct ResolveArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// A bill number, openid or row key.
    #[arg(value_name = "ID")]
    pub id: String,
    /// The word.
    #[command(flatten)]
    pub verdict: VerdictArgs,
    /// How you know, for the record.
    #[arg(long, value_name = "TEXT", required = true)]
    pub because: String,
    /// One JSON object on stdout, at the end.
    #[arg(long)]
    pub json: bool,
}
