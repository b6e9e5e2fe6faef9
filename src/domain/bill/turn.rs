//! Whose turn a bill is: what is to be done about it now that it is due, as far as the bill itself
//! decides.

use super::facts::Bill;
use super::state::State;
use super::step::Action;
use crate::domain::rules::RetryRules;

/// The purpose a due bill is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing by itself any more: queries do not reach back to it.
    GiveUp,
    /// A send, unless something that stands elsewhere is in its way.
    Send {
        /// It is the first send that this ledger knows of, and counts for the daily caps.
        is_first: bool,
        /// It begins a packet, and counts for the limit of a run: what is in doubt and was sent
        /// before is owed already.
        is_new: bool,
    },
    /// A query: it was due for one, or its window closed while it waited for its resend.
    Query,
}

impl Bill {
    /// The purpose it is taken for at `now`. Where nothing may be resent, nothing is given up
    /// either: a reconciliation still asks.
    #[must_use]
    pub fn turn(&self, now: i64, rules: &RetryRules, may_resend: bool) -> Turn {
        let is_open = matches!(self.state, State::InDoubt | State::Processing);
        // A restored copy never asked about the bills that it calls open.
        let was_asked = self.sends > 0 || self.idle_queries > 0;
        if is_open && was_asked && self.is_past_queries(now) && may_resend {
            return Turn::GiveUp;
        }
        if !self.wants_send() || !self.may_send(now, rules) {
            return Turn::Query;
        }
        let is_first = self.waits_for_first_send();
        Turn::Send {
            is_first,
            is_new: is_first || self.state == State::Ready,
        }
    }

    fn wants_send(&self) -> bool {
        self.next.is_some_and(|next| next.action == Action::Send)
    }

    /// Whether a send would be the first that this ledger knows of. What a restored copy calls in
    /// doubt, and WeChat Pay does not know, waits for one too.
    #[must_use]
    pub fn waits_for_first_send(&self) -> bool {
        let is_unpaid = matches!(self.state, State::Ready | State::InDoubt);
        is_unpaid && self.wants_send() && self.first_sent.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Confirming, Next};
    use super::*;
    use crate::domain::rules::{MAX_DOUBTFUL_SENDS, QUERY_DAYS_MS};

    const RULES: RetryRules = RetryRules::PLAYED;
    const HOUR: i64 = 3_600_000;

    /// A bill in this state that was sent once at time 0, and is due for this.
    fn sent(state: State, action: Action) -> Bill {
        Bill {
            state,
            sends: 1,
            first_sent: Some(0),
            next: Some(Next { action, due: 0 }),
            ..Bill::new(0)
        }
    }

    fn turn(bill: &Bill, now: i64) -> Turn {
        bill.turn(now, &RULES, true)
    }

    fn send(is_first: bool, is_new: bool) -> Turn {
        Turn::Send { is_first, is_new }
    }

    #[test]
    fn a_new_packet_is_sent_and_counts_for_caps_and_limits() {
        assert_eq!(turn(&Bill::new(0), HOUR), send(true, true));
        assert_eq!(
            Bill::new(0).turn(HOUR, &RULES, false),
            send(true, true),
            "no resend"
        );
        let asked_first = Bill::reissued(0);
        assert_eq!(turn(&asked_first, HOUR), Turn::Query);
        let idle = Bill {
            next: None,
            ..Bill::new(0)
        };
        assert_eq!(turn(&idle, HOUR), Turn::Query);
    }

    #[test]
    fn what_was_sent_before_counts_for_no_cap_and_in_doubt_for_no_limit() {
        assert_eq!(
            turn(&sent(State::Ready, Action::Send), HOUR),
            send(false, true)
        );
        assert_eq!(
            turn(&sent(State::InDoubt, Action::Send), HOUR),
            send(false, false)
        );
        assert_eq!(
            turn(&sent(State::Sent, Action::Send), HOUR),
            send(false, false),
            "for its package"
        );
        let copied = Bill {
            first_sent: None,
            sends: 0,
            ..sent(State::InDoubt, Action::Send)
        };
        assert_eq!(turn(&copied, HOUR), send(true, true));
        assert!(copied.waits_for_first_send());
    }

    #[test]
    fn what_may_not_be_sent_or_is_not_to_be_is_asked_about() {
        for state in State::ALL {
            let due = sent(state, Action::Query);
            assert_eq!(turn(&due, HOUR), Turn::Query, "{state:?}");
            assert!(!due.waits_for_first_send());
            let send = sent(state, Action::Send);
            let may_be_sent = matches!(state, State::Ready | State::InDoubt | State::Sent);
            assert_eq!(turn(&send, HOUR) == Turn::Query, !may_be_sent, "{state:?}");
            let unknown = Bill {
                first_sent: None,
                ..send
            };
            let waits = matches!(state, State::Ready | State::InDoubt);
            assert_eq!(unknown.waits_for_first_send(), waits, "{state:?}");
        }
        let due = |bill: Bill, now| bill.turn(now, &RULES, true);
        let lost = sent(State::InDoubt, Action::Send);
        assert_eq!(due(lost.clone(), 24 * HOUR - 1), send(false, false));
        assert_eq!(due(lost.clone(), 24 * HOUR), Turn::Query, "window closed");
        let often = Bill {
            doubtful_sends: MAX_DOUBTFUL_SENDS,
            ..lost.clone()
        };
        assert_eq!(due(often, HOUR), Turn::Query);
        let refused = Bill {
            confirming: Some(Confirming::Refusal),
            ..lost
        };
        assert_eq!(due(refused, HOUR), Turn::Query);
    }

    #[test]
    fn only_an_open_bill_that_was_asked_about_is_given_up() {
        for state in State::ALL {
            let is_open = matches!(state, State::InDoubt | State::Processing);
            for action in [Action::Send, Action::Query] {
                let old = sent(state, action);
                let given_up = |bill: &Bill, now| turn(bill, now) == Turn::GiveUp;
                assert!(!given_up(&old, QUERY_DAYS_MS - 1), "{state:?}");
                assert_eq!(given_up(&old, QUERY_DAYS_MS), is_open, "{state:?}");
                assert_ne!(old.turn(QUERY_DAYS_MS, &RULES, false), Turn::GiveUp);
                let copied = Bill { sends: 0, ..old };
                assert!(!given_up(&copied, QUERY_DAYS_MS), "{state:?}");
                let asked = Bill {
                    idle_queries: 1,
                    ..copied
                };
                assert_eq!(given_up(&asked, QUERY_DAYS_MS), is_open, "{state:?}");
            }
        }
    }
}
