//! From a recipients file into a ledger: what `load`, `run` and `plan` share.

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use crate::config::Campaign;
use crate::domain::ids::MchBillno;
use crate::domain::money::Fen;
use crate::domain::packet::Packet;
use crate::error::Error;
use crate::ledger::{CameAgain, FileFacts, LedgerError, LoadRules, Loading};
use crate::ledger::{Course, Owner, Preview, Reader};
use crate::recipients::{
    Fault, Faults, Late, ListFile, PacketReader, RecipientsError, RowRules, Summary, columns_told,
    name_people, tell_alike, texts_told, write_rejects,
};
use crate::words::{Lang, Words, load, names::CommandWords};

use super::context::Context;
use super::met::say_met;
use super::row_fault::{alike, duplicate, fault, lately};
use super::typed::{sheet_option, typed_path};
use crate::commands::console::{tell, tell_text};

/// A load that is not committed yet.
pub(in crate::commands) struct Staged<'a> {
    loading: Loading<'a>,
    /// Rows of the file.
    pub(in crate::commands) rows: u64,
    /// Money of the file.
    pub(in crate::commands) total: Fen,
    /// Of its bytes.
    pub(super) sha256: [u8; 32],
    /// Which of its columns are read as what.
    pub(in crate::commands) columns: Vec<Words>,
}

/// A file on its way in.
pub(in crate::commands) struct Intake<'a> {
    pub(in crate::commands) list: &'a ListFile,
    pub(in crate::commands) rules: &'a LoadRules,
    /// Whether the rows at fault are written to a file of their own.
    pub(in crate::commands) keeps_rejects: bool,
    /// The file in the ledger, where it was loaded before.
    pub(in crate::commands) loaded: Option<i64>,
    /// The ledger with earlier sends, where it is not the one that is loaded into.
    pub(in crate::commands) beside: Option<&'a Reader>,
}

/// Rows that one thread hands to the next at a time, and how many such batches may wait: fewer rows
/// wake threads too often.
const BATCH: usize = 512;
const BATCHES: usize = 4;
/// A row of a recipients file has at least an openid and an amount: about so many bytes.
const ROW_BYTES: u64 = 48;

/// Reads the whole file into a transaction and checks everything; nothing is durable yet.
pub(in crate::commands) fn stage<'a>(
    context: &Context,
    owner: &'a mut Owner,
    intake: &Intake<'_>,
) -> Result<Staged<'a>, Error> {
    let (list, rules) = (intake.list, row_rules(&context.campaign));
    let before = list.stamp();
    let reader = PacketReader::open(list, rules)?;
    let columns = reader.columns().clone();
    let (has_row_key, now) = (columns.has_row_key, context.clock.now_ms());
    let mut loading = owner.begin_load(&context.terms(), has_row_key, intake.rules, now)?;
    if let Some(file) = intake.loaded {
        loading.reload(file)?;
    }
    loading.expect(list.size() / ROW_BYTES)?;
    let (mut reader, late) = read_into(&mut loading, (reader, intake.beside), context)?;
    tell_alike(list, &mut reader);
    let columns_told = columns_told(&reader);
    for line in reader.notices().within(context.lang) {
        tell_text(&line);
    }
    for told in texts_told(&context.campaign.texts) {
        context.warn(&told);
    }
    let read: Summary = match reader.finish() {
        Ok(read) => read,
        Err(fault) => {
            if intake.keeps_rejects {
                keep_rejects(context, list, rules, &late);
            }
            return Err(with_people(fault, list, rules).into());
        }
    };
    // Of what was read, if it did not change meanwhile.
    let stamp = list.stamp().filter(|after| before.as_ref() == Some(after));
    loading.finish(&FileFacts {
        sha256: read.sha256,
        extra: columns.extra,
        stamp: stamp.and_then(|stamp| stamp.settled().map(str::to_owned)),
    })?;
    say_met(context, loading.met(), Some(intake.rules));
    Ok(Staged {
        loading,
        rows: read.rows,
        total: read.total,
        sha256: read.sha256,
        columns: columns_told,
    })
}

/// A refusal that names the people whose rows are at fault.
fn with_people(mut fault: RecipientsError, list: &ListFile, rules: RowRules) -> RecipientsError {
    if let RecipientsError::Refused(faults) = &mut fault {
        name_people(list, rules, faults);
    }
    fault
}

/// The campaign's rules about the rows of its files.
pub(in crate::commands) fn row_rules(campaign: &Campaign) -> RowRules {
    RowRules {
        has_scene: campaign.texts.scene_id.is_some(),
        max_packet: Some(campaign.caps.max_packet),
    }
}

/// Says where the rows at fault are. A file that cannot be written is a pity and no fault.
fn keep_rejects(context: &Context, list: &ListFile, rules: RowRules, late: &Late) {
    match write_rejects(list, rules, late) {
        Ok(Some(rejects)) => {
            let (path, file) = (rejects.path.display(), list.path().display());
            context.tell(&match rejects.rows {
                1 => load::reject(path, file),
                rows => load::rejects(path, rows, file),
            });
        }
        Ok(None) => {}
        Err(fault) => context.tell(&load::no_rejects(fault.within(context.lang))),
    }
}

/// One thread reads and checks, one derives, and this one writes: each costs about the same.
fn read_into(
    loading: &mut Loading<'_>,
    (reader, beside): (PacketReader, Option<&Reader>),
    context: &Context,
) -> Result<(PacketReader, Late), Error> {
    let has_row_key = reader.columns().has_row_key;
    let layout = reader.layout().clone();
    let drafter = loading.drafter();
    let mut faults = Faults::default();
    let mut late = Late::new(context.lang);
    let mut push = |fault: Fault| {
        late.push(&fault);
        faults.push(fault);
    };
    let mut reader = thread::scope(|scope| -> Result<PacketReader, Error> {
        let (packets, read) = sync_channel(BATCHES);
        let (drafts, inbox) = sync_channel(BATCHES);
        let thread = thread::Builder::new;
        let reading = thread().spawn_scoped(scope, move || read_all(reader, &packets));
        let drafting = thread().spawn_scoped(scope, move || drafter.draft_all(read, &drafts));
        let reading = drafting.and(reading).map_err(Error::NoThread)?;
        for batch in inbox {
            loading.add(&batch, |packet, added| {
                if let Some(fault) = fault(packet, added, (&layout, has_row_key)) {
                    push(fault);
                }
            })?;
        }
        let read = reading.join();
        Ok(read.unwrap_or_else(|panic| resume_unwind(panic))?)
    })?;
    loading.seal(|twice| {
        let lines = (twice.line, twice.first);
        push(duplicate(lines, &twice.row_key, (&layout, has_row_key)));
    })?;
    loading.alike(|twin| push(alike(&twin, &layout)))?;
    let days = context.campaign.caps.once_per_days;
    loading.lately(beside, |row| push(lately(&row, days, &layout)))?;
    reader.refuse(faults);
    let found_at_end = reader.read_to_end()?;
    found_at_end
        .listed()
        .iter()
        .for_each(|fault| late.push(fault));
    Ok((reader, late))
}

/// Gives every row of the file to the thread that derives, and the reader back.
fn read_all(
    mut reader: PacketReader,
    batches: &SyncSender<Vec<Packet>>,
) -> Result<PacketReader, RecipientsError> {
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(packet) = reader.next_packet()?
        {
            batch.push(packet);
        }
        let is_last = batch.len() < BATCH;
        // A ledger that failed takes no more, and says why itself.
        if batches.send(batch).is_err() || is_last {
            return Ok(reader);
        }
    }
}

impl Staged<'_> {
    /// Other campaigns of its people in the ledger that `reader` reads: refused as a load would
    /// be, or told.
    pub(in crate::commands) fn check_met(
        &self,
        (context, rules): (&Context, &LoadRules),
        reader: &Reader,
    ) -> Result<(), Error> {
        let met = self.loading.met_in(reader, self.sha256)?;
        self.loading.check_met(&met).map_err(LedgerError::from)?;
        say_met(context, &met, Some(rules));
        Ok(())
    }

    /// Previews a run of the file; `reader` has the ledger with earlier sends.
    pub(in crate::commands) fn preview(
        &self,
        reader: Option<&Reader>,
        course: &Course,
    ) -> Result<Preview, Error> {
        Ok(self.loading.preview(reader, course)?)
    }

    /// All money of the campaign once this is committed.
    pub(in crate::commands) fn campaign_total(&self) -> Fen {
        self.loading.campaign_total()
    }

    /// Packets that the campaign did not have before, and their money.
    pub(in crate::commands) fn added(&self) -> (u64, Fen) {
        self.loading.added()
    }

    /// Makes it durable, and says so in one line.
    pub(in crate::commands) fn commit(
        self,
        context: &Context,
        list: &ListFile,
    ) -> Result<(), Error> {
        let (new, added) = self.loading.added();
        let (came, missing) = (self.loading.came_again(), self.loading.missing());
        self.loading.commit()?;
        let typed = typed_path(list.path()) + &sheet_option(list.sheet());
        let file = list.path().display().to_string();
        context.tell(&match self.rows - new {
            0 => load::loaded(file.as_str(), new, added),
            known => load::added(file.as_str(), new, added, known),
        });
        say_again(context, came, &typed);
        if missing > 0 {
            let withdraw = context.command("withdraw");
            let command = format!("{withdraw} --missing {typed} --because TEXT");
            context.tell(&load::missing(missing, file, CommandWords(command)));
        }
        Ok(())
    }

    /// Whether the file has a column of row keys.
    pub(in crate::commands) fn has_row_key(&self) -> bool {
        self.loading.has_row_key()
    }

    /// Whether the file has the packet with this first number.
    pub(in crate::commands) fn has_number(&self, number: &MchBillno) -> Result<bool, Error> {
        Ok(self.loading.has_number(number)?)
    }
}

/// Tells of packets that were taken back and come again.
fn say_again(context: &Context, came: CameAgain, file: &str) {
    if came.anew > 0 {
        context.tell(&load::anew(came.anew));
    }
    if came.brought_back > 0 {
        context.tell(&load::brought_back(came.brought_back));
    }
    if came.stay > 0 {
        let command = format!("{} {file}", context.command("load"));
        context.tell(&load::stay(came.stay, command));
    }
}

/// Adds the file's name to what is wrong with it.
pub(in crate::commands) fn named(file: &Path, lang: Lang) -> impl FnOnce(Error) -> Error {
    let name = file.display().to_string();
    move |error| {
        if matches!(error, Error::Recipients(RecipientsError::Refused(_))) {
            tell(lang, &load::file(name));
        }
        error
    }
}
