//! Limits on money: the range of one packet, the budget of a campaign, and the caps of a Beijing
//! day.

use std::ops::RangeInclusive;

use super::money::Fen;
use crate::words::{Words, caps as words, english};

/// Beijing has had one offset since 1991.
const BEIJING_MS: i64 = 8 * 3_600_000;
/// A day.
pub const DAY_MS: i64 = 86_400_000;
/// How far the clock of WeChat Pay may be from this one: so far may a reply's `Date`, too.
pub const CLOCKS_DIFFER_MS: i64 = 60_000;

/// Without an approved scene WeChat Pay takes 1.00 to 200.00 yuan a packet.
pub const PACKET_RANGE: (Fen, Fen) = (Fen::new(100), Fen::new(20_000));
/// With a scene approved: the widest range ever granted (0.30 to 4,999.00 yuan).
pub const SCENE_RANGE: (Fen, Fen) = (Fen::new(30), Fen::new(499_900));

/// How much leaves at most. A day is Beijing's, and first sends count, over the whole ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// The largest packet.
    pub max_packet: Fen,
    /// Packets of one openid a day.
    pub openid_packets: u32,
    /// Money of one openid a day.
    pub openid_fen: Fen,
    /// All money of a day.
    pub merchant_fen: Fen,
    /// One packet of an openid in so many days; 0 for as many as the other caps allow.
    pub once_per_days: u32,
}

/// The limits of a merchant without an agreement with WeChat Pay.
impl Default for Caps {
    fn default() -> Self {
        Caps {
            max_packet: PACKET_RANGE.1,
            openid_packets: 10,
            openid_fen: Fen::new(100_000),
            merchant_fen: Fen::new(100_000_000),
            once_per_days: 0,
        }
    }
}

/// First sends of one Beijing day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// Packets.
    pub packets: u32,
    /// Their money.
    pub fen: Fen,
}

impl Spent {
    /// With one more packet.
    #[must_use]
    pub fn with(self, amount: Fen) -> Spent {
        Spent {
            packets: self.packets.saturating_add(1),
            fen: Fen::new(self.fen.fen().saturating_add(amount.fen())),
        }
    }

    /// With one packet less.
    #[must_use]
    pub fn without(self, amount: Fen) -> Spent {
        Spent {
            packets: self.packets.saturating_sub(1),
            fen: Fen::new(self.fen.fen().saturating_sub(amount.fen())),
        }
    }
}

/// Which cap a packet would exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cap {
    /// It is larger than any packet may be.
    MaxPacket,
    /// Its openid has had as many as a day allows.
    OpenidPackets,
    /// Its openid would get more than a day allows.
    OpenidYuan,
    /// Its openid had one too lately.
    Once,
    /// The merchant would pay more than a day allows.
    MerchantYuan,
}

impl Cap {
    /// Its key under `[caps]`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Cap::MaxPacket => "max_packet_yuan",
            Cap::OpenidPackets => "openid_per_day",
            Cap::OpenidYuan => "openid_yuan_per_day",
            Cap::Once => "once_per_days",
            Cap::MerchantYuan => "merchant_yuan_per_day",
        }
    }
}

impl Caps {
    /// Whether somebody who was sent nothing yet may get so many packets of so much money within a
    /// day: no cap on recipients holds any of them back.
    #[must_use]
    pub fn allow_one(&self, (packets, fen): (u64, Fen)) -> bool {
        let is_once = self.once_per_days > 0 && packets > 1;
        packets <= self.openid_packets.into() && fen <= self.openid_fen && !is_once
    }

    /// Which cap one more packet of this day would exceed. Those of its openid come first: they
    /// hold back one packet, and the merchant's all.
    #[must_use]
    pub fn exceeded(&self, amount: Fen, openid: Spent, merchant: Spent) -> Option<Cap> {
        let (openid, merchant) = (openid.with(amount), merchant.with(amount));
        if amount > self.max_packet {
            Some(Cap::MaxPacket)
        } else if openid.packets > self.openid_packets {
            Some(Cap::OpenidPackets)
        } else if openid.fen > self.openid_fen {
            Some(Cap::OpenidYuan)
        } else if merchant.fen > self.merchant_fen {
            Some(Cap::MerchantYuan)
        } else {
            None
        }
    }
}

/// The Beijing day of a time: days since 1970.
#[must_use]
pub fn day_of(ms: i64) -> i64 {
    (ms + BEIJING_MS).div_euclid(DAY_MS)
}

/// When a Beijing day begins.
#[must_use]
pub fn begin_of(day: i64) -> i64 {
    day * DAY_MS - BEIJING_MS
}

/// The days that WeChat Pay may count a request of this time in: its clock may be a minute off, and
/// a run halts where it is more. Nearly always that is one.
#[must_use]
pub fn days_of(ms: i64) -> RangeInclusive<i64> {
    day_of(ms - CLOCKS_DIFFER_MS)..=day_of(ms + CLOCKS_DIFFER_MS)
}

/// The first of so many days, of which the day of `now` is the last.
#[must_use]
pub fn first_day(now: i64, days: u32) -> i64 {
    days_of(now).start() - i64::from(days) + 1
}

/// From when on a request may count on this day or a later one.
#[must_use]
pub fn counts_from(day: i64) -> i64 {
    begin_of(day) - CLOCKS_DIFFER_MS
}

/// When the day of a time is over for WeChat Pay too: what a cap holds back may leave then.
#[must_use]
pub fn end_of_day(ms: i64) -> i64 {
    begin_of(days_of(ms).start() + 1) + CLOCKS_DIFFER_MS
}

/// Why money may not be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CapFault {
    /// Outside the range of one packet.
    Amount {
        /// The packet's amount.
        amount: Fen,
        /// WeChat Pay's range.
        range: (Fen, Fen),
    },
    /// Above the campaign's own cap.
    TooLarge {
        /// The packet's amount.
        amount: Fen,
        /// `caps.max_packet_yuan`.
        most: Fen,
    },
    /// The campaign would pay more than its budget.
    Budget {
        /// All packets ever loaded, those of this file included.
        total: Fen,
        /// `campaign.budget_yuan`.
        budget: Fen,
    },
}

english!(CapFault);

impl CapFault {
    /// In words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            CapFault::Amount { range, .. } if range == PACKET_RANGE => {
                words::amount(range.0, range.1)
            }
            CapFault::Amount { range, .. } => words::scene_amount(range.0, range.1),
            CapFault::TooLarge { most, .. } => words::too_large(most),
            CapFault::Budget { total, budget } => words::budget(total, budget),
        }
    }
}

/// Checks one packet's amount.
///
/// # Errors
/// Where WeChat Pay would refuse it.
pub fn check_amount(amount: Fen, has_scene: bool) -> Result<(), CapFault> {
    let range = if has_scene { SCENE_RANGE } else { PACKET_RANGE };
    if (range.0..=range.1).contains(&amount) {
        Ok(())
    } else {
        Err(CapFault::Amount { amount, range })
    }
}

/// Checks one packet's amount against the campaign's own cap, if it has one.
///
/// # Errors
/// Where it exceeds the cap.
pub fn check_packet(amount: Fen, most: Option<Fen>) -> Result<(), CapFault> {
    match most {
        Some(most) if amount > most => Err(CapFault::TooLarge { amount, most }),
        Some(_) | None => Ok(()),
    }
}

/// Checks a campaign's total.
///
/// # Errors
/// Where it exceeds the budget.
pub fn check_budget(total: Fen, budget: Option<Fen>) -> Result<(), CapFault> {
    match budget {
        Some(budget) if total > budget => Err(CapFault::Budget { total, budget }),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_held_to_the_range_inclusively() {
        for (fen, has_scene, is_fine) in [
            (99, false, false),
            (100, false, true),
            (20_000, false, true),
            (20_001, false, false),
            (30, true, true),
            (29, true, false),
            (499_901, true, false),
        ] {
            assert_eq!(
                check_amount(Fen::new(fen), has_scene).is_ok(),
                is_fine,
                "{fen}"
            );
        }
    }

    #[test]
    fn one_person_is_allowed_what_no_packet_of_theirs_would_exceed() {
        let caps = Caps {
            openid_packets: 3,
            openid_fen: Fen::new(900),
            once_per_days: 0,
            ..Caps::default()
        };
        let once = Caps {
            once_per_days: 1,
            ..caps
        };
        for (packets, fen, is_allowed, is_once) in [
            (0, 0, true, true),
            (1, 900, true, true),
            (3, 900, true, false),
            (4, 400, false, false),
            (2, 901, false, false),
        ] {
            let of = (packets, Fen::new(fen));
            assert_eq!(
                (caps.allow_one(of), once.allow_one(of)),
                (is_allowed, is_once)
            );
        }
    }

    #[test]
    fn a_cap_may_be_reached_and_not_exceeded() {
        let caps = Caps {
            max_packet: Fen::new(300),
            openid_packets: 3,
            openid_fen: Fen::new(700),
            merchant_fen: Fen::new(1_000),
            once_per_days: 0,
        };
        let spent = |packets, fen| Spent {
            packets,
            fen: Fen::new(fen),
        };
        for (amount, openid, merchant, told) in [
            (300, spent(0, 0), spent(0, 0), None),
            (301, spent(0, 0), spent(0, 0), Some(Cap::MaxPacket)),
            (100, spent(2, 200), spent(2, 200), None),
            (100, spent(3, 300), spent(3, 300), Some(Cap::OpenidPackets)),
            (300, spent(2, 400), spent(9, 700), None),
            (300, spent(2, 401), spent(9, 700), Some(Cap::OpenidYuan)),
            (300, spent(2, 401), spent(9, 701), Some(Cap::OpenidYuan)),
            (300, spent(0, 0), spent(9, 701), Some(Cap::MerchantYuan)),
        ] {
            let exceeded = caps.exceeded(Fen::new(amount), openid, merchant);
            assert_eq!(exceeded, told, "{amount} {openid:?} {merchant:?}");
        }
        assert_eq!(
            spent(1, 100).with(Fen::new(5)).without(Fen::new(5)),
            spent(1, 100)
        );
    }

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        // 2026-11-24 00:00 in Beijing.
        let midnight = 1_795_449_600_000;
        assert_eq!(begin_of(day_of(midnight)), midnight);
        assert_eq!(day_of(midnight - 1) + 1, day_of(midnight));
        assert_eq!(begin_of(day_of(-DAY_MS * 9)), -DAY_MS * 9 - BEIJING_MS);
    }

    #[test]
    fn within_a_minute_of_midnight_both_days_may_be_meant() {
        let midnight = 1_795_449_600_000;
        let (eve, day) = (day_of(midnight) - 1, day_of(midnight));
        for (at, days, end) in [
            (-60_001, eve..=eve, 60_000),
            (-60_000, eve..=day, 60_000),
            (0, eve..=day, 60_000),
            (59_999, eve..=day, 60_000),
            (60_000, day..=day, DAY_MS + 60_000),
        ] {
            assert_eq!(days_of(midnight + at), days, "{at}");
            assert_eq!(end_of_day(midnight + at), midnight + end, "{at}");
        }
    }

    #[test]
    fn a_request_within_a_minute_of_midnight_counts_on_both_days() {
        let midnight = 1_795_449_600_000;
        let day = day_of(midnight);
        assert_eq!(counts_from(day), midnight - 60_000);
        assert!(days_of(counts_from(day)).contains(&day));
        assert!(!days_of(counts_from(day) - 1).contains(&day));
    }

    #[test]
    fn the_last_of_so_many_days_is_today() {
        let midnight = 1_795_449_600_000;
        let day = day_of(midnight);
        for (at, days, first) in [
            (60_000, 1, day),
            (60_000, 30, day - 29),
            (59_999, 1, day - 1),
            (-60_001, 7, day - 7),
        ] {
            assert_eq!(first_day(midnight + at, days), first, "{at} {days}");
        }
    }

    #[test]
    fn a_cap_is_called_as_the_campaign_file_calls_it() {
        for (cap, key) in [
            (Cap::MaxPacket, "max_packet_yuan"),
            (Cap::OpenidPackets, "openid_per_day"),
            (Cap::OpenidYuan, "openid_yuan_per_day"),
            (Cap::Once, "once_per_days"),
            (Cap::MerchantYuan, "merchant_yuan_per_day"),
        ] {
            assert_eq!(cap.key(), key);
        }
    }

    #[test]
    fn a_refused_amount_is_told_its_range() {
        let says = |has_scene| {
            check_amount(Fen::new(1), has_scene)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            says(false),
            "a packet without a scene_id has 1.00 to 200.00 yuan"
        );
        assert_eq!(
            says(true),
            "a packet with a scene_id has 0.30 to 4999.00 yuan"
        );
    }

    #[test]
    fn a_budget_and_a_cap_may_be_reached_to_the_fen() {
        let budget = Some(Fen::new(500));
        assert!(check_budget(Fen::new(500), budget).is_ok());
        assert!(check_budget(Fen::new(501), budget).is_err());
        assert!(check_budget(Fen::new(u64::MAX), None).is_ok());
        assert!(check_packet(Fen::new(500), budget).is_ok());
        assert!(check_packet(Fen::new(501), budget).is_err());
        assert!(check_packet(Fen::new(501), None).is_ok());
    }
}
