//! Refused packets as a recipients file: for people who mend the list and load it elsewhere.

use std::ffi::OsStr;
use std::path::Path;

use crate::cli::ReissueArgs;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Owner, Reader, ReportRow};
use crate::report::{Extra, InputCsv};
use crate::words::reissue as words;

use crate::commands::output::place::{FileKind, Output, OutputPlace};
use crate::commands::output::stream::{Delivered, StreamKind};
use crate::commands::setup::context::Context;
use crate::commands::setup::typed::typed_word;

/// Where the packets go.
pub(in crate::commands) fn place_of(
    context: &Context,
    (file, args): (&Path, &ReissueArgs),
) -> Result<OutputPlace, Error> {
    let command = format!("{} --export", typed(context, args));
    let output = Output {
        context,
        path: file,
        kind: FileKind::Export,
        is_forced: args.force,
    };
    let place = output.place(&command)?;
    if place.is_file() && file.extension().is_some_and(is_of_no_list) {
        return Err(Error::Usage(words::no_list(file.display(), command)));
    }
    Ok(place)
}

/// Writes the packets. From then on no run sends one of them by itself.
pub(in crate::commands) fn export(
    context: &Context,
    (reader, campaign): (&Reader, &CampaignRow),
    (packets, mut owner): (Vec<ReportRow>, Owner),
    (place, file): (OutputPlace, &Path),
) -> Result<ExitCode, Error> {
    let bills: Vec<i64> = packets.iter().map(|packet| packet.bill).collect();
    let texts = reader.own_texts(&bills)?;
    let extra = Extra::of(&reader.files(campaign)?);
    let before = reader.exported_before(&bills)?;
    if before > 0 {
        context.warn(&words::exported_before(before));
    }
    owner.keep_exported(&bills, context.clock.now_ms())?;
    let delivered = place.write(StreamKind::Lines, |to| {
        let mut csv = InputCsv::begin(to, campaign.has_row_key, &texts, extra)?;
        for (packet, texts) in packets.iter().zip(&texts) {
            csv.row(packet, texts)?;
        }
        csv.end()?;
        Ok(())
    })?;
    if delivered == Delivered::Whole {
        let total = sum(&packets);
        context.tell(&words::exported(file.display(), packets.len(), total));
    }
    Ok(ExitCode::Done)
}

/// The ending of a file that a list of commas would be no such file.
fn is_of_no_list(ending: &OsStr) -> bool {
    let ending = ending.to_string_lossy().to_lowercase();
    let is_word = ending.chars().any(|c| c.is_ascii_alphabetic());
    is_word && !["csv", "txt"].contains(&ending.as_str())
}

/// The arguments that picked packets.
pub(in crate::commands) fn typed(context: &Context, args: &ReissueArgs) -> String {
    let code = args
        .code
        .iter()
        .map(|code| format!("--code {}", typed_word(code)));
    let what: Vec<String> = args
        .ids
        .iter()
        .map(|id| typed_word(id))
        .chain(code)
        .collect();
    let command = context.command("reissue");
    [vec![command], what].concat().join(" ")
}

/// The packets' money: a part of what was loaded, whose sum is bounded there.
pub(in crate::commands) fn sum(packets: &[ReportRow]) -> Fen {
    Fen::new(packets.iter().map(|packet| packet.amount.fen()).sum())
}
