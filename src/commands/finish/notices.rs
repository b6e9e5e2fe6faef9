//! What those who do not watch are told of a run, by `[notify]`: live runs only.
//!
//! A run pings at its begin and at its end, whatever comes of it, and tells what happened in
//! between. One that has nothing to do, or whose time did not come, pings only: a timer may start
//! it every ten minutes. Nothing here fails: a target that cannot be told is named on stderr.

use std::cell::Cell;

use serde_json::Value;

use crate::clock::{beijing, beijing_words, zoned_words};
use crate::commands::console::unforeseen;
use crate::commands::finish::run_end::RunEnd;
use crate::commands::setup::certificate::MerchantCertificate;
use crate::commands::setup::context::Context;
use crate::config::{NotifyKind, SecretSources};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::notify::{EventKind, Message, Money, Notifier, PingStep, Poster, Recent};
use crate::report::{Standing, balance_of};
use crate::runner::{Ending, Shut};
use crate::words::{Words, notify as words, run, schedule};

/// Those who are told of one run.
pub(in crate::commands) struct RunNotices<'a> {
    context: &'a Context,
    notifier: Notifier,
    recent: Recent,
    /// Tells the messages of this run from those of others.
    run: String,
    has_started: Cell<bool>,
    /// Of a reconciliation: how the campaign stood before it.
    before: Option<Standing>,
}

impl<'a> RunNotices<'a> {
    /// Those of a run, which pings that it begins.
    pub(in crate::commands) fn of_run(context: &'a Context) -> RunNotices<'a> {
        let notices = RunNotices::of(context, |_| true);
        notices.notifier.ping(PingStep::Start, None);
        notices
    }

    /// Those of a reconciliation, which pings nobody: if it did, a run that never came would not be
    /// missed. Whether a person or a timer typed it makes no difference, since both change what the
    /// others should know.
    pub(in crate::commands) fn of_reconciliation(context: &'a Context) -> RunNotices<'a> {
        let mut notices = RunNotices::of(context, |kind| kind != NotifyKind::Ping);
        if !notices.notifier.is_silent() {
            notices.before = context.standing().ok();
        }
        notices
    }

    fn of(context: &'a Context, is_told: impl Fn(NotifyKind) -> bool) -> RunNotices<'a> {
        let targets = context.is_live().then(|| posters(context));
        let targets = targets.into_iter().flatten().filter_map(|(kind, poster)| {
            let poster = poster.map_err(|why| context.warn(&words::not_used(kind.name(), why)));
            poster.ok().filter(|_| is_told(kind))
        });
        let campaign = &context.campaign;
        RunNotices {
            notifier: Notifier::begin(targets.collect(), &context.clock, context.lang),
            recent: Recent::beside(&campaign.ledger, campaign.id.as_str()),
            // Two runs without one would be told apart by their times alone.
            run: unforeseen().unwrap_or_default(),
            has_started: Cell::new(false),
            before: None,
            context,
        }
    }

    /// The first packet is about to be sent.
    pub(in crate::commands) fn started(&self) {
        self.has_started.set(true);
        if self.notifier.is_silent() {
            return;
        }
        let standing = self.context.standing().ok();
        self.tell(self.message(EventKind::Started, words::started(), standing.as_ref()));
        if let Some(end) = MerchantCertificate::ends_soon(self.context) {
            let event = EventKind::Certificate;
            let mut message = self.message(event, words::certificate(), standing.as_ref());
            message.reason = Some(words::certificate_end(beijing_words(end)));
            self.tell(message);
        }
    }

    /// It has ended, with what was said here.
    pub(in crate::commands) fn ended(&self, ended: &Result<(RunEnd, ExitCode), Error>) {
        if self.notifier.is_silent() {
            return;
        }
        let standing = self.context.standing().ok();
        let exit = match ended {
            Ok((_, exit)) => *exit,
            Err(fault) => fault.exit(),
        };
        let (event, reason) = match ended {
            Ok((ended, exit)) => {
                let event = self.event_of(ended, *exit);
                (event, self.reason_of(ended, standing.as_ref()))
            }
            Err(fault) => (
                event_of_fault(fault),
                Some(words::could_not_run(exit.meaning())),
            ),
        };
        let title = event.map_or_else(words::ended, |event| title(event, exit));
        let kind = event.unwrap_or(EventKind::Finished);
        let mut message = self.message(kind, title, standing.as_ref());
        message.reason = reason;
        message.exit = Some((exit.code(), exit.meaning()));
        message.next = Some(match event {
            Some(EventKind::Approval) => self.context.command("plan"),
            Some(EventKind::Halted) => self.context.command("status"),
            _ => self.context.command("reconcile"),
        });
        // A limit, a window or a pause is how a run should end: it is alive.
        let step = match exit {
            ExitCode::Limited => PingStep::Exit(0),
            exit => PingStep::Exit(exit.code()),
        };
        self.notifier.ping(step, Some(message.clone()));
        if event.is_some() {
            self.tell(message);
        }
    }

    /// A reconciliation has ended: told where a packet moved, or where it halted. The daily one
    /// that finds nothing new is nobody's news.
    pub(in crate::commands) async fn reconciled(self, exit: ExitCode) {
        let after = self.context.standing().ok();
        if let (Some(before), Some(after)) = (&self.before, &after) {
            let has_moved = before.tally != after.tally;
            let is_new = after.breaks() == 0 || after.breaks() > before.breaks();
            let event = match exit {
                ExitCode::Halted if is_new => Some(EventKind::Halted),
                ExitCode::SomeUnresolved if has_moved => Some(EventKind::Unresolved),
                ExitCode::Done | ExitCode::SomeRefused if has_moved => Some(EventKind::Finished),
                _ => None,
            };
            if let Some(event) = event {
                let mut message = self.message(event, title(event, exit), Some(after));
                message.exit = Some((exit.code(), exit.meaning()));
                message.next = Some(self.context.command("status"));
                self.tell(message);
            }
        }
        self.wait().await;
    }

    /// Waits for those who are still being told, for ten seconds at most.
    pub(in crate::commands) async fn wait(self) {
        self.notifier.end().await;
    }

    fn tell(&self, message: Message) {
        let event = message.event.name();
        if self
            .recent
            .may_tell(message.event, self.context.clock.now_ms())
        {
            self.notifier
                .tell(message, &format!("{}-{event}", self.run));
        } else {
            self.context.tell(&words::told_already(event));
        }
    }

    fn message(&self, event: EventKind, title: Words, standing: Option<&Standing>) -> Message {
        message(self.context, event, title, standing)
    }

    /// `None`: nothing that somebody should hear of.
    fn event_of(&self, ended: &RunEnd, exit: ExitCode) -> Option<EventKind> {
        match ended {
            RunEnd::NothingToDo => None,
            RunEnd::SetUp(_)
            | RunEnd::Ending(Ending::Shut(
                Shut::Halt(_) | Shut::WrongClock(_) | Shut::LedgerFailed,
            )) => Some(EventKind::Halted),
            RunEnd::Unreachable(_) => Some(EventKind::Unresolved),
            // A halt or a pause that it found was told by the run that met it.
            _ if !self.has_started.get() => None,
            _ => Some(match exit {
                ExitCode::Halted => EventKind::Halted,
                ExitCode::SomeUnresolved => EventKind::Unresolved,
                _ => EventKind::Finished,
            }),
        }
    }

    /// Without what a person wrote: a name may stand in it.
    fn reason_of(&self, ended: &RunEnd, standing: Option<&Standing>) -> Option<Words> {
        let campaign = &self.context.campaign;
        let url = campaign.gateway.base_url.as_str();
        let breaks = standing.map_or(0, Standing::breaks);
        Some(match ended {
            _ if breaks > 0 => words::breaks(breaks),
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
}

/// A run that could not go on. What was typed wrong and a ledger that another run holds concern
/// those who typed it, or nobody.
fn event_of_fault(fault: &Error) -> Option<EventKind> {
    match fault.exit() {
        ExitCode::NotApproved => Some(EventKind::Approval),
        ExitCode::Usage | ExitCode::Held => None,
        _ => Some(EventKind::Halted),
    }
}

fn title(event: EventKind, exit: ExitCode) -> Words {
    match event {
        EventKind::Started => words::started(),
        EventKind::Halted => words::halted(),
        EventKind::Approval => words::approval(),
        EventKind::Finished if matches!(exit, ExitCode::Done | ExitCode::SomeRefused) => {
            words::finished()
        }
        EventKind::Finished => words::stopped(),
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
