//! hongbao
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod domain;
pub mod error;
pub mod exit;
pub mod ledger;
pub mod recipients;
pub mod report;
pub mod runner;
pub mod simulator;
pub mod wechat;
