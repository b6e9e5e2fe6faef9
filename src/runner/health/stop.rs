//! Ctrl-C, SIGTERM and a terminal that is gone: the first drains, the second stops at once.

use std::sync::{Arc, Once};

use tokio::signal::unix::{self, SignalKind, signal};
use tokio::sync::watch;

use super::gate::{Gate, Shut, Signal};
use crate::aside::{Level, tell_words};
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

/// The signals of a process that may send in several open times: the first is kept until the
/// process has ended, whether it sends just then or waits.
#[derive(Debug)]
pub struct Stops {
    heard: Option<watch::Receiver<Option<Signal>>>,
    lang: Lang,
    told: Arc<Once>,
}

impl Stops {
    /// It listens from the first send or wait on. Before, a signal ends the process by itself.
    #[must_use]
    pub fn new(lang: Lang) -> Stops {
        Stops {
            heard: None,
            lang,
            told: Arc::new(Once::new()),
        }
    }

    /// Shuts the gate at the first signal, or now if that came already, and says so once. The
    /// second signal ends the process at once. Requests that were open are then in doubt, and the
    /// next start says so: attempts are durable.
    ///
    /// # Errors
    /// Where the handlers cannot be installed.
    pub fn shut(&mut self, gate: &Arc<Gate>) -> std::io::Result<()> {
        let mut heard = self.listen()?;
        let (lang, told) = (self.lang, Arc::clone(&self.told));
        let gate = Arc::downgrade(gate);
        tokio::spawn(async move {
            let signal = first(&mut heard).await;
            // One that is gone belonged to an open time that is over.
            if let Some(gate) = gate.upgrade() {
                gate.shut(Shut::Signal(signal));
                service::stopping();
                let stopping = words::stopping();
                service::status(stopping.within(lang));
                told.call_once(|| tell_words(lang, Level::Warn, &stopping));
            }
        });
        Ok(())
    }

    /// Waits for the first signal.
    ///
    /// # Errors
    /// Where the handlers cannot be installed.
    pub async fn next(&mut self) -> std::io::Result<Signal> {
        Ok(first(&mut self.listen()?).await)
    }

    fn listen(&mut self) -> std::io::Result<watch::Receiver<Option<Signal>>> {
        if let Some(heard) = &self.heard {
            return Ok(heard.clone());
        }
        let (mut signals, lang) = (Signals::install()?, self.lang);
        let (hear, heard) = watch::channel(None);
        tokio::spawn(async move {
            hear.send_replace(Some(signals.next().await));
            let second = signals.next().await;
            tell_words(lang, Level::Warn, &words::stopped_at_once());
            std::process::exit(i32::from(second.exit_code()));
        });
        self.heard = Some(heard.clone());
        Ok(heard)
    }
}

async fn first(heard: &mut watch::Receiver<Option<Signal>>) -> Signal {
    let heard = heard.wait_for(Option::is_some).await;
    match heard.map(|heard| *heard) {
        Ok(Some(signal)) => signal,
        // Nobody listens any more: none comes.
        Ok(None) | Err(_) => std::future::pending().await,
    }
}

/// As [`Stops::shut`], for a process with one gate.
///
/// # Errors
/// Where the handlers cannot be installed.
pub fn on_signals(gate: &Arc<Gate>, lang: Lang) -> std::io::Result<()> {
    Stops::new(lang).shut(gate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_signal_shuts_the_gate_of_the_open_time_and_no_earlier_one() {
        let (hear, heard) = watch::channel(None);
        let mut stops = Stops {
            heard: Some(heard),
            ..Stops::new(Lang::En)
        };
        let gates = [(); 3].map(|()| Arc::new(Gate::default()));
        let [first, second, third] = gates;
        stops.shut(&first).unwrap();
        tokio::time::sleep(std::time::Duration::from_mins(1)).await;
        assert_eq!(first.is_shut(), None);
        // The first open time is over; the process waits, and sends again.
        let earlier = Arc::downgrade(&first);
        drop(first);
        assert!(earlier.upgrade().is_none(), "a listener keeps no gate");
        stops.shut(&second).unwrap();
        hear.send_replace(Some(Signal::Terminate));
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        assert_eq!(second.is_shut(), Some(Shut::Signal(Signal::Terminate)));
        assert!(stops.told.is_completed());
        // One that came between two open times is not lost.
        assert_eq!(stops.next().await.unwrap(), Signal::Terminate);
        stops.shut(&third).unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        assert_eq!(third.is_shut(), Some(Shut::Signal(Signal::Terminate)));
    }
}
