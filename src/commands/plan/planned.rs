//! The facts of a plan, for a person and for a program.

use crate::clock::beijing_words;
use crate::domain::caps::Caps;
use crate::domain::tally::TallyRow;
use crate::ledger::{PlannedDay, Preview};

use crate::commands::setup::context::Context;

/// Sends and queries in a second that WeChat Pay allows a merchant without an agreement.
const PER_SECOND: u32 = 30;

/// The payments, and how long they take.
pub(super) struct Plan {
    pub(super) all: TallyRow,
    pub(super) to_send: TallyRow,
    pub(super) seconds: u64,
    pub(super) finish_at: i64,
    pub(super) preview: Preview,
    /// Whether the list on disk is another one than was loaded.
    pub(super) is_changed: bool,
}

/// The keys by which the campaign file allows more than WeChat Pay does by itself.
pub(super) fn above_default(context: &Context) -> Vec<&'static str> {
    let (caps, default) = (&context.campaign.caps, Caps::default());
    let per_second = context.campaign.pace.per_second;
    let above = [
        (
            "per_second",
            per_second.is_none_or(|most| most.get() > PER_SECOND),
        ),
        (
            "openid_per_day",
            caps.openid_packets > default.openid_packets,
        ),
        ("openid_yuan_per_day", caps.openid_fen > default.openid_fen),
        (
            "merchant_yuan_per_day",
            caps.merchant_fen > default.merchant_fen,
        ),
    ];
    let above = above.into_iter().filter(|(_, is_above)| *is_above);
    above.map(|(key, _)| key).collect()
}

pub(super) fn date(day: &PlannedDay) -> String {
    beijing_words(day.from).chars().take(10).collect()
}
