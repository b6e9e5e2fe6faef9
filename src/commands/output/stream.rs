//! Long output to stdout, a device or a fifo: written as it is made, ended when the reader is gone.

use std::fs::File;
use std::io::{BufWriter, Error as IoError, ErrorKind, IsTerminal, Write};
use std::path::Path;

use crate::error::Error;
use crate::words::{shown_json, shown_lines};

use crate::commands::console::{STDOUT, named};

/// What became of an output.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Delivered {
    Whole,
    /// Its reader had seen enough: how much it has is not known.
    ReaderLeft,
}

/// The form of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum StreamKind {
    Lines,
    Json,
}

/// An open output. A file or a program gets every byte unchanged; a terminal gets no control
/// characters.
struct Stream<W: Write> {
    out: BufWriter<W>,
    kind: StreamKind,
    is_terminal: bool,
    /// The line that a terminal has not got yet.
    line: Vec<u8>,
    is_closed: bool,
}

/// Writes to stdout. A reader that has seen enough, as `head` does, is no error.
pub(in crate::commands) fn stream(
    kind: StreamKind,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
) -> Result<Delivered, Error> {
    let stdout = std::io::stdout();
    let is_terminal = stdout.is_terminal();
    let stream = Stream::new(stdout.lock(), kind, is_terminal);
    stream.filled(Path::new(STDOUT), write)
}

/// As [`stream`], to what was opened under this name.
pub(super) fn stream_into(
    (kind, path): (StreamKind, &Path),
    to: File,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
) -> Result<Delivered, Error> {
    let is_terminal = to.is_terminal();
    Stream::new(to, kind, is_terminal).filled(path, write)
}

impl<W: Write> Stream<W> {
    fn new(out: W, kind: StreamKind, is_terminal: bool) -> Self {
        Stream {
            out: BufWriter::new(out),
            kind,
            is_terminal,
            line: Vec::new(),
            is_closed: false,
        }
    }

    fn filled(
        mut self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
    ) -> Result<Delivered, Error> {
        let written = write(&mut self).and_then(|()| Ok(self.end()?));
        if written.is_err() {
            // Dropping it would write the rest again.
            drop(self.out.into_parts());
        }
        match written {
            Ok(()) => Ok(Delivered::Whole),
            Err(_) if self.is_closed => Ok(Delivered::ReaderLeft),
            Err(fault) => Err(named(path)(fault)),
        }
    }

    fn end(&mut self) -> std::io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        if !rest.is_empty() {
            self.show(&rest)?;
        }
        self.flush()
    }

    fn show(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let text = String::from_utf8_lossy(bytes);
        let text = match self.kind {
            StreamKind::Lines => shown_lines(&text),
            StreamKind::Json => shown_json(&text),
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

impl<W: Write> Write for Stream<W> {
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
