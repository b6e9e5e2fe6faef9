//! The facts of a plan, for a person and for a program.

use super::obstacle::Obstacle;
use crate::clock::beijing_words;
use crate::commands::finish::next::NextSteps;
use crate::commands::setup::approval::PlannedApproval;
use crate::commands::setup::context::Context;
use crate::domain::caps::Cap;
use crate::domain::tally::TallyRow;
use crate::ledger::{PlannedDay, Preview};
use crate::words::Words;

/// The payments, and how long they take.
pub(super) struct Plan {
    pub(super) all: TallyRow,
    pub(super) to_send: TallyRow,
    pub(super) seconds: u64,
    pub(super) finish_at: i64,
    pub(super) preview: Preview,
    /// What would stop a run before its first send.
    pub(super) obstacle: Option<Obstacle>,
    /// Where somebody must approve it.
    pub(super) approval: Option<PlannedApproval>,
    /// The commands that go on from here.
    pub(super) next: NextSteps,
    /// Which columns of the list are read as what; empty where the list is not at hand.
    pub(super) columns: Vec<Words>,
    /// Whether the list on disk is another one than was loaded.
    pub(super) is_changed: bool,
}

pub(super) fn date(day: &PlannedDay) -> String {
    beijing_words(day.from).chars().take(10).collect()
}

/// The texts of the campaign, each by its key.
pub(super) fn texts(context: &Context) -> Vec<(&'static str, &str)> {
    let texts = &context.campaign.texts;
    let scene = texts.scene_id.as_deref();
    let always = [
        ("act_name", texts.act_name.as_str()),
        ("send_name", &texts.send_name),
        ("wishing", &texts.wishing),
        ("remark", &texts.remark),
    ];
    let scene = scene.map(|scene| ("scene_id", scene));
    always.into_iter().chain(scene).collect()
}

/// The caps of the campaign, each by its key.
pub(super) fn caps(context: &Context) -> Vec<(&'static str, String)> {
    let caps = &context.campaign.caps;
    vec![
        (Cap::MaxPacket.key(), caps.max_packet.to_string()),
        (Cap::OpenidPackets.key(), caps.openid_packets.to_string()),
        (Cap::OpenidYuan.key(), caps.openid_fen.to_string()),
        (Cap::MerchantYuan.key(), caps.merchant_fen.to_string()),
        (Cap::Once.key(), caps.once_per_days.to_string()),
    ]
}
