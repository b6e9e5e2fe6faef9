//! Refused packets as a recipients file: for people who mend the list and load it elsewhere.

use std::io::{BufWriter, Write};
use std::path::Path;

use crate::domain::money::Fen;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Reader, ReportRow};
use crate::report::{Extra, InputCsv};
use crate::words::reissue as words;

use super::context::Context;
use super::out::{create_private, unwritten};

/// Writes the packets to a file that was not there before.
pub(super) fn export(
    context: &Context,
    (reader, campaign): (&Reader, &CampaignRow),
    packets: &[ReportRow],
    file: &Path,
) -> Result<ExitCode, Error> {
    let bills: Vec<i64> = packets.iter().map(|packet| packet.bill).collect();
    let texts = reader.own_texts(&bills)?;
    let extra = Extra::of(&reader.files(campaign)?);
    let out = create_private(file)?;
    let write = || -> std::io::Result<()> {
        let mut csv = InputCsv::begin(BufWriter::new(out), campaign.has_row_key, &texts, extra)?;
        for (packet, texts) in packets.iter().zip(&texts) {
            csv.row(packet, texts)?;
        }
        let mut out = csv.end()?;
        out.flush()?;
        out.get_ref().sync_all()
    };
    if let Err(fault) = write() {
        // What could not be written whole is of no use to anyone.
        let _ = std::fs::remove_file(file);
        return Err(unwritten(file)(fault));
    }
    let total = sum(packets);
    context.tell(&words::exported(file.display(), packets.len(), total));
    Ok(ExitCode::Done)
}

/// The packets' money: a part of what was loaded, whose sum is bounded there.
pub(super) fn sum(packets: &[ReportRow]) -> Fen {
    Fen::new(packets.iter().map(|packet| packet.amount.fen()).sum())
}
