//! One moment of the ledger, of which several reports can be made while a run goes on.

use std::collections::HashSet;
use std::io::Write;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use crate::domain::packet::RowTexts;
use crate::domain::state::State;
use crate::domain::text::Field;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{
    CampaignRow, FileRow, LedgerError, Reader, RecordedRun, ReportRow, lock_holder,
};
use crate::report::{Advice, ApprovedBy, Extra, Figures, ReportFacts, RowsDigest, Standing};
use crate::wechat::explain::refusal;
use crate::words::Lang;
use crate::words::report::later;

use crate::commands::setup::context::Context;

/// Packets that are read together.
const PACKETS: usize = 512;
/// Batches of rows that may wait to be written.
const BATCHES: usize = 4;

/// A moment of the ledger.
pub(in crate::commands) struct LedgerMoment {
    /// `None` before the first load.
    loaded: Option<(Reader, CampaignRow)>,
    files: Vec<FileRow>,
    standing: Standing,
    at: i64,
}

impl LedgerMoment {
    /// This one.
    pub(in crate::commands) fn now(context: &Context) -> Result<LedgerMoment, Error> {
        let loaded = context.loaded_and_still()?;
        let files = match &loaded {
            Some((reader, row)) => reader.files(row)?,
            None => Vec::new(),
        };
        Ok(LedgerMoment {
            standing: context.standing_of(loaded.as_ref())?,
            files,
            loaded,
            at: context.clock.now_ms(),
        })
    }

    /// The hash of a workbook's rows with what its other sheets tell: matches with bills, breaks
    /// that a person explained, and an approval.
    pub(in crate::commands) fn with_sheets(&self, rows: &[u8; 32]) -> Result<[u8; 32], Error> {
        let mut digest = RowsDigest::default();
        digest.write_all(rows)?;
        if let Some((reader, row)) = &self.loaded {
            let matches = reader.flow_matches(row)?.len();
            let (breaks, approval) = (reader.standing_breaks(row)?, reader.last_approval(row)?);
            write!(digest, "{matches} {breaks:?} {approval:?}")?;
        }
        Ok(digest.end())
    }

    /// Packets of the campaign.
    pub(in crate::commands) fn count(&self) -> u64 {
        self.standing.total().count
    }

    /// The list's own columns.
    pub(in crate::commands) fn extra(&self) -> Extra {
        Extra::of(&self.files)
    }

    /// The facts of a report about the campaign as a whole.
    pub(in crate::commands) fn facts(
        &self,
        context: &Context,
        lang: Lang,
    ) -> Result<ReportFacts, Error> {
        let (approval, flow) = match &self.loaded {
            Some((reader, row)) => (reader.last_approval(row)?, reader.matches_with_breaks(row)?),
            None => (None, Vec::new()),
        };
        let exits = |code: u8| {
            let found = ExitCode::ALL.into_iter().find(|exit| exit.code() == code);
            found.map(ExitCode::meaning)
        };
        Ok(ReportFacts {
            runs: self.runs()?,
            // Where the system does not tell, a run without an end may be going on.
            is_held: lock_holder(&context.campaign.ledger).map_or(true, |holder| holder.is_some()),
            exit: exits,
            standing: self.standing.clone(),
            written_at: self.at,
            lists: self.files.iter().map(|file| file.sha256).collect(),
            approved: approval.map(|it| ApprovedBy {
                key: it.approver.to_string(),
                at: it.approved_at,
                digest: it.content.digest,
            }),
            budget: context.campaign.budget,
            per_minute: context.campaign.pace.in_a_minute(),
            flow,
            billed: self.billed()?,
            advice,
            lang,
        })
    }

    /// The figures that a page draws, the first packet, and the first ones that are not clear.
    pub(in crate::commands) fn figures(
        &self,
    ) -> Result<(Figures, Option<ReportRow>, Vec<ReportRow>), Error> {
        let mut figures = Figures::of(&self.runs()?, self.billed()?);
        let Some((reader, campaign)) = &self.loaded else {
            return Ok((figures, None, Vec::new()));
        };
        reader.each_packet(campaign, |packet| figures.packet(packet))?;
        reader.each_request(campaign, |request| figures.request(request))?;
        let open = reader.packets(figures.open())?;
        let first = figures.first().map(|bill| reader.packets(&[bill]));
        let first = first.transpose()?.and_then(|mut rows| rows.pop());
        Ok((figures, first, open))
    }

    /// The bills, by row, that a fund-flow bill calls paid and the ledger does not.
    fn billed(&self) -> Result<HashSet<i64>, Error> {
        let loaded = self.loaded.as_ref();
        let billed = loaded.map(|(reader, row)| reader.billed(row)).transpose()?;
        Ok(billed.unwrap_or_default())
    }

    fn runs(&self) -> Result<Vec<RecordedRun>, Error> {
        let loaded = self.loaded.as_ref();
        let runs = loaded.map(|(reader, row)| reader.runs(row)).transpose()?;
        Ok(runs.unwrap_or_default())
    }

    /// Whether the lists name their packets.
    pub(in crate::commands) fn has_row_key(&self) -> bool {
        self.loaded.as_ref().is_some_and(|(_, row)| row.has_row_key)
    }

    /// The bills of those that failed, but for those that a fund-flow bill calls paid: they are not
    /// to be paid from another list.
    pub(in crate::commands) fn refused(&self) -> Result<Vec<i64>, Error> {
        let mut refused = Vec::new();
        if let Some((reader, campaign)) = &self.loaded {
            let billed = self.billed()?;
            reader.each_packet(campaign, |packet| {
                let is_it = packet.state == State::Refused && !billed.contains(&packet.bill);
                refused.extend(is_it.then_some(packet.bill));
            })?;
        }
        Ok(refused)
    }

    /// The texts that any of these bills has of its own.
    pub(in crate::commands) fn own_fields(&self, bills: &[i64]) -> Result<Vec<Field>, Error> {
        let mut fields = Field::ALL.map(|field| (field, false));
        self.with_texts(bills, |_, texts| {
            for (field, is_used) in &mut fields {
                *is_used |= texts.own(*field).is_some();
            }
            Ok(())
        })?;
        let used = fields.into_iter().filter(|(_, is_used)| *is_used);
        Ok(used.map(|(field, _)| field).collect())
    }

    /// Gives each of these bills with its own texts to `each`, a few at a time.
    pub(in crate::commands) fn with_texts(
        &self,
        bills: &[i64],
        mut each: impl FnMut(&ReportRow, &RowTexts) -> std::io::Result<()>,
    ) -> Result<(), Error> {
        let Some((reader, _)) = &self.loaded else {
            return Ok(());
        };
        for some in bills.chunks(PACKETS) {
            let (packets, texts) = (reader.packets(some)?, reader.own_texts(some)?);
            for (packet, texts) in packets.iter().zip(&texts) {
                each(packet, texts)?;
            }
        }
        Ok(())
    }

    /// Gives every packet in one of these states, or every one where none is named, to `write`. How
    /// many there were. One thread reads the ledger, and this one writes.
    pub(in crate::commands) fn rows(
        &mut self,
        states: &[State],
        mut write: impl FnMut(&ReportRow) -> std::io::Result<()>,
    ) -> Result<u64, Error> {
        let Some((reader, campaign)) = &mut self.loaded else {
            return Ok(0);
        };
        let mut written = 0;
        let mut pick = |row: &ReportRow| {
            if states.is_empty() || states.contains(&row.state) {
                written += 1;
                write(row)?;
            }
            std::io::Result::Ok(())
        };
        thread::scope(|scope| {
            let (full, inbox) = sync_channel(BATCHES);
            let (spent, empty) = channel();
            let reading = thread::Builder::new()
                .spawn_scoped(scope, move || read_rows(reader, campaign, &full, &empty))
                .map_err(Error::NoThread)?;
            for batch in inbox {
                let batch: Vec<ReportRow> = batch;
                batch.iter().try_for_each(&mut pick)?;
                // After the last batch nobody wants an empty one.
                let _ = spent.send(batch);
            }
            let read = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
            read.map_err(Error::Ledger)
        })?;
        Ok(written)
    }
}

/// The advice on a refused packet by the last code that WeChat Pay gave, or none.
pub(super) fn advice(code: &str) -> Advice {
    let Some(code) = refusal(code) else {
        return Advice {
            meaning: later::MEANING,
            remedy: later::REMEDY,
        };
    };
    let explanation = code.explain();
    Advice {
        meaning: explanation.meaning,
        remedy: explanation.remedy,
    }
}

/// Why reading ended early.
enum Stop {
    Ledger(LedgerError),
    /// The writing side failed, and says why.
    Unwanted,
}

impl From<LedgerError> for Stop {
    fn from(fault: LedgerError) -> Self {
        Stop::Ledger(fault)
    }
}

fn read_rows(
    reader: &mut Reader,
    campaign: &CampaignRow,
    full: &SyncSender<Vec<ReportRow>>,
    empty: &Receiver<Vec<ReportRow>>,
) -> Result<(), LedgerError> {
    let read = reader.report(campaign, |batch| match full.send(batch) {
        Ok(()) => Ok(empty.try_recv().unwrap_or_default()),
        Err(_) => Err(Stop::Unwanted),
    });
    match read {
        Ok(()) | Err(Stop::Unwanted) => Ok(()),
        Err(Stop::Ledger(fault)) => Err(fault),
    }
}
