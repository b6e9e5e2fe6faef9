//! Everything that can go wrong on the wire, over real TLS: the program against a server that is
//! steered byte by byte and keeps books of its own.
//!
//! Each fault of `wire/fault.rs` meets a first send, a resend, a query of a packet in doubt and
//! one of a packet that is being worked on; alone on the wire and as one of 32 requests; with a
//! payment behind it and without one. The document behind a fault that must be doubted is a lie,
//! "refused" about a packet that was paid and "paid" about one that was not: who believes it
//! misreports. Each door of `wire/door.rs` is met at the start and at the same requests, until
//! the program gives up; then it opens, and the program is run again. After each run the ledger
//! is compared with the books, packet by packet and request by request: `wire/compare.rs`.
//!
//! By default replies are cut at every 16th byte, and 16 different faults fly at once, twice each.
//! `HONGBAO_FULL=1 cargo test --release --test scenarios wire` cuts at every byte and sends each
//! fault 32 times at once.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod act;
mod books;
mod campaign;
mod case;
mod compare;
mod document;
mod door;
mod fault;
pub(crate) mod pki;
mod play;
mod server;
mod spoil;
mod stage;

use case::{CROWD, Case, Position};
use door::Door;
use fault::{Cut, Fault};
use play::play_all;

use crate::support::is_full;

/// Faults that share a run, one after the other.
const A_RUN: usize = 20;

/// The faults in groups of those that may share a run; of those that halt and of those that the
/// client waits for, as few as `apart`.
fn groups(size: usize, apart: usize) -> Vec<Vec<Fault>> {
    let kind = |fault: &Fault| {
        let is_for_a_person = matches!(fault, Fault::AnotherOpenid | Fault::AnotherAmount);
        let loses = fault.may_lose_the_next_request();
        (fault.is_slow(), fault.halts(), loses, is_for_a_person)
    };
    let mut faults = Fault::ALL.to_vec();
    faults.sort_by_key(kind);
    let alike = faults.chunk_by(|a, b| kind(a) == kind(b));
    let groups = alike.flat_map(|alike| {
        let is_apart = alike[0].halts() || alike[0].is_slow();
        alike.chunks(if is_apart { apart } else { size })
    });
    groups.map(<[Fault]>::to_vec).collect()
}

#[test]
fn a_fault_alone_on_the_wire_is_doubt_and_the_packet_is_sent_in_the_end() {
    let cases = |position| {
        let groups = groups(A_RUN, 1).into_iter();
        groups.map(move |faults| Case::alone(position, &faults))
    };
    let cases: Vec<Case> = Position::ALL.into_iter().flat_map(cases).collect();
    play_all(&cases);
}

#[test]
fn as_one_of_32_in_flight_it_is_no_different() {
    let size = if is_full() { 1 } else { CROWD / 2 };
    let cases = |position| {
        let groups = groups(size, size).into_iter();
        groups.map(move |faults| Case::crowd(position, &faults))
    };
    let cases: Vec<Case> = Position::ALL.into_iter().flat_map(cases).collect();
    play_all(&cases);
}

#[test]
fn a_reply_cut_at_any_byte_is_doubt() {
    // The longest reply and the longest document; a shorter one loses its last byte.
    let (reply, document) = (900, 800);
    let mut cases = Vec::new();
    for cut in Cut::ALL {
        let (end, step) = match cut {
            Cut::Closed => (reply, 16),
            Cut::Reset => (reply, 48),
            Cut::Fitting => (document, 16),
            Cut::UntilClosed => (document, 48),
        };
        let step = if is_full() { 1 } else { step };
        let faults: Vec<Fault> = (0..end)
            .step_by(step)
            .map(|at| Fault::CutAt(at, cut))
            .collect();
        for position in Position::ALL {
            let groups = faults.chunks(50);
            cases.extend(groups.map(|faults| Case::many(position, faults)));
        }
    }
    play_all(&cases);
}

#[test]
fn a_false_door_is_told_from_a_false_packet() {
    let positions = [
        Position::Start,
        Position::FirstSend,
        Position::Resend,
        Position::QueryOfProcessing,
    ];
    let mut cases = Vec::new();
    for door in Door::ALL {
        for position in positions {
            let at = |in_flight| Case::at_the_door(position, door, in_flight);
            cases.extend([at(1), at(CROWD)]);
        }
    }
    play_all(&cases);
}
