//! `hongbao`: parse, trace, run, exit code.

use clap::Parser;
use hongbao::cli::Cli;
use hongbao::exit::ExitCode;
use hongbao::words::Lang;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("HONGBAO_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .init();
    let lang = Lang::decide(cli.lang, |name| std::env::var(name).ok());
    match hongbao::commands::execute(cli, lang) {
        Ok(code) => code,
        Err(error) => {
            eprintln!(
                "{}{}",
                hongbao::words::ERROR.within(lang),
                error.within(lang)
            );
            error.exit()
        }
    }
}
