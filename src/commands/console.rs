//! stdout carries the result only; progress and summaries go to stderr. And new files, which never
//! take the place of one that is there.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::Value;

use crate::aside;
use crate::aside::Level;
use crate::domain::hex::hex;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::LedgerError;
use crate::words::{Lang, Words, output, shown_json, shown_lines};

/// The name of standard output in messages.
pub(super) const STDOUT: &str = "(stdout)";

/// Writes a line, or several; whether somebody still reads. A reader that has seen enough, as
/// `head` does, is no error.
pub(super) fn say(line: impl Display) -> Result<bool, Error> {
    write_out(&shown_lines(&format!("{line}\n")))
}

/// Writes a document, as [`say`] does.
pub(super) fn say_json(document: &Value) -> Result<bool, Error> {
    write_out(&shown_json(&format!("{document}\n")))
}

fn write_out(text: &str) -> Result<bool, Error> {
    let mut stdout = std::io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Ok(()) => Ok(true),
        Err(fault) if fault.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(fault) => Err(unwritten(Path::new(STDOUT))(fault)),
    }
}

/// Tells a person something beside the result.
pub(super) fn tell(lang: Lang, words: &Words) {
    aside::tell_words(lang, Level::Info, words);
}

/// As [`tell`], what somebody should look at: also a quiet process says it.
pub(super) fn warn(lang: Lang, words: &Words) {
    aside::tell_words(lang, Level::Warn, words);
}

/// Tells what is in the person's language already.
pub(super) fn tell_text(text: &str) {
    aside::tell(text.trim_end());
}

/// The exit code of what was done, whether or not it could be told: how the campaign stands is not
/// hidden by a full disk. Only where all is well the fault is the news.
pub(super) fn despite<T>(lang: Lang, told: Result<T, Error>, exit: ExitCode) -> ExitCode {
    let Err(fault) = told else {
        return exit;
    };
    aside::tell_error(lang, &fault.words(), fault.exit().code(), None);
    if exit == ExitCode::Done {
        return fault.exit();
    }
    exit
}

/// An error on one line.
pub(super) fn one_line(fault: &Error) -> Words {
    let line = |lang| {
        let text = fault.within(lang);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        match lines.split_first() {
            Some((head, [])) => (*head).to_owned(),
            Some((head, rest)) => {
                let [blank, between] = match lang {
                    Lang::En => [" ", "; "],
                    Lang::Zh => ["", "；"],
                };
                [*head, blank, &rest.join(between)].concat()
            }
            None => String::new(),
        }
    };
    Words {
        code: "error.line",
        en: line(Lang::En),
        zh: line(Lang::Zh),
    }
}

/// Makes a file that only its owner can read, and that was not there before: for a secret.
pub(super) fn create_private(path: &Path) -> Result<File, Error> {
    if path == Path::new("-") {
        return Err(Error::Usage(output::key_to_nobody(path.display())));
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map_err(|fault| match fault.kind() {
        ErrorKind::AlreadyExists => Error::Ledger(LedgerError::Exists {
            path: path.to_owned(),
        }),
        _ => unwritten(path)(fault),
    })
}

/// Sixteen hexadecimal digits that nobody can foresee.
pub(super) fn unforeseen() -> std::io::Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|fault| std::io::Error::other(fault.to_string()))?;
    Ok(hex(&random))
}

/// Names the file where a fault of writing does not yet.
pub(super) fn named(path: &Path) -> impl FnOnce(Error) -> Error {
    |fault| match fault {
        Error::Io(fault) => unwritten(path)(fault),
        fault => fault,
    }
}

/// A file that could not be written.
pub(super) fn unwritten(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::Write { path, source }
}
