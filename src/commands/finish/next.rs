//! The commands to type next: the one that is due, and others where there is a choice.

use std::cell::LazyCell;

use serde_json::{Value, json};

use super::closed::SendsClosed;
use super::run_end::{Limited, RunEnd};
use crate::commands::setup::approval::PlannedApproval;
use crate::commands::setup::context::{Context, is_running};
use crate::commands::setup::loaded::is_other_list;
use crate::commands::setup::met::is_paid_since;
use crate::commands::setup::typed::typed_word;
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::ledger::{CampaignRow, Pause, RefusedWith};
use crate::report::Standing;
use crate::runner::{Ending, Shut};
use crate::wechat::err_code::ErrCode;
use crate::wechat::explain::{WayOut, refusal};
use crate::words::{Words, halt, next as words, note, recall};

/// Commands, the first of them due: none where nothing is left to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::commands) struct NextSteps(Vec<String>);

impl NextSteps {
    pub(in crate::commands) fn only(command: String) -> NextSteps {
        NextSteps(vec![command])
    }

    /// After a run.
    pub(in crate::commands) fn of_run(
        context: &Context,
        ended: &RunEnd,
        standing: &Standing,
        waits: TallyRow,
    ) -> NextSteps {
        NextSteps::only(match ended {
            _ if standing.is_broken() => return NextSteps::of(context, standing),
            RunEnd::Ending(Ending::Shut(Shut::Paused(pause))) => {
                return NextSteps::of_pause(context, pause, watch_of_run(context).as_deref());
            }
            RunEnd::Ending(Ending::Shut(Shut::Halt(_))) => {
                let run = due_run(context, watch_of_run(context).as_deref());
                format!("{} && {run}", context.command("unpause"))
            }
            RunEnd::Ending(Ending::Shut(Shut::WrongClock(_))) => context.command("unpause"),
            RunEnd::SetUp(_)
            | RunEnd::Unreachable(_)
            | RunEnd::Ending(Ending::Shut(_) | Ending::Unreachable(_)) => context.run_command(),
            RunEnd::Limited(Limited {
                trouble: Some(number),
                ..
            }) => format!("{} {number}", context.command("show")),
            RunEnd::Closed(SendsClosed {
                opens: Some(_),
                flag: None,
                ..
            }) => context.run_command() + " --wait",
            RunEnd::Limited(limited) if waits.count > 0 => context.run_command() + &limited.flags,
            _ => return NextSteps::of(context, standing),
        })
    }

    /// As the campaign stands: the one rule by which `list`, `status` and the ends of other verbs
    /// lead on. A break comes first, and does not hide what is due beside it.
    pub(in crate::commands) fn of(context: &Context, standing: &Standing) -> NextSteps {
        let Some(row) = &standing.campaign else {
            return NextSteps::only(context.command("load"));
        };
        if let Some(adopt) = context.due_adopt() {
            return NextSteps::only(adopt);
        }
        let steps = NextSteps::of_packets(context, (standing, row));
        let broken = standing.broken.first().map(|(number, _)| number);
        match broken.or(standing.bill_breaks.grave.as_ref()) {
            Some(number) => steps.behind(format!("{} {number}", context.command("show"))),
            None => steps,
        }
    }

    /// What is due for the packets, whatever is broken.
    fn of_packets(context: &Context, (standing, row): (&Standing, &CampaignRow)) -> NextSteps {
        let has = |state: State| standing.tally.of(state).count > 0;
        // Whatever else is due would meet its lock. One that has nothing to do any more is over
        // before a person has typed the next command.
        let is_left = has(State::Ready) || standing.tally.sum(State::is_unresolved).count > 0;
        let watch = LazyCell::new(|| watch_of_run(context));
        if is_left && let Some(watch) = &*watch {
            return NextSteps::only(watch.clone());
        }
        let is_open = is_left || standing.without_package.open > 0;
        if let Some(pause) = row.pause.as_ref().filter(|_| is_open) {
            return NextSteps::of_pause(context, pause, watch.as_deref());
        }
        // A run fetches the packages that are missing.
        if has(State::Ready) || standing.without_package.open > 0 {
            return NextSteps::only(due_run(context, watch.as_deref()));
        }
        if has(State::Review) {
            let report = context.command("report");
            return NextSteps::only(format!("{report} --state {}", State::Review.name()));
        }
        let mut steps = after_refusals(context, row, &standing.refused);
        let reconcile = context.command("reconcile");
        if is_left || standing.overdue.count > 0 || standing.unasked > 0 {
            steps.insert(0, reconcile);
        } else if standing.denied > 0
            || standing.tally.sum(|state| !state.is_final()).count > standing.overdue.untold.count
        {
            // Claims and refunds of the others are still to come, whoever was refused.
            steps.push(reconcile);
        }
        NextSteps(steps)
    }

    /// A copy of the ledger is reconciled before it sends again, as its pause says. A clock that
    /// was halted for may be right all the same: only a person knows.
    fn of_pause(context: &Context, pause: &Pause, watch: Option<&str>) -> NextSteps {
        let mut steps = NextSteps::default();
        if recall(&pause.because).code == note::paused_copy().code && !is_reconciled(context, pause)
        {
            steps.0.push(context.command("reconcile"));
        }
        let (unpause, run) = (context.command("unpause"), due_run(context, watch));
        steps.0.push(format!("{unpause} && {run}"));
        if pause.is_halt && pause.because.contains(halt::set_clock().en.as_str()) {
            steps.0.push(format!("{unpause} --clock-is-right && {run}"));
        }
        steps
    }

    /// The same behind another one.
    pub(in crate::commands) fn behind(mut self, command: String) -> NextSteps {
        self.0.insert(0, command);
        self
    }

    pub(in crate::commands) fn first(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }

    pub(in crate::commands) fn others(&self) -> &[String] {
        self.0.get(1..).unwrap_or_default()
    }

    /// Line by line.
    pub(in crate::commands) fn words(&self) -> Vec<Words> {
        let first = self.first().map(words::command);
        let others = self.others().iter().map(|command| words::or(&**command));
        first.into_iter().chain(others).collect()
    }

    /// Says them, and keeps them for the object on stdout.
    pub(in crate::commands) fn say(self, context: &Context) {
        let mut commands = self.0.into_iter();
        let Some(first) = commands.next() else {
            return;
        };
        context.next(first);
        let others: Vec<String> = commands.collect();
        for command in &others {
            context.tell(&words::or(&**command));
        }
        context.stdout.keep("or", others);
    }
}

/// The document of `status --json`.
pub(in crate::commands) fn status_document(context: &Context, standing: &Standing) -> Value {
    let next = NextSteps::of(context, standing);
    let mut document = standing.json();
    document["next"] = json!(next.first());
    document["or"] = json!(next.others());
    document
}

/// The run, unless it would be refused: a run that is under way is watched, and the plan shows a
/// list that is not the loaded one, a text that was changed since, people whom another campaign
/// paid since, an approval that is missing, and that no time for sends comes any more. A time that
/// is still to come is waited for.
fn due_run(context: &Context, watch: Option<&str>) -> String {
    if let Some(watch) = watch {
        return watch.to_owned();
    }
    let loaded = context.loaded().ok().flatten();
    let is_refused = loaded.is_some_and(|(reader, row)| {
        // Last, since it reads every packet.
        let lacks_approval = || {
            let approval = PlannedApproval::of(context, Some((&reader, &row)), None);
            matches!(approval, Ok(Some(PlannedApproval::Missing(..))))
        };
        row.check_frozen(&context.terms()).is_err()
            || is_other_list(context, &reader)
            || is_paid_since(context, &reader, &row)
            || lacks_approval()
    });
    let now = context.clock.now_ms();
    match context.campaign.windows.next(now) {
        Some(opening) if opening.holds(now) && !is_refused => context.run_command(),
        Some(_) if !is_refused => context.run_command() + " --wait",
        Some(_) | None => context.command("plan"),
    }
}

/// What a run that is under way is watched with, if there is one.
fn watch_of_run(context: &Context) -> Option<String> {
    let campaign = &context.campaign;
    is_running(&campaign.ledger, campaign.id.as_str())
        .then(|| context.command("status") + " --watch")
}

/// Whether WeChat Pay was asked about everything open since the campaign was paused.
fn is_reconciled(context: &Context, pause: &Pause) -> bool {
    let found = context.loaded().ok().flatten();
    found.is_some_and(|(reader, row)| reader.has_reconciled(&row, pause.at).unwrap_or(false))
}

/// What the commonest code means, how its packets are paid after all, and who was refused.
fn after_refusals(context: &Context, row: &CampaignRow, refused: &[RefusedWith]) -> Vec<String> {
    let Some(most) = refused.first() else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    let code = most.code.as_deref();
    let reissue = context.command("reissue");
    let why = code.filter(|code| refusal(code).is_some());
    steps.push(format!(
        "hongbao explain {}",
        why.unwrap_or(State::Refused.name())
    ));
    let way_out = code.map(|code| (code, ErrCode::parse(code).map(ErrCode::way_out)));
    let again = match way_out {
        Some((code, Some(WayOut::OtherList))) => Some(format!(
            "{reissue} --code {} --export FILE",
            typed_word(code)
        )),
        _ if !is_free(context, row, code) => None,
        Some((code, _)) => Some(format!(
            "{reissue} --code {} --because TEXT",
            typed_word(code)
        )),
        None => Some(reissue + " ID --because TEXT"),
    };
    steps.extend(again);
    steps.push(context.command("report") + " --state refused");
    steps
}

/// Whether a reissue would take one of those who were refused with this code: it takes nobody until
/// some minutes after the last answer.
fn is_free(context: &Context, row: &CampaignRow, code: Option<&str>) -> bool {
    let found = context.loaded().ok().flatten();
    let Some((reader, _)) = found else {
        return false;
    };
    let answer_ms = context.rules().answer_ms;
    let objections = reader.refused_bills(row, code).and_then(|bills| {
        let now = context.clock.now_ms();
        reader.objections(row, &bills, answer_ms, now)
    });
    objections.is_ok_and(|objections| objections.iter().any(Option::is_none))
}
