//! The traces of a send, by its outcome: an order or none, an answer or none. `ledger` picks
//! requests by these, and compares its SQL with them.

use super::outcome::Outcome;

impl Outcome {
    /// Whether WeChat Pay has the order, as far as its answer says.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(self, Outcome::Accepted(_) | Outcome::Processing)
    }

    /// Whether it tells anything of the bill: it was about the bill, and not turned away before.
    #[must_use]
    pub fn is_told(&self) -> bool {
        !matches!(
            self,
            Outcome::NotSent(_) | Outcome::Throttled | Outcome::Halted
        )
    }

    /// Whether a send that ended so leaves no order behind, where the number was free before it.
    #[must_use]
    pub fn leaves_no_order(&self) -> bool {
        let is_turned_away = matches!(self, Outcome::NotSent(_) | Outcome::Throttled);
        is_turned_away || self.said().is_refusal()
    }

    /// Whether the answer to it may still be on its way: it told nothing that is surely about it,
    /// or that WeChat Pay works on it.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        matches!(
            self,
            Outcome::InDoubt(_) | Outcome::Processing | Outcome::Unnamed(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::outcome::{Doubt, NotSent, Receipt, Until};
    use super::*;

    #[test]
    fn each_kind_of_outcome_leaves_its_trace() {
        let paid = Outcome::Accepted(Receipt::default());
        let late = Outcome::Deferred(Until::NextDay);
        let lost = Outcome::InDoubt(Doubt::Timeout);
        let kept = Outcome::NotSent(NotSent::NotBegun);
        // Taken, told, without an order, unanswered.
        for (outcome, traces) in [
            (paid, [true, true, false, false]),
            (Outcome::Processing, [true, true, false, true]),
            (Outcome::Throttled, [false, false, true, false]),
            (Outcome::RefusedWithoutOrder, [false, true, true, false]),
            (Outcome::RefusedUnlessKnown, [false, true, true, false]),
            (Outcome::RefusedToConfirm, [false, true, true, false]),
            (Outcome::Halted, [false, false, false, false]),
            (late, [false, true, false, false]),
            (Outcome::Clash, [false, true, false, false]),
            (kept, [false, false, true, false]),
            (lost, [false, true, false, true]),
        ] {
            let found = |it: &Outcome| {
                [
                    it.is_taken(),
                    it.is_told(),
                    it.leaves_no_order(),
                    it.is_unanswered(),
                ]
            };
            assert_eq!(found(&outcome), traces, "{outcome:?}");
            // An answer that names no number is perhaps about another request.
            let is_refusal = outcome.is_refusal();
            let unnamed = Outcome::Unnamed(Box::new(outcome));
            assert_eq!(
                found(&unnamed),
                [false, true, is_refusal, true],
                "{unnamed:?}"
            );
        }
    }
}
