//! A file that is to be written: where it goes, and whether it may.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Seek, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::recipients::workbook_property;
use crate::report::{
    EVENT_BEGIN, IDENTITY, SheetKind, event_mark, is_identity, is_report, is_sheet,
};
use crate::words::{Words, output as words};

use super::stream::{Delivered, StreamKind, stream, stream_into};
use super::taken::{OutputRefusal, TakenPlace};
use super::target::{self, Target, open_as_it_is};
use super::{grown, uses, whole};
use crate::commands::console::unwritten;
use crate::commands::setup::context::Context;

/// As much of a file as is looked at to know it.
const LOOK: u64 = 1 << 20;
/// How a zip begins.
const ZIP: [u8; 2] = *b"PK";

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum FileKind {
    Report,
    Sheet(SheetKind),
    Export,
    Backup,
    /// Appended to, never replaced.
    Events,
}

/// A file that is to be written.
#[derive(Clone, Copy)]
pub(in crate::commands) struct Output<'a> {
    pub(in crate::commands) context: &'a Context,
    pub(in crate::commands) path: &'a Path,
    pub(in crate::commands) kind: FileKind,
    pub(in crate::commands) is_forced: bool,
}

/// Where it goes, as it was judged.
#[derive(Clone)]
pub(in crate::commands) struct OutputPlace {
    path: PathBuf,
    target: Target,
}

impl Output<'_> {
    /// Judges where it goes.
    ///
    /// # Errors
    /// Where it would take the place of something: it says which command to type instead, whose
    /// last word is the file.
    pub(in crate::commands) fn place(&self, command: &str) -> Result<OutputPlace, Error> {
        let path = self.path.display();
        let is_appended = self.kind == FileKind::Events;
        self.judged()?.map_err(|refusal| {
            Error::Usage(match refusal {
                OutputRefusal::Used(what) => words::used(path, what, command),
                OutputRefusal::There(what) if is_appended => {
                    words::not_appended(path, what, command)
                }
                OutputRefusal::There(what) => words::there(path, what, command),
            })
        })
    }

    /// As [`Output::place`] for the report that a run ends with, whose name nobody types.
    pub(in crate::commands) fn place_of_run(&self, run: &str) -> Result<OutputPlace, Error> {
        let place = self.judged_for_run()?;
        place.map_err(|taken| Error::Usage(taken.words(run)))
    }

    /// Why a run would not write its report there; `None` where it would.
    pub(in crate::commands) fn taken_from_run(&self) -> Result<Option<TakenPlace>, Error> {
        Ok(self.judged_for_run()?.err())
    }

    fn judged_for_run(&self) -> Result<Result<OutputPlace, TakenPlace>, Error> {
        let path = self.path.to_owned();
        let judged = self.judged()?;
        Ok(judged.map_err(|refusal| TakenPlace { path, refusal }))
    }

    fn judged(&self) -> Result<Result<OutputPlace, OutputRefusal>, Error> {
        let target = Target::of(self.path).map_err(unwritten(self.path))?;
        if let Target::File { path, found } = &target {
            // Before anything is opened: to close the ledger would take SQLite's locks away.
            if let Some(what) = uses::named(self.context, path, *found) {
                return Ok(Err(OutputRefusal::Used(what)));
            }
            let is_free = found.is_none_or(|found| found.is_empty) || self.is_forced;
            if !is_free && let Some(what) = self.kept(path)? {
                return Ok(Err(OutputRefusal::There(what)));
            }
        }
        Ok(Ok(OutputPlace {
            path: self.path.to_owned(),
            target,
        }))
    }

    /// The file that is there, in words, where it is not replaced.
    fn kept(&self, path: &Path) -> Result<Option<Words>, Error> {
        if self.is_earlier(path)? {
            return Ok(self.may_be_live(path).then(words::maybe_live));
        }
        Ok(Some(match self.kind {
            FileKind::Report => words::no_report(),
            FileKind::Sheet(_) => words::no_sheet(),
            FileKind::Events => words::no_events(),
            FileKind::Export | FileKind::Backup => words::something(),
        }))
    }

    /// Whether an earlier report may be that of real packets, which nobody can tell from its rows:
    /// in simulator mode, beside a live ledger, where its name is none that a rehearsal gives.
    fn may_be_live(&self, path: &Path) -> bool {
        let is_kind = matches!(self.kind, FileKind::Report | FileKind::Sheet(_));
        let own = self.context.report_name("");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_kind && self.context.is_beside_live() && !name.starts_with(&own)
    }

    /// Whether it is an earlier output of the same kind that can be made again.
    fn is_earlier(&self, path: &Path) -> Result<bool, Error> {
        match self.kind {
            FileKind::Export | FileKind::Backup => Ok(false),
            FileKind::Events => {
                let file = open_as_it_is(path).map_err(unwritten(path))?;
                Ok(self.are_our_events(BufReader::new(file.take(LOOK))))
            }
            FileKind::Report | FileKind::Sheet(_) => {
                let mut file = open_as_it_is(path).map_err(unwritten(path))?;
                let terms = self.context.terms();
                let is_ours =
                    |key: &str, generation, number: &str| terms.is_number(key, generation, number);
                if let FileKind::Sheet(kind) = self.kind {
                    return Ok(is_sheet(BufReader::new(file.take(LOOK)), kind, is_ours));
                }
                // A zip is a workbook, or nothing of ours.
                let mut begin = [0; ZIP.len()];
                let is_zip = file.read_exact(&mut begin).is_ok() && begin == ZIP;
                file.rewind().map_err(unwritten(path))?;
                Ok(if is_zip {
                    let identity = workbook_property(file, IDENTITY);
                    identity.is_some_and(|text| is_identity(&text, is_ours))
                } else {
                    is_report(BufReader::new(file.take(LOOK)), is_ours)
                })
            }
        }
    }

    /// Whether events begin with one of this campaign. Of a first line that was never ended nothing
    /// but its begin is known: it is cut off.
    fn are_our_events(&self, mut file: impl BufRead) -> bool {
        let mut first = String::new();
        if file.read_line(&mut first).is_err() {
            return false;
        }
        if !first.ends_with('\n') {
            return first.starts_with(EVENT_BEGIN);
        }
        let mark = event_mark(&first);
        let campaign = &self.context.campaign;
        mark.is_some_and(|mark| {
            let is_mode = mark.mode == campaign.gateway.mode.name();
            mark.campaign == campaign.id.as_str() && is_mode
        })
    }
}

impl OutputPlace {
    /// Opens it to be appended to: a file is made where there is none, a fifo waits for its reader.
    pub(in crate::commands) fn grow(&self) -> Result<File, Error> {
        let opened = match &self.target {
            Target::File { path, .. } => grown::open(path),
            Target::Stream => target::open(&self.path),
            Target::Stdout => std::io::stdout()
                .as_fd()
                .try_clone_to_owned()
                .map(File::from),
        };
        opened.map_err(unwritten(&self.path))
    }

    /// Whether it is a file, which keeps what was written before.
    pub(in crate::commands) fn is_file(&self) -> bool {
        matches!(self.target, Target::File { .. })
    }

    /// Whether it is stdout.
    pub(in crate::commands) fn is_stdout(&self) -> bool {
        self.target == Target::Stdout
    }

    /// Writes it.
    pub(in crate::commands) fn write(
        self,
        kind: StreamKind,
        fill: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
    ) -> Result<Delivered, Error> {
        match &self.target {
            Target::Stdout => stream(kind, |to| fill(to)),
            Target::Stream => {
                let to = self.open()?;
                stream_into((kind, &self.path), to, |to| fill(to))
            }
            Target::File { path, .. } => {
                whole::write(path, |to, _| {
                    let mut to = BufWriter::new(to);
                    fill(&mut to)?;
                    Ok(to.flush()?)
                })?;
                Ok(Delivered::Whole)
            }
        }
    }

    /// As [`OutputPlace::write`], for a writer that needs a file of its own: it gets a new one,
    /// beside `near` where the place is none.
    pub(in crate::commands) fn write_named(
        self,
        near: &Path,
        fill: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<Delivered, Error> {
        let Target::File { path, .. } = &self.target else {
            let copied = |whole: &Path| {
                let mut whole = File::open(whole)?;
                let mut to: Box<dyn Write> = match self.target {
                    Target::Stdout => Box::new(std::io::stdout().lock()),
                    Target::Stream | Target::File { .. } => Box::new(target::open(&self.path)?),
                };
                std::io::copy(&mut whole, &mut to).and_then(|_| to.flush())
            };
            return whole::pass(near, |name| {
                fill(name)?;
                match copied(name) {
                    Ok(()) => Ok(Delivered::Whole),
                    Err(fault) if fault.kind() == ErrorKind::BrokenPipe => {
                        Ok(Delivered::ReaderLeft)
                    }
                    Err(fault) => Err(unwritten(&self.path)(fault)),
                }
            });
        };
        whole::write(path, |_, name| fill(name))?;
        Ok(Delivered::Whole)
    }

    fn open(&self) -> Result<File, Error> {
        target::open(&self.path).map_err(unwritten(&self.path))
    }
}
