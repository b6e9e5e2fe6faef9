//! `reissue`: a new number for a packet that is proven unpaid, the last resort.

mod export;

use std::sync::Arc;

use serde_json::json;

use crate::cli::ReissueArgs;
use crate::clock::beijing_words;
use crate::domain::money::Fen;
use crate::domain::reissue::Objection;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, LedgerError, Owner, Reader, Reissued, ReportRow, Wanted};
use crate::runner::{
    Gate, Renewed, Shared, longest_ms, on_signals, reissue as renew, start_of_clock,
};
use crate::words::{Lang, Words, reissue as words};

use super::console::{despite, say, tell_text};
use super::finish::confirm::{confirm_total, on_record};
use super::finish::document::end as finish;
use super::finish::ending::{say_halt, stopped, unreachable};
use super::finish::next::NextSteps;
use super::finish::run_log::RunLog;
use super::reissue::export::{export, place_of, sum, typed as picking};
use super::setup::check::only_one;
use super::setup::context::Context;
use super::setup::gateway::{OpenGateway, say_unused_proxy};
use super::setup::met::check_named;
use super::setup::stdout::Stdout;
use super::setup::typed::{list_options, typed_word};

/// Packets that are named before the total is asked for.
const SHOWN: usize = 20;

pub(super) async fn reissue(args: &ReissueArgs, lang: Lang) -> Result<ExitCode, Error> {
    let mut context = Context::open(&args.campaign, lang)?;
    context.stdout = Stdout::of(args.json);
    let exit = give_up(&context, args).await?;
    Ok(finish(&context, "reissue", exit))
}

async fn give_up(context: &Context, args: &ReissueArgs) -> Result<ExitCode, Error> {
    let (reader, row) = context.must_be_loaded()?;
    if let Some(file) = &args.export {
        let place = place_of(context, (file, args))?;
        // Before anything is picked: a run may be about to send some of them once more.
        let owner = context.own("reissue")?;
        let picked = pick(args, &reader, &row)?;
        must_be_at_end(context, (&reader, &row), &picked)?;
        let bills: Vec<i64> = picked.iter().map(|packet| packet.bill).collect();
        let now = context.clock.now_ms();
        let paid = reader.paid_already(&bills, &args.pay_again, now)?;
        let picked = free(context, args, picked, (paid, now))?;
        return export(context, (&reader, &row), (picked, owner), (place, file));
    }
    let picked = pick(args, &reader, &row)?;
    let looked_at = context.clock.now_ms();
    let gateway = &context.campaign.gateway;
    let answer_ms = longest_ms(gateway.connect_timeout, gateway.request_timeout);
    let bills: Vec<i64> = picked.iter().map(|packet| packet.bill).collect();
    let others = args.pay_again.iter().filter(|id| *id != row.id.as_str());
    check_named(context, &others.cloned().collect::<Vec<_>>())?;
    let mut objections = reader.objections(&row, &bills, answer_ms, looked_at)?;
    let elsewhere = reader.spoken_for(&bills, &args.pay_again, looked_at)?;
    for (objection, elsewhere) in objections.iter_mut().zip(elsewhere) {
        *objection = objection.take().or(elsewhere);
    }
    let picked_count = picked.len() as u64;
    let free = free(context, args, picked, (objections, looked_at))?;
    let total = sum(&free);
    show(context, &free, total);
    let given = args.confirm_total.as_deref();
    confirm_total(context, given, total, &typed(context, args))?;
    let because = args.because.as_deref().unwrap_or_default();
    let owner = context.own("reissue")?;
    // The person may have thought for long, and another process written meanwhile.
    let since = context.clock.now_ms();
    let wanted = Wanted {
        bills: free.iter().map(|packet| packet.bill).collect(),
        because: on_record(because),
        since,
        answer_ms,
        pay_again: args.pay_again.clone(),
    };
    owner.check_frozen(&context.terms(), None)?;
    if let Some(halt) = start_of_clock(since, owner.highest_time()) {
        say_halt(context, &halt);
        return Ok(ExitCode::Halted);
    }
    let log = RunLog::of("reissue", context, &reader);
    let renewed = ask_and_renew((context, &log), owner, (&reader, &row), wanted).await;
    let done = renewed.and_then(|renewed| conclude(context, &renewed, picked_count));
    log.ended(done, |exit| Ok(*exit))
}

/// The packets that are meant, each by its newest number.
fn pick(args: &ReissueArgs, reader: &Reader, row: &CampaignRow) -> Result<Vec<ReportRow>, Error> {
    let mut picked: Vec<ReportRow> = Vec::new();
    for id in &args.ids {
        let found = reader.find(row, id)?;
        let packet = only_one(&found, id)?;
        if args.export.is_some() && packet.state != State::Refused {
            let (number, state) = (&packet.mch_billno, packet.state);
            return Err(Error::Usage(words::not_to_export(number.as_str(), state)));
        }
        if picked.iter().all(|known| known.bill != packet.bill) {
            picked.push(packet.clone());
        }
    }
    if args.ids.is_empty() {
        let is_meant = |packet: &ReportRow| {
            let code = args.code.as_deref();
            packet.state == State::Refused && (code.is_none() || code == packet.err_code.as_deref())
        };
        reader.report(row, |batch| {
            picked.extend(batch.iter().filter(|packet| is_meant(packet)).cloned());
            Ok::<_, Error>(batch)
        })?;
    }
    if picked.is_empty() {
        let code = args.code.as_deref();
        let words = code.map_or_else(words::none_refused, words::none_refused_with);
        return Err(Error::Usage(words));
    }
    Ok(picked)
}

/// A packet that another ledger may have paid under another number, or that the next run sends once
/// more, must not be paid from a list.
fn must_be_at_end(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    picked: &[ReportRow],
) -> Result<(), Error> {
    let unasked = reader.unasked(row, context.clock.now_ms())?;
    let is_unasked = |packet: &&ReportRow| unasked.contains(&packet.bill);
    let count = picked.iter().filter(is_unasked).count();
    if count > 0 {
        return Err(LedgerError::Unasked(row.id.clone(), count).into());
    }
    let billed = reader.billed(row)?;
    if let Some(packet) = picked.iter().find(|packet| billed.contains(&packet.bill)) {
        let number = packet.mch_billno.as_str();
        return Err(Error::Usage(words::kept(number, Objection::Billed.words())));
    }
    let owed = reader.owed_bills(&context.campaign.id)?;
    let owed = picked.iter().find(|packet| owed.contains(&packet.bill));
    let owed =
        owed.map(|packet| words::owed_again(packet.mch_billno.as_str(), context.run_command()));
    owed.map_or(Ok(()), |words| Err(Error::Usage(words)))
}

/// Those that nothing in the ledger speaks against. What was named one by one must be free; of what
/// a code picked, the others are told.
fn free(
    context: &Context,
    args: &ReissueArgs,
    picked: Vec<ReportRow>,
    (objections, looked_at): (Vec<Option<Objection>>, i64),
) -> Result<Vec<ReportRow>, Error> {
    let mut free = Vec::new();
    for (packet, objection) in picked.into_iter().zip(objections) {
        let Some(objection) = objection else {
            free.push(packet);
            continue;
        };
        let words = words::kept(packet.mch_billno.as_str(), told(&objection, looked_at));
        if !args.ids.is_empty() {
            return Err(Error::Usage(words));
        }
        context.tell(&words);
    }
    if free.is_empty() {
        return Err(Error::Usage(words::none_free()));
    }
    Ok(free)
}

/// An objection that was made at this time, with the time at which it is none any more.
fn told(objection: &Objection, now: i64) -> Words {
    match objection {
        Objection::TooEarly(ms) => {
            // To the second, and not before it is over.
            let at = beijing_words(now + ms + 999);
            words::too_early_until(at, (ms + 59_999) / 60_000)
        }
        other => other.words(),
    }
}

fn show(context: &Context, free: &[ReportRow], total: Fen) {
    for packet in free.iter().take(SHOWN) {
        let (number, key, amount) = (&packet.mch_billno, packet.masked_key(), packet.amount);
        let code = packet.err_code.as_deref().unwrap_or("");
        tell_text(&format!("  {number}  {amount:>10}  {key}  {code}"));
    }
    if free.len() > SHOWN {
        context.tell(&words::more(free.len() - SHOWN));
    }
    context.tell(&words::to_renew(free.len(), total));
}

/// The command as it was typed.
fn typed(context: &Context, args: &ReissueArgs) -> String {
    let because = args.because.as_deref().unwrap_or_default();
    let (picked, because) = (picking(context, args), typed_word(because));
    let again = list_options(None, &args.pay_again);
    format!("{picked} --because {because}{again}")
}

async fn ask_and_renew(
    (context, log): (&Context, &RunLog<'_>),
    owner: Owner,
    (reader, row): (&Reader, &CampaignRow),
    wanted: Wanted,
) -> Result<Renewed, Error> {
    let writer = Arc::new(owner.into_writer(&context.terms(), context.rules())?);
    writer.recover(wanted.since).await?;
    log.begin(row)?;
    let gateway = OpenGateway::open(context).await?;
    let gate = Arc::new(Gate::default());
    on_signals(&gate, context.lang)?;
    let shared: Shared = gateway.shared(context, reader, (gate, writer), row.is_clock_right)?;
    let renewed = renew(&Arc::new(shared), context.in_flight(), wanted).await?;
    gateway.close().await;
    Ok(renewed)
}

/// `picked` are the packets that were meant: those that keep their number stay refused.
fn conclude(context: &Context, renewed: &Renewed, picked: u64) -> Result<ExitCode, Error> {
    let mut said = Ok(true);
    let (mut done, mut kept) = (Vec::new(), Vec::new());
    for Reissued { old, new } in &renewed.bills {
        match new {
            Ok(new) => {
                if !context.stdout.has_document() {
                    said = said.and_then(|_| say(format_args!("{old} -> {new}")));
                }
                done.push(json!({ "old": old.as_str(), "new": new.as_str() }));
            }
            Err(objection) => {
                let why = told(objection, context.clock.now_ms());
                kept.push(json!({ "mch_billno": old.as_str(), "because": why }));
                context.tell(&words::kept(old.as_str(), why));
            }
        }
    }
    context.stdout.keep("reissued", done);
    context.stdout.keep("kept", kept);
    let exit = end(context, renewed, picked)?;
    Ok(despite(context.lang, said, exit))
}

/// Says why it ended and what is next.
fn end(
    context: &Context,
    Renewed { asked, bills }: &Renewed,
    picked: u64,
) -> Result<ExitCode, Error> {
    let standing = context.standing()?;
    if let Some(shut) = &asked.shut {
        let exit = stopped(context, shut, &standing);
        context.tell(&words::stopped());
        return Ok(exit);
    }
    if let Some(why) = &asked.outage {
        context.tell(&words::no_answer(context.gateway_url(), why.clone()));
        say_unused_proxy(context);
    }
    let renumbered = |it: &&Reissued| it.new.as_ref().is_ok_and(|new| *new != it.old);
    let count = bills.iter().filter(|it| it.new.is_ok()).count() as u64;
    let anew = bills.iter().filter(renumbered).count() as u64;
    if count > anew {
        context.tell(&words::freed(count - anew));
    }
    if anew > 0 || count == 0 {
        context.tell(&words::renewed(anew));
    }
    if standing.is_broken() {
        tell_text(&standing.words(context.lang));
        return Ok(ExitCode::Halted);
    }
    if count > 0 {
        NextSteps::of(context, &standing).say(context);
    } else if asked.outage.is_some() {
        return Ok(unreachable(&standing));
    }
    Ok(if count == picked {
        ExitCode::Done
    } else {
        ExitCode::SomeRefused
    })
}
