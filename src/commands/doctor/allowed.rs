//! Whether people let it run: the approval that it may need, and a pause.

use super::told::{Check, CheckName};
use crate::clock::beijing_words;
use crate::commands::setup::approval::PlannedApproval;
use crate::commands::setup::context::Context;
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
    match PlannedApproval::of(context, loaded) {
        Ok(None) => Check::fine(name, words::none_required()),
        Ok(Some(PlannedApproval::WhenLive)) => Check::fine(name, words::when_live()),
        Ok(Some(PlannedApproval::Good(approver, until))) => {
            Check::fine(name, words::given(approver, beijing_words(until)))
        }
        Ok(Some(PlannedApproval::NotLoaded)) => {
            let load = context.command("load");
            Check::warn(name, words::not_loaded(), words::load_first(load))
        }
        Ok(Some(PlannedApproval::Missing(why, approve))) => {
            let (plan, approve) = (context.command("plan"), CommandWords(approve));
            Check::warn(name, why, words::let_approve(plan, approve))
        }
        Err(_) => Check::left_out(name),
    }
}

/// A limit of the merchant's day ends by itself.
fn paused(context: &Context) -> Check {
    let name = CheckName::Pause;
    let Ok(standing) = context.standing() else {
        return Check::left_out(name);
    };
    match standing.pause_words() {
        None => Check::fine(name, pause::none()),
        Some(why) => {
            let unpause = context.command("unpause");
            Check::warn(name, why, pause::lift(unpause))
        }
    }
}
