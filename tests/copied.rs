//! Copies of a ledger: one that nobody told the program of, and one beside what the ledger left.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "copied/scene.rs"]
mod copied;
#[path = "swapped/scene.rs"]
mod scene;
#[path = "support/seals.rs"]
#[allow(dead_code, reason = "the scenes of others use it")]
mod seals;
#[path = "support/terms.rs"]
mod terms;

use tokio::runtime::Builder;

#[test]
fn a_copy_is_noticed_and_the_ledger_is_not_taken_for_one() {
    copied::a_copy_is_noticed().unwrap();
}

#[test]
fn a_restore_keeps_apart_what_the_ledger_before_left() {
    copied::a_wal_that_is_left_is_kept_apart().unwrap();
}

fn alone<T>(scene: impl Future<Output = Result<T, String>>) -> T {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(scene).unwrap()
}

#[test]
fn what_nobody_asked_about_is_in_the_caps() {
    alone(copied::what_nobody_asked_about_is_in_the_caps());
}

#[test]
fn what_another_ledger_paid_is_in_the_caps() {
    alone(copied::what_another_ledger_paid_is_in_the_caps());
}

#[test]
fn the_next_number_of_who_is_refused_is_asked_about() {
    alone(copied::the_next_number_of_who_is_refused_is_asked_about());
}

#[test]
fn what_a_lost_ledger_paid_last_is_not_unknown_at_once() {
    alone(copied::what_a_lost_ledger_paid_last_is_not_unknown_at_once());
}

#[test]
fn what_never_left_is_among_those_asked_about_first() {
    alone(copied::what_never_left_is_among_those_asked_about_first());
}

#[test]
fn what_no_question_reaches_is_not_sent() {
    alone(copied::what_no_question_reaches_is_not_sent());
}

#[test]
fn what_a_lost_ledger_sent_long_ago_is_not_sent() {
    alone(copied::what_a_lost_ledger_sent_long_ago_is_not_sent());
}

#[test]
fn what_no_question_reaches_is_not_taken_back() {
    alone(copied::what_no_question_reaches_is_not_taken_back());
}

#[test]
fn what_no_question_reaches_is_not_unpaid() {
    alone(copied::what_no_question_reaches_is_not_unpaid());
}

#[test]
fn what_nobody_can_ask_about_is_not_taken_back() {
    alone(copied::what_nobody_can_ask_about_is_not_taken_back());
}

#[test]
fn the_own_number_of_who_is_refused_is_asked_about() {
    alone(copied::the_own_number_of_who_is_refused_is_asked_about());
}

#[test]
fn what_is_paid_after_all_is_in_the_caps() {
    alone(copied::what_is_paid_after_all_is_in_the_caps());
}
