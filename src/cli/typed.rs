//! The parsed command line, or the exit code where there is nothing to carry out.

use std::io::ErrorKind;

use clap::Parser as _;

use super::Cli;
use crate::aside::tell;
use crate::exit::ExitCode;

impl Cli {
    /// Parses the command line. Help goes to stdout, usage errors go to stderr.
    ///
    /// # Errors
    /// Where there is nothing to carry out: the exit code.
    pub fn typed() -> Result<Self, ExitCode> {
        Cli::try_parse().map_err(|asked| {
            if asked.exit_code() != 0 {
                tell(asked.render().to_string().trim_end());
                return ExitCode::Usage;
            }
            match asked.print() {
                Err(fault) if fault.kind() != ErrorKind::BrokenPipe => {
                    tell(format_args!("error: {fault}"));
                    ExitCode::Unexpected
                }
                Ok(()) | Err(_) => ExitCode::Done,
            }
        })
    }
}
