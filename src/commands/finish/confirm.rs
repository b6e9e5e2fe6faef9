//! The person who types, and their confirmation of a sum.

use std::io::{BufRead, IsTerminal, stdin};

use crate::domain::money::Fen;
use crate::error::Error;
use crate::words::{NOBODY_KNOWN, reissue as words};

use crate::commands::setup::context::Context;

/// The name of the person at the keyboard, as the system has it, for the record.
pub(super) fn operator() -> String {
    let named = |variable: &str| std::env::var(variable).ok().filter(|name| !name.is_empty());
    let name = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(named);
    name.unwrap_or_else(|| NOBODY_KNOWN.to_owned())
}

/// A reason as it is kept: what was said, and by whom.
pub(in crate::commands) fn on_record(because: &str) -> String {
    format!("{because} (by {})", operator())
}

/// Lets a person confirm a sum to the fen: given on the command line, or typed on a terminal.
/// `command` is what to type where it is neither.
pub(in crate::commands) fn confirm_total(
    context: &Context,
    given: Option<&str>,
    total: Fen,
    command: &str,
) -> Result<(), Error> {
    let typed = match given {
        Some(text) => text.to_owned(),
        None if stdin().is_terminal() => {
            context.warn(&words::type_total(total));
            let mut line = String::new();
            stdin().lock().read_line(&mut line)?;
            line
        }
        None => return Err(Error::Usage(words::total_missing(total, command))),
    };
    if Fen::from_yuan(typed.trim()) == Ok(total) {
        return Ok(());
    }
    Err(Error::Usage(words::total_differs(total, typed.trim())))
}
