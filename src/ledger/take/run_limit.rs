//! How much one run may begin: counted where bills are taken, by the one who takes them, so that
//! no number of requests in flight goes beyond it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::money::Fen;

/// The most that one run may begin: packets that it takes out of `ready`. One that comes back,
/// unsent or refused for the rate, does not count. Packets in doubt from before are owed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunLimit {
    /// Packets.
    pub packets: Option<u64>,
    /// Their money.
    pub amount: Option<Fen>,
    /// Whether to remember which they are.
    pub keeps_bills: bool,
}

/// The rest of a limit.
#[derive(Debug)]
struct Left {
    packets: u64,
    fen: u64,
    bills: Option<BTreeSet<i64>>,
}

/// The limit of this run, if it has one.
#[derive(Debug, Default)]
pub(in crate::ledger) struct LimitLeft {
    left: RefCell<Option<Left>>,
    /// Read by the feeder, too.
    is_reached: Arc<AtomicBool>,
}

impl LimitLeft {
    /// Where the feeder can see whether the limit is reached.
    pub(in crate::ledger) fn reached_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_reached)
    }

    /// Sets a limit in the place of the one before, or lifts that; which bills were begun under it,
    /// if it kept them.
    pub(in crate::ledger) fn set(&self, limit: Option<RunLimit>) -> Vec<i64> {
        let left = limit.map(|limit| Left {
            packets: limit.packets.unwrap_or(u64::MAX),
            fen: limit.amount.map_or(u64::MAX, Fen::fen),
            bills: limit.keeps_bills.then(BTreeSet::new),
        });
        let before = self.left.replace(left);
        self.reach(limit.is_some_and(|_| self.is_used_up()));
        let bills = before.and_then(|before| before.bills);
        bills.unwrap_or_default().into_iter().collect()
    }

    /// Whether no packet may begin any more.
    pub(super) fn is_reached(&self) -> bool {
        self.is_reached.load(Ordering::Relaxed)
    }

    /// How many of `room` packets may begin, whatever their money.
    pub(super) fn room(&self, room: usize) -> usize {
        let left = self.left.borrow();
        let packets = left.as_ref().map_or(u64::MAX, |left| left.packets);
        usize::try_from(packets).map_or(room, |packets| packets.min(room))
    }

    /// Whether a packet of this amount may begin. The first that may not is where the run ends: a
    /// smaller one behind it is not sent in its place.
    pub(super) fn has_room(&self, amount: Fen) -> bool {
        let fits = match &*self.left.borrow() {
            Some(left) => left.packets > 0 && amount.fen() <= left.fen && !self.is_reached(),
            None => return true,
        };
        self.reach(!fits);
        fits
    }

    /// Counts a packet that begins.
    pub(super) fn count(&self, bill: i64, amount: Fen) {
        let mut left = self.left.borrow_mut();
        let Some(left) = left.as_mut() else { return };
        left.packets -= 1;
        left.fen -= amount.fen();
        if let Some(bills) = &mut left.bills {
            bills.insert(bill);
        }
        self.reach(left.is_used_up());
    }

    /// Takes back a packet that waits as before.
    pub(in crate::ledger) fn give_back(&self, bill: i64, amount: Fen) {
        let mut left = self.left.borrow_mut();
        let Some(left) = left.as_mut() else { return };
        left.packets += 1;
        left.fen += amount.fen();
        if let Some(bills) = &mut left.bills {
            bills.remove(&bill);
        }
        self.reach(false);
    }

    fn is_used_up(&self) -> bool {
        self.left.borrow().as_ref().is_some_and(Left::is_used_up)
    }

    fn reach(&self, is_reached: bool) {
        self.is_reached.store(is_reached, Ordering::Relaxed);
    }
}

impl Left {
    fn is_used_up(&self) -> bool {
        self.packets == 0 || self.fen == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(packets: Option<u64>, fen: Option<u64>) -> LimitLeft {
        let limit_left = LimitLeft::default();
        let amount = fen.map(Fen::new);
        limit_left.set(Some(RunLimit {
            packets,
            amount,
            keeps_bills: true,
        }));
        limit_left
    }

    fn begin(limit_left: &LimitLeft, bill: i64, fen: u64) -> bool {
        let fits = limit_left.has_room(Fen::new(fen));
        if fits {
            limit_left.count(bill, Fen::new(fen));
        }
        fits
    }

    #[test]
    fn without_a_limit_everything_may_begin() {
        let limit_left = LimitLeft::default();
        assert!(begin(&limit_left, 1, u64::MAX) && begin(&limit_left, 2, u64::MAX));
        assert!(!limit_left.is_reached());
        assert_eq!(limit_left.room(7), 7);
        assert_eq!(limit_left.set(None), Vec::<i64>::new());
    }

    #[test]
    fn packets_are_bounded_and_one_that_comes_back_makes_room() {
        let limit_left = of(Some(2), None);
        assert!(begin(&limit_left, 1, 100) && begin(&limit_left, 2, 100));
        assert!(limit_left.is_reached() && limit_left.room(7) == 0);
        assert!(!begin(&limit_left, 3, 100));
        limit_left.give_back(1, Fen::new(100));
        assert!(!limit_left.is_reached() && limit_left.room(7) == 1);
        assert!(begin(&limit_left, 4, 100) && limit_left.is_reached());
        assert_eq!(limit_left.set(None), [2, 4]);
        assert!(!limit_left.is_reached() && begin(&limit_left, 5, 100));
    }

    #[test]
    fn money_is_bounded_to_the_fen_and_no_smaller_packet_overtakes() {
        let limit_left = of(None, Some(300));
        assert!(begin(&limit_left, 1, 200) && !limit_left.is_reached());
        assert!(!begin(&limit_left, 2, 101) && limit_left.is_reached());
        assert!(!begin(&limit_left, 3, 100));
        limit_left.give_back(1, Fen::new(200));
        assert!(begin(&limit_left, 2, 101) && begin(&limit_left, 3, 199));
        assert!(limit_left.is_reached());
    }
}
