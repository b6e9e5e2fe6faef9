//! What may be paid at all: the range of one packet and the budget of a campaign.

use super::money::Fen;
use crate::words::{Words, caps as words, english};

/// Without an approved scene WeChat Pay takes 1.00 to 200.00 yuan a packet.
pub const PACKET_RANGE: (Fen, Fen) = (Fen::new(100), Fen::new(20_000));
/// With a scene approved: the widest range ever granted (0.30 to 4,999.00 yuan).
pub const SCENE_RANGE: (Fen, Fen) = (Fen::new(30), Fen::new(499_900));

/// Why money may not be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CapFault {
    /// Outside the range of one packet.
    Amount {
        /// The packet's amount.
        amount: Fen,
        /// What WeChat Pay takes.
        range: (Fen, Fen),
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
    fn a_budget_may_be_spent_to_the_fen() {
        let budget = Some(Fen::new(500));
        assert!(check_budget(Fen::new(500), budget).is_ok());
        assert!(check_budget(Fen::new(501), budget).is_err());
        assert!(check_budget(Fen::new(u64::MAX), None).is_ok());
    }
}
