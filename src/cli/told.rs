//! How a process tells what it does: options of every verb.

use clap::builder::PossibleValue;
use clap::{ArgAction, Args, ValueEnum};

use crate::aside::LogFormat;

/// The form of stderr, and how much is told there.
#[derive(Debug, Args)]
pub struct ToldArgs {
    /// The form of stderr: lines for people, or with json an object a line, for programs.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORM",
        default_value = "text"
    )]
    pub log_format: LogFormat,
    /// Log what is done: -v the steps of a run, -vv each request and commit, -vvv waiting too.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Only warnings and errors on stderr.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

impl ToldArgs {
    /// The level of logs that was typed.
    #[must_use]
    pub const fn level(&self) -> Option<&'static str> {
        match self.verbose {
            0 => None,
            1 => Some("info"),
            2 => Some("debug"),
            _ => Some("trace"),
        }
    }

    /// The form, where the command line cannot be parsed.
    pub(super) fn form_of(args: impl Iterator<Item = String>) -> LogFormat {
        let args: Vec<String> = args.collect();
        let is_next = |pair: &[String]| pair == ["--log-format", "json"];
        if args.windows(2).any(is_next) || args.iter().any(|arg| arg == "--log-format=json") {
            LogFormat::Json
        } else {
            LogFormat::Text
        }
    }
}

impl ValueEnum for LogFormat {
    fn value_variants<'a>() -> &'a [LogFormat] {
        &[LogFormat::Text, LogFormat::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }))
    }
}
