//! Events in a bill's life: an answer, a crash or a person's decision.

/// An event in a bill's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A send attempt became durable.
    Dispatched,
    /// A send attempt became durable that can only fetch or repeat: a resend.
    Resent,
    /// Paid, says the reply.
    Accepted,
    /// Accepted and being worked on, says the reply.
    Taken,
    /// The request was not carried out: it never left, it was throttled, or the merchant's side as
    /// a whole is to blame.
    NotCarriedOut,
    /// A refusal that leaves no order, on a bill never in doubt.
    RefusedForGood,
    /// A refusal that only a query can make final.
    RefusedMaybe,
    /// Whether it was carried out is unknown, a crash included.
    Doubted,
    /// A query: `SENDING` without a reason.
    SeenSending,
    /// A query: `SENDING` with a reason.
    SeenFailing,
    /// A query: `SENT`.
    SeenSent,
    /// A query: `RECEIVED`.
    SeenReceived,
    /// A query: `RFUND_ING`.
    SeenRefunding,
    /// A query: `REFUND`.
    SeenRefunded,
    /// A query: `FAILED`.
    SeenFailed,
    /// A query: `NOT_FOUND`.
    NotFound,
    /// A query that told nothing.
    SeenNothing,
    /// WeChat Pay knows a number that this ledger never sent.
    Remembered,
    /// WeChat Pay does not know the number after one that it called `FAILED`.
    NextUnknown,
    /// WeChat Pay knows the number after this one: that one is the packet's.
    NextKnown,
    /// A daily cap holds it back until a Beijing midnight.
    Deferred,
    /// Every attempt was refused and no query found the number.
    RefusalConfirmed,
    /// A bound was reached or the parameters clash: a person must look.
    GivenUp,
    /// A person says it was paid.
    RuledPaid,
    /// A person says it was not paid.
    RuledUnpaid,
    /// A person gave a number that is proven unpaid up for a new one.
    Reissued,
    /// Its refusal accuses the set-up and not the recipient.
    Excused,
    /// Nothing can come of what was sent under the number: it may be sent as if for the first time.
    Freed,
    /// It would be sent once more, and another list has come to its person since: a person decides.
    PassedOver,
    /// A person takes it back: it was never on the wire.
    Withdrawn,
    /// A packet that was taken back was loaded again with other content, under its own number.
    FrozenAnew,
    /// A person brings back a packet that was taken back.
    BroughtBack,
}

impl Event {
    /// All events, in the order of the matrix.
    pub const ALL: [Event; 32] = [
        Event::Dispatched,
        Event::Resent,
        Event::Accepted,
        Event::Taken,
        Event::NotCarriedOut,
        Event::RefusedForGood,
        Event::RefusedMaybe,
        Event::Doubted,
        Event::SeenSending,
        Event::SeenFailing,
        Event::SeenSent,
        Event::SeenReceived,
        Event::SeenRefunding,
        Event::SeenRefunded,
        Event::SeenFailed,
        Event::NotFound,
        Event::SeenNothing,
        Event::Remembered,
        Event::NextUnknown,
        Event::NextKnown,
        Event::Deferred,
        Event::RefusalConfirmed,
        Event::GivenUp,
        Event::RuledPaid,
        Event::RuledUnpaid,
        Event::Reissued,
        Event::Excused,
        Event::Freed,
        Event::PassedOver,
        Event::Withdrawn,
        Event::FrozenAnew,
        Event::BroughtBack,
    ];

    /// Whether a query made it.
    #[must_use]
    pub fn is_sighting(self) -> bool {
        matches!(
            self,
            Event::SeenSending
                | Event::SeenFailing
                | Event::SeenSent
                | Event::SeenReceived
                | Event::SeenRefunding
                | Event::SeenRefunded
                | Event::SeenFailed
                | Event::NotFound
                | Event::SeenNothing
        )
    }

    /// Whether a query saw the money out, or out and back.
    #[must_use]
    pub fn is_payment_seen(self) -> bool {
        matches!(
            self,
            Event::SeenSent | Event::SeenReceived | Event::SeenRefunding | Event::SeenRefunded
        )
    }

    /// Its name in the journal.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Event::Dispatched => "dispatched",
            Event::Resent => "resent",
            Event::Accepted => "accepted",
            Event::Taken => "taken",
            Event::NotCarriedOut => "not_carried_out",
            Event::RefusedForGood => "refused_for_good",
            Event::RefusedMaybe => "refused_maybe",
            Event::Doubted => "doubted",
            Event::SeenSending => "seen_sending",
            Event::SeenFailing => "seen_failing",
            Event::SeenSent => "seen_sent",
            Event::SeenReceived => "seen_received",
            Event::SeenRefunding => "seen_refunding",
            Event::SeenRefunded => "seen_refunded",
            Event::SeenFailed => "seen_failed",
            Event::NotFound => "not_found",
            Event::SeenNothing => "seen_nothing",
            Event::Remembered => "remembered",
            Event::NextUnknown => "next_unknown",
            Event::NextKnown => "next_known",
            Event::Deferred => "deferred",
            Event::RefusalConfirmed => "refusal_confirmed",
            Event::GivenUp => "given_up",
            Event::RuledPaid => "ruled_paid",
            Event::RuledUnpaid => "ruled_unpaid",
            Event::Reissued => "reissued",
            Event::Excused => "excused",
            Event::Freed => "freed",
            Event::PassedOver => "passed_over",
            Event::Withdrawn => "withdrawn",
            Event::FrozenAnew => "frozen_anew",
            Event::BroughtBack => "brought_back",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Lang, Part, names};

    #[test]
    fn every_event_has_a_chinese_name() {
        struct Chinese(Event);
        impl std::fmt::Display for Chinese {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                names::EventName(self.0.name()).tell(Lang::Zh, f)
            }
        }
        for event in Event::ALL {
            let told = Chinese(event).to_string();
            assert!(!told.is_ascii(), "{told}");
        }
    }

    #[test]
    fn what_a_query_sees_of_the_money_is_a_payment() {
        let named = |is: fn(Event) -> bool| -> Vec<&str> {
            let found = Event::ALL.into_iter().filter(|event| is(*event));
            found.map(Event::name).collect()
        };
        let paid = [
            "seen_sent",
            "seen_received",
            "seen_refunding",
            "seen_refunded",
        ];
        assert_eq!(named(Event::is_payment_seen), paid);
        let sighted = named(Event::is_sighting);
        assert_eq!(sighted.len(), 9);
        let is_told = |name: &str| name.starts_with("seen_") || name == "not_found";
        assert!(sighted.into_iter().all(is_told));
    }
}
