//! The thread of `run --events`: what is committed to the journal, as lines.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::commands::console::{one_line, unwritten, warn};
use crate::commands::output::place::OutputPlace;
use crate::domain::ids::CampaignId;
use crate::error::Error;
use crate::ledger::{Head, MoveRow, Reader};
use crate::report::event_line;
use crate::words::{Lang, events as words, shown_json};

/// How often the journal is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// Lines that are written at a time: a slow reader shows by each.
const TOGETHER: usize = 100;

/// What the thread needs.
pub(super) struct Follower {
    pub(super) reader: Reader,
    pub(super) campaign: CampaignId,
    pub(super) mode: &'static str,
    pub(super) to: EventsTo,
    pub(super) at: Arc<AtomicI64>,
    /// How a fault is told.
    pub(super) lang: Lang,
    pub(super) path: PathBuf,
    pub(super) command: String,
}

/// A fifo is opened by the thread: that waits for its reader.
pub(super) enum EventsTo {
    Place(OutputPlace),
    Opened(File),
}

/// Everything is written that was in the journal.
pub(super) struct EventRest {
    pub(super) to: File,
    /// The row to go on with.
    pub(super) from: i64,
    /// The one before it, which tells this journal from another.
    pub(super) last: Option<Head>,
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

    /// As [`Follower::follow`]. A fault is told when it happens.
    pub(super) fn told(self, signal: &Receiver<()>) -> Option<EventRest> {
        let fault = match self.follow(signal) {
            Ok(rest) => return rest,
            Err(fault) => one_line(&fault),
        };
        let (path, command) = (self.path.display(), self.command.as_str());
        let at = self.at.load(Ordering::Relaxed);
        warn(self.lang, &words::stopped(path, fault, at, command));
        None
    }

    /// Writes what is committed until `signal` ends, and then the rest; `None` where nobody reads
    /// any more.
    fn follow(&self, signal: &Receiver<()>) -> Result<Option<EventRest>, Error> {
        let mut to = match &self.to {
            EventsTo::Place(place) => place.grow()?,
            EventsTo::Opened(file) => file.try_clone().map_err(unwritten(&self.path))?,
        };
        let mut is_over = false;
        loop {
            let from = self.at.load(Ordering::Relaxed);
            let (moves, next) = self.reader.moves(&self.campaign, from)?;
            for moves in moves.chunks(TOGETHER) {
                match push(&mut to, self.lines(moves).as_bytes()) {
                    Ok(true) => {}
                    // A reader that has seen enough, as `head` has, is no error.
                    Ok(false) => return Ok(None),
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
                let last = self.reader.head_at(from - 1)?;
                return Ok(Some(EventRest { to, from, last }));
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
