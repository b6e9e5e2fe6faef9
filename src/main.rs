//! `hongbao`: parse, speak, run, exit code.

use hongbao::aside::speak;
use hongbao::cli::Cli;
use hongbao::exit::ExitCode;
use hongbao::words::Lang;

/// What one thread makes, the ledger's lets go: with the C library's allocator two such threads
/// wait for one lock, once for every other packet.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hongbao::guard::leave_no_core();
    hongbao::guard::outlive_file_limit();
    let cli = match Cli::typed() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    speak(cli.told.log_format, cli.told.quiet);
    let lang = Lang::decide(cli.lang, |name| std::env::var(name).ok());
    hongbao::logs::begin(cli.told.level(), lang);
    hongbao::commands::execute(cli, lang)
}
