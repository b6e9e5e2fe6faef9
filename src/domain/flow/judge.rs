//! One packet beside the rows of the bills that name it. Pure: the ledger streams packets and rows
//! through it, so that a bill of a million rows needs no map of them.

use super::breaks::BreakKind;
use super::covered::{CoveredDays, Span};
use super::row::Direction;
use crate::domain::caps::{day_of, days_of};
use crate::domain::money::Fen;
use crate::domain::state::State;

/// A packet by the ledger, and by WeChat Pay's answers in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPacket {
    /// Where it stands.
    pub state: State,
    /// The payment, or the debt where there is none.
    pub amount: Fen,
    /// The money that came back, or is to come back.
    pub amount_back: Fen,
    /// Whether a reply to this ledger accepted it. What is known by queries alone may have been
    /// paid by another ledger before.
    pub is_accepted: bool,
    /// Whether WeChat Pay still answers questions about it.
    pub is_askable: bool,
    /// When it was sent, if it may have been.
    pub sent: Option<Span>,
    /// When its money came back, if it did.
    pub refunded: Option<Span>,
}

impl KnownPacket {
    /// Whether the ledger may have paid it, and does not know. One that was never sent from here,
    /// and is left to a person since a bill calls it paid, was not.
    fn may_be_in_doubt(&self) -> bool {
        self.state.is_unresolved() && self.sent.is_some()
    }
}

/// A row of a bill about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    /// Which way.
    pub direction: Direction,
    /// How much.
    pub amount: Fen,
    /// When.
    pub booked_at: i64,
}

/// A break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundBreak {
    /// Which.
    pub kind: BreakKind,
    /// The ledger's amount; `None` where nothing was paid.
    pub ledger: Option<Fen>,
    /// The bills' amount; `None` for no row.
    pub bill: Option<Fen>,
    /// When the first of its rows was booked.
    pub booked_at: Option<i64>,
}

/// How a packet stands beside the bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Paid, and in the bills as paid, to the fen.
    Matched,
    /// Paid on a day that no given bill tells of.
    NotCovered,
    /// In doubt, and in the bills as paid.
    InDoubt,
    /// Not paid, and in no bill.
    Unpaid,
    /// It has a break.
    Broken,
}

/// Compares a packet with its rows; the breaks go to `found`.
pub fn judge(
    packet: &KnownPacket,
    rows: &[Booking],
    covered: &CoveredDays,
    found: &mut Vec<FoundBreak>,
) -> Beside {
    let before = found.len();
    let sends = sum(rows, Direction::Out);
    sent(packet, &sends, covered, found);
    came_back(packet, (&sends, &sum(rows, Direction::In)), covered, found);
    let beside = match (packet.state.is_paid(), sends.count > 0) {
        _ if found.len() > before => Beside::Broken,
        (true, true) => Beside::Matched,
        (true, false) => Beside::NotCovered,
        (false, true) => Beside::InDoubt,
        (false, false) => Beside::Unpaid,
    };
    if packet.may_be_in_doubt() && sends.count > 0 {
        found.push(FoundBreak {
            kind: BreakKind::PaidInDoubt,
            ledger: Some(packet.amount),
            bill: Some(sends.total),
            booked_at: sends.first,
        });
    }
    beside
}

/// All rows of one direction.
#[derive(Debug, Clone, Copy)]
struct Movements {
    count: usize,
    total: Fen,
    first: Option<i64>,
    last: Option<i64>,
}

fn sum(rows: &[Booking], direction: Direction) -> Movements {
    let these = || rows.iter().filter(|row| row.direction == direction);
    Movements {
        count: these().count(),
        total: these().map(|row| row.amount).sum(),
        first: these().map(|row| row.booked_at).min(),
        last: these().map(|row| row.booked_at).max(),
    }
}

fn sent(
    packet: &KnownPacket,
    sends: &Movements,
    covered: &CoveredDays,
    found: &mut Vec<FoundBreak>,
) {
    let is_paid = packet.state.is_paid();
    let may_be_paid = is_paid || packet.may_be_in_doubt();
    let mut add = |kind, bill| {
        found.push(FoundBreak {
            kind,
            ledger: may_be_paid.then_some(packet.amount),
            bill,
            booked_at: sends.first,
        });
    };
    let total = Some(sends.total);
    match sends.count {
        0 if is_paid && packet.sent.is_some_and(|span| is_covered(covered, span)) => {
            if !planted!(MissingInBillPassedOver) {
                add(BreakKind::MissingInBill, None);
            }
        }
        0 => {}
        _ if !may_be_paid => add(BreakKind::MissingInLedger, total),
        1 if sends.total != packet.amount && !planted!(FlowAmountsNotCompared) => {
            add(BreakKind::AmountDiffers, total);
        }
        1 => {}
        _ if planted!(PaidTwiceIsOnce) => {}
        _ => add(BreakKind::PaidTwice, total),
    }
    // A payment too many is booked later than the first by its nature.
    if may_be_paid && sends.count == 1 && is_late(sends.last, packet.sent) {
        add(BreakKind::Late, total);
    }
    if packet.is_accepted && sends.count == 1 && is_early(sends.first, packet.sent) {
        add(BreakKind::Early, total);
    }
}

fn came_back(
    packet: &KnownPacket,
    (sends, backs): (&Movements, &Movements),
    covered: &CoveredDays,
    found: &mut Vec<FoundBreak>,
) {
    let mut add = |kind, ledger, bill| {
        found.push(FoundBreak {
            kind,
            ledger,
            bill,
            booked_at: backs.first,
        });
    };
    let (owed, total) = (Some(packet.amount_back), Some(backs.total));
    if backs.count == 0 {
        let is_missing = packet.state == State::Refunded
            && packet
                .refunded
                .is_some_and(|span| is_covered(covered, span));
        if is_missing && !planted!(RefundMissingPassedOver) {
            add(BreakKind::RefundMissing, owed, None);
        }
        return;
    }
    // The bill may know of it before a query does; and what came back of a payment that is itself
    // a break is no second one.
    let may_come_back = match packet.state {
        State::Sent | State::Refunding | State::Refunded => true,
        State::Received => false,
        State::Ready
        | State::InFlight
        | State::InDoubt
        | State::Processing
        | State::Refused
        | State::Withdrawn
        | State::Review => sends.count > 0,
    };
    if !may_come_back && !planted!(RefundOfNothingTaken) {
        let paid = packet.state.is_paid().then_some(packet.amount);
        add(BreakKind::RefundWithoutSend, paid, total);
    } else if backs.total != packet.amount_back
        && sends.count < 2
        && !planted!(FlowAmountsNotCompared)
    {
        add(BreakKind::AmountDiffers, owed, total);
    } else if matches!(packet.state, State::Sent | State::Refunding) && !packet.is_askable {
        add(BreakKind::RefundUnconfirmed, owed, total);
    }
    if may_come_back && is_late(backs.last, packet.refunded) {
        add(BreakKind::Late, owed, total);
    }
}

/// What came back of a packet, beside the bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameBack {
    /// Nothing.
    Nothing,
    /// So much, by the bills.
    Booked(Fen),
    /// All of it, on a day that no given bill tells of.
    NotCovered,
}

/// What came back of a packet without a break.
#[must_use]
pub fn back_of(packet: &KnownPacket, rows: &[Booking]) -> CameBack {
    let backs = sum(rows, Direction::In);
    match (backs.count, packet.state) {
        (0, State::Refunded) => CameBack::NotCovered,
        (0, _) => CameBack::Nothing,
        _ => CameBack::Booked(backs.total),
    }
}

fn is_covered(covered: &CoveredDays, span: Span) -> bool {
    covered.covers(span) || planted!(UncoveredDayIsEmpty)
}

/// Booked two days after it may have happened last, or later.
fn is_late(booked_at: Option<i64>, span: Option<Span>) -> bool {
    let days = |(booked_at, span): (i64, Span)| day_of(booked_at) - day_of(span.until);
    booked_at.zip(span).is_some_and(|pair| days(pair) >= 2) && !planted!(LateIsInTime)
}

/// Booked on a day before it may have happened first.
fn is_early(booked_at: Option<i64>, span: Option<Span>) -> bool {
    let pair = booked_at.zip(span);
    pair.is_some_and(|(booked_at, span)| day_of(booked_at) < *days_of(span.from).start())
        && !planted!(LateIsInTime)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::caps::begin_of;

    const DAY: i64 = 20_780;
    const DAY_MS: i64 = 86_400_000;
    const FEN: Fen = Fen::new(100);

    /// Noon of that many days later.
    fn noon(days: i64) -> i64 {
        begin_of(DAY + days) + DAY_MS / 2
    }

    fn at(days: i64) -> Span {
        let (from, until) = (noon(days), noon(days) + 1000);
        Span { from, until }
    }

    fn packet(state: State) -> KnownPacket {
        KnownPacket {
            state,
            amount: FEN,
            amount_back: FEN,
            is_accepted: state.is_paid(),
            is_askable: true,
            sent: Some(at(0)),
            refunded: (state == State::Refunded).then(|| at(1)),
        }
    }

    fn out(fen: u64, days: i64) -> Booking {
        Booking {
            direction: Direction::Out,
            amount: Fen::new(fen),
            booked_at: noon(days),
        }
    }

    fn back(fen: u64, days: i64) -> Booking {
        Booking {
            direction: Direction::In,
            ..out(fen, days)
        }
    }

    fn all_covered() -> CoveredDays {
        let mut covered = CoveredDays::default();
        covered.add_all(DAY - 5, DAY + 40);
        covered
    }

    fn judged(state: State, rows: &[Booking]) -> (Beside, Vec<&'static str>) {
        let mut found = Vec::new();
        let beside = judge(&packet(state), rows, &all_covered(), &mut found);
        (beside, found.iter().map(|it| it.kind.name()).collect())
    }

    #[test]
    fn what_agrees_is_no_break() {
        use State::{InDoubt, Processing, Ready, Received, Refunded, Refunding, Refused, Sent};
        for state in [Sent, Received, Refunding] {
            assert_eq!(judged(state, &[out(100, 0)]), (Beside::Matched, vec![]));
            assert_eq!(judged(state, &[out(100, 1)]), (Beside::Matched, vec![]));
        }
        for state in [Sent, Refunding, Refunded] {
            let both = [out(100, 0), back(100, 1)];
            assert_eq!(judged(state, &both), (Beside::Matched, vec![]), "{state:?}");
        }
        for state in [Ready, InDoubt, Processing, Refused] {
            assert_eq!(judged(state, &[]), (Beside::Unpaid, vec![]), "{state:?}");
        }
        for state in [InDoubt, Processing, State::Review] {
            let paid = judged(state, &[out(100, 0)]);
            let in_doubt = (Beside::InDoubt, vec!["paid_in_doubt"]);
            assert_eq!(paid, in_doubt, "{state:?}");
        }
    }

    #[test]
    fn each_break_has_its_type() {
        use State::{InDoubt, Ready, Received, Refunded, Refused, Sent};
        for (state, rows, kinds) in [
            (Sent, &[][..], &["missing_in_bill"][..]),
            (Received, &[out(101, 0)], &["amount_differs"]),
            (InDoubt, &[out(99, 0)], &["amount_differs", "paid_in_doubt"]),
            (Received, &[out(100, 0), out(100, 0)], &["paid_twice"]),
            (Received, &[out(100, 0), out(50, 9)], &["paid_twice"]),
            (
                InDoubt,
                &[out(100, 0), out(100, 0)],
                &["paid_twice", "paid_in_doubt"],
            ),
            (Refused, &[out(100, 0)], &["missing_in_ledger"]),
            (Ready, &[out(100, 0), out(100, 0)], &["missing_in_ledger"]),
            (Refused, &[back(100, 1)], &["refund_without_send"]),
            (Ready, &[back(100, 1)], &["refund_without_send"]),
            (
                Received,
                &[out(100, 0), back(100, 1)],
                &["refund_without_send"],
            ),
            (Refunded, &[out(100, 0)], &["refund_missing"]),
            (Refunded, &[out(100, 0), back(99, 1)], &["amount_differs"]),
            (
                Refunded,
                &[out(100, 0), back(100, 1), back(100, 1)],
                &["amount_differs"],
            ),
            (Sent, &[out(100, 2)], &["late"]),
            (Sent, &[out(100, -1)], &["early"]),
            (Refunded, &[out(100, 0), back(100, 3)], &["late"]),
            (Refunded, &[back(100, 1)], &["missing_in_bill"]),
            // The return of an unknown payment is no second break.
            (
                Refused,
                &[out(100, 0), back(100, 1)],
                &["missing_in_ledger"],
            ),
        ] {
            let (beside, found) = judged(state, rows);
            assert_eq!((beside, &found[..]), (Beside::Broken, kinds), "{state:?}");
        }
    }

    #[test]
    fn what_another_ledger_may_have_paid_before_is_not_early() {
        let rows = [out(100, -3)];
        let in_doubt = (Beside::InDoubt, vec!["paid_in_doubt"]);
        assert_eq!(judged(State::InDoubt, &rows), in_doubt);
        let known = KnownPacket {
            is_accepted: false,
            ..packet(State::Received)
        };
        let mut found = Vec::new();
        let beside = judge(&known, &rows, &all_covered(), &mut found);
        assert_eq!((beside, found), (Beside::Matched, vec![]));
    }

    #[test]
    fn what_was_never_sent_stays_unknown_to_the_ledger_whoever_it_is_left_to() {
        let held = KnownPacket {
            sent: None,
            ..packet(State::Review)
        };
        let mut found = Vec::new();
        let beside = judge(&held, &[out(100, 0)], &all_covered(), &mut found);
        assert_eq!((beside, found.len()), (Beside::Broken, 1));
        assert_eq!(found[0].kind, BreakKind::MissingInLedger);
    }

    #[test]
    fn a_refund_that_no_answer_can_tell_of_any_more_is_told_by_the_bill() {
        let both = [out(100, 0), back(100, 1)];
        for (state, kinds) in [
            (State::Sent, &[BreakKind::RefundUnconfirmed][..]),
            (State::Refunding, &[BreakKind::RefundUnconfirmed]),
            (State::Refunded, &[]),
        ] {
            let old = KnownPacket {
                is_askable: false,
                ..packet(state)
            };
            let mut found = Vec::new();
            judge(&old, &both, &all_covered(), &mut found);
            let found: Vec<BreakKind> = found.iter().map(|it| it.kind).collect();
            assert_eq!(found, kinds, "{state:?}");
            let mut unpaid_back = Vec::new();
            judge(&old, &both[..1], &all_covered(), &mut unpaid_back);
            assert_eq!(unpaid_back.len(), usize::from(state == State::Refunded));
        }
    }

    #[test]
    fn a_day_without_a_bill_says_nothing() {
        let mut covered = CoveredDays::default();
        let mut found = Vec::new();
        let sent = packet(State::Sent);
        let beside = judge(&sent, &[], &covered, &mut found);
        assert_eq!(beside, Beside::NotCovered);
        covered.add(DAY);
        let refunded = packet(State::Refunded);
        let beside = judge(&refunded, &[out(100, 0)], &covered, &mut found);
        assert_eq!((beside, found.len()), (Beside::Matched, 0));
        // Its amount is compared all the same.
        let beside = judge(&refunded, &[out(100, 0), back(1, 1)], &covered, &mut found);
        assert_eq!(beside, Beside::Broken);
        assert_eq!(found[0].kind, BreakKind::AmountDiffers);
        assert_eq!(
            (found[0].ledger, found[0].bill),
            (Some(FEN), Some(Fen::new(1)))
        );
    }

    #[test]
    fn what_came_back_is_summed_or_not_covered() {
        let both = [out(100, 0), back(60, 1), back(40, 1)];
        let back = |state, rows: &[Booking]| back_of(&packet(state), rows);
        assert_eq!(back(State::Refunded, &both), CameBack::Booked(FEN));
        assert_eq!(back(State::Refunded, &both[..1]), CameBack::NotCovered);
        assert_eq!(back(State::Sent, &both[..1]), CameBack::Nothing);
    }

    #[test]
    fn a_break_tells_both_amounts() {
        let mut found = Vec::new();
        let twice = [out(100, 0), out(100, 1)];
        judge(&packet(State::Sent), &twice, &all_covered(), &mut found);
        judge(&packet(State::Refused), &twice, &all_covered(), &mut found);
        judge(&packet(State::Sent), &[], &all_covered(), &mut found);
        let told: Vec<_> = found.iter().map(|it| (it.ledger, it.bill)).collect();
        let two = Some(Fen::new(200));
        assert_eq!(told, [(Some(FEN), two), (None, two), (Some(FEN), None)]);
        assert_eq!(found[0].booked_at, Some(noon(0)));
    }
}
