//! `withdraw`: packets that were never sent are taken back, on record.

use std::sync::Arc;

use serde_json::json;

use crate::cli::WithdrawArgs;
use crate::clock::beijing_words;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Owner, Reader, TakeBack, TakenBack};
use crate::recipients::ListFile;
use crate::report::Standing;
use crate::runner::{Gate, Reconciled, ask_before_withdrawing, on_signals, start_of_clock};
use crate::words::{Lang, reissue, withdraw as words};

use super::picked::Picked;
use crate::commands::console::tell_text;
use crate::commands::finish::confirm::{confirm_total, on_record};
use crate::commands::finish::document::end;
use crate::commands::finish::ending::{by_state, say_halt, stopped, unreachable};
use crate::commands::setup::context::Context;
use crate::commands::setup::gateway::{OpenGateway, say_unused_proxy};
use crate::commands::setup::loaded::{list_at, was_loaded};
use crate::commands::setup::stdout::Stdout;
use crate::commands::setup::typed::{sheet_option, typed_path, typed_word};

/// The outcome of the questions.
enum Answered {
    /// Nothing speaks against it, or nobody had to be asked.
    Free(TakenBack),
    /// They ended early, or were not all answered.
    Stopped(Box<Reconciled>),
}

pub(in crate::commands) async fn withdraw(
    args: &WithdrawArgs,
    lang: Lang,
) -> Result<ExitCode, Error> {
    let mut context = Context::open(&args.campaign, lang)?;
    context.stdout = Stdout::of(args.json);
    let exit = take_back(&context, args).await?;
    Ok(end(&context, "withdraw", exit))
}

async fn take_back(context: &Context, args: &WithdrawArgs) -> Result<ExitCode, Error> {
    let (reader, row) = context.must_be_loaded()?;
    let picked = Picked::of(context, args, (&reader, &row))?;
    say_others(context, args, &picked);
    if picked.bills.is_empty() {
        context.tell(&words::nothing());
        return Ok(ExitCode::Done);
    }
    show(context, &picked);
    if args.ids.is_empty() {
        let given = args.confirm_total.as_deref();
        confirm_total(context, given, picked.total, &typed(context, args))?;
    }
    let owner = context.own("withdraw")?;
    owner.check_account(&context.terms())?;
    let now = context.clock.now_ms();
    if let Some(halt) = start_of_clock(now, owner.highest_time()) {
        say_halt(context, &halt);
        return Ok(ExitCode::Halted);
    }
    must_be_known(context, &reader)?;
    let wanted = TakeBack {
        bills: picked.bills,
        because: on_record(&args.because),
    };
    match ask_and_take_back(context, owner, (&reader, &row), wanted).await? {
        Answered::Free(done) => conclude(context, (args, picked.list), &done),
        Answered::Stopped(asked) => nothing_taken(context, &asked),
    }
}

/// What a lost ledger sent last, WeChat Pay knows some minutes later.
fn must_be_known(context: &Context, reader: &Reader) -> Result<(), Error> {
    let now = context.clock.now_ms();
    let from = reader.unknown_from()?.filter(|from| now < *from);
    from.map_or(Ok(()), |from| {
        let at = beijing_words(from.saturating_add(999));
        let minutes = (from - now + 59_999) / 60_000;
        Err(Error::Usage(words::too_early(at, minutes)))
    })
}

/// Packets that are meant and stay as they are.
fn say_others(context: &Context, args: &WithdrawArgs, picked: &Picked) {
    if picked.again > 0 {
        context.tell(&words::already(picked.again));
    }
    if picked.kept > 0 && args.ids.is_empty() {
        context.tell(&words::on_the_wire(picked.kept));
    }
}

fn show(context: &Context, picked: &Picked) {
    for packet in &picked.shown {
        let (number, key, amount) = (&packet.mch_billno, packet.masked_key(), packet.amount);
        tell_text(&format!("  {number}  {amount:>10}  {key}"));
    }
    let (count, shown) = (picked.bills.len(), picked.shown.len());
    if count > shown {
        context.tell(&reissue::more(count - shown));
    }
    context.tell(&words::to_take_back(count, picked.total));
}

/// The command as it was typed.
fn typed(context: &Context, args: &WithdrawArgs) -> String {
    let which = match &args.missing {
        Some(file) => {
            let sheet = sheet_option(args.sheet.as_deref());
            format!("--missing {}{sheet}", typed_path(file))
        }
        None => "--all".to_owned(),
    };
    let because = format!("--because {}", typed_word(&args.because));
    format!("{} {which} {because}", context.command("withdraw"))
}

/// With real money, and in a ledger that may be behind the truth, WeChat Pay is asked first.
async fn ask_and_take_back(
    context: &Context,
    owner: Owner,
    (reader, row): (&Reader, &CampaignRow),
    wanted: TakeBack,
) -> Result<Answered, Error> {
    let now = || context.clock.now_ms();
    let writer = Arc::new(owner.into_writer(&context.terms(), context.rules())?);
    writer.recover(now()).await?;
    let is_asked = context.is_live() || writer.is_behind(now()).await?;
    if is_asked {
        let gateway = OpenGateway::open(context).await?;
        let gate = Arc::new(Gate::default());
        on_signals(&gate, context.lang)?;
        let writer = Arc::clone(&writer);
        let shared = gateway.shared(context, reader, (gate, writer), row.is_clock_right)?;
        let shared = Arc::new(shared);
        let asked = ask_before_withdrawing(&shared, context.in_flight(), &wanted.bills).await?;
        gateway.close().await;
        if asked.shut.is_some() || asked.outage.is_some() || asked.unanswered > 0 {
            return Ok(Answered::Stopped(Box::new(asked)));
        }
        context.tell(&words::asked(asked.asked));
        // Some of the answers may have shown that the ledger is behind.
        must_be_known(context, reader)?;
    }
    Ok(Answered::Free(writer.withdraw(wanted, now()).await?))
}

/// Nothing was taken back.
fn nothing_taken(context: &Context, asked: &Reconciled) -> Result<ExitCode, Error> {
    let exit = if let Some(shut) = &asked.shut {
        stopped(context, shut, &context.standing()?)
    } else {
        match &asked.outage {
            Some(why) => {
                let url = context.gateway_url();
                context.tell(&reissue::no_answer(url, why.clone()));
                say_unused_proxy(context);
                unreachable(&context.standing()?)
            }
            None => ExitCode::SomeUnresolved,
        }
    };
    context.tell(&words::stopped(asked.unanswered));
    Ok(exit)
}

/// A list that is not loaded as it stands comes first: a run would refuse it.
fn say_next(
    context: &Context,
    (args, list): (&WithdrawArgs, Option<ListFile>),
    standing: &Standing,
) -> Result<(), Error> {
    let load = match &args.missing {
        Some(file) => {
            let sheet = sheet_option(args.sheet.as_deref());
            format!("{} {}{sheet}", context.command("load"), typed_path(file))
        }
        None => context.command("load"),
    };
    let (reader, _) = context.must_be_loaded()?;
    // A pipe is not waited for.
    let file = &context.campaign.recipients;
    let list = list.or_else(|| {
        let is_there = file.is_file();
        is_there.then(|| list_at(file, args.sheet.as_ref()).ok())?
    });
    let is_same = list.is_some_and(|list| was_loaded(context, &reader, &list).unwrap_or(false));
    let has_ready = standing.tally.of(State::Ready).count > 0;
    if is_same && has_ready {
        context.tell(&words::mended(load));
        context.next(context.run_command());
    } else {
        context.next(load);
    }
    Ok(())
}

fn conclude(
    context: &Context,
    (args, list): (&WithdrawArgs, Option<ListFile>),
    done: &TakenBack,
) -> Result<ExitCode, Error> {
    for (number, state) in &done.kept {
        context.tell(&words::kept(number.as_str(), *state));
    }
    let kept = done
        .kept
        .iter()
        .map(|(number, state)| json!({ "mch_billno": number.as_str(), "state": state.name() }));
    context.stdout.keep("kept", kept.collect::<Vec<_>>());
    let taken = json!({ "count": done.count, "fen": done.fen.fen() });
    context.stdout.keep("withdrawn", taken);
    context.tell(&words::taken_back(done.count, done.fen));
    let standing = context.standing()?;
    context.tell(&words::owed(standing.tally.owed().fen));
    say_next(context, (args, list), &standing)?;
    Ok(if done.kept.is_empty() {
        ExitCode::Done
    } else {
        // Somebody else sent them: what became of that is still open here, or worse.
        match by_state(&standing) {
            ExitCode::Done | ExitCode::Limited => ExitCode::SomeUnresolved,
            exit => exit,
        }
    })
}
