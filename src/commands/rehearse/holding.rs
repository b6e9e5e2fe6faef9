//! The packets that a daily cap holds back in the one day of a rehearsal.

use std::collections::HashMap;

use super::claim::Claim;
use crate::domain::caps::{Cap, Caps, Spent};
use crate::domain::money::Fen;
use crate::domain::state::State;

/// The packets that were sent, by the report.
pub(super) struct Holding<'a> {
    caps: &'a Caps,
    people: HashMap<&'a str, Spent>,
    merchant: Spent,
    /// A packet was above the merchant's cap: that holds the whole campaign.
    is_whole: bool,
}

impl<'a> Holding<'a> {
    pub(super) fn of(caps: &'a Caps, claims: &'a [Claim]) -> Self {
        let mut holding = Holding {
            caps,
            people: HashMap::new(),
            merchant: Spent::default(),
            is_whole: false,
        };
        let (waiting, sent): (Vec<&Claim>, Vec<&Claim>) =
            claims.iter().partition(|claim| is_waiting(claim));
        for claim in sent {
            let amount = Fen::new(claim.amount_fen);
            let person = holding.people.entry(&claim.openid).or_default();
            *person = person.with(amount);
            holding.merchant = holding.merchant.with(amount);
        }
        let mut exceeded = waiting.iter().map(|claim| holding.exceeded(claim));
        holding.is_whole = exceeded.any(|cap| cap == Some(Cap::MerchantYuan));
        holding
    }

    /// Whether it was never sent, and what was sent leaves no room for it today.
    pub(super) fn holds(&self, claim: &Claim) -> bool {
        is_waiting(claim) && (self.is_whole || self.exceeded(claim).is_some())
    }

    fn exceeded(&self, claim: &Claim) -> Option<Cap> {
        let person = self.people.get(claim.openid.as_str());
        let person = person.copied().unwrap_or_default();
        if self.caps.once_per_days > 0 && person.packets > 0 {
            return Some(Cap::Once);
        }
        let amount = Fen::new(claim.amount_fen);
        self.caps.exceeded(amount, person, self.merchant)
    }
}

fn is_waiting(claim: &Claim) -> bool {
    claim.state() == Some(State::Ready) && claim.attempts == 0
}
