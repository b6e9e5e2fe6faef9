//! When a run may send: `[schedule]`, `--until` and `--max-duration`; and `--wait` for the next
//! time it may.

use std::ops::ControlFlow;
use std::time::Duration;

use jiff::civil::Time;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::RunArgs;
use crate::clock::zoned_words;
use crate::commands::console::one_line;
use crate::commands::finish::closed::SendsClosed;
use crate::commands::finish::ending::of_signal;
use crate::commands::finish::run_end::RunEnd;
use crate::commands::setup::context::Context;
use crate::commands::setup::time::duration_ms;
use crate::config::time_of_day;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::Owner;
use crate::runner::{Gate, Signal, Stops};
use crate::service;
use crate::words::{schedule as words, usage};

/// The machine may sleep, and its clock be set: neither moves the end of one long sleep.
const LOOK: Duration = Duration::from_secs(5);
/// A log shows that the process still waits.
const TELL_EVERY_MS: i64 = 3_600_000;

/// Another process that holds the ledger is waited for so long at most, and looked for so often.
const LOCK_MS: i64 = 600_000;
const LOCK_EVERY: Duration = Duration::from_secs(1);

/// The ends of this run that were typed.
#[derive(Debug, Clone, Copy)]
pub(in crate::commands) struct TypedTimes {
    until: Option<Time>,
    longest_ms: Option<i64>,
}

impl TypedTimes {
    /// # Errors
    /// Where what was typed is no time or no duration.
    pub(in crate::commands) fn read(args: &RunArgs) -> Result<TypedTimes, Error> {
        let until = args
            .until
            .as_deref()
            .map(|text| time_of_day(text).map_err(|why| Error::Usage(words::until(text, why))));
        let flag = "--max-duration";
        let longest_ms =
            args.max_duration
                .as_deref()
                .map(|typed| match duration_ms(flag, typed)? {
                    0 => Err(Error::Usage(usage::duration(flag, format!("{typed:?}")))),
                    ms => Ok(ms),
                });
        Ok(TypedTimes {
            until: until.transpose()?,
            longest_ms: longest_ms.transpose()?,
        })
    }

    /// Lets sends leave until the open time or this run's ends, or tells that it is closed now.
    pub(in crate::commands) fn open(
        self,
        context: &Context,
        gate: &Gate,
    ) -> Result<(), SendsClosed> {
        let now = context.clock.now_ms();
        let windows = &context.campaign.windows;
        let opening = windows.next(now).filter(|opening| opening.holds(now));
        let Some(opening) = opening else {
            return Err(closed(context, None, false));
        };
        let (typed, _) = self.end(context, now);
        gate.close_sends_at(opening.until.min(typed));
        Ok(())
    }

    /// Why a run that began at `began` sends no more.
    pub(in crate::commands) fn ended(self, context: &Context, began: i64) -> SendsClosed {
        let (typed, flag) = self.end(context, began);
        let is_typed = context.clock.now_ms() >= typed;
        closed(context, flag.filter(|_| is_typed), true)
    }

    fn end(self, context: &Context, began: i64) -> (i64, Option<&'static str>) {
        let windows = &context.campaign.windows;
        let until = self.until.and_then(|time| windows.next_time(began, time));
        let longest = self.longest_ms.map(|ms| began.saturating_add(ms));
        let ends = [(until, "--until"), (longest, "--max-duration")];
        let known = ends
            .into_iter()
            .filter_map(|(at, flag)| Some((at?, Some(flag))));
        known.min_by_key(|(at, _)| *at).unwrap_or((i64::MAX, None))
    }
}

fn closed(context: &Context, flag: Option<&'static str>, has_begun: bool) -> SendsClosed {
    let windows = &context.campaign.windows;
    let now = context.clock.now_ms();
    SendsClosed {
        opens: windows.next(now).map(|opening| opening.from.max(now)),
        flag,
        has_begun,
    }
}

/// When a run that waits goes on. What it is to pay at most is of one open time: another would pay
/// as much again.
pub(in crate::commands) fn opens_again(ended: &RunEnd, args: &RunArgs) -> Option<i64> {
    let is_bounded = args.max_rows.is_some() || args.max_amount.is_some() || args.canary.is_some();
    match ended {
        RunEnd::Closed(closed) if closed.has_begun && is_bounded => None,
        RunEnd::Closed(closed) if closed.flag.is_none() => closed.opens.filter(|_| args.wait),
        _ => None,
    }
}

/// Takes the ledger. With `--wait`, one that another process holds is waited for: until the open
/// time is over, and not for ever. After that everything is read anew under the lock, as after
/// [`wait`]. The signal where one came meanwhile.
pub(in crate::commands) async fn own(
    context: &mut Context,
    args: &RunArgs,
    stops: &mut Stops,
) -> Result<ControlFlow<Signal, Owner>, Error> {
    let begin = context.clock.now_ms();
    let opening = context.campaign.windows.next(begin);
    let ends = opening.map_or(begin, |opening| opening.until.min(begin + LOCK_MS));
    let mut is_told = false;
    loop {
        let held = match context.own("run") {
            Err(fault) if fault.exit() == ExitCode::Held && args.wait => fault,
            owner if !is_told => return owner.map(ControlFlow::Continue),
            owner => {
                let owner = owner?;
                let before = std::mem::replace(context, context.anew()?);
                if has_its_ledger(context, &before) {
                    return Ok(ControlFlow::Continue(owner));
                }
                // It is in another ledger by now.
                is_told = false;
                continue;
            }
        };
        if context.clock.now_ms() >= ends {
            return Err(held);
        }
        if !is_told {
            is_told = true;
            let until = zoned_words(ends, &context.campaign.windows.timezone);
            context.tell(&words::waits_for_lock(one_line(&held), until));
        }
        service::works();
        tokio::select! {
            signal = stops.next() => return Ok(ControlFlow::Break(signal?)),
            () = tokio::time::sleep(LOCK_EVERY) => {}
        }
    }
}

fn has_its_ledger(context: &Context, before: &Context) -> bool {
    let ledger = |it: &Context| (it.campaign.ledger.clone(), it.is_live());
    ledger(context) == ledger(before)
}

/// Sleeps until `opens` without the lock. Everything is read anew afterwards: the campaign, its
/// list, a pause, an approval. The exit code where a signal ended it.
pub(in crate::commands) async fn wait(
    context: &Context,
    opens: i64,
    stops: &mut Stops,
) -> Result<ControlFlow<ExitCode, Context>, Error> {
    let windows = &context.campaign.windows;
    let mut told = i64::MIN;
    let mut asked = signal(SignalKind::user_defined1())?;
    service::drives(LOOK);
    loop {
        service::beat();
        let now = context.clock.now_ms();
        let left = u64::try_from(opens - now).unwrap_or(0);
        if left == 0 {
            return context.anew().map(ControlFlow::Continue);
        }
        if now.saturating_sub(told) >= TELL_EVERY_MS {
            told = now;
            let at = zoned_words(opens, &windows.timezone);
            let waiting = words::waiting(at, windows.zone());
            context.tell(&waiting);
            service::status(waiting.within(context.lang));
        }
        tokio::select! {
            signal = stops.next() => {
                service::stopping();
                return Ok(ControlFlow::Break(of_signal(signal?)));
            }
            _ = asked.recv() => told = i64::MIN,
            () = tokio::time::sleep(LOOK.min(Duration::from_millis(left))) => {}
        }
    }
}
