//! The short sections: `[caps]`, `[approval]`, `[fund_flow]`, `[report]`, `[log]`; the campaign id.

use std::time::Duration;

use super::campaign::{ApprovalRules, LeftFormat};
use super::document::TomlDocument;
use crate::domain::approval::Approver;
use crate::domain::caps::Caps;
use crate::domain::ids::{CampaignId, IdFault};
use crate::domain::met::EVERY;
use crate::domain::money::Fen;
use crate::words::{Words, config as words};

pub(super) const CAPS: &[&str] = &[
    "max_packet_yuan",
    "openid_per_day",
    "openid_yuan_per_day",
    "merchant_yuan_per_day",
    "once_per_days",
];
pub(super) const APPROVAL: &[&str] = &["required", "approvers", "valid_hours"];
pub(super) const FUND_FLOW: &[&str] = &["labels"];
pub(super) const REPORT: &[&str] = &["formats"];
pub(super) const LOG: &[&str] = &["progress_seconds"];

/// One packet must fit into every day, or it would wait for ever.
pub(super) fn caps(document: &mut TomlDocument<'_>) -> Caps {
    let default = Caps::default();
    let mut yuan = |key: &str, default| document.text(key, cap).unwrap_or(default);
    let max_packet = yuan("caps.max_packet_yuan", default.max_packet);
    let openid_fen = yuan("caps.openid_yuan_per_day", default.openid_fen);
    let merchant_fen = yuan("caps.merchant_yuan_per_day", default.merchant_fen);
    for (key, sum) in [
        ("caps.openid_yuan_per_day", openid_fen),
        ("caps.merchant_yuan_per_day", merchant_fen),
    ] {
        if sum < max_packet {
            document.refuse(key, words::below_max_packet(key));
        }
    }
    Caps {
        max_packet,
        openid_packets: document.number("caps.openid_per_day", 10, 1..=u32::MAX),
        openid_fen,
        merchant_fen,
        once_per_days: document.number("caps.once_per_days", 0, 0..=366),
    }
}

fn cap(text: &str) -> Result<Fen, Words> {
    match Fen::from_yuan(text) {
        Ok(Fen::ZERO) => Err(words::pays_nothing()),
        Ok(fen) => Ok(fen),
        Err(fault) => Err(words::budget(fault.words())),
    }
}

const DAY_SECONDS: u32 = 86_400;
/// A month.
const VALID_MAX: u32 = 744;

pub(super) fn approval(document: &mut TomlDocument<'_>) -> ApprovalRules {
    let is_required = document.flag("approval.required", false);
    let read = |text: &str| Approver::parse(text).ok_or_else(words::approver);
    let approvers = document.texts("approval.approvers", read);
    let hours = document.number("approval.valid_hours", 24, 1..=VALID_MAX);
    if is_required && approvers.as_ref().is_some_and(Vec::is_empty) {
        document.refuse("approval.required", words::no_approvers());
    }
    ApprovalRules {
        is_required,
        approvers: approvers.unwrap_or_default(),
        valid: Duration::from_secs(u64::from(hours) * 3_600),
    }
}

/// The labels of red packets, none of them twice.
pub(super) fn labels(document: &mut TomlDocument<'_>) -> Vec<String> {
    let labels = document.texts("fund_flow.labels", label);
    labels.unwrap_or_default()
}

/// As 业务名称 or 业务类型 has it.
fn label(text: &str) -> Result<String, Words> {
    match text.trim() {
        "" => Err(words::label_blank()),
        label => Ok(label.to_owned()),
    }
}

/// Both, where the file names none.
pub(super) fn left(document: &mut TomlDocument<'_>) -> Vec<LeftFormat> {
    if !document.has("report.formats") {
        return LeftFormat::ALL.to_vec();
    }
    let read = |text: &str| {
        let found = LeftFormat::ALL.into_iter().find(|it| it.name() == text);
        found.ok_or_else(words::report_format)
    };
    let mut formats = document.texts("report.formats", read).unwrap_or_default();
    formats.sort();
    formats
}

/// How often a line tells how far a run is.
pub(super) fn progress(document: &mut TomlDocument<'_>) -> Duration {
    let seconds = document.number("log.progress_seconds", 10, 1..=DAY_SECONDS);
    Duration::from_secs(seconds.into())
}

/// The word for every campaign cannot name one.
pub(super) fn campaign_id(text: &str) -> Result<CampaignId, Words> {
    if text == EVERY {
        return Err(words::every_campaign());
    }
    CampaignId::new(text).map_err(IdFault::words)
}
