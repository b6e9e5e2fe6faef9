//! What is long on stdout: written as it is made, and ended where nobody reads any more.

use std::io::{BufWriter, Error as IoError, ErrorKind, IsTerminal, StdoutLock, Write};
use std::path::Path;

use crate::error::Error;
use crate::words::{shown_json, shown_lines};

use super::out::{STDOUT, unwritten};

/// What is written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Lines,
    Json,
}

/// Standard output while it is written. A file or a program gets every byte as it is; a terminal
/// gets no character that acts on it.
pub(super) struct Stream {
    out: BufWriter<StdoutLock<'static>>,
    kind: Kind,
    is_terminal: bool,
    /// The line that a terminal has not got yet.
    line: Vec<u8>,
    is_closed: bool,
}

/// Writes to stdout. A reader that has seen enough, as `head` does, is no error.
pub(super) fn stream(
    kind: Kind,
    write: impl FnOnce(&mut Stream) -> Result<(), Error>,
) -> Result<(), Error> {
    let stdout = std::io::stdout();
    let mut stream = Stream {
        is_terminal: stdout.is_terminal(),
        out: BufWriter::new(stdout.lock()),
        kind,
        line: Vec::new(),
        is_closed: false,
    };
    let written = write(&mut stream).and_then(|()| Ok(stream.end()?));
    match written {
        Err(_) if stream.is_closed => {
            // What is left would be written again by dropping it.
            drop(stream.out.into_parts());
            Ok(())
        }
        Err(Error::Io(fault)) => Err(unwritten(Path::new(STDOUT))(fault)),
        other => other,
    }
}

impl Stream {
    fn end(&mut self) -> std::io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        self.show(&rest)?;
        self.flush()
    }

    fn show(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let text = String::from_utf8_lossy(bytes);
        let text = match self.kind {
            Kind::Lines => shown_lines(&text),
            Kind::Json => shown_json(&text),
        };
        let written = self.out.write_all(text.as_bytes());
        self.unless_closed(written)
    }

    fn unless_closed<T>(&mut self, written: Result<T, IoError>) -> Result<T, IoError> {
        let is_closed = |fault: &IoError| fault.kind() == ErrorKind::BrokenPipe;
        self.is_closed |= written.as_ref().is_err_and(is_closed);
        written
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !self.is_terminal {
            let written = self.out.write(bytes);
            return self.unless_closed(written);
        }
        // Whole lines: a character may come in two parts.
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            let rest = self.line.split_off(end + 1);
            let lines = std::mem::replace(&mut self.line, rest);
            self.show(&lines)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let written = self.out.flush();
        self.unless_closed(written)
    }
}
