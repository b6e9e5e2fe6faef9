//! What came of the questions, and how the campaign stands after them.

use crate::commands::console::{despite, say, tell_text};
use crate::commands::finish::ending::{by_state, of_signal, say_halt, unreachable};
use crate::commands::finish::next::NextSteps;
use crate::commands::setup::context::Context;
use crate::commands::setup::gateway::say_unused_proxy;
use crate::domain::flow::breaks::BreakKind;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::report::Standing;
use crate::runner::{Reconciled, Shut};
use crate::words::run as words;

/// How the campaign stands, and what is next: first the break of the bills, if there is one. What
/// was cut short is given again with its `options`.
pub(in crate::commands) fn say_standing(
    context: &Context,
    (exit, options): (ExitCode, &str),
    broken: Option<BreakKind>,
) -> Result<ExitCode, Error> {
    let standing = context.standing()?;
    let said = show(context, &standing.words(context.lang));
    let is_cut_short = matches!(
        exit,
        ExitCode::Unreachable | ExitCode::Interrupted | ExitCode::Terminated
    );
    if is_cut_short {
        context.next(context.command("reconcile") + options);
    } else if exit != ExitCode::Unexpected {
        let steps = NextSteps::of(context, &standing);
        match broken {
            Some(kind) => steps.behind(format!("hongbao explain {}", kind.name())),
            None => steps,
        }
        .say(context);
    }
    Ok(despite(context.lang, said, exit))
}

/// stdout has one document where JSON is wanted.
fn show(context: &Context, standing: &str) -> Result<(), Error> {
    if context.stdout.has_document() {
        tell_text(standing);
        return Ok(());
    }
    say(standing.trim_end()).map(drop)
}

/// Tells what came of the questions; the exit code of a campaign that stands so.
pub(in crate::commands) fn conclude(
    context: &Context,
    done: &Reconciled,
    standing: &Standing,
) -> ExitCode {
    let Reconciled {
        asked,
        moved,
        unanswered,
        denied,
        shut,
        outage,
    } = done;
    for (name, count) in [
        ("asked", *asked),
        ("moved", *moved),
        ("unanswered", *unanswered),
        ("denied", *denied),
    ] {
        context.stdout.keep(name, count);
    }
    context.tell(&words::asked(*asked, *moved, *unanswered));
    if *denied > 0 {
        context.warn(&words::denied(*denied));
    }
    if let Some(why) = outage {
        let url = context.gateway_url();
        context.ended(&if asked == unanswered {
            words::not_reached(url, why.clone())
        } else {
            words::unreachable(url, why.clone())
        });
        say_unused_proxy(context);
    }
    if *shut == Some(Shut::Throttled) {
        context.ended(&words::throttled());
    }
    let by_state = by_state(standing);
    match shut {
        Some(Shut::Halt(halt) | Shut::WrongClock(halt)) => {
            say_halt(context, halt);
            ExitCode::Halted
        }
        // What cannot both be true is told, however this ends.
        Some(Shut::Signal(_)) if by_state == ExitCode::Halted => by_state,
        Some(Shut::Signal(signal)) => of_signal(*signal),
        Some(Shut::LedgerFailed) => ExitCode::Unexpected,
        Some(Shut::Throttled) if by_state != ExitCode::Halted => ExitCode::Limited,
        Some(Shut::Paused(_) | Shut::Deferred(_) | Shut::Throttled) | None => match by_state {
            ExitCode::Halted => by_state,
            _ if outage.is_some() => unreachable(standing),
            _ if unanswered + denied > 0 => ExitCode::SomeUnresolved,
            _ => by_state,
        },
    }
}
