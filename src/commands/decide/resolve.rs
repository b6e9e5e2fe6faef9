//! `resolve`: a person's word on what the machine must not decide: a packet, or a break of the
//! fund-flow bills.

use crate::cli::ResolveArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Reader, Verdict};
use crate::report::{break_json, or_dash};
use crate::words::{Lang, show as words};

use crate::commands::finish::confirm::on_record;
use crate::commands::finish::document::end;
use crate::commands::setup::check::only_one;
use crate::commands::setup::context::Context;
use crate::commands::setup::stdout::Stdout;

pub(in crate::commands) fn resolve(args: &ResolveArgs, lang: Lang) -> Result<ExitCode, Error> {
    let mut context = Context::open(&args.campaign, lang)?;
    context.stdout = Stdout::of(args.json);
    let (reader, row) = context.must_be_loaded()?;
    if args.verdict.explained {
        return explain_break(&context, args, (&reader, &row));
    }
    let found = reader.find(&row, &args.id)?;
    let packet = only_one(&found, &args.id)?;
    let verdict = Verdict {
        is_paid: args.verdict.paid,
        because: on_record(&args.because),
        at: context.clock.now_ms(),
    };
    let state = context
        .own("resolve")?
        .resolve(packet.bill, &verdict, &context.rules())?;
    let number = packet.mch_billno.as_str();
    context.tell(&words::resolved(number, state));
    let show = format!("{} {number}", context.command("show"));
    context.next(show);
    context.stdout.keep("mch_billno", number);
    context.stdout.keep("state", state.name());
    Ok(end(&context, "resolve", ExitCode::Done))
}

/// A person accounts for a break of the fund-flow bills.
fn explain_break(
    context: &Context,
    args: &ResolveArgs,
    (reader, row): (&Reader, &CampaignRow),
) -> Result<ExitCode, Error> {
    let found = reader.find(row, &args.id)?;
    let number = match &*found {
        [] => args.id.as_str(),
        many => only_one(many, &args.id)?.mch_billno.as_str(),
    };
    let mut breaks = reader.breaks_of(row, number)?;
    breaks.retain(|it| it.explained.is_none());
    if breaks.is_empty() {
        return Err(Error::Usage(words::no_break(number)));
    }
    let (because, at) = (on_record(&args.because), context.clock.now_ms());
    let owner = context.own("resolve")?;
    owner
        .reader()?
        .explain_breaks(row, &breaks, (&because, at))?;
    drop(owner);
    let mut explained = Vec::new();
    for it in &breaks {
        let (ledger, booked) = (or_dash(it.ledger), or_dash(it.booked));
        context.tell(&words::break_explained(
            number,
            it.kind.name(),
            ledger,
            booked,
        ));
        explained.push(break_json(it));
    }
    context.next(context.command("status"));
    context.stdout.keep("mch_billno", number);
    context.stdout.keep("explained", explained);
    Ok(end(context, "resolve", ExitCode::Done))
}
