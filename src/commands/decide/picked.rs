//! Which packets a person takes back: named one by one, missing in a file, or all.

use crate::cli::WithdrawArgs;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::error::Error;
use crate::ledger::{CampaignRow, LoadRefusal, LoadRules, Reader, ReportRow};
use crate::recipients::ListFile;
use crate::words::withdraw as words;

use crate::commands::setup::check::{check, only_one};
use crate::commands::setup::context::Context;
use crate::commands::setup::loaded::list_at;

/// The packets that are meant.
#[derive(Debug, Default)]
pub(super) struct Picked {
    /// Those that were never sent, by row, in sending order.
    pub(super) bills: Vec<i64>,
    /// Their money.
    pub(super) total: Fen,
    /// The first of them, for a person to look at.
    pub(super) shown: Vec<ReportRow>,
    /// How many were taken back before.
    pub(super) again: u64,
    /// How many are meant and were on the wire, or are not theirs to take for another reason.
    pub(super) kept: u64,
    /// The file that they are missing in: what came through a pipe cannot be read again.
    pub(super) list: Option<ListFile>,
}

/// Packets that are named before the total is asked for.
const SHOWN: usize = 20;

impl Picked {
    pub(super) fn of(
        context: &Context,
        args: &WithdrawArgs,
        (reader, row): (&Reader, &CampaignRow),
    ) -> Result<Picked, Error> {
        match &args.missing {
            Some(file) => {
                let list = list_at(file, args.sheet.as_ref())?;
                let mut picked = missing(context, &list, (reader, row))?;
                picked.list = Some(list);
                Ok(picked)
            }
            None if args.all => all(reader, row, |_| Ok(true)),
            None => named(args, (reader, row)),
        }
    }

    fn add(&mut self, packet: &ReportRow) {
        if packet.state == State::Withdrawn {
            self.again += 1;
        } else if is_free(packet) {
            self.bills.push(packet.bill);
            self.total = [self.total, packet.amount].into_iter().sum();
            if self.shown.len() < SHOWN {
                self.shown.push(packet.clone());
            }
        } else {
            self.kept += 1;
        }
    }
}

/// Whether no byte of it was ever on the wire, as far as this ledger knows.
fn is_free(packet: &ReportRow) -> bool {
    packet.state == State::Ready && packet.attempts == 0
}

/// Packets that are named one by one must be free, or be taken back already.
fn named(args: &WithdrawArgs, (reader, row): (&Reader, &CampaignRow)) -> Result<Picked, Error> {
    let mut packets: Vec<ReportRow> = Vec::new();
    for id in &args.ids {
        let found = reader.find(row, id)?;
        let packet = only_one(&found, id)?;
        if packet.state != State::Withdrawn && !is_free(packet) {
            let number = packet.mch_billno.as_str();
            return Err(Error::Usage(words::not_free(number, packet.state)));
        }
        if packets.iter().all(|known| known.bill != packet.bill) {
            packets.push(packet.clone());
        }
    }
    packets.sort_by_key(|packet| packet.bill);
    let mut picked = Picked::default();
    for packet in &packets {
        picked.add(packet);
    }
    Ok(picked)
}

/// Every packet, by its newest number, that `is_meant`.
fn all(
    reader: &Reader,
    row: &CampaignRow,
    is_meant: impl Fn(&ReportRow) -> Result<bool, Error>,
) -> Result<Picked, Error> {
    let mut picked = Picked::default();
    reader.report(row, |batch| {
        for packet in &batch {
            if is_meant(packet)? {
                picked.add(packet);
            }
        }
        Ok::<_, Error>(batch)
    })?;
    Ok(picked)
}

/// Every packet that the file, which is as good as one to load, does not have.
fn missing(
    context: &Context,
    list: &ListFile,
    (reader, row): (&Reader, &CampaignRow),
) -> Result<Picked, Error> {
    check(context, list, &LoadRules::default(), |staged, _| {
        if staged.has_row_key() != row.has_row_key {
            let (campaign, had) = (row.id.clone(), row.has_row_key);
            let refusal = LoadRefusal::KeySource { campaign, had };
            return Err(crate::ledger::LedgerError::from(refusal).into());
        }
        all(reader, row, |packet| {
            let number = row.number_of(&packet.row_key, 1);
            let has = number
                .map(|number| staged.has_number(&number))
                .transpose()?;
            Ok(!has.unwrap_or(false))
        })
    })
}
