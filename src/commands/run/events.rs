//! `run --events`: the campaign's moves as lines of JSON, beside the run. The journal is the queue:
//! a thread of its own reads what is committed, so that the order is the journal's, nothing is told
//! that is not durable, and a reader that is slow or gone holds nobody up.

use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::cli::RunArgs;
use crate::commands::console::{STDOUT, unwritten};
use crate::commands::output::grown::last_line;
use crate::commands::output::place::{FileKind, Output, OutputPlace};
use crate::commands::setup::context::Context;
use crate::error::Error;
use crate::ledger::{LedgerError, Owner, Reader};
use crate::report::event_mark;
use crate::words::{Part, Words, events as words, typed_path};

use super::follower::{EventRest, EventsTo, Follower};

/// What is typed in front of their file.
const EVENTS: &str = " --events";

/// How long the end of the process waits for a reader that takes nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where events go, and the thread that writes them while a run has the ledger.
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
    /// Between two runs of one process.
    Rests(EventRest),
    /// Nobody reads them any more, or it was told why they stopped.
    Over,
}

/// The thread, as the run sees it.
struct EventThread {
    /// Dropped, it is the end.
    goes_on: Sender<()>,
    /// `None` where no more are written.
    ended: Receiver<Option<EventRest>>,
    /// The row of the journal that it is at.
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
        let place = output.place(&format!("{run}{EVENTS}"))?;
        let shown = if place.is_stdout() {
            PathBuf::from(STDOUT)
        } else {
            path.clone()
        };
        Ok(Some(Events {
            command: format!("{run}{EVENTS} {}", typed_path(path)),
            path: shown,
            from: args.events_from,
            state: EventsState::Judged(place),
        }))
    }

    /// Begins to follow the journal, which a load may lengthen right after; after a wait, where it
    /// was.
    pub(super) fn begin(&mut self, context: &Context, owner: &Owner) -> Result<(), Error> {
        let (to, from) = match mem::replace(&mut self.state, EventsState::Over) {
            EventsState::Judged(place) => {
                let from = self.first(&place, &owner.reader()?)?;
                (EventsTo::Place(place), from)
            }
            EventsState::Rests(rest) => {
                let from = self.next(context, &rest, &owner.reader()?)?;
                (EventsTo::Opened(rest.to), from)
            }
            state @ (EventsState::Begun(_) | EventsState::Over) => {
                self.state = state;
                return Ok(());
            }
        };
        let at = Arc::new(AtomicI64::new(from));
        let follower = Follower {
            reader: opened(context)?,
            campaign: context.campaign.id.clone(),
            mode: context.campaign.gateway.mode.name(),
            to,
            at: Arc::clone(&at),
            lang: context.lang,
            path: self.path.clone(),
            command: self.command.clone(),
        };
        let (goes_on, signal) = channel();
        let (tell, ended) = channel();
        let follow = move || {
            // Nobody waits for it where the process ends.
            let _ = tell.send(follower.told(&signal));
        };
        match thread::Builder::new().spawn(follow) {
            Ok(_) => self.state = EventsState::Begun(EventThread { goes_on, ended, at }),
            // Money does not wait for those who watch it.
            Err(fault) => context.warn(&self.stopped(fault.to_string(), from)),
        }
        Ok(())
    }

    /// The row to begin with.
    fn first(&self, place: &OutputPlace, reader: &Reader) -> Result<i64, Error> {
        let next = reader.head()?.entries + 1;
        let from = self.from.unwrap_or(next);
        if from > next {
            return Err(Error::Usage(words::beyond(from, next - 1, next)));
        }
        if !place.is_file() {
            return Ok(from);
        }
        let mut file = place.grow()?;
        let last = last_line(&mut file).map_err(unwritten(&self.path))?;
        let Some(mark) = last.as_deref().map(event_mark) else {
            return Ok(from);
        };
        let head = mark.as_ref().map(|mark| mark.head).unwrap_or_default();
        if reader.head_at(head.entries)? != Some(head) {
            let (path, command) = (self.path.display(), self.command.as_str());
            // A file of blanks in its name is in quotes.
            let end = command.find(EVENTS).map(|at| at + EVENTS.len());
            let command = &command[..end.unwrap_or(command.len())];
            let seq = head.entries;
            let words = words::of_another_ledger(path, seq, command);
            return Err(Error::Usage(words));
        }
        // What stands there is not written twice, and what is missing comes first.
        let behind = head.entries + 1;
        Ok(self.from.map_or(behind, |typed| typed.max(behind)))
    }

    /// The row to go on with: the campaign file may name another ledger since, and a copy may have
    /// been put in the place of the one that it named.
    fn next(&self, context: &Context, rest: &EventRest, reader: &Reader) -> Result<i64, Error> {
        let Some(last) = rest.last else {
            return Ok(rest.from);
        };
        if reader.head_at(last.entries)? == Some(last) {
            return Ok(rest.from);
        }
        let (path, ledger) = (self.path.display(), context.campaign.ledger.display());
        context.warn(&words::not_in_this_ledger(path, last.entries, ledger));
        Ok(reader.head()?.entries + 1)
    }

    fn stopped(&self, why: impl Part, seq: i64) -> Words {
        words::stopped(self.path.display(), why, seq, self.command.as_str())
    }

    /// Whether stdout is for them alone.
    pub(super) fn have_stdout(&self) -> bool {
        self.path == Path::new(STDOUT)
    }

    /// Waits until everything that is in the journal by now was taken, or nobody takes it. What
    /// becomes of them is no matter of the run's exit code.
    pub(super) fn rest(&mut self, context: &Context) {
        self.state = match mem::replace(&mut self.state, EventsState::Over) {
            EventsState::Begun(thread) => match thread.rest() {
                Ok(Some(rest)) => EventsState::Rests(rest),
                Ok(None) => EventsState::Over,
                Err(at) => {
                    let why = words::not_read(PATIENCE.as_secs());
                    context.warn(&self.stopped(why, at));
                    EventsState::Over
                }
            },
            state => state,
        };
    }
}

impl EventThread {
    /// How it ended; where nobody takes anything, the row that it is at.
    fn rest(self) -> Result<Option<EventRest>, i64> {
        let EventThread { goes_on, ended, at } = self;
        drop(goes_on);
        loop {
            let before = at.load(Ordering::Relaxed);
            match ended.recv_timeout(PATIENCE) {
                Ok(rest) => return Ok(rest),
                Err(RecvTimeoutError::Timeout) if at.load(Ordering::Relaxed) != before => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return Err(before);
                }
            }
        }
    }
}

fn opened(context: &Context) -> Result<Reader, Error> {
    let path = &context.campaign.ledger;
    let gone = || LedgerError::NoLedger { path: path.clone() };
    Reader::open(path)?.ok_or_else(|| gone().into())
}
