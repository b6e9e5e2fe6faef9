//! From a recipients file into a ledger: what `load`, `run` and `plan` share.

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::domain::money::Fen;
use crate::domain::packet::Packet;
use crate::error::Error;
use crate::ledger::{Added, Draft, Drafter, FileFacts, LoadRules, Loading, Owner};
use crate::recipients::{Cause, Fault, Faults, Reader, RecipientsError, Rules, Stamp, Summary};

use super::context::Context;

/// What a load would do, before it is committed.
pub(super) struct Staged<'a> {
    loading: Loading<'a>,
    /// Rows of the file.
    pub(super) rows: u64,
    /// Money of the file.
    pub(super) total: Fen,
    /// Of its bytes.
    pub(super) sha256: [u8; 32],
}

/// Rows that one thread hands to the other at a time, and how many such heaps may wait.
const HEAP: usize = 512;
const HEAPS: usize = 4;
/// A row of a recipients file has at least an openid and an amount: about so many bytes.
const ROW_BYTES: u64 = 48;

/// Reads the whole file into a transaction and checks everything; nothing is durable yet.
pub(super) fn stage<'a>(
    context: &Context,
    owner: &'a mut Owner,
    file: &Path,
    rules: &LoadRules,
) -> Result<Staged<'a>, Error> {
    let has_scene = context.campaign.texts.scene_id.is_some();
    let before = Stamp::of(file);
    let reader = Reader::open(file, Rules { has_scene })?;
    let columns = reader.columns().clone();
    let now = context.clock.now_ms();
    let mut loading = owner.begin_load(&context.terms(), columns.has_row_key, rules, now)?;
    let size = std::fs::metadata(file).map_or(0, |facts| facts.len());
    loading.expect(size / ROW_BYTES)?;
    let read = read_into(&mut loading, reader, columns.has_row_key)?;
    // Of what was read, if it did not change meanwhile.
    let stamp = Stamp::of(file).filter(|after| before.as_ref() == Some(after));
    loading.finish(&FileFacts {
        sha256: read.sha256,
        extra: columns.extra,
        stamp: stamp.and_then(|stamp| stamp.settled().map(str::to_owned)),
    })?;
    Ok(Staged {
        loading,
        rows: read.rows,
        total: read.total,
        sha256: read.sha256,
    })
}

/// One thread reads, checks and derives; this one writes.
fn read_into(
    loading: &mut Loading<'_>,
    reader: Reader,
    has_row_key: bool,
) -> Result<Summary, Error> {
    let drafter = loading.drafter();
    let mut faults = Faults::default();
    let mut reader = std::thread::scope(|scope| -> Result<Reader, Error> {
        let (heaps, inbox) = sync_channel(HEAPS);
        let reading = scope.spawn(move || draft_all(reader, &drafter, &heaps));
        for heap in inbox {
            let heap: Vec<Draft> = heap;
            loading.add(&heap, |packet, added| {
                if let Some(fault) = fault(packet, added, has_row_key) {
                    faults.push(fault);
                }
            })?;
        }
        let read = reading
            .join()
            .unwrap_or_else(|panic| resume_unwind(panic))?;
        Ok(read)
    })?;
    loading.seal(|twice| {
        let fault = duplicate(twice.line, &twice.row_key, twice.first, has_row_key);
        faults.push(fault);
    })?;
    reader.refuse(faults);
    Ok(reader.finish()?)
}

/// Gives every row of the file to the ledger's thread, and the reader back.
fn draft_all(
    mut reader: Reader,
    drafter: &Drafter,
    heaps: &SyncSender<Vec<Draft>>,
) -> Result<Reader, RecipientsError> {
    loop {
        let mut heap = Vec::with_capacity(HEAP);
        while heap.len() < HEAP
            && let Some(packet) = reader.next_packet()?
        {
            heap.push(drafter.draft(packet));
        }
        let is_last = heap.len() < HEAP;
        // A ledger that failed takes no more, and says why itself.
        if heaps.send(heap).is_err() || is_last {
            return Ok(reader);
        }
    }
}

impl Staged<'_> {
    /// The set of openids and amounts, in 256 bits.
    pub(super) fn people(&self) -> [u8; 32] {
        self.loading.people()
    }

    /// All money of the campaign once this is committed.
    pub(super) fn campaign_total(&self) -> Fen {
        self.loading.campaign_total()
    }

    /// Makes it durable, and says so in one line.
    pub(super) fn commit(self, file: &Path) -> Result<(), Error> {
        let (new, added) = self.loading.added();
        self.loading.commit()?;
        let known = match self.rows - new {
            0 => String::new(),
            known => format!("; {known} were loaded before"),
        };
        let file = file.display();
        eprintln!("loaded {file}: {new} packets, {added} yuan{known}");
        Ok(())
    }
}

/// What the ledger found wrong with a row that is right in itself.
fn fault(packet: &Packet, added: Added, has_row_key: bool) -> Option<Fault> {
    let key = packet.row_key.as_str();
    match added {
        Added::New | Added::Known => None,
        Added::Duplicate { line } => Some(duplicate(packet.line, key, line, has_row_key)),
        Added::Differs { field, loaded } => Some(Fault::of_cell(
            packet.line,
            key_column(has_row_key),
            key,
            Cause::Ledger {
                group: "row already loaded with other content",
                says: format!(
                    "it was loaded before with {field} {loaded:?}; what was loaded stays as it is"
                ),
            },
        )),
    }
}

/// A row whose key stands at an earlier line.
fn duplicate(line: u64, key: &str, first: u64, has_row_key: bool) -> Fault {
    let (group, says) = if has_row_key {
        (
            "duplicate row_key",
            format!("the same row_key stands on line {first}"),
        )
    } else {
        (
            "duplicate openid",
            format!(
                "the same openid stands on line {first}; if the person is to be paid twice, add a \
                 row_key column that tells the rows apart"
            ),
        )
    };
    let column = key_column(has_row_key);
    Fault::of_cell(line, column, key, Cause::Ledger { group, says })
}

fn key_column(has_row_key: bool) -> &'static str {
    if has_row_key { "row_key" } else { "openid" }
}

/// Adds the file's name to what is wrong with it.
pub(super) fn named(file: &Path) -> impl FnOnce(Error) -> Error {
    let name = file.display().to_string();
    move |error| {
        if matches!(error, Error::Recipients(RecipientsError::Refused(_))) {
            eprintln!("{name}:");
        }
        error
    }
}
