//! Ctrl-C and SIGTERM: the first drains, the second stops at once.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use super::gate::{Gate, Shut};
use crate::words::{Lang, run as words};

/// A signal that asks the process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT, Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// The exit code by the shell's convention, 128 + number.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Signal::Interrupt => 130,
            Signal::Terminate => 143,
        }
    }
}

/// Shuts the gate at the first signal and says so in `lang`; at the second ends the process at
/// once. What was open then is in doubt, and the next start says so: the attempts are durable.
///
/// # Errors
/// Where the handlers cannot be installed.
pub fn on_signals(gate: Arc<Gate>, lang: Lang) -> std::io::Result<()> {
    let mut interrupts = signal(SignalKind::interrupt())?;
    let mut terminations = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        let mut is_first = true;
        loop {
            let got = tokio::select! {
                _ = interrupts.recv() => Signal::Interrupt,
                _ = terminations.recv() => Signal::Terminate,
            };
            if !is_first {
                eprintln!("{}", words::stopped_at_once().within(lang));
                std::process::exit(i32::from(got.exit_code()));
            }
            is_first = false;
            eprintln!("{}", words::stopping().within(lang));
            gate.shut(Shut::Signal(got));
        }
    });
    Ok(())
}
