//! `run --events`: the campaign's moves as lines of JSON, beside the run. The journal is the queue:
//! a thread of its own reads what is committed, so that the order is the journal's, nothing is told
//! that is not durable, and a reader that is slow or gone holds nobody up.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::cli::RunArgs;
use crate::commands::console::{STDOUT, despite, unwritten};
use crate::commands::output::grown::last_line;
use crate::commands::output::place::{FileKind, Output, OutputPlace};
use crate::commands::setup::context::Context;
use crate::domain::ids::CampaignId;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{LedgerError, MoveRow, Owner, Reader};
use crate::report::{event_line, event_mark};
use crate::words::{events as words, shown_json};

/// How often the journal is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// Lines that are written at a time: a slow reader shows by each.
const TOGETHER: usize = 100;
/// How long the end of the process waits for a reader that takes nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where events go, and the thread that writes them once it was begun.
pub(super) struct Events {
    path: PathBuf,
    /// The row of the journal to begin with, as it was typed.
    from: Option<i64>,
    command: String,
    state: EventsState,
}

enum EventsState {
    Judged(OutputPlace),
    Begun(EventThread),
}

/// The thread, as the run sees it.
struct EventThread {
    /// Dropped, it is the end.
    goes_on: Sender<()>,
    ended: Receiver<Result<(), Error>>,
    /// The row of the journal that it is at.
    at: Arc<AtomicI64>,
}

/// What the thread needs.
struct Follower {
    reader: Reader,
    campaign: CampaignId,
    mode: &'static str,
    place: OutputPlace,
    path: PathBuf,
    at: Arc<AtomicI64>,
}

impl Events {
    /// Judges where they go, before anything else is done.
    pub(super) fn of(context: &Context, args: &RunArgs) -> Result<Option<Events>, Error> {
        let Some(path) = &args.events else {
            return Ok(None);
        };
        let output = Output {
            context,
            path,
            kind: FileKind::Events,
            is_forced: false,
        };
        let run = context.run_command();
        let place = output.place(&format!("{run} --events"))?;
        let shown = if place.is_stdout() {
            PathBuf::from(STDOUT)
        } else {
            path.clone()
        };
        Ok(Some(Events {
            command: format!("{run} --events {}", path.display()),
            path: shown,
            from: args.events_from,
            state: EventsState::Judged(place),
        }))
    }

    /// Begins to follow the journal, which a load may lengthen right after.
    pub(super) fn begin(&mut self, context: &Context, owner: &Owner) -> Result<(), Error> {
        let EventsState::Judged(place) = &self.state else {
            return Ok(());
        };
        let now = owner.reader()?.head()?.entries;
        let mut from = self.from.unwrap_or(now + 1);
        if place.is_file() {
            let mut file = place.grow()?;
            let last = last_line(&mut file).map_err(unwritten(&self.path))?;
            if let Some(mark) = last.as_deref().map(event_mark) {
                let head = mark.as_ref().map(|mark| mark.head).unwrap_or_default();
                if owner.reader()?.head_at(head.entries)? != Some(head) {
                    let (path, command) = (self.path.display(), self.command.as_str());
                    let command = command.rsplit_once(' ').map_or(command, |it| it.0);
                    let seq = head.entries;
                    let words = words::of_another_ledger(path, seq, command);
                    return Err(Error::Usage(words));
                }
                // What stands there is not written twice, and what is missing comes first.
                from = match self.from {
                    Some(typed) => typed.max(head.entries + 1),
                    None => head.entries + 1,
                };
            }
        }
        let at = Arc::new(AtomicI64::new(from));
        let follower = Follower {
            reader: opened(context)?,
            campaign: context.campaign.id.clone(),
            mode: context.campaign.gateway.mode.name(),
            place: place.clone(),
            path: self.path.clone(),
            at: Arc::clone(&at),
        };
        let (goes_on, signal) = channel();
        let (tell, ended) = channel();
        thread::spawn(move || {
            // Nobody waits for it where the process ends.
            let _ = tell.send(follower.follow(&signal));
        });
        self.state = EventsState::Begun(EventThread { goes_on, ended, at });
        Ok(())
    }

    /// Whether stdout is for them alone.
    pub(super) fn have_stdout(&self) -> bool {
        self.path == Path::new(STDOUT)
    }

    /// Waits until everything that is in the journal by now was taken, or nobody takes it. The exit
    /// code is that of the run, whatever became of its events.
    pub(super) fn end(self, context: &Context, exit: ExitCode) -> ExitCode {
        let EventsState::Begun(EventThread { goes_on, ended, at }) = self.state else {
            return exit;
        };
        drop(goes_on);
        loop {
            let before = at.load(Ordering::Relaxed);
            let why = match ended.recv_timeout(PATIENCE) {
                Ok(Ok(())) => return exit,
                Ok(Err(fault)) => {
                    return despite(context.lang, Err::<(), _>(fault), exit);
                }
                Err(RecvTimeoutError::Timeout) if at.load(Ordering::Relaxed) != before => continue,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    words::not_read(PATIENCE.as_secs())
                }
            };
            let (path, command) = (self.path.display(), self.command.as_str());
            context.warn(&words::stopped(path, why, before, command));
            return exit;
        }
    }
}

fn opened(context: &Context) -> Result<Reader, Error> {
    let path = &context.campaign.ledger;
    let gone = || LedgerError::NoLedger { path: path.clone() };
    Reader::open(path)?.ok_or_else(|| gone().into())
}

impl Follower {
    fn lines(&self, moves: &[MoveRow]) -> String {
        let mut lines = String::new();
        for moved in moves {
            lines.push_str(&event_line(self.campaign.as_str(), self.mode, moved));
            lines.push('\n');
        }
        shown_json(&lines).into_owned()
    }

    /// Writes what is committed until `signal` ends, and then the rest.
    fn follow(self, signal: &Receiver<()>) -> Result<(), Error> {
        let mut to = self.place.grow()?;
        let mut is_over = false;
        loop {
            let from = self.at.load(Ordering::Relaxed);
            let (moves, next) = self.reader.moves(&self.campaign, from)?;
            for moves in moves.chunks(TOGETHER) {
                match push(&mut to, self.lines(moves).as_bytes()) {
                    Ok(true) => {}
                    // A reader that has seen enough, as `head` has, is no error.
                    Ok(false) => return Ok(()),
                    Err(fault) => return Err(unwritten(&self.path)(fault)),
                }
                let last = moves.last().map_or(from, |it| it.head.entries + 1);
                self.at.store(last, Ordering::Relaxed);
            }
            self.at.store(next, Ordering::Relaxed);
            if next > from {
                continue;
            }
            if is_over {
                return Ok(());
            }
            is_over = signal.recv_timeout(LOOK) == Err(RecvTimeoutError::Disconnected);
        }
    }
}

/// Writes all of it; whether somebody still reads. A reader may have made its end of a pipe such
/// that it does not wait.
fn push(to: &mut File, mut text: &[u8]) -> std::io::Result<bool> {
    while !text.is_empty() {
        match to.write(text) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(count) => text = &text[count..],
            Err(fault) => match fault.kind() {
                ErrorKind::BrokenPipe => return Ok(false),
                ErrorKind::WouldBlock => thread::sleep(LOOK),
                ErrorKind::Interrupted => {}
                _ => return Err(fault),
            },
        }
    }
    Ok(true)
}
