//! Arguments of `reconcile` about fund-flow bills.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

/// The bills to match with.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("bills").args(["fund_flow", "fetch_fund_flow"]).multiple(true))]
pub struct BillArgs {
    /// Match the packets with this fund-flow bill of the merchant; several files may follow.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub fund_flow: Vec<PathBuf>,
    /// Download the fund-flow bill of this Beijing day, as in 2026-11-23, and match with it; may be
    /// repeated.
    #[arg(long, value_name = "DATE")]
    pub fetch_fund_flow: Vec<String>,
    /// Download the bill of this account only; by default both are asked for.
    #[arg(long, value_enum, requires = "fetch_fund_flow")]
    pub account: Option<BillAccount>,
    /// These bills are all that there is of their days: what earlier ones say of them is over.
    #[arg(long, requires = "bills")]
    pub instead: bool,
    /// Ask WeChat Pay about no packet: match with what the ledger knows.
    #[arg(long, requires = "bills")]
    pub no_queries: bool,
    /// One JSON object on stdout, at the end; the match is in it.
    #[arg(long)]
    pub json: bool,
}

/// An account of the merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BillAccount {
    /// 基本账户
    Basic,
    /// 运营账户, from which red packets are paid where there is one
    Operation,
}
