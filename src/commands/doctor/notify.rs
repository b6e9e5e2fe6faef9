//! Whether those who are told of runs take a connection. Nothing is told.

use super::told::{Check, CheckName};
use crate::commands::finish::notice::posters;
use crate::commands::setup::context::Context;
use crate::config::NotifyKind;
use crate::words::{Words, doctor as words};

/// A run does without them, and a run that nobody hears of is what they are there against: a target
/// that is not reached fails.
pub(super) async fn check(context: &Context) -> Check {
    let proxy = &context.campaign.notify.proxy;
    let under_way: Vec<_> = posters(context)
        .map(|(kind, poster)| {
            let proxy = proxy.clone();
            let reached = async move { poster?.reach(proxy.as_deref()).await };
            (kind, tokio::spawn(reached))
        })
        .collect();
    let (mut reached, mut failed): (Vec<&str>, Option<Words>) = (Vec::new(), None);
    for (kind, found) in under_way {
        match found.await {
            Ok(Ok(())) => reached.push(kind.name()),
            Ok(Err(why)) => failed = Some(and(failed, words::notify_failed(kind.name(), why))),
            // A check that panicked is one that failed.
            Err(_) => failed = Some(and(failed, left(kind))),
        }
    }
    match failed {
        Some(found) => Check::fail(CheckName::Notify, found, words::mend_notify()),
        None if reached.is_empty() => Check::fine(CheckName::Notify, words::notify_nobody()),
        None => Check::fine(CheckName::Notify, words::notify(reached.join(", "))),
    }
}

fn left(kind: NotifyKind) -> Words {
    words::notify_failed(kind.name(), words::not_checked())
}

fn and(before: Option<Words>, one: Words) -> Words {
    match before {
        None => one,
        Some(before) => words::notify_more(before, one),
    }
}
