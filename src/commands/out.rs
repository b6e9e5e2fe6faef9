//! stdout: what the verb was asked for, and nothing else. stderr: what is told beside it. And new
//! files, which never take the place of one that is there.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::error::Error;
use crate::ledger::LedgerError;
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

/// Makes a file that only its owner can read.
pub(super) fn create_private(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map_err(|fault| match fault.kind() {
        ErrorKind::AlreadyExists => Error::Ledger(LedgerError::Exists {
            path: path.to_owned(),
        }),
        _ => unwritten(path)(fault),
    })
}

/// A file that could not be written.
pub(super) fn unwritten(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::Write { path, source }
}
