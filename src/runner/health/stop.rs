//! Ctrl-C, SIGTERM and a terminal that is gone: the first drains, the second stops at once.

use std::sync::Arc;

use tokio::signal::unix::{self, SignalKind, signal};

use super::gate::{Gate, Shut, Signal};
use crate::aside::tell;
use crate::guard;
use crate::service;
use crate::words::{Lang, run as words};

/// Signals that ask this process to end. A hangup asks as SIGTERM does, unless it was ignored at
/// the start, as under `nohup`.
#[derive(Debug)]
pub struct Signals {
    interrupts: unix::Signal,
    terminations: unix::Signal,
    hangups: Option<unix::Signal>,
}

impl Signals {
    /// Takes them from now on.
    ///
    /// # Errors
    /// Where the handlers cannot be installed.
    pub fn install() -> std::io::Result<Signals> {
        let hangups = if is_hangup_ignored() {
            None
        } else {
            Some(signal(SignalKind::hangup())?)
        };
        Ok(Signals {
            interrupts: signal(SignalKind::interrupt())?,
            terminations: signal(SignalKind::terminate())?,
            hangups,
        })
    }

    /// Waits for the next one. The end of a terminal may come as several hangups, from the shell
    /// and from the system: only the first counts, so that none stops at once.
    pub async fn next(&mut self) -> Signal {
        let hangup = async {
            match &mut self.hangups {
                Some(hangups) => drop(hangups.recv().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupts.recv() => return Signal::Interrupt,
            _ = self.terminations.recv() => return Signal::Terminate,
            () = hangup => {}
        }
        self.hangups = None;
        Signal::Terminate
    }
}

/// Whether SIGHUP, number 1, is ignored. Where the system does not tell, it is not.
fn is_hangup_ignored() -> bool {
    let ignored = guard::status("SigIgn");
    ignored
        .and_then(|mask| u64::from_str_radix(&mask, 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}

/// Shuts the gate at the first signal and says so in `lang`; at the second ends the process at
/// once. Requests that were open are then in doubt, and the next start says so: attempts are
/// durable.
///
/// # Errors
/// Where the handlers cannot be installed.
pub fn on_signals(gate: Arc<Gate>, lang: Lang) -> std::io::Result<()> {
    let mut signals = Signals::install()?;
    tokio::spawn(async move {
        let first = signals.next().await;
        gate.shut(Shut::Signal(first));
        service::stopping();
        let stopping = words::stopping();
        service::status(stopping.within(lang));
        tell(stopping.within(lang));
        let second = signals.next().await;
        tell(words::stopped_at_once().within(lang));
        std::process::exit(i32::from(second.exit_code()));
    });
    Ok(())
}
