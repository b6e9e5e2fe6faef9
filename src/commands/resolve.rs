//! `resolve`: a person's word on a packet that the machine must not decide.

use crate::cli::ResolveArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{ReportRow, Verdict};
use crate::words::{Lang, next, show as words, usage};

use super::context::Context;
use super::person::on_record;

pub(super) fn resolve(args: &ResolveArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    let (reader, row) = context.must_be_loaded()?;
    let found = reader.find(&row, &args.id)?;
    let packet = only_one(&found, &args.id)?;
    let verdict = Verdict {
        is_paid: args.paid,
        because: on_record(&args.because),
        at: context.clock.now_ms(),
    };
    let state = context
        .own()?
        .resolve(packet.bill, &verdict, &context.rules())?;
    let number = packet.mch_billno.as_str();
    context.tell(&words::resolved(number, state));
    let show = format!("{} {number}", context.command("show"));
    context.tell(&next::command(show));
    Ok(ExitCode::Done)
}

/// The one bill that the id names; of a packet's numbers the newest.
pub(super) fn only_one<'a>(found: &'a [ReportRow], id: &str) -> Result<&'a ReportRow, Error> {
    match found {
        [packet] => Ok(packet),
        [] => Err(Error::Usage(usage::no_packet(format!("{id:?}")))),
        many => {
            let numbers: Vec<&str> = many.iter().map(|row| row.mch_billno.as_str()).collect();
            let first = &many[0];
            let is_one = many.iter().all(|row| row.row_key == first.row_key);
            let exact = many.iter().find(|row| row.mch_billno == id);
            let newest = many.iter().max_by_key(|row| row.generation);
            exact.or(newest.filter(|_| is_one)).ok_or_else(|| {
                Error::Usage(usage::several_bills(format!("{id:?}"), numbers.join(", ")))
            })
        }
    }
}
