//! One file a verb; each reads from top to bottom like its section of the README.
#![allow(
    clippy::print_stdout,
    reason = "stdout carries what the verb was asked for"
)]

mod context;
mod ending;
mod explain;
mod gateway;
mod intake;
mod load;
mod out;
mod pause;
mod plan;
mod progress;
mod reconcile;
mod report;
mod resolve;
mod run;
mod show;
mod simulate;
mod status;

use crate::cli::{Cli, Verb};
use crate::error::Error;
use crate::exit::ExitCode;

/// Carries out what was typed.
///
/// # Errors
/// Where the command cannot go on; the error knows its exit code.
pub async fn execute(cli: Cli) -> Result<ExitCode, Error> {
    match cli.verb {
        Verb::Run(args) => run::run(&args).await,
        Verb::Load(args) => load::load(&args),
        Verb::Plan(args) => plan::plan(&args),
        Verb::Status(args) => status::status(&args).await,
        Verb::Reconcile(args) => reconcile::reconcile(&args).await,
        Verb::Report(args) => report::report(&args),
        Verb::Show(args) => show::show(&args),
        Verb::Explain(args) => explain::explain(&args),
        Verb::Pause(args) => pause::pause(&args),
        Verb::Unpause(args) => pause::unpause(&args),
        Verb::Resolve(args) => resolve::resolve(&args),
        Verb::Simulate(args) => simulate::simulate(args).await,
    }
}
