//! The end of `run`: why it stopped, how the campaign stands, the exit code and the
//! next command.

use serde_json::json;

use crate::clock::beijing_words;
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, HeldBack, PassedOver, Reader};
use crate::report::{Standing, paused};
use crate::runner::{Ending, Halt, Shut, Signal};
use crate::words::{claims, limits, names::CommandWords, run as words};

use super::closed::say_closed;
use super::left::LeftReports;
use super::next::NextSteps;
use super::run_end::{Limited, RunEnd};
use crate::commands::console::tell_text;
use crate::commands::setup::context::Context;
use crate::commands::setup::gateway::say_unused_proxy;
use crate::commands::setup::typed::typed_word;
use crate::config::LeftFormat;

/// Says how it ended, writes the report, and gives the exit code of the campaign as it stands.
pub(in crate::commands) fn conclude(context: &Context, ended: &RunEnd) -> Result<ExitCode, Error> {
    let standing = context.standing()?;
    let ledger = context.loaded()?;
    let held = held(context, ledger.as_ref())?;
    let waits = if matches!(ended, RunEnd::Limited(_) | RunEnd::Closed(_)) {
        waits(&standing, ledger.as_ref())?
    } else {
        TallyRow::default()
    };
    say_why(context, ended, waits, held);
    let mut left = LeftReports::new(context, exit_code(ended, &standing));
    left.leave(LeftFormat::Csv);
    tell_text(&standing.words(context.lang));
    say_burnt(context, ledger.as_ref())?;
    say_ready(context, &standing, ledger.as_ref())?;
    if let RunEnd::Ending(Ending::Shut(Shut::WrongClock(_))) = ended {
        let unpause = context.command("unpause");
        context.tell(&words::clock_is_right(unpause + " --clock-is-right"));
    }
    NextSteps::of_run(context, ended, &standing, waits).say(context);
    left.leave(LeftFormat::Xlsx);
    Ok(left.say())
}

/// The packets that a run may still send for the first time, or once more after a halt.
pub(super) fn waits(
    standing: &Standing,
    ledger: Option<&(Reader, CampaignRow)>,
) -> Result<TallyRow, Error> {
    let ready = standing.tally.of(State::Ready);
    let Some((reader, row)) = ledger else {
        return Ok(ready);
    };
    let unsent = reader.unsent(row)?;
    Ok(TallyRow {
        count: ready.count + unsent.count,
        fen: [ready.fen, unsent.fen].into_iter().sum(),
    })
}

/// The packets that a daily cap holds back, and until when.
fn held(
    context: &Context,
    ledger: Option<&(Reader, CampaignRow)>,
) -> Result<Option<HeldBack>, Error> {
    let Some((reader, row)) = ledger else {
        return Ok(None);
    };
    let most = context.campaign.caps.max_packet;
    let held = reader.deferred(row, most, context.clock.now_ms())?;
    Ok((held.count > 0).then_some(held))
}

/// Names the commands that send again what was refused while the set-up was wrong, and is called
/// FAILED, or was passed over.
fn say_burnt(context: &Context, ledger: Option<&(Reader, CampaignRow)>) -> Result<(), Error> {
    let Some((reader, _)) = ledger else {
        return Ok(());
    };
    let reissue = |code: &str| {
        let reissue = context.command("reissue");
        format!("{reissue} --code {} --because TEXT", typed_word(code))
    };
    for burnt in reader.burnt(&context.campaign.id)? {
        let command = CommandWords(reissue(&burnt.code));
        context.warn(&words::burnt(burnt.count, burnt.code, command));
    }
    for PassedOver {
        code,
        campaign,
        count,
    } in reader.passed_over(&context.campaign.id)?
    {
        let again = typed_word(&campaign);
        let command = CommandWords(format!("{} --pay-again {again}", reissue(&code)));
        context.warn(&words::passed_over(count, code, campaign, command));
    }
    Ok(())
}

/// Tells of packages that lapse unless somebody hands them out within the day.
fn say_ready(
    context: &Context,
    standing: &Standing,
    ledger: Option<&(Reader, CampaignRow)>,
) -> Result<(), Error> {
    let has_sent = standing.tally.of(State::Sent).count > 0;
    let Some((reader, row)) = ledger.filter(|_| has_sent) else {
        return Ok(());
    };
    if let (count, Some(end)) = reader.openable(row, context.clock.now_ms())? {
        let command = context.command("claims") + " --all --out FILE";
        context.tell(&claims::ready(count, beijing_words(end)));
        context.tell(&claims::hand_out(CommandWords(command)));
    }
    Ok(())
}

fn say_held(context: &Context, held: HeldBack) {
    let until = beijing_words(held.until);
    context.tell(&words::above_cap(held.count, until));
    if held.too_large > 0 {
        context.tell(&words::too_large(held.too_large));
    }
}

fn say_why(context: &Context, ended: &RunEnd, waits: TallyRow, held: Option<HeldBack>) {
    let url = context.gateway_url();
    if let Some(held) = held {
        say_held(context, held);
    }
    let why = match ended {
        RunEnd::NothingToDo => words::nothing_to_do(),
        RunEnd::Ending(Ending::Finished | Ending::Bounded(_) | Ending::Closed) => return,
        RunEnd::Limited(limited) => return say_limit(context, limited, waits),
        RunEnd::Closed(closed) => return say_closed(context, closed, waits),
        RunEnd::Ending(Ending::Waiting(_) | Ending::Shut(Shut::Deferred(_))) if held.is_some() => {
            return;
        }
        RunEnd::Ending(Ending::Waiting(due)) => words::waiting(beijing_words(*due)),
        RunEnd::Ending(Ending::Unreachable(why)) => words::unreachable(url, why.clone()),
        RunEnd::Unreachable(why) => words::never_reached(url, why.clone()),
        RunEnd::SetUp(halt) => {
            context.ended(&words::set_up(halt.cause.clone()));
            return say_evidence(context, halt);
        }
        RunEnd::Ending(Ending::Shut(shut)) => return say_shut(context, shut),
    };
    context.ended(&why);
    if matches!(
        ended,
        RunEnd::Unreachable(_) | RunEnd::Ending(Ending::Unreachable(_))
    ) {
        say_unused_proxy(context);
    }
}

fn say_limit(context: &Context, limited: &Limited, waits: TallyRow) {
    if waits.count > 0 {
        let limit = limited.limit.as_str();
        context.ended(&limits::reached(limit, waits.count, waits.fen));
        if let Some(amount) = limited.too_small {
            context.tell(&limits::too_small(amount));
        }
    }
    if let Some(due) = limited.owed {
        context.tell(&limits::open(beijing_words(due)));
    }
}

pub(in crate::commands) fn say_shut(context: &Context, shut: &Shut) {
    let why = match shut {
        Shut::Signal(_) => words::signal(),
        Shut::Halt(halt) | Shut::WrongClock(halt) => return say_halt(context, halt),
        Shut::Paused(pause) => paused(pause),
        Shut::Deferred(until) => words::deferred(beijing_words(*until)),
        Shut::Throttled => words::throttled(),
        Shut::LedgerFailed => words::ledger_failed(),
    };
    context.ended(&why);
}

pub(in crate::commands) fn say_halt(context: &Context, halt: &Halt) {
    context.ended(&words::halted(halt.cause.clone()));
    say_evidence(context, halt);
}

fn say_evidence(context: &Context, halt: &Halt) {
    let Halt {
        cause,
        evidence,
        remedy,
        ..
    } = halt;
    let kept = json!({ "cause": cause, "evidence": evidence, "remedy": remedy });
    context.stdout.keep("halt", kept);
    context.warn(&words::evidence(halt.evidence.clone()));
    context.warn(&words::remedy(halt.remedy.clone()));
}

/// By the order of [`ExitCode`].
pub(in crate::commands) fn exit_code(ended: &RunEnd, standing: &Standing) -> ExitCode {
    // Before everything else: nothing is written to such a ledger any more.
    if let RunEnd::Ending(Ending::Shut(shut @ Shut::LedgerFailed)) = ended {
        return of_shut(shut);
    }
    if standing.is_broken() {
        return ExitCode::Halted;
    }
    match ended {
        RunEnd::SetUp(_) => ExitCode::Configuration,
        RunEnd::Unreachable(_) | RunEnd::Ending(Ending::Unreachable(_)) => unreachable(standing),
        RunEnd::Ending(Ending::Shut(shut)) => of_shut(shut),
        RunEnd::Closed(_) | RunEnd::Ending(Ending::Closed) => ExitCode::Limited,
        RunEnd::NothingToDo
        | RunEnd::Limited(_)
        | RunEnd::Ending(Ending::Finished | Ending::Waiting(_) | Ending::Bounded(_)) => {
            by_state(standing)
        }
    }
}

/// The exit code of a campaign whose gateway cannot be reached: what is in doubt is graver.
pub(in crate::commands) fn unreachable(standing: &Standing) -> ExitCode {
    match by_state(standing) {
        exit @ (ExitCode::Halted | ExitCode::SomeUnresolved) => exit,
        _ => ExitCode::Unreachable,
    }
}

/// The exit code of the campaign as it stands, without the run that just ended.
pub(in crate::commands) fn by_state(standing: &Standing) -> ExitCode {
    let tally = &standing.tally;
    if standing.is_broken() {
        ExitCode::Halted
    } else if tally.sum(State::is_unresolved).count > 0
        || standing.without_package.open > 0
        || standing.overdue.count > 0
        || standing.denied > 0
    {
        ExitCode::SomeUnresolved
    } else if tally.of(State::Ready).count > 0 {
        // They wait for a run.
        ExitCode::Limited
    } else if tally.of(State::Refused).count > 0 {
        ExitCode::SomeRefused
    } else {
        ExitCode::Done
    }
}

/// Says why a verb was stopped while it asked, and first of all what is broken; the exit code.
pub(in crate::commands) fn stopped(
    context: &Context,
    shut: &Shut,
    standing: &Standing,
) -> ExitCode {
    say_shut(context, shut);
    if standing.is_broken() && *shut != Shut::LedgerFailed {
        tell_text(&standing.words(context.lang));
        return ExitCode::Halted;
    }
    of_shut(shut)
}

fn of_shut(shut: &Shut) -> ExitCode {
    match shut {
        Shut::Signal(signal) => of_signal(*signal),
        Shut::Halt(_) | Shut::WrongClock(_) => ExitCode::Halted,
        Shut::Paused(pause) if pause.is_halt => ExitCode::Halted,
        Shut::Paused(_) | Shut::Deferred(_) | Shut::Throttled => ExitCode::Limited,
        Shut::LedgerFailed => ExitCode::Unexpected,
    }
}

/// By the shell's convention, 128 and the signal's number.
pub(in crate::commands) fn of_signal(signal: Signal) -> ExitCode {
    match signal {
        Signal::Interrupt => ExitCode::Interrupted,
        Signal::Terminate => ExitCode::Terminated,
    }
}
