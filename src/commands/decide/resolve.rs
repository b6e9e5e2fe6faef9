//! `resolve`: a person's word on a packet that the machine must not decide.

use crate::cli::ResolveArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::Verdict;
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
    let found = reader.find(&row, &args.id)?;
    let packet = only_one(&found, &args.id)?;
    let verdict = Verdict {
        is_paid: args.paid,
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
