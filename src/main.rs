//! `hongbao`: parse, trace, run, exit code.

use hongbao::aside::{Aside, tell};
use hongbao::cli::Cli;
use hongbao::exit::ExitCode;
use hongbao::words::{ERROR, Lang};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    hongbao::guard::leave_no_core();
    let cli = match Cli::typed() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let filter = EnvFilter::try_from_env("HONGBAO_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt()
        .with_writer(|| Aside)
        .with_env_filter(filter)
        .init();
    let lang = Lang::decide(cli.lang, |name| std::env::var(name).ok());
    match hongbao::commands::execute(cli, lang) {
        Ok(code) => code,
        Err(error) => {
            tell(format_args!("{}{}", ERROR.within(lang), error.within(lang)));
            error.exit()
        }
    }
}
