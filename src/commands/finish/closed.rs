//! A run whose time for sends is over, or did not come yet.

use crate::clock::zoned_words;
use crate::commands::setup::context::Context;
use crate::domain::tally::TallyRow;
use crate::words::schedule;

/// Why nothing is sent now, and when it may be again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::commands) struct SendsClosed {
    /// When sends may leave again; `None`: never.
    pub(in crate::commands) opens: Option<i64>,
    /// The flag that ended the run, where it was one.
    pub(in crate::commands) flag: Option<&'static str>,
    /// Whether the run made requests before.
    pub(in crate::commands) has_begun: bool,
}

impl SendsClosed {
    /// Whether `[schedule]` is over.
    pub(in crate::commands) fn is_for_good(&self) -> bool {
        self.flag.is_none() && self.opens.is_none()
    }
}

pub(super) fn say_closed(context: &Context, closed: &SendsClosed, waits: TallyRow) {
    match closed.flag {
        Some(flag) => return context.ended(&schedule::time_is_up(flag, waits.count)),
        None if closed.has_begun => context.tell(&schedule::closing(waits.count)),
        None => {}
    }
    let windows = &context.campaign.windows;
    context.ended(&match closed.opens {
        Some(at) => schedule::closed(zoned_words(at, &windows.timezone), windows.zone()),
        None => schedule::over(if windows.not_after.is_some() {
            "not_after"
        } else {
            "[schedule]"
        }),
    });
}
