//! One case: which faults meet which packets, at which request of theirs, and how many at once.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Action;
use super::door::Door;
use super::fault::{Expected, Fault};
use super::server::Trigger;
use crate::support::openid;

/// Which request of a packet meets the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// The very first, which asks whether the set-up works. Doors only.
    Start,
    FirstSend,
    /// After a first send that was answered with `SYSTEMERROR`.
    Resend,
    /// After two sends that were answered so.
    Query,
    /// After a send that was answered with `PROCESSING`.
    QueryOfProcessing,
}

impl Position {
    /// Those of a packet.
    pub(crate) const ALL: [Position; 4] = [
        Position::FirstSend,
        Position::Resend,
        Position::Query,
        Position::QueryOfProcessing,
    ];

    pub(crate) fn action(self) -> Action {
        match self {
            Position::FirstSend | Position::Resend => Action::Send,
            Position::Start | Position::Query | Position::QueryOfProcessing => Action::Query,
        }
    }
}

/// What is to happen to one packet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// None: everything about it is right.
    pub(crate) fault: Option<Fault>,
    /// Whether the gateway pays at the first request that it reads, though its answer may be
    /// lost or a lie. Else it pays at the first that it answers truly.
    pub(crate) is_paid: bool,
}

/// One run of the program, and what it meets.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) position: Position,
    pub(crate) in_flight: usize,
    /// The packets, in the order of the file.
    pub(crate) packets: Vec<Part>,
    /// What new connections meet from the position on, until the first run is over.
    pub(crate) door: Option<Door>,
}

/// As many packets meet faults together.
pub(crate) const CROWD: usize = 32;

const RIGHT: Part = Part {
    fault: None,
    is_paid: false,
};

impl Case {
    /// Each fault with a payment behind it and without one, one request on the wire at a time,
    /// and an unharmed packet beside each: ten failures in a row would be an outage.
    pub(crate) fn alone(position: Position, faults: &[Fault]) -> Case {
        let packets = faults.iter().flat_map(|fault| twice(*fault));
        Case {
            position,
            in_flight: 1,
            packets: packets.flat_map(|part| [RIGHT, part]).collect(),
            door: None,
        }
    }

    /// The faults in turn, as many at once as there are workers, behind a few unharmed packets:
    /// only where one was accepted, a refusal is taken as final at once.
    pub(crate) fn crowd(position: Position, faults: &[Fault]) -> Case {
        let packets = faults.iter().flat_map(|fault| twice(*fault)).cycle();
        Case {
            position,
            in_flight: CROWD,
            packets: [RIGHT; 4].into_iter().chain(packets.take(CROWD)).collect(),
            door: None,
        }
    }

    /// Many faults, as many at once as there are workers, and an unharmed packet beside each.
    pub(crate) fn many(position: Position, faults: &[Fault]) -> Case {
        let packets = faults.iter().flat_map(|fault| {
            let [paid, unpaid] = twice(*fault);
            [RIGHT, paid, unpaid]
        });
        Case {
            position,
            in_flight: CROWD,
            packets: packets.collect(),
            door: None,
        }
    }

    /// So many packets, half of them paid by their first send.
    pub(crate) fn at_the_door(position: Position, door: Door, in_flight: usize) -> Case {
        let part = |row| Part {
            fault: None,
            is_paid: row % 2 == 0,
        };
        Case {
            position,
            in_flight,
            packets: (0..in_flight.max(2)).map(part).collect(),
            door: Some(door),
        }
    }

    pub(crate) fn parts(&self) -> BTreeMap<String, Part> {
        let parts = self.packets.iter().enumerate();
        parts.map(|(row, part)| (openid(row), *part)).collect()
    }

    pub(crate) fn faults(&self) -> impl Iterator<Item = Fault> {
        self.packets.iter().filter_map(|part| part.fault)
    }

    /// How many packets meet one.
    pub(crate) fn faulty(&self) -> usize {
        self.faults().count()
    }

    pub(crate) fn trigger(&self) -> Trigger {
        // Before the first send the next six are asked about, and six spread over all.
        let (next, rest) = (0..self.packets.len().min(6), self.packets.len() - 1);
        let spread = (0..6).map(|step| rest / 5 * step + rest % 5 * step / 5);
        let checked: BTreeSet<usize> = next.chain(spread).collect();
        let checks = u32::try_from(checked.len()).unwrap();
        match self.position {
            Position::Start => Trigger::AtOnce,
            Position::FirstSend => Trigger::AfterChecks(checks),
            Position::Resend | Position::Query | Position::QueryOfProcessing => {
                Trigger::AfterFirstSends(self.packets.len())
            }
        }
    }

    pub(crate) fn is_slow(&self) -> bool {
        self.faults().any(Fault::is_slow)
    }

    /// Whether the answers in a row say that the set-up is wrong.
    pub(crate) fn halts(&self) -> bool {
        self.in_flight > 1 && self.faulty() > 2 && self.faults().all(Fault::halts)
    }

    /// Whether a person has to look at packets of it.
    pub(crate) fn needs_a_person(&self) -> bool {
        let action = self.position.action();
        self.faults()
            .any(|fault| fault.expected(action) == Expected::LeftToAPerson)
    }

    /// What a failure is named by.
    pub(crate) fn name(&self) -> String {
        let Case {
            position,
            in_flight,
            ..
        } = self;
        let what = self.door.map_or_else(
            || {
                let mut faults: Vec<String> =
                    self.faults().map(|fault| format!("{fault:?}")).collect();
                faults.dedup();
                faults.join(" ")
            },
            |door| format!("{door:?}"),
        );
        format!("{position:?}, {in_flight} in flight, {what}")
    }
}

fn twice(fault: Fault) -> [Part; 2] {
    [true, false].map(|is_paid| Part {
        fault: Some(fault),
        is_paid,
    })
}
