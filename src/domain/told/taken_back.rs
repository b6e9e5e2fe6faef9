//! A packet that a person takes back before it was ever on the wire, and what may become of it
//! afterwards: it is loaded again with other content, or brought back as it is. Both go out under
//! its own number, so that a ledger that was lost, and sent it, is found out by WeChat Pay.

use crate::domain::bill::{Action, Bill, Next};
use crate::domain::state::{Event, IllegalMove, State};

impl Bill {
    /// Whether no byte of it was ever on the wire, as far as this ledger knows.
    #[must_use]
    pub fn was_never_sent(&self) -> bool {
        let is_unsent = self.sends == 0 || planted!(SentIsTakenBack);
        self.state == State::Ready && is_unsent
    }

    /// A person takes it back.
    ///
    /// # Errors
    /// Where it may have been on the wire.
    pub fn withdraw(&mut self) -> Result<Event, IllegalMove> {
        let (from, event) = (self.state, Event::Withdrawn);
        if !self.was_never_sent() {
            return Err(IllegalMove { from, event });
        }
        self.enter(from.on(event)?);
        (self.next, self.idle_queries) = (None, 0);
        Ok(event)
    }

    /// It waits for its first send again, by one of the two events that lead there; under a new
    /// number for the question that comes before it.
    ///
    /// # Errors
    /// Where it was not taken back.
    pub fn revive(
        &mut self,
        (event, is_new_number): (Event, bool),
        now: i64,
    ) -> Result<(), IllegalMove> {
        let from = self.state;
        if !matches!(event, Event::FrozenAnew | Event::BroughtBack) {
            return Err(IllegalMove { from, event });
        }
        self.enter(from.on(event)?);
        (self.confirming, self.confirming_since) = (None, None);
        (self.doubt_since, self.is_window_closed) = (None, false);
        self.idle_queries = 0;
        self.next = if is_new_number {
            Bill::reissued(now).next
        } else {
            let action = Action::Send;
            Some(Next { action, due: now })
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::outcome::{NotSent, Outcome, Sighting};
    use super::*;
    use crate::domain::rules::{Moment, RetryRules};

    const RULES: RetryRules = RetryRules::PLAYED;

    fn withdrawn() -> Bill {
        let mut bill = Bill::new(0);
        assert_eq!(bill.withdraw(), Ok(Event::Withdrawn));
        bill
    }

    fn seen(sighting: &Sighting) -> Bill {
        let mut bill = withdrawn();
        let moment = Moment::at(1000);
        bill.record_query(sighting, &moment, &RULES).unwrap();
        bill
    }

    #[test]
    fn only_what_was_never_on_the_wire_is_taken_back() {
        for state in State::ALL {
            for sends in [0, 1] {
                let next = None;
                let bill = Bill {
                    state,
                    sends,
                    next,
                    ..Bill::new(0)
                };
                let is_free = state == State::Ready && sends == 0;
                assert_eq!(bill.was_never_sent(), is_free, "{state:?} {sends}");
                assert_eq!(bill.clone().withdraw().is_ok(), is_free);
            }
        }
        for (outcome, is_free) in [
            (Outcome::NotSent(NotSent::NotBegun), true),
            (Outcome::Throttled, false),
            (Outcome::Halted, false),
        ] {
            let mut bill = Bill::new(0);
            bill.dispatch(0).unwrap();
            bill.record_send(&outcome, &Moment::at(0), &RULES).unwrap();
            assert_eq!(bill.was_never_sent(), is_free, "{outcome:?}");
        }
    }

    #[test]
    fn what_was_taken_back_is_due_for_nothing_whatever_a_query_says_but_a_payment() {
        for sighting in [
            Sighting::NotFound,
            Sighting::Failed,
            Sighting::Throttled,
            Sighting::Sending { has_reason: false },
            Sighting::Sending { has_reason: true },
            Sighting::Clash,
        ] {
            let bill = seen(&sighting);
            assert_eq!((bill.state, bill.next), (State::Withdrawn, None));
            assert!(!bill.may_send(2000, &RULES) && bill.confirming.is_none());
        }
        assert_eq!(seen(&Sighting::Expired).state, State::Review);
        for paid in [Sighting::Sent, Sighting::Received, Sighting::Refunded] {
            assert_eq!(seen(&paid).state, State::Sent, "{paid:?}");
        }
    }

    #[test]
    fn it_comes_back_as_if_it_had_never_been_sent() {
        for event in [Event::FrozenAnew, Event::BroughtBack] {
            let mut bill = withdrawn();
            bill.revive((event, false), 5000).unwrap();
            let next = Some(Next {
                action: Action::Send,
                due: 5000,
            });
            let wanted = Bill {
                next,
                ..Bill::new(0)
            };
            assert_eq!(bill, wanted);
            let mut bill = withdrawn();
            bill.revive((event, true), 5000).unwrap();
            assert_eq!(bill, Bill::reissued(5000));
            assert!(Bill::new(0).revive((event, false), 0).is_err());
        }
        assert!(withdrawn().revive((Event::Freed, false), 0).is_err());
    }

    /// WeChat Pay knows a later number of it: that one is the packet's, and this one is given up as
    /// by `reissue`.
    #[test]
    fn a_later_number_that_is_known_takes_its_place() {
        let next = |sighting| {
            let mut bill = seen(&Sighting::Failed);
            bill.record_next(&sighting, &Moment::at(2000), &RULES)
                .map(|_| bill.state)
        };
        assert_eq!(next(Sighting::Sent), Ok(State::Refused));
        assert_eq!(next(Sighting::NotFound), Ok(State::Withdrawn));
        assert_eq!(next(Sighting::Throttled), Ok(State::Withdrawn));
    }
}
