//! Arguments of `schedule`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `schedule`
#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// What starts it.
    #[arg(long, value_name = "SYSTEM")]
    pub print: Starter,
}

/// A system that starts runs by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Starter {
    /// Services and timers of systemd.
    Systemd,
    /// Lines of a crontab.
    Cron,
    /// Cron jobs of Kubernetes.
    K8s,
}

/// `notify`
#[derive(Debug, Args)]
pub struct NotifyArgs {
    /// The campaign file.
    #[arg(value_name = "CAMPAIGN.toml")]
    pub campaign: PathBuf,
    /// Send a test message to each target; the dead-man ping is told that a run ended well.
    #[arg(long, required = true)]
    pub test: bool,
}
