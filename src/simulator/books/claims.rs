//! Claims of recipients: a pure function of the number and the time.

use serde::Serialize;

use crate::simulator::faults::dice::FaultDice;

/// The share that is claimed, the time it takes, and the fate of the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRules {
    /// How many of a hundred packets are claimed.
    pub claimed_percent: u64,
    /// The earliest a packet is claimed after it was issued.
    pub earliest_ms: i64,
    /// The latest a packet is claimed after it was issued.
    pub latest_ms: i64,
    /// When an unclaimed packet begins to flow back.
    pub refund_after_ms: i64,
    /// How long it takes to flow back.
    pub refund_takes_ms: i64,
}

/// The states a query tells, in WeChat Pay's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Being worked on; with a reason, failed in all but name.
    Sending,
    /// Issued and not claimed.
    Sent,
    /// Not paid.
    Failed,
    /// Claimed.
    Received,
    /// Unclaimed and flowing back. The missing letter is WeChat Pay's.
    RfundIng,
    /// Back with the merchant.
    Refund,
}

impl Status {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Sending => "SENDING",
            Status::Sent => "SENT",
            Status::Failed => "FAILED",
            Status::Received => "RECEIVED",
            Status::RfundIng => "RFUND_ING",
            Status::Refund => "REFUND",
        }
    }
}

impl Default for ClaimRules {
    /// Four in five are claimed, between a minute and 20 hours after they were issued; the rest
    /// begins to flow back after the documented 24 hours.
    fn default() -> Self {
        ClaimRules {
            claimed_percent: 80,
            earliest_ms: 60_000,
            latest_ms: 20 * 3_600_000,
            refund_after_ms: 24 * 3_600_000,
            refund_takes_ms: 300_000,
        }
    }
}

impl ClaimRules {
    /// When the packet issued at `issued_ms` will be claimed, if it ever is.
    #[must_use]
    pub fn claimed_at(&self, mch_billno: &str, issued_ms: i64) -> Option<i64> {
        let mut dice = FaultDice::about(0, &["claim", mch_billno]);
        if dice.below(100) >= self.claimed_percent {
            return None;
        }
        let span = u64::try_from(self.latest_ms - self.earliest_ms).unwrap_or(0);
        let wait = i64::try_from(dice.below(span + 1)).unwrap_or(0);
        Some(issued_ms + self.earliest_ms + wait)
    }

    /// When the packet, if it is not claimed, is back with the merchant.
    #[must_use]
    pub fn refunded_at(&self, issued_ms: i64) -> i64 {
        issued_ms + self.refund_after_ms + self.refund_takes_ms
    }

    /// The status of the packet in a query at `now_ms`.
    #[must_use]
    pub fn status(&self, mch_billno: &str, issued_ms: i64, now_ms: i64) -> Status {
        match self.claimed_at(mch_billno, issued_ms) {
            Some(claimed_ms) if now_ms >= claimed_ms => Status::Received,
            None if now_ms >= self.refunded_at(issued_ms) => Status::Refund,
            None if now_ms >= issued_ms + self.refund_after_ms => Status::RfundIng,
            Some(_) | None => Status::Sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn four_in_five_are_claimed_within_twenty_hours_and_the_rest_flows_back() {
        let rules = ClaimRules::default();
        let numbers: Vec<String> = (0..1_000).map(|n| format!("10000098{n}")).collect();
        let count = |status, now| {
            let is_so = |number: &&String| rules.status(number, 0, now) == status;
            numbers.iter().filter(is_so).count()
        };
        assert_eq!(count(Status::Sent, 59_999), 1_000);
        let claimed = count(Status::Received, 20 * HOUR);
        assert!((750..850).contains(&claimed), "{claimed}");
        assert_eq!(count(Status::Sent, 24 * HOUR - 1), 1_000 - claimed);
        assert_eq!(count(Status::RfundIng, 24 * HOUR), 1_000 - claimed);
        assert_eq!(count(Status::Refund, 24 * HOUR + 300_000), 1_000 - claimed);
        assert_eq!(count(Status::Received, 700 * HOUR), claimed);
    }
}
