//! Sets of states: what is final, paid, or still open. `ledger` picks bills by some of them, and
//! compares its SQL with these.

use super::state::State;

impl State {
    /// Whether nothing but a broken proof will change it any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(
            self,
            State::Received | State::Refunded | State::Refused | State::Withdrawn
        )
    }

    /// Whether nothing is sent under the number any more, so that a payment would break a proof or
    /// go against a person's word.
    #[must_use]
    pub fn is_unpaid_at_end(self) -> bool {
        matches!(self, State::Refused | State::Withdrawn)
    }

    /// Whether the truth about it is still open.
    #[must_use]
    pub fn is_unresolved(self) -> bool {
        matches!(
            self,
            State::InFlight | State::InDoubt | State::Processing | State::Review
        )
    }

    /// Whether it is still to be sent, or what its send became is still open.
    #[must_use]
    pub fn is_unsettled(self) -> bool {
        match self {
            State::Ready | State::InFlight | State::InDoubt | State::Processing => true,
            State::Sent
            | State::Received
            | State::Refunding
            | State::Refunded
            | State::Refused
            | State::Withdrawn
            | State::Review => false,
        }
    }

    /// Whether a reconciliation asks about it: a query may change it, and nothing was proven that a
    /// payment would break.
    #[must_use]
    pub fn is_query_due(self) -> bool {
        match self {
            State::InDoubt | State::Processing | State::Sent | State::Refunding | State::Review => {
                true
            }
            State::Ready
            | State::InFlight
            | State::Received
            | State::Refunded
            | State::Refused
            | State::Withdrawn => false,
        }
    }

    /// Whether the money left the merchant, at least for a while.
    #[must_use]
    pub fn is_paid(self) -> bool {
        matches!(
            self,
            State::Sent | State::Received | State::Refunding | State::Refunded
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_exactly(set: impl Fn(State) -> bool, of: &[State]) {
        for state in State::ALL {
            assert_eq!(set(state), of.contains(&state), "{state:?}");
        }
    }

    #[test]
    fn each_set_has_its_states_and_no_other() {
        use State::{
            InDoubt, InFlight, Processing, Ready, Received, Refunded, Refunding, Refused, Review,
            Sent, Withdrawn,
        };
        is_exactly(State::is_final, &[Received, Refunded, Refused, Withdrawn]);
        is_exactly(State::is_unpaid_at_end, &[Refused, Withdrawn]);
        is_exactly(
            State::is_unresolved,
            &[InFlight, InDoubt, Processing, Review],
        );
        is_exactly(State::is_paid, &[Sent, Received, Refunding, Refunded]);
        is_exactly(State::is_unsettled, &[Ready, InFlight, InDoubt, Processing]);
        is_exactly(
            State::is_query_due,
            &[InDoubt, Processing, Sent, Refunding, Review],
        );
    }
}
