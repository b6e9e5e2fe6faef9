//! What the end of a run is to those who are told of it: the event, its title, its reason, and the
//! message; and who is told. `notices` tells it.

use serde_json::Value;

use crate::clock::{beijing, beijing_words, zoned_words};
use crate::commands::finish::ending::waits;
use crate::commands::finish::recent::Unheard;
use crate::commands::finish::run_end::RunEnd;
use crate::commands::setup::context::Context;
use crate::config::{NotifyKind, SecretSources};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::notify::{EventKind, Message, Money, Poster};
use crate::report::{Standing, balance_of};
use crate::runner::{Ending, Shut};
use crate::words::{Words, notify as words, run, schedule};

/// The code of the message about a total that is not the campaign's.
const WRONG_TOTAL: &str = "usage.total_differs";

/// `None`: nothing that somebody should hear of.
pub(super) fn event_of(
    (ended, exit): (&RunEnd, ExitCode),
    has_started: bool,
    has_unsent: impl FnOnce() -> bool,
) -> Option<EventKind> {
    let halts = |shut: &Shut| {
        matches!(
            shut,
            Shut::Halt(_) | Shut::WrongClock(_) | Shut::LedgerFailed
        )
    };
    match ended {
        RunEnd::NothingToDo => None,
        RunEnd::SetUp(_) => Some(EventKind::Halted),
        RunEnd::Ending(Ending::Shut(shut)) if halts(shut) => Some(EventKind::Halted),
        RunEnd::Unreachable(_) => Some(EventKind::Unresolved),
        // No timer helps: somebody gives it more time, or takes its packets back.
        RunEnd::Closed(closed) if closed.is_for_good() && has_unsent() => Some(EventKind::Halted),
        // A halt or a pause that it found was told by the run that met it.
        _ if !has_started => None,
        _ => Some(match exit {
            ExitCode::Halted => EventKind::Halted,
            ExitCode::SomeUnresolved | ExitCode::Unreachable => EventKind::Unresolved,
            _ => EventKind::Finished,
        }),
    }
}

/// Whether a packet waits to be sent.
pub(super) fn has_unsent(context: &Context, standing: Option<&Standing>) -> bool {
    let ledger = context.loaded().ok().flatten();
    let waiting = standing.and_then(|standing| waits(standing, ledger.as_ref()).ok());
    waiting.is_some_and(|waiting| waiting.count > 0)
}

/// Without what a person wrote: a name may stand in it.
pub(super) fn reason_of(
    context: &Context,
    ended: &RunEnd,
    standing: Option<&Standing>,
) -> Option<Words> {
    let campaign = &context.campaign;
    let url = context.gateway_url();
    let breaks = standing.map_or(0, Standing::breaks);
    Some(match ended {
        _ if breaks > 0 => words::breaks(breaks),
        _ if standing.is_some_and(|it| it.bill_breaks.are_grave()) => words::bills_differ(),
        RunEnd::NothingToDo => run::nothing_to_do(),
        RunEnd::SetUp(halt)
        | RunEnd::Ending(Ending::Shut(Shut::Halt(halt) | Shut::WrongClock(halt))) => {
            halt.cause.clone()
        }
        RunEnd::Unreachable(why) => run::never_reached(url, why.clone()),
        RunEnd::Ending(Ending::Unreachable(why)) => run::unreachable(url, why.clone()),
        RunEnd::Limited(limited) => words::limit(limited.limit.as_str()),
        RunEnd::Closed(closed) => match (closed.flag, closed.opens) {
            (Some(flag), _) => words::limit(flag),
            (None, Some(at)) => {
                let windows = &campaign.windows;
                schedule::closed(zoned_words(at, &windows.timezone), windows.zone())
            }
            (None, None) => schedule::over("[schedule]"),
        },
        RunEnd::Ending(Ending::Waiting(due)) => run::waiting(beijing_words(*due)),
        RunEnd::Ending(Ending::Shut(shut)) => match shut {
            Shut::Signal(_) => run::signal(),
            Shut::Paused(pause) if !pause.is_halt => words::paused(beijing_words(pause.at)),
            Shut::Deferred(until) => run::deferred(beijing_words(*until)),
            Shut::Throttled => run::throttled(),
            Shut::LedgerFailed => run::ledger_failed(),
            Shut::Paused(_) | Shut::Halt(_) | Shut::WrongClock(_) => return None,
        },
        RunEnd::Ending(Ending::Finished | Ending::Bounded(_) | Ending::Closed) => return None,
    })
}

/// Whether a run was given another total than the campaign's.
pub(super) fn is_wrong_total(fault: &Error) -> bool {
    fault.words().code == WRONG_TOTAL
}

/// A run that could not go on. What was typed wrong and a ledger that another run holds concern
/// those who typed it, or nobody; not so where it waited for hours before. A total is typed once,
/// for a timer, and is wrong as soon as the list grows.
pub(super) fn event_of_fault(fault: &Error, has_waited: bool) -> Option<EventKind> {
    match fault.exit() {
        ExitCode::NotApproved => Some(EventKind::Approval),
        ExitCode::Usage if is_wrong_total(fault) => Some(EventKind::Halted),
        ExitCode::Usage | ExitCode::Held if !has_waited => None,
        _ => Some(EventKind::Halted),
    }
}

/// The event as a title.
pub(super) fn title(event: EventKind, exit: ExitCode) -> Words {
    match event {
        EventKind::Started => words::started(),
        EventKind::Halted => words::halted(),
        EventKind::Approval => words::approval(),
        EventKind::Finished if matches!(exit, ExitCode::Done | ExitCode::SomeRefused) => {
            words::finished()
        }
        EventKind::Finished => words::stopped(),
        EventKind::Unresolved if exit == ExitCode::Unreachable => words::unreached(),
        EventKind::Unresolved => words::unresolved(),
        EventKind::Certificate => words::certificate(),
        EventKind::Test => words::test(),
    }
}

/// A message of this campaign as it stands.
pub(in crate::commands) fn message(
    context: &Context,
    event: EventKind,
    title: Words,
    standing: Option<&Standing>,
) -> Message {
    let now = context.clock.now_ms();
    let loaded = standing.filter(|standing| standing.campaign.is_some());
    let money = loaded.map(|standing| {
        let (line, fen): (Words, Value) = balance_of(standing);
        Money { line, fen }
    });
    let head = loaded.and_then(|standing| standing.journal);
    Message {
        event,
        title,
        at: (beijing(now), beijing_words(now)),
        campaign: context.campaign.id.to_string(),
        mode: context.campaign.gateway.mode.name(),
        reason: None,
        exit: None,
        money,
        journal: head.map(|head| (head.entries, head.hex())),
        next: None,
    }
}

/// What a message that nobody heard was about, and how it stands now.
pub(super) fn message_again(context: &Context, unheard: &Unheard) -> Message {
    let Unheard { event, exit, .. } = *unheard;
    let standing = context.standing().ok();
    let mut message = message(context, event, title(event, exit), standing.as_ref());
    message.reason = Some(words::unheard(beijing_words(unheard.at)));
    message.exit = Some((exit.code(), exit.meaning()));
    message.next = Some(context.command("status"));
    message
}

/// What a reconciliation found that moves no packet.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::commands) struct ReconcileNews {
    /// Fund-flow bills have a grave break, and nothing else halted.
    pub(in crate::commands) bills_differ: bool,
    /// Packets that were accepted are denied now.
    pub(in crate::commands) are_denied: bool,
}

/// Every target of the campaign file, or why it cannot be told.
pub(in crate::commands) fn posters(
    context: &Context,
) -> impl Iterator<Item = (NotifyKind, Result<Poster, Words>)> {
    let sources = SecretSources::from_env();
    let settings = &context.campaign.notify;
    settings.targets.iter().map(move |target| {
        let read = target.read(&sources);
        let poster = read.and_then(|secrets| Poster::new(settings, &secrets));
        (target.kind, poster)
    })
}
