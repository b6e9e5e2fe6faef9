//! How many attempts are committed ahead of the wire: up to four for each request on it, and up to
//! twelve where answers come fast, but no more than the pace lets go within two seconds. A kill
//! leaves all of them in doubt, and each costs a question.
//!
//! The design says up to twice. But an attempt is counted here from its commit until its answer is
//! handed to the ledger: of four for each request one is on the wire, and the others wait to leave.
//! Its place is given away then, and not only once the answer is on the disk: the attempt that
//! takes it is committed with the answer or after it. Further ahead, a commit costs about the same
//! however many attempts it makes. At twice nothing was measured; whoever bounds it there holds
//! `cargo bench --bench whole -- sending` against 0.7 of the bare loop.

use std::sync::Arc;

use super::handed::Handed;
use crate::runner::health::symptom::Symptom;

/// Attempts of a run that are committed and have no answer yet, for each request on the wire: the
/// others wait to leave. However slow the answers are, this many.
const LEAST: usize = 4;
/// Where answers come fast: a commit costs about the same however many attempts it makes.
const MOST: usize = 12;

/// Counts answers, since more attempts than were answered lately would grow stale waiting.
#[derive(Debug)]
pub(in crate::runner) struct Ahead {
    in_flight: usize,
    /// However slow the answers are, this many.
    least: usize,
    answers: usize,
    answers_before: usize,
    /// Attempts that are committed and not recorded yet.
    open: usize,
    /// Those that were recorded.
    recorded: usize,
    /// Those whose answers the ledger has, recorded or not.
    handed: Arc<Handed>,
}

impl Ahead {
    pub(in crate::runner) fn of(in_flight: usize, handed: &Arc<Handed>) -> Ahead {
        Ahead {
            least: in_flight * LEAST,
            ..Ahead::close(in_flight, handed)
        }
    }

    /// Where answers are slow, nothing waits to leave: a question that grows stale meanwhile would
    /// be asked twice.
    pub(in crate::runner) fn close(in_flight: usize, handed: &Arc<Handed>) -> Ahead {
        Ahead {
            in_flight,
            least: in_flight,
            answers: 0,
            answers_before: 0,
            open: 0,
            recorded: 0,
            handed: Arc::clone(handed),
        }
    }

    /// The most that there ever are.
    pub(in crate::runner) fn most(in_flight: usize) -> usize {
        in_flight * MOST
    }

    pub(in crate::runner) fn is_empty(&self) -> bool {
        self.open == 0
    }

    /// Attempts that are committed and not recorded yet.
    pub(in crate::runner) fn open(&self) -> usize {
        self.open
    }

    pub(in crate::runner) fn begin(&mut self) {
        self.open += 1;
    }

    /// Only an attempt that was given back unsent is no answer.
    pub(in crate::runner) fn end(&mut self, symptom: &Symptom) {
        self.open -= 1;
        self.recorded += 1;
        self.answers += usize::from(*symptom != Symptom::NotBegun);
    }

    /// A tick is over, and the next begins.
    pub(in crate::runner) fn tick(&mut self) {
        self.answers_before = std::mem::take(&mut self.answers);
    }

    /// How many more to make now, where the pace has this many permits soon. They are made in
    /// groups: a commit for each freed place would waste the disk. An answer that the ledger was
    /// handed frees its place: it is recorded before they are made, or with them.
    pub(in crate::runner) fn room(&self, permits: usize) -> usize {
        let (most, room) = self.free(permits);
        if room * 3 >= most || self.is_empty() {
            room
        } else {
            0
        }
    }

    /// Waits until so many answers were handed to the ledger that there is room; for ever where
    /// there is some, or where the pace has no permits.
    pub(in crate::runner) async fn reach_room(&self, permits: usize) {
        self.handed.reach(self.room_after(permits)).await;
    }

    fn room_after(&self, permits: usize) -> Option<usize> {
        let most = self.depth().min(permits);
        let wanted = self.recorded + (self.open + most.div_ceil(3)).saturating_sub(most);
        Some(wanted).filter(|_| most > 0 && self.room(permits) == 0)
    }

    /// The most that may be open, and how many of those are free.
    fn free(&self, permits: usize) -> (usize, usize) {
        let most = self.depth().min(permits);
        let unrecorded = self.handed.count().saturating_sub(self.recorded);
        (
            most,
            most.saturating_sub(self.open.saturating_sub(unrecorded)),
        )
    }

    /// No more than one tick answers, beyond the least.
    fn depth(&self) -> usize {
        let lately = self.answers.max(self.answers_before);
        lately.clamp(self.least, Ahead::most(self.in_flight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After so many answers in each tick, with nothing open.
    fn after(ticks: &[usize]) -> Ahead {
        let mut ahead = Ahead::of(32, &Arc::default());
        for (index, answers) in ticks.iter().enumerate() {
            if index > 0 {
                ahead.tick();
            }
            for _ in 0..*answers {
                ahead.begin();
                ahead.end(&Symptom::Accepted);
            }
        }
        ahead
    }

    fn room(ticks: &[usize]) -> usize {
        after(ticks).room(usize::MAX)
    }

    #[test]
    fn slow_answers_are_few_attempts_ahead() {
        assert_eq!(room(&[]), 128);
        assert_eq!(room(&[64]), 128);
        assert_eq!(room(&[5_000, 0, 0]), 128);
    }

    #[test]
    fn fast_answers_are_as_many_ahead_as_a_tick_brings() {
        assert_eq!(room(&[200]), 200);
        assert_eq!(room(&[200, 0]), 200);
        assert_eq!(room(&[200, 300, 10]), 300);
        assert_eq!(room(&[5_000]), 384);
    }

    #[test]
    fn questions_are_made_in_groups_and_wait_only_where_answers_are_fast() {
        let mut ahead = Ahead::close(3, &Arc::default());
        let made: Vec<usize> = (0..=3)
            .map(|_| {
                let room = ahead.room(usize::MAX);
                ahead.begin();
                room
            })
            .collect();
        assert_eq!(made, [3, 2, 1, 0]);
        let mut ahead = Ahead::close(32, &Arc::default());
        (0..100).for_each(|_| ahead.begin());
        (0..100).for_each(|_| ahead.end(&Symptom::Accepted));
        assert_eq!(ahead.room(usize::MAX), 100);
        ahead.tick();
        ahead.tick();
        assert_eq!(ahead.room(usize::MAX), 32);
    }

    #[test]
    fn an_answer_that_the_ledger_was_handed_frees_its_place_once() {
        let handed = Arc::default();
        let mut ahead = Ahead::of(3, &handed);
        let room = |ahead: &Ahead, permits| (ahead.room(permits), ahead.room_after(permits));
        (0..12).for_each(|_| ahead.begin());
        assert_eq!(room(&ahead, 99), (0, Some(4)));
        // Where the pace has fewer permits, those above them come first.
        assert_eq!(room(&ahead, 6), (0, Some(8)));
        (0..3).for_each(|_| handed.add());
        assert_eq!(room(&ahead, 99), (0, Some(4)));
        handed.add();
        assert_eq!(room(&ahead, 99), (4, None));
        assert_eq!(room(&ahead, 0), (0, None));
        (0..4).for_each(|_| ahead.end(&Symptom::Accepted));
        assert_eq!((ahead.open(), room(&ahead, 99)), (8, (4, None)));
        (0..4).for_each(|_| ahead.begin());
        assert_eq!(room(&ahead, 99), (0, Some(8)));
        // Whichever is counted first.
        ahead.end(&Symptom::Accepted);
        assert_eq!((ahead.open(), room(&ahead, 99)), (11, (0, Some(8))));
    }

    #[test]
    fn what_is_given_back_unsent_is_no_answer() {
        let mut ahead = Ahead::of(32, &Arc::default());
        for _ in 0..1_000 {
            ahead.begin();
            ahead.end(&Symptom::NotBegun);
        }
        assert_eq!(ahead.room(usize::MAX), 128);
    }

    #[test]
    fn places_are_filled_a_third_at_a_time_and_never_beyond_the_permits() {
        let mut ahead = Ahead::of(3, &Arc::default());
        assert_eq!((ahead.room(0), ahead.room(5), ahead.room(99)), (0, 5, 12));
        (0..8).for_each(|_| ahead.begin());
        assert_eq!((ahead.room(5), ahead.room(99)), (0, 4));
        ahead.begin();
        assert_eq!(ahead.room(99), 0);
    }
}
