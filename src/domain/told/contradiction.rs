//! A query's answer that contradicts a proven fact of the ledger.

use crate::domain::state::{Event, State};

/// Two words of WeChat Pay that cannot both be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// Paid by its reply, and now called FAILED.
    PaidThenFailed,
    /// Proven unpaid, and now seen paid.
    UnpaidThenPaid,
    /// Claimed, and now seen flowing back.
    ReceivedThenRefunded,
    /// Back with the merchant, and now seen claimed.
    RefundedThenReceived,
    /// Taken back by a person before it was ever sent, and now seen paid: another ledger sent it.
    WithdrawnThenPaid,
}

impl Contradiction {
    /// Of an event that befalls a bill in this state; something else than what is owed may have
    /// been paid under its number.
    #[must_use]
    pub fn between(before: State, event: Event, is_paid_otherwise: bool) -> Option<Self> {
        if before.is_paid() && event == Event::SeenFailed {
            return Some(Contradiction::PaidThenFailed);
        }
        // That it is issued, or on its way back, is old news where more is known.
        if before == State::Received && matches!(event, Event::SeenRefunding | Event::SeenRefunded)
        {
            return Some(Contradiction::ReceivedThenRefunded);
        }
        if before == State::Refunded && event == Event::SeenReceived {
            return Some(Contradiction::RefundedThenReceived);
        }
        // An order that is only there may still fail.
        let is_paid_after_all =
            event.is_payment_seen() || event == Event::GivenUp && is_paid_otherwise;
        let broken = match before {
            State::Refused => Some(Contradiction::UnpaidThenPaid),
            State::Withdrawn => Some(Contradiction::WithdrawnThenPaid),
            State::Ready
            | State::InFlight
            | State::InDoubt
            | State::Processing
            | State::Sent
            | State::Received
            | State::Refunding
            | State::Refunded
            | State::Review => None,
        };
        broken.filter(|_| is_paid_after_all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paid_and_failed_unpaid_and_paid_claimed_and_refunded_contradict_each_other() {
        for state in State::ALL {
            let failed = Contradiction::between(state, Event::SeenFailed, false);
            let was_paid = matches!(
                state,
                State::Sent | State::Received | State::Refunding | State::Refunded
            );
            assert_eq!(
                failed,
                was_paid.then_some(Contradiction::PaidThenFailed),
                "{state:?}"
            );
            let after = |seen| match (state, seen) {
                (State::Refused, _) => Some(Contradiction::UnpaidThenPaid),
                (State::Withdrawn, _) => Some(Contradiction::WithdrawnThenPaid),
                (State::Received, Event::SeenRefunding | Event::SeenRefunded) => {
                    Some(Contradiction::ReceivedThenRefunded)
                }
                (State::Refunded, Event::SeenReceived) => Some(Contradiction::RefundedThenReceived),
                _ => None,
            };
            for seen in [
                Event::SeenSent,
                Event::SeenReceived,
                Event::SeenRefunding,
                Event::SeenRefunded,
                Event::GivenUp,
            ] {
                let found = Contradiction::between(state, seen, true);
                assert_eq!(found, after(seen), "{state:?} {seen:?}");
            }
            for nothing in [Event::SeenNothing, Event::GivenUp] {
                assert_eq!(Contradiction::between(state, nothing, false), None);
            }
        }
    }
}
