//! The SQL conditions that pick bills and requests. Where a condition lists states or answers, the
//! rule stands in `domain`, and a test compares the two: a state or an answer that is new is in
//! both or in none.

/// Picks what a restored copy calls in doubt and this ledger never sent.
pub(in crate::ledger) const UNSENT: &str = "state = 'in_doubt' AND first_sent_at IS NULL";

/// Picks the bills whose first send was at `?1` or later, and was not refused.
pub(in crate::ledger) const SENT_SINCE: &str = "first_sent_at >= ?1
     AND state <> 'refused' AND bill IN
       (SELECT bill FROM attempt WHERE attempt >=
         (SELECT min(attempt) FROM attempt WHERE committed_at >= ?1))";

/// [`State::is_unsettled`](crate::domain::state::State::is_unsettled).
pub(in crate::ledger) const UNSETTLED: &str =
    "state IN ('ready', 'in_flight', 'in_doubt', 'processing')";

/// Not [`State::is_paid`](crate::domain::state::State::is_paid).
pub(in crate::ledger) const UNPAID: &str =
    "state NOT IN ('sent', 'received', 'refunding', 'refunded')";

/// Refused while the set-up was to blame: a run sends it once more.
pub(in crate::ledger) const OWED_AGAIN: &str =
    "bill IN (SELECT bill FROM again WHERE word = 'owed')";

/// As [`UNSETTLED`], without what is on its way right now: no request is open.
pub(in crate::ledger) const AT_REST: &str = "state IN ('ready', 'in_doubt', 'processing')";

/// [`State::is_query_due`](crate::domain::state::State::is_query_due).
pub(in crate::ledger) const QUERIED: &str =
    "state IN ('in_doubt', 'processing', 'sent', 'refunding', 'review')";

/// As [`QUERIED`], with what was never sent, what is proven unpaid, and what was taken back.
pub(in crate::ledger) const ASKABLE: &str =
    "(state IN ('ready', 'in_doubt', 'processing', 'sent', 'refunding', 'review', 'refused')
      OR state = 'withdrawn')";

/// [`State::is_unpaid_at_end`](crate::domain::state::State::is_unpaid_at_end).
pub(in crate::ledger) const AT_END: &str = "state IN ('refused', 'withdrawn')";

/// [`Outcome::is_told`](crate::domain::outcome::Outcome::is_told) of a send,
/// [`Sighting::is_told`](crate::domain::outcome::Sighting::is_told) of a query: neither.
pub(in crate::ledger) const TELLS_NOTHING: &str =
    "answer IN ('not_sent', 'throttled', 'halted', 'unclear')";

/// Of a query: it tells nothing, or that the number is unknown.
pub(in crate::ledger) const FOUND_NOTHING: &str =
    "answer IN ('not_found', 'not_sent', 'throttled', 'halted', 'unclear')";

/// Of a query: [`Sighting::is_denial`](crate::domain::outcome::Sighting::is_denial).
pub(in crate::ledger) const DENIES: &str = "answer IN ('not_found', 'sending_with_reason')";

/// Of a query: [`Sighting::is_payment`](crate::domain::outcome::Sighting::is_payment).
pub(in crate::ledger) const SAW_PAID: &str =
    "answer IN ('sent', 'received', 'refunding', 'refunded')";

/// Of a send: [`Outcome::is_taken`](crate::domain::outcome::Outcome::is_taken).
pub(in crate::ledger) const TAKEN: &str = "answer IN ('accepted', 'processing')";

/// Requests among which a run looks for what was told before it, and for whom that accuses the
/// set-up.
pub(in crate::ledger) const REMEMBERED: i64 = 1000;

/// Of a send: it refuses the recipient, named or not.
pub(in crate::ledger) const REFUSED: &str = "answer IN
     ('refused', 'refused_unless_known', 'refused_to_confirm',
      'unnamed_refused', 'unnamed_refused_unless_known', 'unnamed_refused_to_confirm')";

/// Of a send: [`Outcome::leaves_no_order`](crate::domain::outcome::Outcome::leaves_no_order).
pub(in crate::ledger) const LEFT_NO_ORDER: &str = "answer IN
     ('refused', 'refused_unless_known', 'refused_to_confirm',
      'unnamed_refused', 'unnamed_refused_unless_known', 'unnamed_refused_to_confirm',
      'not_sent', 'throttled')";

/// Of a send: [`Outcome::is_unanswered`](crate::domain::outcome::Outcome::is_unanswered).
pub(in crate::ledger) const UNANSWERED: &str =
    "(answer IN ('in_doubt', 'processing') OR answer GLOB 'unnamed_*')";

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::domain::outcome::{Doubt, NotSent, Outcome, Receipt, Sighting, Until};
    use crate::domain::state::State;
    use crate::ledger::columns::{outcome_word, sighting_word};

    /// Whether SQL picks a row whose `column` is `word`.
    fn picks(condition: &str, column: &str, word: &str) -> bool {
        let conn = Connection::open_in_memory().unwrap();
        let sql = format!("SELECT {condition} FROM (SELECT ?1 AS {column})");
        conn.query_row(&sql, [word], |row| row.get(0)).unwrap()
    }

    #[track_caller]
    fn is_of_states(condition: &str, rule: impl Fn(State) -> bool) {
        for state in State::ALL {
            let picked = picks(condition, "state", state.name());
            assert_eq!(picked, rule(state), "{condition} of {state:?}");
        }
    }

    #[test]
    fn states_are_picked_by_the_rules_of_domain() {
        is_of_states(UNSETTLED, State::is_unsettled);
        is_of_states(UNPAID, |state| !state.is_paid());
        is_of_states(AT_REST, |state| {
            state.is_unsettled() && state != State::InFlight
        });
        is_of_states(QUERIED, State::is_query_due);
        is_of_states(ASKABLE, |state| {
            state.is_query_due()
                || matches!(state, State::Ready | State::Refused | State::Withdrawn)
        });
        is_of_states(AT_END, State::is_unpaid_at_end);
    }

    /// The next one of every kind of outcome; `None` after the last. Exhaustive: one that is new
    /// has to have its place.
    fn after(outcome: &Outcome) -> Option<Outcome> {
        Some(match outcome {
            Outcome::Accepted(_) => Outcome::Processing,
            Outcome::Processing => Outcome::Throttled,
            Outcome::Throttled => Outcome::RefusedWithoutOrder,
            Outcome::RefusedWithoutOrder => Outcome::RefusedUnlessKnown,
            Outcome::RefusedUnlessKnown => Outcome::RefusedToConfirm,
            Outcome::RefusedToConfirm => Outcome::Halted,
            Outcome::Halted => Outcome::Deferred(Until::NextDay),
            Outcome::Deferred(_) => Outcome::Clash,
            Outcome::Clash => Outcome::NotSent(NotSent::NotBegun),
            Outcome::NotSent(_) => Outcome::InDoubt(Doubt::Timeout),
            Outcome::InDoubt(_) | Outcome::Unnamed(_) => return None,
        })
    }

    /// Every kind of outcome, and what of these an answer may say that names no number.
    fn outcomes() -> Vec<Outcome> {
        let first = Outcome::Accepted(Receipt::default());
        let named: Vec<Outcome> = std::iter::successors(Some(first), after).collect();
        assert_eq!(named.len(), 11);
        let unnamed = named.iter().cloned().map(Box::new).map(Outcome::Unnamed);
        named.iter().cloned().chain(unnamed).collect()
    }

    fn after_seen(sighting: &Sighting) -> Option<Sighting> {
        Some(match sighting {
            Sighting::Sending { has_reason: false } => Sighting::Sending { has_reason: true },
            Sighting::Sending { has_reason: true } => Sighting::Sent,
            Sighting::Sent => Sighting::Failed,
            Sighting::Failed => Sighting::Received,
            Sighting::Received => Sighting::Refunding,
            Sighting::Refunding => Sighting::Refunded,
            Sighting::Refunded => Sighting::NotFound,
            Sighting::NotFound => Sighting::Expired,
            Sighting::Expired => Sighting::Clash,
            Sighting::Clash => Sighting::Throttled,
            Sighting::Throttled => Sighting::Halted,
            Sighting::Halted => Sighting::NotSent(NotSent::NotBegun),
            Sighting::NotSent(_) => Sighting::Unclear(Doubt::Timeout),
            Sighting::Unclear(_) => return None,
        })
    }

    #[track_caller]
    fn is_of_sends(condition: &str, rule: impl Fn(&Outcome) -> bool) {
        for outcome in outcomes() {
            let picked = picks(condition, "answer", outcome_word(&outcome));
            assert_eq!(picked, rule(&outcome), "{condition} of {outcome:?}");
        }
    }

    #[track_caller]
    fn is_of_queries(condition: &str, rule: impl Fn(&Sighting) -> bool) {
        let first = Sighting::Sending { has_reason: false };
        let all: Vec<Sighting> = std::iter::successors(Some(first), after_seen).collect();
        assert_eq!(all.len(), 14);
        for sighting in all {
            let picked = picks(condition, "answer", sighting_word(&sighting));
            assert_eq!(picked, rule(&sighting), "{condition} of {sighting:?}");
        }
    }

    #[test]
    fn answers_are_picked_by_the_rules_of_domain() {
        is_of_sends(TELLS_NOTHING, |outcome| !outcome.is_told());
        is_of_sends(TAKEN, Outcome::is_taken);
        is_of_sends(REFUSED, |outcome| outcome.said().is_refusal());
        is_of_sends(LEFT_NO_ORDER, Outcome::leaves_no_order);
        is_of_sends(UNANSWERED, Outcome::is_unanswered);
        is_of_queries(TELLS_NOTHING, |sighting| !sighting.is_told());
        is_of_queries(FOUND_NOTHING, |sighting| {
            !sighting.is_told() || *sighting == Sighting::NotFound
        });
        is_of_queries(DENIES, Sighting::is_denial);
        is_of_queries(SAW_PAID, Sighting::is_payment);
    }
}
