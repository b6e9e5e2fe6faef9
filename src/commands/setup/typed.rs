//! What was typed, for the end of a command that cannot go on: which verb, about which campaign.

use std::path::{Path, PathBuf};

use crate::cli::Verb;
use crate::exit::ExitCode;

/// A verb and its campaign file.
#[derive(Debug)]
pub(in crate::commands) struct Typed {
    verb: &'static str,
    campaign: Option<PathBuf>,
}

impl Typed {
    pub(in crate::commands) fn of(verb: &Verb) -> Typed {
        let about = |name, campaign: &Path| Typed {
            verb: name,
            campaign: Some(campaign.to_owned()),
        };
        let alone = |name| Typed {
            verb: name,
            campaign: None,
        };
        match verb {
            Verb::Run(args) => about("run", &args.campaign),
            Verb::Load(args) => about("load", &args.campaign),
            Verb::Reconcile(args) => about("reconcile", &args.campaign),
            Verb::Reissue(args) => about("reissue", &args.campaign),
            Verb::Resolve(args) => about("resolve", &args.campaign),
            Verb::Withdraw(args) => about("withdraw", &args.campaign),
            Verb::Plan(args) => about("plan", &args.campaign),
            Verb::Doctor(args) => about("doctor", &args.campaign),
            Verb::Rehearse(args) => about("rehearse", &args.campaign),
            Verb::Status(args) => about("status", &args.campaign),
            Verb::Report(args) => about("report", &args.campaign),
            Verb::Claims(args) => about("claims", &args.campaign),
            Verb::Show(args) => about("show", &args.campaign),
            Verb::Pause(args) => about("pause", &args.campaign),
            Verb::Unpause(args) => about("unpause", &args.campaign),
            Verb::Audit(args) => about("audit", &args.campaign),
            Verb::Schedule(args) => about("schedule", &args.campaign),
            Verb::Approve(args) => match &args.campaign {
                Some(campaign) => about("approve", campaign),
                None => alone("approve"),
            },
            Verb::Explain(_) => alone("explain"),
            Verb::Ledger(_) => alone("ledger"),
            Verb::Simulate(_) => alone("simulate"),
            Verb::Completions(_) => alone("completions"),
            Verb::Man(_) => alone("man"),
            Verb::Init(_) => alone("init"),
            Verb::List(_) => alone("list"),
        }
    }

    /// The command to type next where this one could not go on: it looks, and changes nothing, but
    /// for a verb that is only to be given again.
    pub(in crate::commands) fn next(&self, exit: ExitCode) -> String {
        let verb = match exit {
            ExitCode::Usage => return format!("hongbao help {}", self.verb),
            ExitCode::Configuration => "doctor",
            ExitCode::FileRefused => "load --check",
            ExitCode::NotApproved => "plan",
            ExitCode::Halted => "audit",
            ExitCode::Limited => self.verb,
            ExitCode::Done
            | ExitCode::Unexpected
            | ExitCode::SomeRefused
            | ExitCode::SomeUnresolved
            | ExitCode::Held
            | ExitCode::Interrupted
            | ExitCode::Terminated => "status",
        };
        match &self.campaign {
            Some(campaign) => format!("hongbao {verb} {}", campaign.display()),
            None => format!("hongbao explain {}", exit.code()),
        }
    }
}
