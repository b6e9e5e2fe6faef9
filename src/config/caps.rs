//! `[caps]`: how much leaves, and how much a day.

use super::document::TomlDocument;
use crate::domain::caps::Caps;
use crate::domain::money::Fen;
use crate::words::{Words, config as words};

pub(super) const KEYS: &[&str] = &[
    "max_packet_yuan",
    "openid_per_day",
    "openid_yuan_per_day",
    "merchant_yuan_per_day",
    "once_per_days",
];

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
