//! `claims`: what opens packets, for the mini-program's backend. No other verb shows a package.

mod closed;
mod export;
mod signing;
mod verify;

use serde_json::Value;

use self::closed::Closed;
use self::signing::Signing;
use super::console::say_json;
use super::setup::context::Context;
use crate::cli::ClaimsArgs;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::ReportRow;
use crate::words::{Lang, usage};

pub(super) fn claims(
    args: &ClaimsArgs,
    typed: Option<Lang>,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let mut context = Context::open_to_look(&args.campaign, lang)?;
    context.typed = typed;
    if let Some(file) = &args.verify {
        return verify::verify(&context, file);
    }
    if args.unclaimed {
        return export::unclaimed(&context, args);
    }
    let signing = Signing::of(&context, args.unsigned)?;
    match &args.id {
        Some(id) => of_one(&context, id, &signing),
        None => export::all(&context, args, &signing),
    }
}

/// Prints the claim parameters of the packets that an id names.
fn of_one(context: &Context, id: &str, signing: &Signing) -> Result<ExitCode, Error> {
    let (reader, row) = context.must_be_loaded()?;
    let mut found = reader.find(&row, id)?;
    if found.is_empty() {
        return Err(Error::Usage(usage::no_packet(format!("{id:?}"))));
    }
    // A row key may be spelled as somebody's openid: a person gets only their own.
    if found.iter().any(|packet| packet.openid == id) {
        found.retain(|packet| packet.openid == id);
    }
    let now = context.clock.now_ms();
    let mut open = Vec::new();
    let mut closed = Closed::where_runs_fetch(reader.without_package(&row)?.open);
    for packet in &found {
        let claim = reader.claim(packet.bill)?;
        let end = claim.as_ref().and_then(|it| it.issued.expires_at(now));
        match (&claim, end) {
            (Some(claim), Some(end)) => open.push(signing.object(claim, (now, end))),
            (Some(_), None) => closed.lapsed += 1,
            (None, _) if !is_given_up(packet, &found) => closed.add(packet.state, 1),
            (None, _) => {}
        }
    }
    let is_none = open.is_empty();
    say_json(&Value::from(open))?;
    closed.tell(context);
    Ok(if is_none {
        ExitCode::SomeRefused
    } else {
        ExitCode::Done
    })
}

/// Whether another number took its place.
fn is_given_up(packet: &ReportRow, found: &[ReportRow]) -> bool {
    let is_newer =
        |it: &ReportRow| it.row_key == packet.row_key && it.generation > packet.generation;
    packet.state == State::Refused && found.iter().any(is_newer)
}
