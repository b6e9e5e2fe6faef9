//! stdout: what the verb was asked for, and nothing else. stderr: what is told beside it.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use crate::error::Error;
use crate::words::{Lang, Words};

/// Writes a line. A reader that has seen enough, as `head` does, is no error.
pub(super) fn say(line: impl Display) -> Result<(), Error> {
    unless_closed(writeln!(std::io::stdout(), "{line}"))
}

/// Tells a person something beside what was asked for.
pub(super) fn tell(lang: Lang, words: &Words) {
    eprintln!("{}", words.within(lang));
}

/// Tells what is in the person's language already.
pub(super) fn tell_text(text: &str) {
    eprintln!("{}", text.trim_end());
}

/// Takes a closed pipe for a reader that has seen enough.
pub(super) fn unless_closed(written: std::io::Result<()>) -> Result<(), Error> {
    match written {
        Err(fault) if fault.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
