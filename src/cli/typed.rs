//! What was typed, or how the process ends where that is nothing to carry out.

use std::io::ErrorKind;

use clap::Parser as _;

use super::Cli;
use crate::aside::tell;
use crate::exit::ExitCode;

impl Cli {
    /// What was typed. Help is told on stdout, what is wrong on stderr.
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
