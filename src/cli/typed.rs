//! The parsed command line, or the exit code where there is nothing to carry out.

use std::io::ErrorKind;

use clap::Parser as _;

use super::{Cli, ToldArgs};
use crate::aside::{LogFormat, speak, tell, tell_error};
use crate::exit::ExitCode;
use crate::words::{Lang, usage};

impl Cli {
    /// Parses the command line. Help goes to stdout, usage errors go to stderr.
    ///
    /// # Errors
    /// Where there is nothing to carry out: the exit code.
    pub fn typed() -> Result<Self, ExitCode> {
        Cli::try_parse().map_err(|asked| {
            if asked.exit_code() != 0 {
                refuse(asked.render().to_string().trim_end());
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

/// What cannot be parsed may have said how it is to be told.
fn refuse(text: &str) {
    let args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    match ToldArgs::form_of(args) {
        LogFormat::Text => tell(text),
        LogFormat::Json => {
            speak(LogFormat::Json, false);
            let exit = ExitCode::Usage.code();
            tell_error(
                Lang::En,
                &usage::not_parsed(text),
                exit,
                Some("hongbao help"),
            );
        }
    }
}
