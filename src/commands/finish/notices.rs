//! What those who do not watch are told of a run, by `[notify]`: live runs only.
//!
//! A run that has the ledger pings at its begin and at its end, whatever comes of it, and tells
//! what happened in between. One that has nothing to do, or whose time did not come, pings only: a
//! timer starts it each quarter of an hour. A message that nobody heard is told by the next one.
//! Nothing here fails: a target that cannot be told is named on stderr.

use std::cell::Cell;
use std::sync::Arc;

use crate::clock::beijing_words;
use crate::commands::console::unforeseen;
use crate::commands::finish::notice::{
    ReconcileNews, event_of, event_of_fault, has_unsent, is_wrong_total, message, message_again,
    posters, reason_of, title,
};
use crate::commands::finish::recent::{ALARM_REST_MS, REST_MS, Recent};
use crate::commands::finish::run_end::RunEnd;
use crate::commands::setup::certificate::MerchantCertificate;
use crate::commands::setup::context::Context;
use crate::config::NotifyKind;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::notify::{EventKind, Message, Notifier, OnTaken, PingStep};
use crate::report::Standing;
use crate::words::{Words, notify as words, run};

/// Those who are told of one run.
pub(in crate::commands) struct RunNotices<'a> {
    context: &'a Context,
    notifier: Notifier,
    recent: Recent,
    /// Tells the messages of this run from those of others.
    run: String,
    has_started: Cell<bool>,
    /// Messages so far: no two of them have one id.
    ordered: Cell<usize>,
    /// Whether one of them tells how a run ended, and whether that wants somebody.
    has_told: Cell<Option<bool>>,
    /// How long an alarm of its rests.
    alarm_rest_ms: i64,
    /// Whether it waited for its window: whoever typed it has gone home.
    has_waited: bool,
    /// Of a reconciliation: how the campaign stood before it.
    before: Option<Standing>,
}

impl<'a> RunNotices<'a> {
    /// Those of a run.
    pub(in crate::commands) fn of_run(context: &'a Context, has_waited: bool) -> RunNotices<'a> {
        let mut notices = RunNotices::of(context, |_| true);
        notices.has_waited = has_waited;
        notices
    }

    /// Those of a reconciliation, which pings nobody: if it did, a run that never came would not be
    /// missed. Whether a person or a timer typed it makes no difference, since both change what the
    /// others should know.
    pub(in crate::commands) fn of_reconciliation(context: &'a Context) -> RunNotices<'a> {
        let mut notices = RunNotices::of(context, |kind| kind != NotifyKind::Ping);
        // It tells what it moved: the next one moves something else.
        notices.alarm_rest_ms = REST_MS;
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
            ordered: Cell::new(0),
            has_told: Cell::new(None),
            alarm_rest_ms: ALARM_REST_MS,
            has_waited: false,
            before: None,
            context,
        }
    }

    /// The ledger is its own, and it pings. One that does not get it pings neither begin nor end:
    /// the run that holds it is well, and /8 would be a false alarm. Where that one hangs, its end
    /// is missed; where no run holds it, this one's begin is.
    pub(in crate::commands) fn begun(&self) {
        self.notifier.ping(PingStep::Start, None);
    }

    /// Messages of earlier runs that nobody heard: what happened, and how it stands now. What this
    /// one tells of its end takes their place.
    fn tell_unheard(&self) {
        if !self.notifier.is_heard() {
            return;
        }
        let now = self.context.clock.now_ms();
        let mut unheard = self.recent.unheard(now);
        // One that is so young may be on its way.
        unheard.retain(|it| it.at <= now - REST_MS);
        let Some(last) = unheard
            .iter()
            .max_by_key(|it| (it.event.wants_somebody(), it.at))
        else {
            return;
        };
        let told = self.has_told.get();
        if told.is_some_and(|is_alarm| is_alarm || !last.event.wants_somebody()) {
            return self.recent.drop_unheard(&unheard, now);
        }
        let message = message_again(self.context, last);
        self.order(message, move |it, now| it.drop_unheard(&unheard, now));
    }

    /// The first packet is about to be sent.
    pub(in crate::commands) fn started(&self) {
        self.has_started.set(true);
        if self.notifier.is_silent() {
            return;
        }
        self.recent.begun(self.context.clock.now_ms());
        let standing = self.context.standing().ok();
        let message = self.message(EventKind::Started, words::started(), standing.as_ref());
        self.tell(message, "");
        if let Some(end) = MerchantCertificate::ends_soon(self.context) {
            let event = EventKind::Certificate;
            let mut message = self.message(event, words::certificate(), standing.as_ref());
            message.reason = Some(words::certificate_end(beijing_words(end)));
            self.tell(message, "");
        }
    }

    /// It has ended, with what was said here.
    pub(in crate::commands) fn ended(&self, ended: &Result<(RunEnd, ExitCode), Error>) {
        if self.notifier.is_silent() {
            return;
        }
        let (ended, exit) = match ended {
            Ok(ended) => ended,
            Err(fault) => return self.failed(fault, self.has_waited),
        };
        let standing = self.context.standing().ok();
        let reason = reason_of(self.context, ended, standing.as_ref());
        let has_unsent = || has_unsent(self.context, standing.as_ref());
        let event = event_of((ended, *exit), self.has_started.get(), has_unsent);
        let cause = reason.as_ref().map_or("", |reason| reason.code);
        self.is_over((event, *exit, cause), reason, standing.as_ref());
    }

    /// It waited for its next window, and will not go on: a signal ended it, or a fault.
    pub(in crate::commands) fn gave_up(&self, ended: &Result<ExitCode, Error>) {
        match ended {
            _ if self.notifier.is_silent() => {}
            Ok(exit) => self.is_over((None, *exit, ""), Some(run::signal()), None),
            Err(fault) => self.failed(fault, true),
        }
    }

    fn failed(&self, fault: &Error, has_waited: bool) {
        let exit = fault.exit();
        let reason = if is_wrong_total(fault) {
            words::wrong_total()
        } else {
            words::could_not_run(exit.meaning())
        };
        let standing = self.context.standing().ok();
        let event = event_of_fault(fault, has_waited);
        let cause = fault.words().code;
        self.is_over((event, exit, cause), Some(reason), standing.as_ref());
    }

    fn is_over(
        &self,
        (event, exit, cause): (Option<EventKind>, ExitCode, &str),
        reason: Option<Words>,
        standing: Option<&Standing>,
    ) {
        let title = event.map_or_else(words::ended, |event| title(event, exit));
        let kind = event.unwrap_or(EventKind::Finished);
        let mut message = self.message(kind, title, standing);
        message.reason = reason;
        message.exit = Some((exit.code(), exit.meaning()));
        // As it was said here, if anything was.
        let said = self.context.stdout.facts().remove("next");
        let said = said.and_then(|next| next.as_str().map(str::to_owned));
        message.next = match event {
            Some(EventKind::Approval) => Some(self.context.command("plan")),
            Some(EventKind::Halted) => said.or_else(|| Some(self.context.command("status"))),
            _ => said,
        };
        let code = match exit {
            ExitCode::Held => None,
            // A limit, a window or a pause is how a run should end: it is alive. An end for good,
            // with packets unpaid, is none.
            ExitCode::Limited if event != Some(EventKind::Halted) => Some(0),
            exit => Some(exit.code()),
        };
        if let Some(code) = code {
            self.notifier
                .ping(PingStep::Exit(code), Some(message.clone()));
        }
        if event.is_some() {
            self.tell(message, cause);
        }
        self.tell_unheard();
    }

    /// A reconciliation has ended: told where a packet moved, where it halted, and what it found
    /// besides. The daily one that finds nothing new is nobody's news.
    pub(in crate::commands) async fn reconciled(self, exit: ExitCode, found: ReconcileNews) {
        let after = self.context.standing().ok();
        if let (Some(before), Some(after)) = (&self.before, &after) {
            let has_moved = before.tally != after.tally;
            let is_new = !after.is_broken()
                || after.breaks() > before.breaks()
                || after.bill_breaks != before.bill_breaks;
            let event = match exit {
                ExitCode::Halted if is_new || has_moved || found.bills_differ => {
                    Some(EventKind::Halted)
                }
                // The next one would not know that it is new.
                _ if after.is_broken() && is_new => Some(EventKind::Halted),
                ExitCode::SomeUnresolved | ExitCode::Unreachable
                    if has_moved || found.are_denied =>
                {
                    Some(EventKind::Unresolved)
                }
                ExitCode::Done | ExitCode::SomeRefused if has_moved => Some(EventKind::Finished),
                _ => None,
            };
            if let Some(event) = event {
                let title = if found.bills_differ {
                    words::bills_differ()
                } else {
                    title(event, exit)
                };
                let mut message = self.message(event, title, Some(after));
                message.exit = Some((exit.code(), exit.meaning()));
                message.next = Some(self.context.command("status"));
                self.tell(message, "");
            }
        }
        self.tell_unheard();
        self.wait().await;
    }

    /// Waits for those who are still being told, and not for ever.
    pub(in crate::commands) async fn wait(self) {
        self.notifier.end().await;
    }

    fn tell(&self, message: Message, cause: &str) {
        // What nobody hears is not told, and is no reason to be silent a minute later.
        if !self.notifier.is_heard() {
            return;
        }
        let event = message.event;
        // A run that stopped for now and one that is through end differently; so do two causes.
        let exit = message.exit.map_or(0, |(code, _)| code);
        let kind = format!("{} {exit} {} {cause}", event.name(), message.title.code);
        let at = self.context.clock.now_ms();
        let is_alarm = event.wants_somebody() && event != EventKind::Certificate;
        let rest_ms = if is_alarm && !self.has_started.get() {
            self.alarm_rest_ms
        } else {
            REST_MS
        };
        if !self.recent.may_tell(&kind, (rest_ms, at)) {
            return self.context.tell(&words::told_already(event.name()));
        }
        // The end of a run tells more than its begin.
        if message.exit.is_some() {
            self.has_told.set(Some(event.wants_somebody()));
            self.recent.ordered(&kind, (event, exit), at);
        }
        self.order(message, move |recent, now| recent.heard(&kind, now));
    }

    /// Tells it; `heard` is done as soon as somebody took it.
    fn order(&self, message: Message, heard: impl Fn(&Recent, i64) + Send + Sync + 'static) {
        let number = self.ordered.get() + 1;
        self.ordered.set(number);
        let id = format!("{}-{number}-{}", self.run, message.event.name());
        let (recent, clock) = (self.recent.clone(), self.context.clock.clone());
        let taken: OnTaken = Arc::new(move || heard(&recent, clock.now_ms()));
        self.notifier.tell(message, &id, &taken);
    }

    fn message(&self, event: EventKind, title: Words, standing: Option<&Standing>) -> Message {
        message(self.context, event, title, standing)
    }
}
