//! A bill's life. [`State::on`] holds every legal move; recovery, reconciliation and the runner
//! all go through it.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "what a state does not name is illegal: the safe default, shown whole by the matrix"
)]

use std::fmt;

pub use super::event::Event;

use crate::words::{Words, english, ledger as words, names};

/// Where a bill stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum State {
    /// Means: the number is durable, and was never in doubt or is free again.
    /// Leaves when: its send attempt is durable, a query finds it, or a person takes it back.
    /// After a crash: still `ready`; asked about first if it was ever on the wire.
    #[default]
    Ready,
    /// Means: the first doubt-free send is durable; its bytes may be anywhere.
    /// Leaves when: the outcome is recorded.
    /// After a crash: the restart finds the open attempt and calls the bill `in_doubt`.
    InFlight,
    /// Means: it may have been paid.
    /// Leaves when: WeChat Pay speaks about this number; to `ready` only where that frees it.
    /// After a crash: still `in_doubt`; asked about before the same number is sent again.
    InDoubt,
    /// Means: WeChat Pay accepted it and is working.
    /// Leaves when: a query says more, or NOT_FOUND makes it `in_doubt`.
    /// After a crash: still `processing`; only queried.
    Processing,
    /// Means: issued and claimable for 24 h.
    /// Leaves when: a query says claimed or refunded; never on a send's outcome.
    /// After a crash: still `sent`, with its package if that was recorded.
    Sent,
    /// Means: claimed.
    /// Leaves when: never.
    /// After a crash: still `received`.
    Received,
    /// Means: unclaimed, the money is on its way back.
    /// Leaves when: a query says it arrived.
    /// After a crash: still `refunding`.
    Refunding,
    /// Means: unclaimed, the money is back.
    /// Leaves when: never.
    /// After a crash: still `refunded`.
    Refunded,
    /// Means: proven unpaid.
    /// Leaves when: its number is freed, to be sent again: once by itself where its refusal accuses
    /// the set-up, else by a person; or a later sighting of a payment or an order breaks the proof.
    /// After a crash: still `refused`.
    Refused,
    /// Means: a person took it back while no byte of it was ever on the wire.
    /// Leaves when: its row is loaded again with other content, or a person brings it back; or a
    /// sighting of payment shows that another ledger sent it.
    /// After a crash: still `withdrawn`.
    Withdrawn,
    /// Means: the machine must not decide.
    /// Leaves when: a sighting of payment or failure settles it, or a person resolves it.
    /// After a crash: still in `review`.
    Review,
}

/// A move that the machine does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct IllegalMove {
    /// Where the bill stood.
    pub from: State,
    /// The event.
    pub event: Event,
}

english!(IllegalMove);

impl IllegalMove {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        words::illegal_move(self.from, names::EventName(self.event.name()))
    }
}

impl State {
    /// All states, in the order reports show them.
    pub const ALL: [State; 11] = [
        State::Ready,
        State::InFlight,
        State::InDoubt,
        State::Processing,
        State::Sent,
        State::Received,
        State::Refunding,
        State::Refunded,
        State::Refused,
        State::Withdrawn,
        State::Review,
    ];

    /// The state after `event`.
    ///
    /// # Errors
    /// Where the machine has no such move.
    pub fn on(self, event: Event) -> Result<State, IllegalMove> {
        met!(self, event);
        match self {
            State::Ready => self.on_ready(event),
            State::InFlight => self.on_in_flight(event),
            State::InDoubt => self.on_in_doubt(event),
            State::Processing => self.on_processing(event),
            State::Sent => self.on_sent(event),
            State::Refunding => self.on_refunding(event),
            State::Received | State::Refunded => self.on_final(event),
            State::Refused => self.on_refused(event),
            State::Withdrawn => self.on_withdrawn(event),
            State::Review => self.on_review(event),
        }
    }

    const fn illegal(self, event: Event) -> Result<State, IllegalMove> {
        Err(IllegalMove { from: self, event })
    }

    fn on_ready(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::Dispatched => Ok(State::InFlight),
            Event::Remembered => Ok(State::InDoubt),
            Event::Deferred | Event::Reissued => Ok(self),
            Event::Withdrawn => Ok(State::Withdrawn),
            // Another ledger may have sent it: what a query says holds.
            _ => self.on_sighting(event),
        }
    }

    fn on_in_flight(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::Accepted => Ok(State::Sent),
            Event::Taken => Ok(State::Processing),
            Event::NotCarriedOut => Ok(State::Ready),
            Event::RefusedForGood => Ok(State::Refused),
            Event::RefusedMaybe | Event::Doubted => Ok(State::InDoubt),
            _ => self.illegal(event),
        }
    }

    fn on_in_doubt(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::Accepted | Event::RuledPaid => Ok(State::Sent),
            Event::Taken => Ok(State::Processing),
            // Doubt is sticky: a later "no" of any kind does not clear it.
            Event::Resent
            | Event::NotCarriedOut
            | Event::RefusedMaybe
            | Event::Doubted
            // From a restored copy that never sent it, where it is above a cap of the day.
            | Event::Deferred
            | Event::Excused
            | Event::PassedOver => Ok(self),
            Event::Freed => Ok(State::Ready),
            Event::RefusalConfirmed
            | Event::NextUnknown
            | Event::NextKnown
            | Event::RuledUnpaid => Ok(State::Refused),
            _ => self.on_sighting(event),
        }
    }

    fn on_processing(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::NotFound => Ok(State::InDoubt),
            _ => self.on_sighting(event),
        }
    }

    fn on_review(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::RuledPaid => Ok(State::Sent),
            Event::RuledUnpaid => Ok(State::Refused),
            Event::SeenSending | Event::SeenFailing | Event::GivenUp => Ok(self),
            _ => self.on_sighting(event),
        }
    }

    /// The effect of a query on an unsettled bill.
    fn on_sighting(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::SeenSending => Ok(State::Processing),
            // FAILED is final once the number after it is unknown.
            Event::SeenFailing | Event::SeenFailed => Ok(State::InDoubt),
            Event::SeenSent => Ok(State::Sent),
            Event::SeenReceived => Ok(State::Received),
            Event::SeenRefunding => Ok(State::Refunding),
            Event::SeenRefunded => Ok(State::Refunded),
            Event::NotFound | Event::SeenNothing => Ok(self),
            Event::GivenUp => Ok(State::Review),
            _ => self.illegal(event),
        }
    }

    fn on_sent(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::SeenReceived => Ok(State::Received),
            Event::SeenRefunding => Ok(State::Refunding),
            Event::SeenRefunded => Ok(State::Refunded),
            Event::RefusedMaybe if planted!(PaidThenRefused) => Ok(State::Refused),
            // A resend can only fetch the package: the packet stays paid after any answer.
            Event::Resent
            | Event::Accepted
            | Event::Taken
            | Event::NotCarriedOut
            | Event::RefusedMaybe
            | Event::Doubted => Ok(self),
            _ => self.on_late_sighting(event),
        }
    }

    fn on_refunding(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::SeenRefunded => Ok(State::Refunded),
            Event::SeenReceived => Ok(State::Received),
            _ => self.on_late_sighting(event),
        }
    }

    fn on_final(self, event: Event) -> Result<State, IllegalMove> {
        self.on_late_sighting(event)
    }

    /// The effect of a query on a bill that is final.
    fn on_late_sighting(self, event: Event) -> Result<State, IllegalMove> {
        if event.is_sighting() {
            Ok(self)
        } else {
            self.illegal(event)
        }
    }

    fn on_refused(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::SeenSent | Event::SeenReceived | Event::SeenRefunding | Event::SeenRefunded => {
                Ok(State::Sent)
            }
            Event::Freed => Ok(State::Ready),
            Event::GivenUp => Ok(State::Review),
            // Another number takes its place, or none: about this one nothing changes.
            Event::Reissued
            | Event::NextUnknown
            | Event::NextKnown
            | Event::Excused
            | Event::PassedOver => Ok(self),
            _ => self.on_late_sighting(event),
        }
    }

    fn on_withdrawn(self, event: Event) -> Result<State, IllegalMove> {
        match event {
            Event::SeenSent | Event::SeenReceived | Event::SeenRefunding | Event::SeenRefunded => {
                Ok(State::Sent)
            }
            Event::FrozenAnew | Event::BroughtBack => Ok(State::Ready),
            Event::GivenUp => Ok(State::Review),
            // It is the packet's number no more, or WeChat Pay knows no later one.
            Event::NextUnknown => Ok(self),
            Event::NextKnown => Ok(State::Refused),
            _ => self.on_late_sighting(event),
        }
    }

    /// Its name in tables, reports and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::InFlight => "in_flight",
            State::InDoubt => "in_doubt",
            State::Processing => "processing",
            State::Sent => "sent",
            State::Received => "received",
            State::Refunding => "refunding",
            State::Refunded => "refunded",
            State::Refused => "refused",
            State::Withdrawn => "withdrawn",
            State::Review => "review",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    /// A new move shows in the diff of this table.
    #[test]
    fn the_whole_matrix() {
        let mut table = format!("{:<18}", "");
        for state in State::ALL {
            write!(table, "{:<11}", state.name()).unwrap();
        }
        for event in Event::ALL {
            write!(table, "\n{:<18}", event.name()).unwrap();
            for state in State::ALL {
                let next = state.on(event).map_or(".", State::name);
                write!(
                    table,
                    "{:<11}",
                    if next == state.name() { "=" } else { next }
                )
                .unwrap();
            }
        }
        let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn only_a_bill_never_in_doubt_or_freed_is_ever_ready() {
        for state in State::ALL {
            for event in Event::ALL {
                if state.on(event) == Ok(State::Ready) {
                    let was_never_in_doubt = matches!(state, State::Ready | State::InFlight);
                    let is_revived = matches!(event, Event::FrozenAnew | Event::BroughtBack);
                    let was_never_sent = state == State::Withdrawn && is_revived;
                    assert!(
                        was_never_in_doubt || was_never_sent || event == Event::Freed,
                        "{state} {event:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_outcome_of_a_send_turns_a_paid_bill_unpaid() {
        for state in State::ALL.into_iter().filter(|state| state.is_paid()) {
            for event in Event::ALL {
                assert!(state.on(event).is_ok_and(State::is_paid) || state.on(event).is_err());
            }
        }
    }

    #[test]
    fn each_state_is_open_paid_or_settled() {
        let named = |is: fn(State) -> bool| -> Vec<&str> {
            let found = State::ALL.into_iter().filter(|state| is(*state));
            found.map(State::name).collect()
        };
        let unresolved = ["in_flight", "in_doubt", "processing", "review"];
        assert_eq!(named(State::is_unresolved), unresolved);
        let paid = ["sent", "received", "refunding", "refunded"];
        assert_eq!(named(State::is_paid), paid);
        assert_eq!(
            named(State::is_final),
            ["received", "refunded", "refused", "withdrawn"]
        );
    }

    #[test]
    fn names_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::named(state.name()), Some(state));
            assert_eq!(format!("{state:>12}").trim_start(), state.name());
        }
    }
}
