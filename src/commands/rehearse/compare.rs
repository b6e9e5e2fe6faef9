//! The gateway's books against the recipients file and what the report claims, packet by packet.
//! Pure: any error of either side must show here, so it can be tried on doctored books.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::caps::Caps;
use crate::domain::state::State;
use crate::domain::tally::Tally;
use crate::simulator::{Booked, Books, Status};
use crate::words::{Words, compare as words};

use super::claim::Claim;
use super::holding::Holding;

/// A row of the recipients file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owed {
    pub(super) row_key: String,
    pub(super) openid: String,
    pub(super) fen: u64,
}

/// Both sides, and what the ledger's counters say.
pub(super) struct Sides<'a> {
    pub(super) owed: &'a [Owed],
    pub(super) claims: &'a [Claim],
    pub(super) tally: &'a Tally,
    /// Requests that have a row in the ledger and may have left.
    pub(super) attempts: u64,
    pub(super) books: &'a Books,
    /// The caps of a day.
    pub(super) caps: &'a Caps,
}

/// The discrepancies, a sentence for each packet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Discrepancies {
    /// Money moved twice for one packet.
    pub(super) paid_twice: Vec<Words>,
    /// Owed and forgotten, or an order that the ledger does not know.
    pub(super) lost: Vec<Words>,
    /// The report says what the books contradict.
    pub(super) misreported: Vec<Words>,
}

impl Discrepancies {
    pub(super) fn are_none(&self) -> bool {
        self.paid_twice.is_empty() && self.lost.is_empty() && self.misreported.is_empty()
    }

    /// The verdict in one line.
    pub(super) fn verdict(&self) -> Words {
        words::verdict(
            self.paid_twice.len(),
            self.lost.len(),
            self.misreported.len(),
        )
    }
}

/// Both sides' books, and what is wrong between them.
pub(super) struct Compared {
    pub(super) claims: Vec<Claim>,
    pub(super) books: Books,
    pub(super) findings: Discrepancies,
}

/// Compares.
pub(super) fn compare(sides: &Sides<'_>) -> Discrepancies {
    let mut findings = Discrepancies::default();
    check_owed(sides, &mut findings);
    let keys: HashMap<&str, &Owed> = sides
        .owed
        .iter()
        .map(|owed| (owed.row_key.as_str(), owed))
        .collect();
    for claim in sides.claims {
        let booked = sides.books.orders.get(&claim.mch_billno);
        let owed = keys.get(claim.row_key.as_str()).copied();
        let contradiction = not_owed(claim, owed).or_else(|| not_booked(claim, booked));
        findings.misreported.extend(contradiction);
    }
    check_orders(sides, &mut findings);
    check_sums(sides, &mut findings);
    findings
}

/// Every row of the file has one packet, and every packet was taken up.
fn check_owed(sides: &Sides<'_>, findings: &mut Discrepancies) {
    let mut claimed: HashMap<&str, &Claim> = HashMap::new();
    for claim in sides.claims {
        if claimed.insert(&claim.row_key, claim).is_some() {
            let twice = words::twice_in_report(claim.row_key.as_str());
            findings.misreported.push(twice);
        }
    }
    let holding = Holding::of(sides.caps, sides.claims);
    for owed in sides.owed {
        let key = owed.row_key.as_str();
        match claimed.get(key).map(|claim| (claim, claim.state())) {
            None => findings.lost.push(words::not_in_report(key)),
            Some((claim, Some(State::Ready))) if holding.holds(claim) => {}
            Some((claim, Some(State::Ready | State::InFlight))) => {
                let (number, state) = (claim.mch_billno.as_str(), claim.state.as_str());
                let forgotten = words::forgotten(number, state);
                findings.lost.push(forgotten);
            }
            // A refusal that leaves no order leaves its code with the packet.
            Some((claim, Some(State::Refused)))
                if claim.err_code.is_none()
                    && !sides.books.orders.contains_key(&claim.mch_billno) =>
            {
                let unrefused = words::unrefused(claim.mch_billno.as_str());
                findings.lost.push(unrefused);
            }
            Some(_) => {}
        }
    }
}

fn not_owed(claim: &Claim, owed: Option<&Owed>) -> Option<Words> {
    let number = claim.mch_billno.as_str();
    let Some(owed) = owed else {
        return Some(words::not_in_file(number, claim.row_key.as_str()));
    };
    if claim.openid != owed.openid {
        return Some(words::not_for_whom(number));
    }
    (claim.amount_fen != owed.fen).then(|| words::other_amount(number, claim.amount_fen, owed.fen))
}

/// The part of a claim that the order contradicts.
fn not_booked(claim: &Claim, booked: Option<&Booked>) -> Option<Words> {
    let (number, word) = (claim.mch_billno.as_str(), claim.state.as_str());
    let Some(state) = claim.state() else {
        return Some(words::no_state(number, format!("{word:?}")));
    };
    let payments = booked.map_or(0, |booked| booked.order.payments);
    if state.is_paid() && payments == 0 {
        return Some(words::not_paid(number, word));
    }
    if matches!(state, State::Ready | State::Refused | State::Withdrawn) && payments > 0 {
        return Some(words::was_paid(number, word));
    }
    let Booked {
        order,
        status,
        requests,
    } = booked?;
    if order.openid != claim.openid {
        return Some(words::other_person(number));
    }
    if order.amount_fen != claim.amount_fen {
        let (fen, said) = (order.amount_fen, claim.amount_fen);
        return Some(words::other_paid(number, fen, said));
    }
    if state.is_paid() && claim.send_listid.as_deref() != Some(order.send_listid.as_str()) {
        return Some(words::other_listid(number));
    }
    let is_told = match state {
        State::Received => *status == Status::Received,
        State::Refunding => matches!(status, Status::RfundIng | Status::Refund),
        State::Refunded => *status == Status::Refund,
        State::Ready
        | State::InFlight
        | State::InDoubt
        | State::Processing
        | State::Sent
        | State::Refused
        | State::Withdrawn
        | State::Review => true,
    };
    if !is_told {
        let status = status.as_str();
        return Some(words::other_status(number, word, status));
    }
    let (sends, attempts) = (requests.sends, claim.attempts);
    (sends > attempts).then(|| words::unrecorded(number, sends, attempts))
}

/// Every order is the ledger's, and none was paid twice, under one number or under two.
fn check_orders(sides: &Sides<'_>, findings: &mut Discrepancies) {
    let known: HashSet<&str> = sides
        .claims
        .iter()
        .map(|it| it.mch_billno.as_str())
        .collect();
    let mut left: HashMap<&str, usize> = HashMap::new();
    for owed in sides.owed {
        *left.entry(&owed.openid).or_default() += 1;
    }
    let (ours, strange): (Vec<_>, Vec<_>) = sides
        .books
        .orders
        .iter()
        .partition(|(number, _)| known.contains(number.as_str()));
    for (number, booked) in &ours {
        let payments = booked.order.payments;
        if payments > 1 {
            let twice = words::payments(number.as_str(), payments);
            findings.paid_twice.push(twice);
        }
        if payments > 0 {
            let left = left.entry(&booked.order.openid).or_default();
            *left = left.saturating_sub(1);
        }
    }
    for (number, booked) in &strange {
        let is_paid = booked.order.payments > 0;
        let left = left.entry(&booked.order.openid).or_default();
        if is_paid && *left == 0 {
            let again = words::paid_again(number.as_str());
            findings.paid_twice.push(again);
        } else {
            *left -= usize::from(is_paid);
            let unknown = words::unknown_order(number.as_str());
            findings.lost.push(unknown);
        }
    }
}

/// The counters are those of the packets, no number was sent with two contents, and every
/// request has its row.
fn check_sums(sides: &Sides<'_>, findings: &mut Discrepancies) {
    let mut sums: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for claim in sides.claims {
        let sum = sums.entry(claim.state.as_str()).or_default();
        sum.0 += 1;
        sum.1 += claim.amount_fen;
    }
    for state in State::ALL {
        let (count, fen) = sums.get(state.name()).copied().unwrap_or_default();
        let row = sides.tally.of(state);
        if (row.count, row.fen.fen()) != (count, fen) {
            let held = row.fen.fen();
            let differs = words::counters(row.count, held, state, count, fen);
            findings.misreported.push(differs);
        }
    }
    let clashes = sides.books.clashes;
    if clashes > 0 {
        findings.misreported.push(words::clashes(clashes));
    }
    let counters = &sides.books.counters;
    let (came, attempts) = (counters.sends + counters.queries, sides.attempts);
    if came > attempts {
        let bare = words::bare_requests(came, attempts);
        findings.misreported.push(bare);
    }
}

#[cfg(test)]
mod tests {
    //! Each kind of wrong, planted in books that are right: counted once, and as what it is.

    use super::*;
    use crate::domain::money::Fen;
    use crate::domain::tally::TallyRow;
    use crate::simulator::{BookEntry, Gateway, Payment, Refusal, Settings, Taking, WireFields};

    /// A rehearsal of four packets: two sent, one refused, one in doubt though paid.
    struct World {
        owed: Vec<Owed>,
        claims: Vec<Claim>,
        entries: Vec<BookEntry>,
        tally: Tally,
        attempts: u64,
        sends: Vec<(&'static str, u64)>,
        claimed_at: Option<Status>,
        caps: Caps,
    }

    const NUMBERS: [&str; 4] = ["n1", "n2", "n3", "n4"];

    fn order(number: &str, openid: &str, fen: u64) -> BookEntry {
        let fields = [("re_openid", openid), ("total_amount", &fen.to_string())];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
        BookEntry::Order(Taking {
            at_ms: 0,
            mch_billno: number.to_owned(),
            send_listid: format!("list of {number}"),
            fields: WireFields::from(fields).into(),
        })
    }

    fn payment(number: &str, openid: &str, fen: u64) -> BookEntry {
        BookEntry::Payment(Payment {
            at_ms: 0,
            mch_billno: number.to_owned(),
            openid: openid.to_owned(),
            amount_fen: fen,
            issued_ms: 0,
            package: "p".to_owned(),
        })
    }

    fn refusal(number: &str) -> BookEntry {
        BookEntry::Refusal(Refusal {
            at_ms: 0,
            mch_billno: number.to_owned(),
            code: "SEND_FAILED".to_owned(),
            reason: String::new(),
            fails_at_ms: 0,
            is_closed: true,
        })
    }

    fn is_about(entry: &BookEntry, number: &str) -> bool {
        match entry {
            BookEntry::Order(Taking { mch_billno, .. })
            | BookEntry::Payment(Payment { mch_billno, .. })
            | BookEntry::Refusal(Refusal { mch_billno, .. })
            | BookEntry::Clash { mch_billno, .. } => mch_billno == number,
            BookEntry::TopUp { .. } => false,
        }
    }

    impl World {
        fn right() -> World {
            let states = ["sent", "sent", "refused", "in_doubt"];
            let mut world = World {
                owed: Vec::new(),
                claims: Vec::new(),
                entries: Vec::new(),
                tally: Tally::default(),
                attempts: 4,
                sends: NUMBERS.map(|number| (number, 1)).to_vec(),
                claimed_at: None,
                caps: Caps::default(),
            };
            for (at, (number, state)) in (1..).zip(NUMBERS.into_iter().zip(states)) {
                let (openid, fen) = (format!("o{at}"), 100 * at);
                world.owed.push(Owed {
                    row_key: format!("k{at}"),
                    openid: openid.clone(),
                    fen,
                });
                world.claims.push(Claim {
                    row_key: format!("k{at}"),
                    openid: openid.clone(),
                    amount_fen: fen,
                    state: state.to_owned(),
                    mch_billno: number.to_owned(),
                    send_listid: (state == "sent").then(|| format!("list of {number}")),
                    attempts: 1,
                    err_code: None,
                });
                world.entries.push(order(number, &openid, fen));
                world.entries.push(match state {
                    "refused" => refusal(number),
                    _ => payment(number, &openid, fen),
                });
            }
            world.count();
            world
        }

        /// Counters as they belong to the claims.
        fn count(&mut self) {
            self.tally = Tally::default();
            for claim in &self.claims {
                let at = State::ALL.iter().position(|it| it.name() == claim.state);
                let row: &mut TallyRow = &mut self.tally.0[at.unwrap()];
                row.count += 1;
                row.fen = row.fen.checked_add(Fen::new(claim.amount_fen)).unwrap();
            }
        }

        fn findings(&self) -> Discrepancies {
            let mut books = Gateway::reopened(Settings::default(), &self.entries).books(1_000);
            for (number, sends) in &self.sends {
                if let Some(booked) = books.orders.get_mut(*number) {
                    booked.requests.sends = *sends;
                    booked.status = self.claimed_at.unwrap_or(booked.status);
                }
                books.counters.sends += sends;
            }
            compare(&Sides {
                owed: &self.owed,
                claims: &self.claims,
                tally: &self.tally,
                attempts: self.attempts,
                books: &books,
                caps: &self.caps,
            })
        }
    }

    /// Plants something; how many were paid twice, lost, misreported.
    fn planted(plant: impl FnOnce(&mut World)) -> (usize, usize, usize) {
        let mut world = World::right();
        plant(&mut world);
        let found = world.findings();
        (
            found.paid_twice.len(),
            found.lost.len(),
            found.misreported.len(),
        )
    }

    /// Changes what the report says of a packet, counters and all.
    fn claimed(at: usize, change: impl FnOnce(&mut Claim)) -> (usize, usize, usize) {
        planted(|world| {
            change(&mut world.claims[at]);
            world.count();
        })
    }

    #[test]
    fn books_that_agree_have_nothing_wrong() {
        let findings = World::right().findings();
        assert_eq!(findings, Discrepancies::default());
        assert!(findings.are_none());
        assert_eq!(
            findings.verdict().en,
            "paid twice 0 · lost 0 · misreported 0"
        );
    }

    #[test]
    fn a_second_payment_is_found_under_the_same_number_and_under_another() {
        let again = payment("n1", "o1", 100);
        assert_eq!(planted(|world| world.entries.push(again)), (1, 0, 0));
        // Of a packet in doubt too: the report claims nothing there.
        let again = payment("n4", "o4", 400);
        assert_eq!(planted(|world| world.entries.push(again)), (1, 0, 0));
        let other = [order("n9", "o2", 200), payment("n9", "o2", 200)];
        assert_eq!(planted(|world| world.entries.extend(other)), (1, 0, 0));
    }

    #[test]
    fn what_is_owed_and_not_known_is_lost() {
        let gone = |world: &mut World| {
            world.claims.remove(2);
            world.count();
        };
        let with_its_order = (0, 2, 0);
        assert_eq!(planted(gone), with_its_order, "no packet, and its order");
        let unsent = |world: &mut World| {
            world.claims[2].state = "ready".to_owned();
            world.count();
        };
        assert_eq!(planted(unsent), (0, 1, 0), "never sent, and nobody goes on");
        let held = |world: &mut World| {
            unsent(world);
            world.claims[2].attempts = 0;
            world.caps.merchant_fen = Fen::new(700 + 299);
            // Both its order and its refusal are somebody else's then.
            world.entries.retain(|it| !is_about(it, "n3"));
        };
        assert_eq!(planted(held), (0, 0, 0), "a cap holds it back");
        let roomy = |world: &mut World| {
            held(world);
            world.caps.merchant_fen = Fen::new(700 + 300);
        };
        assert_eq!(planted(roomy), (0, 1, 0), "a cap has room for it");
        let unseen = |world: &mut World| world.entries.retain(|it| !is_about(it, "n3"));
        assert_eq!(planted(unseen), (0, 1, 0), "nobody refused it");
        let coded = |world: &mut World| {
            unseen(world);
            world.claims[2].err_code = Some("SENDNUM_LIMIT".to_owned());
        };
        assert_eq!(planted(coded), (0, 0, 0), "refused without an order");
        let stray = [order("n9", "o3", 300), refusal("n9")];
        assert_eq!(planted(|world| world.entries.extend(stray)), (0, 1, 0));
        let moved = [order("n9", "o3", 300), payment("n9", "o3", 300)];
        assert_eq!(planted(|world| world.entries.extend(moved)), (0, 1, 0));
    }

    #[test]
    fn a_state_that_the_books_contradict_is_misreported() {
        assert_eq!(claimed(0, |it| it.state = "refused".to_owned()), (0, 0, 1));
        assert_eq!(claimed(2, |it| it.state = "sent".to_owned()), (0, 0, 1));
        assert_eq!(claimed(0, |it| it.state = "received".to_owned()), (0, 0, 1));
        assert_eq!(claimed(0, |it| it.state = "refunded".to_owned()), (0, 0, 1));
        let received = |world: &mut World| {
            world.claims[0].state = "received".to_owned();
            world.claimed_at = Some(Status::Received);
            world.count();
        };
        assert_eq!(planted(received), (0, 0, 0));
    }

    #[test]
    fn honest_doubt_is_not_misreported() {
        for state in ["in_doubt", "processing", "review"] {
            for at in [0, 2] {
                assert_eq!(claimed(at, |it| it.state = state.to_owned()), (0, 0, 0));
            }
        }
    }

    #[test]
    fn a_wrong_person_amount_or_receipt_is_misreported() {
        let stranger = |world: &mut World| world.owed[0].openid = "o7".to_owned();
        assert_eq!(planted(stranger), (0, 0, 1), "not whom the file names");
        assert_eq!(planted(|world| world.owed[0].fen = 1), (0, 0, 1));
        let elsewhere = |world: &mut World| world.entries[0] = order("n1", "o7", 100);
        assert_eq!(planted(elsewhere), (0, 0, 1), "not whom the report names");
        let more = |world: &mut World| world.entries[0] = order("n1", "o1", 101);
        assert_eq!(planted(more), (0, 0, 1));
        assert_eq!(claimed(0, |it| it.send_listid = None), (0, 0, 1));
        let foreign = |world: &mut World| drop(world.owed.remove(3));
        assert_eq!(
            planted(foreign),
            (0, 0, 1),
            "in the report, not in the file"
        );
    }

    #[test]
    fn sums_and_requests_that_do_not_add_up_are_misreported() {
        let twice = |world: &mut World| world.claims.push(world.claims[1].clone());
        assert_eq!(
            planted(twice),
            (0, 0, 2),
            "the row, and the counter of sent"
        );
        assert_eq!(planted(|world| world.tally.0[0].count += 1), (0, 0, 1));
        let bare = |world: &mut World| world.sends[0].1 = 2;
        assert_eq!(planted(bare), (0, 0, 2), "of this packet, and in all");
        assert_eq!(planted(|world| world.attempts = 3), (0, 0, 1));
        let clash = BookEntry::Clash {
            at_ms: 0,
            mch_billno: "n1".to_owned(),
        };
        assert_eq!(planted(|world| world.entries.push(clash)), (0, 0, 1));
    }
}
