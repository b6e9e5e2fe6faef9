//! Steps that more than one answer leads to.

use super::backoff::{query_at, resend_at};
use crate::domain::bill::{Action, Bill, Confirming, Next};
use crate::domain::rules::{Moment, RetryRules};
use crate::domain::state::State;

pub(super) fn begin_confirming(bill: &mut Bill, cause: Option<Confirming>, moment: &Moment) {
    bill.confirming = cause;
    bill.confirming_since = cause.map(|_| moment.now);
    bill.not_found = 0;
}

/// A bill in doubt, or paid without its package, is resent inside its window and queried
/// outside; a bill that lacks nothing has no next step.
pub(super) fn resend_or_query(
    bill: &Bill,
    step: u32,
    moment: &Moment,
    rules: &RetryRules,
) -> Option<Next> {
    unsettled(bill)?;
    let due = resend_at(step.max(1), moment, rules);
    if bill.may_send(due, rules) {
        return Some(Next {
            action: Action::Send,
            due,
        });
    }
    if bill.state == State::Sent && bill.is_window_over(moment.now, rules) {
        return None;
    }
    Some(Next {
        action: Action::Query,
        due: query_at(bill.idle_queries, moment, rules),
    })
}

pub(super) fn unsettled(bill: &Bill) -> Option<()> {
    let is_open = bill.state == State::InDoubt || bill.is_sent_without_package();
    is_open.then_some(())
}
