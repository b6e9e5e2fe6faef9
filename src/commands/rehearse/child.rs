//! The program itself as a child: started, waited for, and killed.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::kills::KillMoment;
use crate::runner::{Signal, Signals};
use crate::words::Lang;

/// How often a child is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// Environment variables that the child must not inherit, the live campaign's secrets first. What
/// started the rehearsal waits for nothing that its children say.
const FOREIGN: [&str; 7] = [
    "HONGBAO_API_KEY",
    "CREDENTIALS_DIRECTORY",
    "HONGBAO_SIMULATED_NOW",
    "HONGBAO_LOG",
    "NOTIFY_SOCKET",
    "WATCHDOG_PID",
    "WATCHDOG_USEC",
];
/// SIGKILL.
const KILL: i32 = 9;

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChildExit {
    /// By itself, with this exit code; -1 where a foreign signal ended it.
    Itself(i32),
    /// Killed as planned.
    Killed,
    /// The rehearsal was asked to stop, and the child with it.
    Stopped(Signal),
}

/// Starts this very program on the campaign that is played.
pub(super) struct Program {
    path: PathBuf,
    campaign: PathBuf,
    /// The language of its messages.
    pub(super) lang: Lang,
}

impl Program {
    pub(super) fn on(campaign: PathBuf, lang: Lang) -> io::Result<Program> {
        let path = std::env::current_exe()?;
        Ok(Program {
            path,
            campaign,
            lang,
        })
    }

    /// Starts a verb; what it says goes into `log`. In a group of its own: Ctrl-C is for the
    /// rehearsal, which ends its child itself.
    pub(super) fn start(&self, verb: &str, rest: &[&str], log: &Path) -> io::Result<Living> {
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(true).mode(0o600);
        let log = options.open(log)?;
        let mut command = Command::new(&self.path);
        command.arg(verb).arg(&self.campaign).args(rest);
        command.stdin(Stdio::null());
        command.stdout(log.try_clone()?).stderr(log);
        alone(&mut command);
        command.env("HONGBAO_LANG", self.lang.name());
        Ok(Living(command.process_group(0).spawn()?))
    }
}

/// Takes away what is not meant for a child.
pub(super) fn alone(command: &mut Command) {
    for name in FOREIGN {
        command.env_remove(name);
    }
}

/// A child that does not outlive its owner.
pub(super) struct Living(Child);

impl Living {
    /// Waits for its end, or kills it at its moment.
    pub(super) async fn end(
        mut self,
        moment: Option<KillMoment>,
        arrivals: &mut watch::Receiver<u64>,
        signals: &mut Signals,
    ) -> io::Result<ChildExit> {
        let killing = come(moment, arrivals);
        tokio::pin!(killing);
        loop {
            tokio::select! {
                biased;
                signal = signals.next() => return Ok(ChildExit::Stopped(signal)),
                () = &mut killing => {
                    self.0.kill()?;
                    return Ok(ended(self.0.wait()?));
                }
                () = sleep(LOOK) => if let Some(status) = self.0.try_wait()? {
                    return Ok(ended(status));
                },
            }
        }
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        // It may be over already; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One that was quicker than its kill ended by itself.
fn ended(status: ExitStatus) -> ChildExit {
    match (status.signal(), status.code()) {
        (Some(KILL), _) => ChildExit::Killed,
        (_, code) => ChildExit::Itself(code.unwrap_or(-1)),
    }
}

/// Waits for the moment; for ever where there is none.
async fn come(moment: Option<KillMoment>, arrivals: &mut watch::Receiver<u64>) {
    match moment {
        Some(KillMoment::AtRequest(request)) => {
            if arrivals.wait_for(|count| *count >= request).await.is_err() {
                // The gateway is gone, and the child will end without it.
                std::future::pending::<()>().await;
            }
        }
        Some(KillMoment::After(wait)) => sleep(wait).await,
        None => std::future::pending().await,
    }
}
