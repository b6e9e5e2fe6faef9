//! Whether people let it run: the approval that it may need, and a pause.
//!
//! A run that ends with 9 for want of an approval, or with 11 since a halt paused the campaign, is
//! refused, and that is a failure. Before the list is loaded nothing can be approved: `doctor` is
//! asked first of all, and a step that is still to come is none. A person's pause ends with 5, as
//! the times of `[schedule]` do: somebody wants it so.

use super::told::{Check, CheckName};
use crate::clock::beijing_words;
use crate::commands::setup::approval::PlannedApproval;
use crate::commands::setup::context::Context;
use crate::ledger::{CampaignRow, Reader};
use crate::words::{approval as words, names::CommandWords, pause};

pub(super) fn check(context: &Context) -> [Check; 2] {
    [approval(context), paused(context)]
}

fn approval(context: &Context) -> Check {
    let name = CheckName::Approval;
    let Ok(loaded) = context.loaded() else {
        return Check::left_out(name);
    };
    let loaded = loaded.as_ref().map(|(reader, row)| (reader, row));
    match PlannedApproval::of(context, loaded, None) {
        Ok(None) => Check::fine(name, words::none_required()),
        Ok(Some(PlannedApproval::WhenLive)) => Check::fine(name, words::when_live()),
        Ok(Some(PlannedApproval::Good(approver, until))) => {
            Check::fine(name, words::given(approver, beijing_words(until)))
        }
        Ok(Some(PlannedApproval::NotLoaded)) => {
            let load = context.command("load");
            Check::warn(name, words::not_loaded(), words::load_first(load))
        }
        Ok(Some(PlannedApproval::Missing(..))) if !is_due(context, loaded) => {
            Check::fine(name, words::nothing_left())
        }
        Ok(Some(PlannedApproval::Missing(why, approve))) => {
            let (plan, approve) = (context.command("plan"), CommandWords(approve));
            Check::fail(name, why, words::let_approve(plan, approve))
        }
        Err(_) => Check::left_out(name),
    }
}

/// Whether a run has anything to do. Where it has nothing, it asks for no approval.
fn is_due(context: &Context, loaded: Option<(&Reader, &CampaignRow)>) -> bool {
    let Some((reader, _)) = loaded else {
        return true;
    };
    let due = reader.due_for_run(&context.campaign.id, context.clock.now_ms());
    !matches!(due, Ok(None))
}

/// A limit of the merchant's day ends by itself.
fn paused(context: &Context) -> Check {
    let name = CheckName::Pause;
    let Ok(standing) = context.standing() else {
        return Check::left_out(name);
    };
    let Some(why) = standing.pause_words() else {
        return Check::fine(name, pause::none());
    };
    let paused = standing.campaign.and_then(|row| row.pause);
    let lift = pause::lift(context.command("unpause"));
    if paused.is_some_and(|pause| pause.is_halt) {
        Check::fail(name, why, lift)
    } else {
        Check::warn(name, why, lift)
    }
}
