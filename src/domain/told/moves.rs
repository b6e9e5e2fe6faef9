//! How a bill moves: by a send, by its outcome, by a query's answer, by a person or a cap. Policy
//! decides the next step; the state machine decides whether it is legal.

use super::outcome::{Outcome, Sighting};
use super::policy;
use super::seen;
use crate::domain::bill::{Action, Again, Bill, Next};
use crate::domain::rules::{Moment, RetryRules};
use crate::domain::state::{Event, IllegalMove, State};

impl Bill {
    /// A send attempt is about to become durable at `now`.
    ///
    /// # Errors
    /// Where the bill may not be sent.
    pub fn dispatch(&mut self, now: i64) -> Result<Event, IllegalMove> {
        let is_first = self.state == State::Ready;
        let event = if is_first {
            Event::Dispatched
        } else {
            Event::Resent
        };
        self.state = self.state.on(event)?;
        if is_first && self.again == Some(Again::Owed) && !planted!(SecondRefusalResent) {
            self.again = Some(Again::Given);
        }
        self.sends += 1;
        self.first_sent = self.first_sent.or(Some(now));
        self.next = self.next.filter(|_| planted!(TakenTwice));
        Ok(event)
    }

    /// The outcome of the send that was committed at `moment.committed`.
    ///
    /// # Errors
    /// Where the state machine has no such move: a defect, never a matter of data.
    pub fn record_send(
        &mut self,
        outcome: &Outcome,
        moment: &Moment,
        rules: &RetryRules,
    ) -> Result<Event, IllegalMove> {
        let event = policy::event_of_outcome(self, outcome, moment);
        let after = self.state.on(event)?;
        policy::note_outcome(self, outcome, moment, rules);
        self.enter(after);
        self.next = policy::after_send(self, outcome, moment, rules);
        Ok(event)
    }

    /// Takes the answer of a query.
    ///
    /// # Errors
    /// Where the state machine has no such move: a defect, never a matter of data.
    pub fn record_query(
        &mut self,
        sighting: &Sighting,
        moment: &Moment,
        rules: &RetryRules,
    ) -> Result<Event, IllegalMove> {
        seen::note_sighting(self, sighting, moment);
        let event = seen::event_of_sighting(self, sighting, moment, rules);
        self.apply(event, moment, rules)?;
        if let (Sighting::NotSent(_), Some(next)) = (sighting, &mut self.next) {
            // The question is still open.
            next.action = Action::Query;
        }
        Ok(event)
    }

    /// Moves the bill by an event that no request of ours made.
    ///
    /// # Errors
    /// Where the state machine has no such move.
    pub fn apply(
        &mut self,
        event: Event,
        moment: &Moment,
        rules: &RetryRules,
    ) -> Result<(), IllegalMove> {
        let before = self.state;
        self.enter(before.on(event)?);
        if self.state != before {
            self.idle_queries = 0;
        }
        // What was called PROCESSING, and is unknown later, was sent in doubt.
        let is_doubted = before == State::Processing && event == Event::NotFound;
        self.doubtful_sends += u32::from(is_doubted && !planted!(ProcessingSentForEver));
        self.end_second_chance(event);
        self.note_remembered(event, moment);
        seen::leave_confirming(self, event, moment);
        if event == Event::Freed {
            self.forget_doubt();
        }
        self.next = seen::after_query(self, (before, event), moment, rules);
        Ok(())
    }

    /// What a person decides about, or has called unpaid, is not sent once more by itself, whatever
    /// its refusal accused: somebody may pay it by other means.
    fn end_second_chance(&mut self, event: Event) {
        let is_ruled = event == Event::RuledUnpaid;
        let is_over = match self.again {
            None => is_ruled,
            Some(Again::Owed) => is_ruled || self.state == State::Review,
            Some(Again::Given | Again::Failed) => false,
        };
        if is_over && !planted!(RuledUnpaidSentAgain) {
            self.again = Some(Again::Given);
        }
    }

    /// A `ready` bill was never sent, or its send left nothing: the next send is its first, and
    /// counts on its own day.
    pub(in crate::domain) fn enter(&mut self, state: State) {
        self.state = state;
        if state == State::Ready && !planted!(PutOffKeepsItsDay) {
            self.first_sent = None;
        }
    }

    /// When it counts as sent for the daily caps: a refusal gives its day back.
    #[must_use]
    pub fn counts_at(&self) -> Option<i64> {
        self.first_sent.filter(|_| self.state != State::Refused)
    }

    /// Neither a number we did not send nor one a person ruled on is sent by itself.
    fn note_remembered(&mut self, event: Event, moment: &Moment) {
        if event == Event::Remembered {
            self.doubt_since = Some(moment.now);
        }
        self.is_window_closed |= matches!(event, Event::Remembered | Event::RuledPaid);
    }

    /// A daily cap holds the first send back until `until`.
    ///
    /// # Errors
    /// Where the bill does not wait for its first send.
    pub fn defer(&mut self, until: i64) -> Result<(), IllegalMove> {
        if self.first_sent.is_some() {
            let (from, event) = (self.state, Event::Deferred);
            return Err(IllegalMove { from, event });
        }
        self.state = self.state.on(Event::Deferred)?;
        self.next = Some(Next {
            action: Action::Send,
            due: until,
        });
        Ok(())
    }

    /// Every send of the number is answered; it was just asked about, and may be sent.
    fn forget_doubt(&mut self) {
        (self.confirming, self.confirming_since) = (None, None);
        (self.doubt_since, self.is_window_closed) = (None, false);
        (self.doubtful_sends, self.idle_queries) = (0, 0);
        self.not_found = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::outcome::{Doubt, NotSent, Receipt, Until};
    use super::*;
    use crate::domain::bill::Confirming;
    use crate::domain::rules::Provable;
    use proptest::prelude::*;

    const RULES: RetryRules = RetryRules::PLAYED;
    const HOUR: i64 = 3_600_000;

    fn at(now: i64) -> Moment {
        Moment {
            has_accepted: true,
            ..Moment::at(now)
        }
    }

    /// A bill sent once at time 0 with this outcome.
    fn sent_with(outcome: &Outcome) -> Bill {
        let mut bill = Bill::new(0);
        bill.dispatch(0).unwrap();
        bill.record_send(outcome, &at(0), &RULES).unwrap();
        bill
    }

    fn resend(bill: &mut Bill, outcome: &Outcome, now: i64) {
        assert!(bill.may_send(now, &RULES), "not sendable: {bill:?}");
        bill.dispatch(now).unwrap();
        bill.record_send(outcome, &at(now), &RULES).unwrap();
    }

    fn query(bill: &mut Bill, sighting: &Sighting, now: i64) {
        bill.record_query(sighting, &at(now), &RULES).unwrap();
    }

    /// FAILED, and the number after it is unknown.
    fn fail(bill: &mut Bill, now: i64) {
        query(bill, &Sighting::Failed, now);
        assert_eq!((bill.state, next(bill)), (State::InDoubt, Action::Query));
        assert!(!bill.may_send(now, &RULES));
        bill.record_next(&Sighting::NotFound, &at(now), &RULES)
            .unwrap();
        assert_eq!((bill.state, bill.next), (State::Refused, None));
    }

    fn paid(package: Option<&str>) -> Outcome {
        let package = package.map(str::to_owned);
        Outcome::Accepted(Receipt {
            send_listid: "1".to_owned(),
            package,
        })
    }

    fn lost() -> Outcome {
        Outcome::InDoubt(Doubt::Timeout)
    }

    fn next(bill: &Bill) -> Action {
        bill.next.expect("a next step").action
    }

    /// What every other sighting makes of a refused bill is in the matrix of states.
    #[test]
    fn an_order_that_is_known_breaks_the_proof_of_a_refusal_unless_the_number_is_over() {
        for sighting in [
            Sighting::Sending { has_reason: false },
            Sighting::Sending { has_reason: true },
            Sighting::Expired,
        ] {
            for (provable, wanted) in [
                (Provable::Either, State::Review),
                (Provable::Nothing, State::Refused),
            ] {
                let mut bill = sent_with(&Outcome::RefusedWithoutOrder);
                assert_eq!(bill.state, State::Refused);
                let moment = Moment {
                    provable,
                    ..at(HOUR)
                };
                bill.record_query(&sighting, &moment, &RULES).unwrap();
                assert_eq!((bill.state, bill.next), (wanted, None), "{sighting:?}");
            }
        }
    }

    /// A question about the number after it would never come: that one is in the ledger.
    #[test]
    fn no_answer_opens_a_number_that_was_given_up() {
        for state in [
            State::Refused,
            State::Review,
            State::Sent,
            State::Received,
            State::Refunding,
            State::Refunded,
        ] {
            for seen in [
                Sighting::NotFound,
                Sighting::Failed,
                Sighting::Sending { has_reason: false },
                Sighting::Sending { has_reason: true },
                Sighting::Sent,
                Sighting::Received,
                Sighting::Refunding,
                Sighting::Refunded,
                Sighting::Expired,
                Sighting::Clash,
                Sighting::Throttled,
                Sighting::Unclear(Doubt::Timeout),
            ] {
                // As the ledger looks it up.
                let is_over = matches!(
                    (state, &seen),
                    (State::Refused, Sighting::Sending { .. } | Sighting::Expired)
                        | (State::Review, Sighting::Failed)
                );
                let provable = if is_over {
                    Provable::Nothing
                } else {
                    Provable::Either
                };
                let mut bill = Bill::new(0);
                bill.state = state;
                let moment = Moment {
                    provable,
                    ..at(HOUR)
                };
                bill.record_query(&seen, &moment, &RULES).unwrap();
                let is_open = matches!(
                    bill.state,
                    State::Ready | State::InFlight | State::InDoubt | State::Processing
                );
                assert!(!is_open, "{state} {seen:?}: {bill:?}");
            }
        }
    }

    #[test]
    fn a_lost_answer_is_resent_under_the_same_number_after_a_second() {
        let bill = sent_with(&lost());
        assert_eq!((bill.state, next(&bill)), (State::InDoubt, Action::Send));
        assert!(bill.next.unwrap().due >= policy::MIN_RESEND_MS);
    }

    #[test]
    fn a_new_number_is_sent_only_once_nobody_knows_it() {
        let mut bill = Bill::reissued(0);
        for lost in [
            Sighting::Throttled,
            Sighting::NotSent(NotSent::NotBegun),
            Sighting::Unclear(Doubt::Timeout),
        ] {
            query(&mut bill, &lost, 1000);
            assert_eq!((bill.state, next(&bill)), (State::Ready, Action::Query));
        }
        query(&mut bill, &Sighting::NotFound, 2000);
        assert_eq!((bill.state, next(&bill)), (State::Ready, Action::Send));
        bill.dispatch(2000).unwrap();
        let never_left = Outcome::NotSent(NotSent::NotBegun);
        bill.record_send(&never_left, &at(2000), &RULES).unwrap();
        assert_eq!((bill.state, next(&bill)), (State::Ready, Action::Send));
    }

    #[test]
    fn only_a_first_send_waits_for_a_cap() {
        let mut bill = Bill::new(0);
        bill.defer(HOUR).unwrap();
        let later = Some(Next {
            action: Action::Send,
            due: HOUR,
        });
        assert_eq!((bill.state, bill.next), (State::Ready, later));
        assert!(sent_with(&lost()).defer(HOUR).is_err());
    }

    #[test]
    fn a_number_that_was_given_up_is_never_sent_again() {
        let mut bill = sent_with(&Outcome::RefusedWithoutOrder);
        assert_eq!(bill.state, State::Refused);
        bill.give_up().unwrap();
        query(&mut bill, &Sighting::Sent, HOUR);
        assert_eq!((bill.state, bill.next), (State::Sent, None));
        assert!(!bill.may_send(HOUR, &RULES));
    }

    #[test]
    fn a_number_that_somebody_else_sent_is_not_sent_as_long_as_nobody_knows_when_that_was() {
        for (known, state) in [
            (Sighting::Sending { has_reason: false }, State::Processing),
            (Sighting::Sending { has_reason: true }, State::InDoubt),
            (Sighting::Sent, State::Sent),
            (Sighting::Failed, State::InDoubt),
            (Sighting::Received, State::Received),
            (Sighting::Refunding, State::Refunding),
            (Sighting::Refunded, State::Refunded),
            (Sighting::Expired, State::Review),
            (Sighting::Clash, State::Review),
        ] {
            let mut bill = Bill::new(0);
            query(&mut bill, &known, 1000);
            assert_eq!(bill.state, state, "{known:?}");
            query(&mut bill, &Sighting::NotFound, 2000);
            assert!(!bill.may_send(2000, &RULES), "{known:?}");
        }
    }

    #[test]
    fn what_another_ledger_sent_lately_is_sent_again_for_its_package() {
        let hour_ago = Moment {
            send_time: Some(24 * HOUR),
            ..at(25 * HOUR)
        };
        let mut bill = Bill::new(0);
        bill.record_query(&Sighting::Sent, &hour_ago, &RULES)
            .unwrap();
        assert_eq!((bill.state, next(&bill)), (State::Sent, Action::Send));
        assert!(bill.may_send(48 * HOUR - 1, &RULES) && !bill.may_send(48 * HOUR, &RULES));
    }

    #[test]
    fn a_day_after_the_last_unanswered_send_a_query_frees_its_number() {
        let lost = sent_with(&lost());
        let asked = |committed: i64, unanswered_until: Option<i64>| {
            let mut bill = lost.clone();
            let moment = Moment {
                unanswered_until,
                ..at(committed)
            };
            bill.record_query(&Sighting::NotFound, &moment, &RULES)
                .unwrap();
            bill
        };
        assert_eq!(asked(24 * HOUR - 1, None).state, State::InDoubt);
        assert_eq!(asked(30 * HOUR - 1, Some(6 * HOUR)).state, State::InDoubt);
        let freed = asked(30 * HOUR, Some(6 * HOUR));
        assert_eq!((freed.state, next(&freed)), (State::Ready, Action::Send));
        assert_eq!((freed.doubt_since, freed.doubtful_sends), (None, 0));
        assert_eq!(
            (freed.sends, freed.first_sent),
            (1, None),
            "as if never sent"
        );
        assert_eq!(asked(29 * 24 * HOUR - 1, None).state, State::Ready);
        assert_eq!(asked(29 * 24 * HOUR, None).state, State::Review);
    }

    #[test]
    fn a_later_no_does_not_clear_doubt() {
        for no in [
            Outcome::RefusedWithoutOrder,
            Outcome::RefusedToConfirm,
            Outcome::Throttled,
            Outcome::Halted,
            Outcome::Deferred(Until::NextDay),
            Outcome::NotSent(NotSent::NotBegun),
            Outcome::Clash,
        ] {
            let mut bill = sent_with(&lost());
            resend(&mut bill, &no, 2000);
            assert_eq!(bill.state, State::InDoubt, "{no:?}");
        }
    }

    #[test]
    fn a_refused_resend_that_left_no_order_is_sent_again() {
        let mut bill = sent_with(&lost());
        resend(&mut bill, &Outcome::RefusedToConfirm, 2000);
        assert_eq!(next(&bill), Action::Query);
        assert!(!bill.may_send(4000, &RULES));
        query(&mut bill, &Sighting::NotFound, 4000);
        assert_eq!((bill.state, next(&bill)), (State::InDoubt, Action::Send));
        resend(&mut bill, &paid(Some("p")), 9000);
        assert_eq!((bill.state, bill.next), (State::Sent, None));
    }

    #[test]
    fn a_refusal_is_final_only_after_three_queries_over_ten_minutes() {
        let mut bill = sent_with(&Outcome::RefusedToConfirm);
        for now in [1000, 2000, 4000, 8000, 599_000] {
            query(&mut bill, &Sighting::NotFound, now);
            assert_eq!(bill.state, State::InDoubt, "at {now}");
        }
        query(&mut bill, &Sighting::NotFound, 600_000);
        assert_eq!((bill.state, bill.next), (State::Refused, None));
    }

    #[test]
    fn the_ten_minutes_are_counted_from_the_refusal() {
        let mut bill = Bill::new(0);
        bill.dispatch(700_000).unwrap();
        let refused = Outcome::RefusedToConfirm;
        bill.record_send(&refused, &at(700_000), &RULES).unwrap();
        for now in [701_000, 702_000, 1_299_000] {
            query(&mut bill, &Sighting::NotFound, now);
            assert_eq!(bill.state, State::InDoubt, "at {now}");
        }
        assert_eq!(bill.next.unwrap().due, 1_300_000);
        query(&mut bill, &Sighting::NotFound, 1_300_000);
        assert_eq!(bill.state, State::Refused);
    }

    #[test]
    fn the_query_that_may_confirm_a_refusal_is_not_late() {
        let mut bill = sent_with(&Outcome::RefusedToConfirm);
        let mut queries = 0;
        while let Some(step) = bill.next {
            query(&mut bill, &Sighting::NotFound, step.due);
            queries += 1;
            assert!(step.due <= RULES.refusal_confirm_ms && queries <= 10);
        }
        assert_eq!((bill.state, queries), (State::Refused, 10));
    }

    #[test]
    fn a_refusal_is_never_confirmed_once_a_query_saw_the_number_being_worked_on() {
        let mut bill = sent_with(&Outcome::RefusedToConfirm);
        query(&mut bill, &Sighting::Sending { has_reason: false }, 1000);
        query(&mut bill, &Sighting::NotFound, 1_300_000);
        resend(&mut bill, &Outcome::RefusedToConfirm, 1_400_000);
        for now in [2_000_000, 3_000_000, 4_000_000, 5_000_000] {
            query(&mut bill, &Sighting::NotFound, now);
            assert_eq!(bill.state, State::InDoubt, "at {now}");
        }
    }

    /// No history leads there: counts alone must not lead out of doubt either.
    #[test]
    fn no_count_of_queries_refuses_a_bill_that_was_ever_in_doubt() {
        for confirming in [Confirming::Refusal, Confirming::Held] {
            let mut bill = sent_with(&lost());
            bill.confirming = Some(confirming);
            bill.confirming_since = Some(0);
            bill.not_found = 9;
            query(&mut bill, &Sighting::NotFound, HOUR);
            assert_eq!(bill.state, State::InDoubt, "{confirming:?}");
        }
    }

    #[test]
    fn a_resend_that_ended_in_doubt_is_followed_by_a_query() {
        let mut bill = sent_with(&lost());
        resend(&mut bill, &lost(), 2000);
        assert_eq!(next(&bill), Action::Query);
        query(&mut bill, &Sighting::NotFound, 4000);
        assert_eq!(next(&bill), Action::Send);
    }

    #[test]
    fn a_query_that_never_left_is_asked_again() {
        let mut bill = sent_with(&lost());
        resend(&mut bill, &lost(), 1_000);
        query(&mut bill, &Sighting::NotSent(NotSent::NotBegun), 2_000);
        assert_eq!(next(&bill), Action::Query);
        query(&mut bill, &Sighting::Throttled, 3_000);
        assert_eq!(next(&bill), Action::Send);
    }

    #[test]
    fn a_doubt_dated_by_a_wrong_clock_is_only_queried() {
        let bill = sent_with(&lost());
        assert!(bill.may_send(-60_000, &RULES));
        assert!(!bill.may_send(-60_001, &RULES));
    }

    #[test]
    fn a_failed_order_proves_a_refusal_at_once() {
        let mut bill = sent_with(&Outcome::RefusedToConfirm);
        query(&mut bill, &Sighting::Sending { has_reason: true }, 1000);
        assert_eq!((bill.state, next(&bill)), (State::InDoubt, Action::Query));
        fail(&mut bill, 3000);
    }

    #[test]
    fn what_was_called_failed_is_never_sent_again_whatever_a_query_says_later() {
        let mut bill = sent_with(&lost());
        query(&mut bill, &Sighting::Failed, HOUR);
        for now in (1..40).map(|day| day * 24 * HOUR) {
            query(&mut bill, &Sighting::NotFound, now);
            assert_eq!((bill.state, next(&bill)), (State::InDoubt, Action::Query));
            assert!(!bill.may_send(now, &RULES));
        }
        for unclear in [Sighting::Throttled, Sighting::Unclear(Doubt::Timeout)] {
            bill.record_next(&unclear, &at(HOUR), &RULES).unwrap();
            assert_eq!((bill.state, next(&bill)), (State::InDoubt, Action::Query));
        }
        let known = Sighting::Refunded;
        bill.record_next(&known, &at(HOUR), &RULES).unwrap();
        assert_eq!((bill.state, bill.next), (State::Refused, None));
    }

    #[test]
    fn a_first_refusal_is_held_until_the_run_has_had_a_packet_accepted() {
        let mut bill = Bill::new(0);
        bill.dispatch(0).unwrap();
        let nothing_accepted = Moment {
            has_accepted: false,
            ..at(0)
        };
        bill.record_send(&Outcome::RefusedWithoutOrder, &nothing_accepted, &RULES)
            .unwrap();
        assert_eq!(
            (bill.state, bill.confirming),
            (State::InDoubt, Some(Confirming::Held))
        );
        query(&mut bill, &Sighting::NotFound, 1000);
        assert_eq!(bill.state, State::Refused);
        assert_eq!(
            sent_with(&Outcome::RefusedWithoutOrder).state,
            State::Refused
        );
    }

    /// Nobody is accepted in these runs.
    #[test]
    fn what_is_passed_over_is_refused_by_the_next_query_and_is_a_persons() {
        for refusal in [Outcome::RefusedWithoutOrder, Outcome::RefusedUnlessKnown] {
            let mut bill = Bill::new(0);
            bill.dispatch(0).unwrap();
            bill.record_send(&refusal, &Moment::at(0), &RULES).unwrap();
            bill.excuse(false).unwrap();
            let asked = |bill: &mut Bill, now| {
                let not_found = &Sighting::NotFound;
                bill.record_query(not_found, &Moment::at(now), &RULES)
                    .unwrap();
            };
            asked(&mut bill, 1000);
            assert!(bill.is_owed_again() && bill.state == State::InDoubt);
            bill.pass_over(2000).unwrap();
            assert_eq!((bill.state, next(&bill)), (State::InDoubt, Action::Query));
            asked(&mut bill, 3000);
            assert_eq!((bill.state, bill.next), (State::Refused, None));
            assert!(!bill.is_owed_again() && !bill.is_excusable());
        }
    }

    #[test]
    fn an_empty_balance_refuses_nobody() {
        let mut bill = sent_with(&Outcome::Halted);
        assert_eq!((bill.state, next(&bill)), (State::Ready, Action::Send));
        resend(&mut bill, &paid(Some("p")), 5000);
        assert_eq!(bill.state, State::Sent);
    }

    #[test]
    fn a_clash_is_settled_by_payment_or_reviewed() {
        let mut bill = sent_with(&lost());
        resend(&mut bill, &Outcome::Clash, 2000);
        assert_eq!(next(&bill), Action::Query);
        let mut other = bill.clone();
        query(&mut bill, &Sighting::Sent, 4000);
        assert_eq!(bill.state, State::Sent);
        query(&mut other, &Sighting::NotFound, 4000);
        assert_eq!((other.state, other.next), (State::Review, None));
        query(&mut other, &Sighting::Received, HOUR);
        assert_eq!(other.state, State::Received);
    }

    #[test]
    fn a_clash_that_is_being_worked_on_is_for_a_person_too() {
        for has_reason in [false, true] {
            let mut bill = sent_with(&Outcome::Clash);
            query(&mut bill, &Sighting::Sending { has_reason }, 1000);
            assert_eq!((bill.state, bill.next), (State::Review, None));
        }
    }

    #[test]
    fn processing_is_queried_after_twenty_minutes_and_never_resent_before() {
        let mut bill = sent_with(&Outcome::Processing);
        let wait = Some(Next {
            action: Action::Query,
            due: 1_200_000,
        });
        assert_eq!((bill.state, bill.next), (State::Processing, wait));
        assert!(!bill.may_send(1_200_000, &RULES));
        query(&mut bill, &Sighting::NotFound, 1_200_000);
        assert_eq!((bill.state, next(&bill)), (State::InDoubt, Action::Send));
    }

    #[test]
    fn a_paid_packet_without_its_package_is_resent_to_fetch_it() {
        let mut bill = sent_with(&paid(None));
        assert!(bill.is_sent_without_package());
        resend(&mut bill, &Outcome::RefusedToConfirm, 2000);
        assert_eq!((bill.state, next(&bill)), (State::Sent, Action::Query));
        query(&mut bill, &Sighting::Sent, 4000);
        resend(&mut bill, &paid(Some("p")), 9000);
        assert_eq!(
            (bill.state, bill.next, bill.has_package),
            (State::Sent, None, true)
        );
    }

    #[test]
    fn a_missing_package_is_looked_for_at_growing_intervals_and_not_for_ever() {
        let mut bill = sent_with(&paid(None));
        let mut requests = 0;
        while let Some(step) = bill.next {
            requests += 1;
            assert!(requests < 40, "{requests} requests");
            match step.action {
                Action::Send if bill.may_send(step.due, &RULES) => {
                    resend(&mut bill, &paid(None), step.due);
                }
                Action::Send | Action::Query => query(&mut bill, &Sighting::Sent, step.due),
            }
        }
        assert_eq!(bill.state, State::Sent);
    }

    #[test]
    fn after_eight_doubtful_sends_or_a_day_it_is_only_queried() {
        let mut bill = sent_with(&lost());
        for step in 1..8 {
            resend(&mut bill, &lost(), step * 10_000);
        }
        assert_eq!(next(&bill), Action::Query);
        assert_eq!((bill.sends, bill.doubtful_sends), (8, 8));
        assert!(!bill.may_send(100_000, &RULES));
        assert!(!sent_with(&lost()).may_send(24 * HOUR, &RULES));
        assert!(sent_with(&lost()).may_send(24 * HOUR - 1, &RULES));
    }

    /// Each time a query does not know what was called PROCESSING, that send ended in doubt.
    #[test]
    fn a_number_that_is_processing_and_then_unknown_is_not_sent_for_ever() {
        let mut bill = sent_with(&Outcome::Processing);
        for step in 1..=8 {
            let now = step * 3_000_000;
            query(&mut bill, &Sighting::NotFound, now);
            assert_eq!(bill.state, State::InDoubt);
            if next(&bill) == Action::Send {
                resend(&mut bill, &Outcome::Processing, now + 100_000);
            }
        }
        assert_eq!((next(&bill), bill.sends), (Action::Query, 8));
    }

    /// A query may say SENDING of a send that nobody answered, and then not know it.
    #[test]
    fn a_number_that_is_sending_and_then_unknown_is_not_sent_for_ever_either() {
        let mut bill = sent_with(&lost());
        for step in 1..=20 {
            let now = step * 3_000_000;
            query(&mut bill, &Sighting::Sending { has_reason: false }, now);
            query(&mut bill, &Sighting::NotFound, now + 1);
            if bill.state == State::InDoubt && next(&bill) == Action::Send {
                resend(&mut bill, &lost(), now + 100_000);
            }
        }
        assert!(bill.sends <= 8, "{bill:?}");
    }

    #[test]
    fn what_a_person_called_unpaid_is_sent_again_by_nothing_but_a_person() {
        for sent in [
            lost(),
            Outcome::RefusedToConfirm,
            Outcome::RefusedUnlessKnown,
        ] {
            for seen in [
                Sighting::NotFound,
                Sighting::Failed,
                Sighting::Sending { has_reason: false },
                Sighting::Sending { has_reason: true },
                Sighting::Expired,
                Sighting::Throttled,
                Sighting::Unclear(Doubt::Timeout),
            ] {
                let mut bill = sent_with(&sent);
                let ruled = bill.apply(Event::RuledUnpaid, &at(100 * HOUR), &RULES);
                assert_eq!((ruled, bill.state), (Ok(()), State::Refused));
                query(&mut bill, &seen, 101 * HOUR);
                let is_left = !bill.may_send(101 * HOUR, &RULES) && bill.state != State::Ready;
                let is_excused = bill.is_owed_again() || bill.is_excusable();
                assert!(is_left && !is_excused, "{sent:?} {seen:?}: {bill:?}");
            }
        }
    }

    #[test]
    fn forty_idle_queries_or_29_days_bring_a_bill_to_review() {
        let mut bill = sent_with(&lost());
        for now in 1..40 {
            query(&mut bill, &Sighting::NotFound, now * 2000);
        }
        assert_eq!(bill.state, State::InDoubt);
        query(&mut bill, &Sighting::NotFound, 80_000);
        assert_eq!(bill.state, State::Review);
        let mut old = sent_with(&lost());
        let working = Sighting::Sending { has_reason: true };
        query(&mut old, &working, 29 * 24 * HOUR - 1);
        assert_eq!(old.state, State::InDoubt);
        query(&mut old, &working, 29 * 24 * HOUR);
        assert_eq!(old.state, State::Review);
    }

    #[test]
    fn a_remembered_number_is_only_queried() {
        let mut bill = Bill::new(0);
        bill.apply(Event::Remembered, &at(5), &RULES).unwrap();
        assert_eq!((bill.state, next(&bill)), (State::InDoubt, Action::Query));
        assert_eq!(bill.doubt_since, Some(5));
        assert!(!bill.may_send(6, &RULES));
        query(&mut bill, &Sighting::Received, 5000);
        assert_eq!(bill.state, State::Received);
    }

    /// Once WeChat Pay says when it was sent, its package is fetched as of any other.
    #[test]
    fn a_remembered_number_that_is_dated_is_sent_for_its_package() {
        for (said, wanted) in [(Some(3 * HOUR), true), (None, false)] {
            let mut bill = Bill::new(0);
            bill.apply(Event::Remembered, &at(5 * HOUR), &RULES)
                .unwrap();
            let moment = Moment {
                send_time: said,
                ..at(6 * HOUR)
            };
            bill.record_query(&Sighting::Sent, &moment, &RULES).unwrap();
            assert_eq!(bill.state, State::Sent);
            assert_eq!(bill.may_send(7 * HOUR, &RULES), wanted, "{said:?}");
            assert!(!bill.may_send(27 * HOUR, &RULES), "{said:?}");
        }
    }

    #[test]
    fn a_persons_word_that_it_was_paid_dates_no_doubt_and_sends_nothing() {
        let mut bill = sent_with(&Outcome::Clash);
        query(&mut bill, &Sighting::NotFound, 1000);
        bill.apply(Event::RuledPaid, &at(2000), &RULES).unwrap();
        assert_eq!((bill.state, bill.doubt_since), (State::Sent, None));
        assert_eq!((bill.may_send(3000, &RULES), bill.next), (false, None));
    }

    /// The ledger before this one may have paid it over 30 days ago.
    #[test]
    fn a_refusal_of_a_number_too_old_to_be_asked_about_refuses_nobody() {
        for refusal in [Outcome::RefusedToConfirm, Outcome::RefusedUnlessKnown] {
            let mut bill = sent_with(&refusal);
            query(&mut bill, &Sighting::Expired, HOUR);
            assert_eq!(bill.state, State::Review, "{refusal:?}");
            assert!(!bill.may_send(HOUR, &RULES), "{refusal:?}");
        }
    }

    /// Whatever became of it here: when it was paid, only the ledger knows that sent it.
    #[test]
    fn what_this_ledger_never_sent_is_not_sent_for_its_package() {
        let mut given_up = Bill::new(0);
        given_up.apply(Event::GivenUp, &at(0), &RULES).unwrap();
        let mut taken_back = Bill::new(0);
        taken_back.withdraw().unwrap();
        for mut bill in [Bill::new(0), given_up, taken_back] {
            let from = bill.state;
            query(&mut bill, &Sighting::Sent, 5000);
            assert_eq!(bill.state, State::Sent, "{from:?}");
            assert!(!bill.may_send(6000, &RULES), "{from:?}");
        }
    }

    #[test]
    fn the_resend_window_is_told_from_the_first_doubt_else_the_first_send() {
        assert_eq!(Bill::new(5).window_closes_at(&RULES), None);
        let doubted = sent_with(&lost());
        assert_eq!(doubted.window_closes_at(&RULES), Some(24 * HOUR));
        let mut held = Bill::new(0);
        held.dispatch(700).unwrap();
        assert_eq!(held.window_closes_at(&RULES), Some(24 * HOUR + 700));
        held.is_window_closed = true;
        assert_eq!(held.window_closes_at(&RULES), Some(700));
    }

    /// The ledger's tables are written in these words.
    #[test]
    fn the_words_of_tables_are_pinned() {
        assert_eq!(
            [Action::Send, Action::Query].map(Action::name),
            ["send", "query"]
        );
        assert_eq!(
            Confirming::ALL.map(Confirming::name),
            ["refusal", "unless_known", "held", "clash", "failed"]
        );
    }

    #[test]
    fn a_request_that_never_left_is_no_send() {
        let bill = sent_with(&Outcome::NotSent(NotSent::NotBegun));
        assert_eq!(
            (bill.state, bill.sends, bill.first_sent),
            (State::Ready, 0, None)
        );
    }

    /// A truthful gateway's possible reactions to one request, and whether it pays.
    fn exchange() -> impl Strategy<Value = (Option<Outcome>, bool)> {
        prop_oneof![
            Just((Some(paid(Some("p"))), true)),
            Just((Some(paid(None)), true)),
            any::<bool>().prop_map(|pays| (Some(lost()), pays)),
            any::<bool>().prop_map(|pays| (Some(Outcome::Processing), pays)),
            Just((Some(Outcome::Throttled), false)),
            Just((Some(Outcome::RefusedWithoutOrder), false)),
            Just((Some(Outcome::RefusedToConfirm), false)),
            Just((Some(Outcome::Halted), false)),
            Just((Some(Outcome::Clash), false)),
            Just((None, false)),
        ]
    }

    proptest! {
        /// A counterparty that pays at most once per number, answers anything to a send, and
        /// tells the truth when asked.
        #[test]
        fn a_paid_bill_is_never_called_refused_nor_an_unpaid_one_sent(
            steps in proptest::collection::vec(exchange(), 1..60), dice: u64,
        ) {
            let (mut bill, mut is_paid, mut now) = (Bill::new(0), false, 0);
            for (outcome, pays) in steps {
                let Some(step) = bill.next else { break };
                now = now.max(step.due);
                let moment = Moment { dice, has_accepted: dice % 2 == 0, ..at(now) };
                match outcome {
                    Some(outcome) if step.action == Action::Send && bill.may_send(now, &RULES) => {
                        bill.dispatch(now).unwrap();
                        is_paid |= pays;
                        bill.record_send(&outcome, &moment, &RULES).unwrap();
                    }
                    _ if bill.state != State::Ready => {
                        let truth = if is_paid { Sighting::Sent } else { Sighting::NotFound };
                        bill.record_query(&truth, &moment, &RULES).unwrap();
                    }
                    _ => {}
                }
                prop_assert!(!(is_paid && bill.state == State::Refused), "{:?}", bill);
                prop_assert!(is_paid || !bill.state.is_paid(), "{:?}", bill);
                prop_assert!(!(is_paid && bill.state == State::Ready), "{:?}", bill);
            }
        }
    }
}
