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
