//! stderr: progress, summaries and errors. It never ends a run: its reader may be gone (an ended
//! `ssh`, `| head`) or its disk full, and money is on its way meanwhile.
//!
//! The only place that writes there, but for the bar of `commands/progress.rs`, which ignores a
//! terminal that is gone by itself. `eprintln!` would panic.

use std::fmt::Display;
use std::io::{self, Write};

use crate::words::shown_lines;

/// Tells a line, or several.
pub fn tell(text: impl Display) {
    // A line that cannot be written is lost; Aside never fails.
    let _ = writeln!(Aside, "{text}");
}

/// stderr as a writer that never fails, and that shows no character which acts on a terminal.
#[derive(Debug, Clone, Copy)]
pub struct Aside;

impl Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let _ = io::stderr().write_all(shown_lines(&text).as_bytes());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// In one piece, so that no other process writes into the line.
    fn write_fmt(&mut self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        self.write_all(text.to_string().as_bytes())
    }
}
